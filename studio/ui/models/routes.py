"""HTTP routes of the Models tab: cards, layers, confusions, reports on sounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.errors import ParameterError
from studio.ui.models.service import ModelsService
from studio.ui.server.admission import Admission
from studio.ui.server.answers import computed, errors_as_json, number

_HEADERS = {"cache-control": "no-cache"}


def model_routes(models: ModelsService, admission: Admission) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio/inside``."""

    def cards(_: Request) -> Response:
        return JSONResponse(models.cards(), headers=_HEADERS)

    def layer(request: Request) -> Response:
        asked = number(request.path_params["layer"], "layer")
        return JSONResponse(models.layer(request.path_params["name"], asked), headers=_HEADERS)

    def confusion(request: Request) -> Response:
        return JSONResponse(models.confusion(request.path_params["name"]), headers=_HEADERS)

    def heard(request: Request) -> Response:
        name, query = request.path_params["name"], request.query_params
        if "upload" in query:
            start = number(query.get("start", "0"), "start")
            seconds = number(query["seconds"], "seconds") if "seconds" in query else None
            found = models.hear_upload(name, query["upload"], start, seconds)
        elif "initial" in query:
            found = models.hear_built_in(name, query["initial"])
        else:
            raise ParameterError("Say what to listen to: upload=TOKEN or initial=white noise.")
        return JSONResponse(found, headers={"cache-control": "no-store"})

    def measured(endpoint: Callable[[Request], Response]) -> Any:
        return computed(admission, "measurement", endpoint)

    return [
        Route("/studio/inside/models.json", errors_as_json(cards)),
        Route("/studio/inside/{name}/layers/{layer}.json", measured(layer)),
        Route("/studio/inside/{name}/confusion.json", errors_as_json(confusion)),
        Route("/studio/inside/{name}/heard.json", measured(heard)),
    ]
