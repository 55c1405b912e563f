"""Whether the studio is well: answered beside all threads, however busy they are."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio import __version__
from studio.ui.server.admission import Admission
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.store import SoundStore


def health_routes(
    store: SoundStore, model_cache: ModelCache, admission: Admission
) -> list[BaseRoute]:
    """Return the route that container managers ask."""

    async def healthz(_: Request) -> Response:
        ok = store.is_well()  # a few bytes: sooner than a thread is found
        told = {
            "ok": ok,
            "version": __version__,
            "warm": model_cache.is_warm.is_set(),
            "load": admission.load(),
        }
        if not ok:
            told["problem"] = "Sounds cannot be written: see the studio's log."
        headers = {"cache-control": "no-store"}
        return JSONResponse(told, status_code=200 if ok else 503, headers=headers)

    return [Route("/healthz", healthz)]
