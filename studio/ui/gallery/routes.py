"""HTTP routes of the Gallery tab: table, sounds, similarity search, ZIP files."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.errors import ParameterError
from studio.ui.gallery.bundles import Bundles
from studio.ui.gallery.service import GalleryService
from studio.ui.server.admission import Admission
from studio.ui.server.answers import (
    computed,
    errors_as_json,
    errors_as_json_async,
    json_body,
    number,
)

_YEAR = "public, max-age=31536000, immutable"
_MOST_BODY_BYTES = 1 << 16
_MOST_SOUND_BYTES = 1 << 18
_ONE_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})")


def gallery_routes(
    gallery: GalleryService, bundles: Bundles, admission: Admission
) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio/gallery``."""

    def listing(request: Request) -> Response:
        return gallery.listing().answer(request, "application/json")

    async def sprite(request: Request) -> Response:
        # The page names the gallery's version in its question: a kept answer is never stale.
        path = gallery.sprite(request.path_params["name"])
        headers = {"cache-control": _YEAR}
        wanted = _ONE_RANGE.fullmatch(request.headers.get("range", ""))
        if wanted is None:
            return FileResponse(path, media_type="audio/mpeg", headers=headers)
        # Somebody waits to hear this: a few kilobytes are read sooner than a thread is found.
        first, last, size = int(wanted[1]), int(wanted[2]), path.stat().st_size
        last = min(last, size - 1)
        if not first <= last < first + _MOST_SOUND_BYTES:
            return FileResponse(path, media_type="audio/mpeg", headers=headers)
        with path.open("rb") as file:
            file.seek(first)
            content = file.read(last - first + 1)
        headers["content-range"] = f"bytes {first}-{last}/{size}"
        return Response(content, 206, headers, media_type="audio/mpeg")

    def alike(request: Request) -> Response:
        query = request.query_params
        count = number(query.get("count", "12"), "count")
        each = query.get("each") == "layer"
        if "take" in query:
            return JSONResponse(gallery.alike_take(query["take"], count, each))
        if "upload" in query:
            start = number(query["start"], "start") if "start" in query else None
            return JSONResponse(gallery.alike_upload(query["upload"], start, count, each))
        row = gallery.row(number(query.get("row", ""), "row"))
        return JSONResponse({"rows": gallery.alike(row, count)})

    async def different(request: Request) -> Response:
        asked = await json_body(request, _MOST_BODY_BYTES)
        rows = await admission.compute(
            "table", gallery.different, asked.get("rows"), asked.get("count")
        )
        return JSONResponse({"rows": rows})

    async def begin(request: Request) -> Response:
        asked = await json_body(request, _MOST_BODY_BYTES)
        if "rows" not in asked:
            raise ParameterError("Say which sounds: a JSON object with 'rows'.")
        return JSONResponse(
            await run_in_threadpool(bundles.start, asked["rows"], asked.get("options"))
        )

    return [
        Route("/studio/gallery.json", errors_as_json(listing)),
        Route("/studio/gallery/sounds/{name}", errors_as_json_async(sprite)),
        Route("/studio/gallery/alike", computed(admission, "sound", alike)),
        Route("/studio/gallery/different", errors_as_json_async(different), methods=["POST"]),
        Route("/studio/gallery/files", errors_as_json_async(begin), methods=["POST"]),
        *bundles.exports.routes("/studio/gallery/files"),
    ]
