"""Bodies kept in memory, ready to send: compressed once, and not sent to whoever has them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


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
