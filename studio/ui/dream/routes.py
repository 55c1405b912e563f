"""HTTP routes for models, presets, uploads and sounds."""

from __future__ import annotations

import logging
import random
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from studio.dreaming.recipe import Recipe
from studio.dreaming.shapes import shaped
from studio.networks.architectures import ARCHITECTURES, find_architecture
from studio.ui.dream.defaults import first_recipe, surprise
from studio.ui.dream.presets import PRESETS
from studio.ui.server.admission import Admission
from studio.ui.server.answers import (
    computed,
    errors_as_json,
    errors_as_json_async,
    number,
    whole_number,
)
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.packed import FreshFiles, Packed
from studio.ui.server.receiving import receive
from studio.ui.server.sounds import SoundService
from studio.ui.static_files import SHEET, STATIC, style_sheet

log = logging.getLogger(__name__)

_PRIVATE = {"cache-control": "private, max-age=3600", "x-robots-tag": "noindex"}


def routes(sounds: SoundService, model_cache: ModelCache, admission: Admission) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio``."""
    chance = random.Random()

    def models(_: Request) -> Response:
        listing = model_cache.listing()
        names = dict.fromkeys([*ARCHITECTURES, *(model["architecture"] for model in listing)])
        return JSONResponse(
            {
                "models": listing,
                "left_out": model_cache.left_out(),
                "architectures": {
                    name: {
                        "label": architecture.label,
                        "convolutions": [
                            [row.kernel, row.stride, row.padding]
                            for row in architecture.convolutions
                        ],
                    }
                    for name, architecture in ((name, find_architecture(name)) for name in names)
                },
                "first": first_recipe(listing).to_dict(everything=True),
                "defaults": Recipe().to_dict(everything=True),
            },
            headers={"cache-control": "no-cache"},
        )

    def surprises(_: Request) -> Response:
        return JSONResponse(surprise(model_cache.listing(), chance).to_dict())

    def presets(_: Request) -> Response:
        return JSONResponse([preset.to_dict() for preset in PRESETS])

    def initial(request: Request) -> Response:
        query = request.query_params
        wav = sounds.initial_wav(
            query.get("initial", "white noise"),
            number(query.get("seconds", "1"), "seconds"),
            number(query.get("seed", "1"), "seed"),
        )
        return Response(wav, media_type="audio/wav")

    def curve(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(
            shaped(
                query.get("shape", ""),
                number(query.get("seconds", "1"), "seconds"),
                whole_number(query.get("number", "0"), "number"),
                whole_number(query.get("count", "1"), "count"),
                number(query.get("tempo", "120"), "tempo"),
                number(query.get("seed", "1"), "seed"),
            )
        )

    async def upload(request: Request) -> Response:
        name = unquote(request.headers.get("x-file-name", "")) or "recording"
        entry, path = await run_in_threadpool(sounds.new_upload, name)
        try:
            await receive(request, path, lambda size: sounds.store.reserve(entry, size))
            facts = await admission.compute("sound", sounds.accept_upload, entry, path)
        except BaseException:  # too large, no sound, nobody reads it, or the visitor has left
            sounds.store.drop(entry.token)
            raise
        return JSONResponse(facts)

    def upload_part(request: Request) -> Response:
        query = request.query_params
        wav = sounds.part_wav(
            request.path_params["token"],
            number(query.get("start", "0"), "start"),
            number(query.get("seconds", "1"), "seconds"),
        )
        return Response(wav, media_type="audio/wav")

    def sound(request: Request) -> Response:
        path, download = sounds.file(request.path_params["token"], request.path_params["name"])
        return FileResponse(
            path,
            filename=download if "download" in request.query_params else None,
            headers=_PRIVATE,
        )

    def preview(request: Request) -> Response:
        wav = sounds.preview(request.path_params["token"], request.path_params["number"])
        return Response(wav, media_type="audio/wav", headers=_PRIVATE)

    def style(request: Request) -> Response:
        return Packed.of(style_sheet().encode()).answer(request, "text/css")

    return [
        Route("/studio/models.json", errors_as_json(models)),
        Route("/studio/surprise.json", errors_as_json(surprises)),
        Route("/studio/presets.json", errors_as_json(presets)),
        Route("/studio/curve.json", errors_as_json(curve)),
        Route("/studio/initial.wav", computed(admission, "sound", initial)),
        Route("/studio/uploads", errors_as_json_async(upload), methods=["POST"]),
        Route("/studio/uploads/{token}/part.wav", computed(admission, "sound", upload_part)),
        Route("/studio/sounds/{token}/previews/{number:int}.wav", errors_as_json(preview)),
        Route("/studio/sounds/{token}/{name}", errors_as_json(sound)),
        Route(f"/{SHEET}", style),
        Mount("/studio/static", FreshFiles(directory=STATIC)),
    ]
