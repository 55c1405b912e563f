"""HTTP routes of the tab "Your sounds"; all lie under ``/studio/own``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.networks.exchange import MOST_MODEL_BYTES
from studio.text import plain_name
from studio.ui.own.service import OwnService, remove
from studio.ui.server.admission import Admission
from studio.ui.server.answers import (
    computed,
    errors_as_json,
    errors_as_json_async,
    json_body,
    number,
)
from studio.ui.server.receiving import receive

_FRESH = {"cache-control": "no-store"}


def own_routes(own: OwnService, admission: Admission) -> list[BaseRoute]:
    """Return the routes."""

    def listing(_: Request) -> Response:
        return JSONResponse(own.listing(), headers=_FRESH)

    def show(request: Request) -> Response:
        return JSONResponse(own.show(request.path_params["slug"]), headers=_FRESH)

    def progress(request: Request) -> Response:
        return JSONResponse(own.progress(request.path_params["slug"]), headers=_FRESH)

    def dream(request: Request) -> Response:
        path = own.dream_path(request.path_params["slug"])
        return FileResponse(path, media_type="audio/wav", headers=_FRESH)

    def clip(request: Request) -> Response:
        wav = own.clip_wav(request.path_params["slug"], request.path_params["clip"])
        return Response(wav, media_type="audio/wav", headers=_FRESH)

    def cut(request: Request) -> Response:
        names = ("quieter_db", "gap_seconds", "shortest_seconds")
        query = request.query_params
        asked = {name: number(query[name], name) for name in names if name in query}
        found = own.cut_preview(request.path_params["slug"], request.path_params["clip"], asked)
        return JSONResponse(found, headers=_FRESH)

    def posted(answer: Callable[[Request, dict[str, Any]], dict[str, Any]]) -> Any:
        async def endpoint(request: Request) -> Response:
            asked = await json_body(request)
            return JSONResponse(await run_in_threadpool(answer, request, asked), headers=_FRESH)

        return errors_as_json_async(endpoint)

    def slug(request: Request) -> str:
        return str(request.path_params["slug"])

    async def upload(request: Request) -> Response:
        name = plain_name(unquote(request.headers.get("x-file-name", ""))) or "recording.wav"
        into = plain_name(unquote(request.headers.get("x-class", ""))) or "sounds"
        silences = request.query_params.get("silences") == "1"
        folder, path = await run_in_threadpool(own.arrival, slug(request), name)
        try:
            await receive(request, path)
            view = await admission.compute(
                "sound", own.add, slug(request), path, name, into, silences
            )
        finally:
            await run_in_threadpool(remove, folder)
        return JSONResponse(view, headers=_FRESH)

    async def upload_model(request: Request) -> Response:
        folder, path = await run_in_threadpool(own.model_arrival)
        try:
            await receive(request, path, most_bytes=MOST_MODEL_BYTES)
            told = await admission.compute("sound", own.take_in, path)
        finally:
            await run_in_threadpool(remove, folder)
        return JSONResponse(told, headers=_FRESH)

    def model_file(request: Request) -> Response:
        content = own.model_file(request.path_params["name"])
        return Response(content, media_type="application/octet-stream", headers=_FRESH)

    return [
        Route(
            "/studio/own/uploads-of-models", errors_as_json_async(upload_model), methods=["POST"]
        ),
        Route("/studio/own/models/{name}.safetensors", computed(admission, "sound", model_file)),
        Route(
            "/studio/own/models/{name}/delete",
            posted(lambda r, _: own.delete_model(r.path_params["name"])),
            methods=["POST"],
        ),
        Route("/studio/own/projects.json", errors_as_json(listing)),
        Route("/studio/own/projects", posted(lambda _, asked: own.create(asked)), methods=["POST"]),
        Route("/studio/own/uploads/{slug}", errors_as_json_async(upload), methods=["POST"]),
        Route("/studio/own/projects/{slug}.json", errors_as_json(show)),
        Route(
            "/studio/own/projects/{slug}/change/{kind}",
            posted(lambda r, asked: own.change(slug(r), r.path_params["kind"], asked)),
            methods=["POST"],
        ),
        Route(
            "/studio/own/projects/{slug}/delete",
            posted(lambda r, asked: own.delete(slug(r), bool(asked.get("models")))),
            methods=["POST"],
        ),
        Route(
            "/studio/own/projects/{slug}/train",
            posted(lambda r, asked: own.train(slug(r), asked)),
            methods=["POST"],
        ),
        Route(
            "/studio/own/projects/{slug}/training/{wish}",
            posted(lambda r, _: own.wish(slug(r), r.path_params["wish"])),
            methods=["POST"],
        ),
        Route("/studio/own/projects/{slug}/training.json", errors_as_json(progress)),
        Route("/studio/own/projects/{slug}/dream.wav", errors_as_json(dream)),
        Route("/studio/own/projects/{slug}/clips/{clip}.wav", computed(admission, "sound", clip)),
        Route(
            "/studio/own/projects/{slug}/clips/{clip}/cut.json", computed(admission, "sound", cut)
        ),
    ]
