"""Bodies kept in memory, ready to send: compressed once, and not sent to whoever has them."""

from __future__ import annotations

import functools
import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

_TEXTS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
"""What can be compressed, by the ends of names."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A body with its compressed form and its ETag.

    Attributes
    ----------
    plain, gzipped : bytes
    tag : str
        Changes with the body.
    """

    plain: bytes
    gzipped: bytes
    tag: str

    @classmethod
    def of(cls, body: bytes) -> Packed:
        """Compress a body."""
        tag = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, gzip.compress(body, 6, mtime=0), tag)

    def answer(self, request: Request, media_type: str) -> Response:
        """Return the answer to a request; whoever has this body already gets none."""
        etag = f'"{self.tag}"'
        headers = {"cache-control": "no-cache", "etag": etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.plain, media_type=media_type, headers=headers)
        headers["content-encoding"] = "gzip"
        return Response(self.gzipped, media_type=media_type, headers=headers)


class FreshFiles(StaticFiles):
    """Files that a browser may keep, but asks about: a newer studio never meets an older page.

    What can be compressed is compressed once, not for every visitor.
    """

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the answer with a file, or that it has not changed."""
        path = Path(full_path)
        kind = _TEXTS.get(path.suffix)
        if kind:
            return _packed(path, stat_result.st_mtime_ns).answer(Request(scope), kind)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "no-cache"
        return response


class PackedPage:
    """ASGI middleware that compresses the page itself: 200 kB of text that Gradio sends as it is.

    Parameters
    ----------
    app : ASGIApp
        What comes after.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._packing = GZipMiddleware(app, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_page = scope["type"] == "http" and scope["path"] == "/"
        await (self._packing if is_page else self.app)(scope, receive, send)


@functools.lru_cache(maxsize=512)
def _packed(path: Path, _changed: int) -> Packed:
    return Packed.of(path.read_bytes())
