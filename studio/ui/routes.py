"""The page's own routes: files, models, sounds in and out. They stand beside Gradio's."""

from __future__ import annotations

import functools
import logging
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from studio import __version__
from studio.architectures import ARCHITECTURES
from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError, StudioError
from studio.ui.defaults import first_recipe, surprise
from studio.ui.files import STATIC
from studio.ui.guard import MOST_UPLOAD_BYTES
from studio.ui.messages import sentence
from studio.ui.packed import Packed
from studio.ui.presets import PRESETS
from studio.ui.shelf import ModelShelf
from studio.ui.sounds import SoundDesk

log = logging.getLogger(__name__)

_WRITTEN_BYTES = 1 << 20
_TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


def routes(desk: SoundDesk, shelf: ModelShelf) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio`` but the health check."""
    chance = random.Random()

    def healthz(_: Request) -> Response:
        return JSONResponse(
            {"ok": True, "version": __version__, "warm": shelf.is_warm.is_set()},
            headers={"cache-control": "no-store"},
        )

    def models(_: Request) -> Response:
        listing = shelf.listing()
        return JSONResponse(
            {
                "models": listing,
                "architectures": {
                    name: {
                        "label": architecture.label,
                        "convolutions": [
                            [row.kernel, row.stride, row.padding]
                            for row in architecture.convolutions
                        ],
                    }
                    for name, architecture in ARCHITECTURES.items()
                },
                "first": first_recipe(listing).to_dict(everything=True),
                "defaults": Recipe().to_dict(everything=True),
            },
            headers={"cache-control": "no-cache"},
        )

    def surprises(_: Request) -> Response:
        return JSONResponse(surprise(shelf.listing(), chance).to_dict())

    def presets(_: Request) -> Response:
        return JSONResponse([preset.to_dict() for preset in PRESETS])

    def initial(request: Request) -> Response:
        query = request.query_params
        wav = desk.initial_wav(
            query.get("initial", "white noise"),
            number(query.get("seconds", "1"), "seconds"),
            number(query.get("seed", "1"), "seed"),
        )
        return Response(wav, media_type="audio/wav")

    async def upload(request: Request) -> Response:
        name = unquote(request.headers.get("x-file-name", "")) or "recording"
        entry, path = await run_in_threadpool(desk.new_upload, name)
        try:
            await _receive(request, path)
        except BaseException:  # too large, or the visitor has left
            desk.store.drop(entry.token)
            raise
        return JSONResponse(await run_in_threadpool(desk.accept_upload, entry, path))

    def upload_part(request: Request) -> Response:
        query = request.query_params
        wav = desk.part_wav(
            request.path_params["token"],
            number(query.get("start", "0"), "start"),
            number(query.get("seconds", "1"), "seconds"),
        )
        return Response(wav, media_type="audio/wav")

    def sound(request: Request) -> Response:
        path, download = desk.file(request.path_params["token"], request.path_params["name"])
        return FileResponse(
            path,
            filename=download if "download" in request.query_params else None,
            headers={"cache-control": "private, max-age=3600", "x-robots-tag": "noindex"},
        )

    return [
        Route("/healthz", healthz),
        Route("/studio/models.json", calm(models)),
        Route("/studio/surprise.json", calm(surprises)),
        Route("/studio/presets.json", calm(presets)),
        Route("/studio/initial.wav", calm(initial)),
        Route("/studio/uploads", calm_async(upload), methods=["POST"]),
        Route("/studio/uploads/{token}/part.wav", calm(upload_part)),
        Route("/studio/sounds/{token}/{name}", calm(sound)),
        Mount("/studio/static", _FreshFiles(directory=STATIC)),
    ]


async def _receive(request: Request, path: Path) -> None:
    """Write what arrives into a file, up to `MOST_UPLOAD_BYTES`."""
    received, waiting = 0, bytearray()
    with path.open("wb") as file:
        async for part in request.stream():
            received += len(part)
            waiting += part
            if received > MOST_UPLOAD_BYTES:
                raise ParameterError(
                    f"'{path.name}' is larger than {MOST_UPLOAD_BYTES >> 20} MB. Cut out the "
                    "part you want, or save it as FLAC."
                )
            if len(waiting) >= _WRITTEN_BYTES:  # a thread for every few kilobytes would take long
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(file.write, bytes(waiting))


class _FreshFiles(StaticFiles):
    """Files that a browser may keep, but asks about: a newer studio never meets an older page.

    What can be compressed is compressed once, not for every visitor.
    """

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        kind = _TEXTS.get(path.suffix)
        if kind:
            return _packed(path, stat_result.st_mtime_ns).answer(Request(scope), kind)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "no-cache"
        return response


@functools.lru_cache(maxsize=512)
def _packed(path: Path, _changed: int) -> Packed:
    return Packed.of(path.read_bytes())


def number(text: str, name: str) -> float:
    """Return a number that was asked with, or say which one is none."""
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{name}={text!r} must be a number.") from None


def _failed(error: Exception) -> Response:
    status = 422 if isinstance(error, StudioError) else 500
    return JSONResponse({"message": sentence(error)}, status_code=status)


def calm(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return an endpoint that answers errors with a sentence."""

    def calm(request: Request) -> Response:
        try:
            return endpoint(request)
        except Exception as error:
            return _failed(error)

    return calm


def calm_async(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Return an asynchronous endpoint that answers errors with a sentence."""

    async def calm(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:  # nobody is there to be told
            return Response(status_code=400)
        except Exception as error:
            return _failed(error)

    return calm
