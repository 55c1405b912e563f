"""What the engine in the page fetches: its builds, and models as they are stored."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from studio.dreaming.engine.targets import LIBRARIES, TARGETS
from studio.errors import DataNotFoundError
from studio.networks.listing import available_models
from studio.ui.server.answers import errors_as_json
from studio.ui.server.packed import FreshFiles


def engine_routes() -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio/engine``.

    Whoever has a file already is told so by its ETag and not sent it again.
    """
    files = FreshFiles(directory=LIBRARIES)

    def sent(path: Path, request: Request) -> Response:
        return files.file_response(path, path.stat(), request.scope)

    def build(request: Request) -> Response:
        found = TARGETS.get(f"wasm-{request.path_params['build']}")
        if found is None or not found.path.is_file():
            raise DataNotFoundError("There is no such build of the engine.")
        return sent(found.path, request)

    def weights(request: Request) -> Response:
        name = request.path_params["name"]
        for model in available_models():
            if model.name == name:
                return sent(model.path, request)
        raise DataNotFoundError("There is no such model. Reload the page.")

    return [
        Route("/studio/engine/{build}.wasm", errors_as_json(build)),
        Route("/studio/engine/models/{name}.safetensors", errors_as_json(weights)),
    ]
