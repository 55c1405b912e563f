"""HTTP routes for takes, presets, and recipes in links."""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.ui.dream.takes import TakeService
from studio.ui.server.answers import errors_as_json, errors_as_json_async

_MOST_BODY_BYTES = 1 << 20


def take_routes(takes: TakeService) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio``."""

    async def here(request: Request) -> Response:
        asked = await _body(request)
        return JSONResponse({"here": takes.here(asked.get("tokens"))})

    async def pack(request: Request) -> Response:
        asked = await _body(request)
        return JSONResponse(await run_in_threadpool(takes.pack, asked.get("takes")))

    def file(request: Request) -> Response:
        path = takes.file(request.path_params["token"])
        return FileResponse(path, filename=path.name, headers={"cache-control": "private"})

    def restore(request: Request) -> Response:
        return JSONResponse(takes.restore(request.path_params["token"]))

    async def recipe(request: Request) -> Response:
        return JSONResponse(Recipe.from_dict(await _body(request)).to_dict())

    return [
        Route("/studio/takes/here", errors_as_json_async(here), methods=["POST"]),
        Route("/studio/takes/files", errors_as_json_async(pack), methods=["POST"]),
        Route("/studio/takes/files/{token}", errors_as_json(file)),
        Route("/studio/takes/restore/{token}", errors_as_json(restore), methods=["POST"]),
        Route("/studio/recipe", errors_as_json_async(recipe), methods=["POST"]),
    ]


async def _body(request: Request) -> dict[str, Any]:
    """Return what a page sent: a JSON object of bounded size."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BODY_BYTES:
            raise ParameterError(f"This is more than {_MOST_BODY_BYTES >> 20} MB of JSON.")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise ParameterError("This must be a JSON object.")
    return asked
