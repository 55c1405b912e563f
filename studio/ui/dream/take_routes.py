"""HTTP routes for takes, presets, and recipes in links."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.dreaming.recipe import Recipe
from studio.ui.dream.takes import TakeService
from studio.ui.server.admission import Admission
from studio.ui.server.answers import computed, errors_as_json_async, json_body


def take_routes(takes: TakeService, admission: Admission) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio``."""

    async def here(request: Request) -> Response:
        asked = await json_body(request)
        return JSONResponse({"here": takes.here(asked.get("tokens"))})

    async def export(request: Request) -> Response:
        asked = await json_body(request)
        return JSONResponse(
            await run_in_threadpool(takes.export, asked.get("takes"), asked.get("options"))
        )

    def restore(request: Request) -> Response:
        return JSONResponse(takes.restore(request.path_params["token"]))

    async def recipe(request: Request) -> Response:
        return JSONResponse(Recipe.from_dict(await json_body(request)).to_dict())

    return [
        Route("/studio/takes/here", errors_as_json_async(here), methods=["POST"]),
        Route("/studio/takes/files", errors_as_json_async(export), methods=["POST"]),
        *takes.exports.routes("/studio/takes/files"),
        Route(
            "/studio/takes/restore/{token}",
            computed(admission, "sound", restore),
            methods=["POST"],
        ),
        Route("/studio/recipe", errors_as_json_async(recipe), methods=["POST"]),
    ]
