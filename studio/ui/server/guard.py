"""Middleware that rejects cross-origin requests, foreign hosts, large bodies, closed routes."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.errors import BusyError, DataNotFoundError, StudioError, TooLargeError
from studio.text import plain_text
from studio.ui.server.admission import Admission
from studio.ui.server.answers import failed
from studio.ui.server.messages import is_disk_full
from studio.ui.server.origins import StrangerError, is_stranger
from studio.ui.server.security import CONTENT_SECURITY_POLICY

MOST_UPLOAD_BYTES = 200 << 20
MOST_BODY_BYTES = 4 << 20

BODY_SECONDS = 300.0
"""How long a request's body may take to arrive."""

SLOW_SECONDS = 10.0
LEAST_BYTES_A_SECOND = 16 << 10
"""After `SLOW_SECONDS`, an upload must have kept up this rate: eight that drip would lock all
others out."""

_OWN_UPLOADS = ("/studio/uploads", "/studio/own/uploads")
_FORM_BYTES = 1 << 16  # what a form adds to its file
_READING = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": CONTENT_SECURITY_POLICY,
}
_LONGEST_NAME_BYTES = 255

FOREIGN_HOST = (
    "This studio is open on this machine only: use its address, such as http://localhost:7860. "
    "Behind a proxy, set STUDIO_HOSTED=1 or STUDIO_HOST_NAMES."
)


class SlowError(StudioError):
    """A request's body takes too long to arrive."""

    code = "slow"


class Guard:
    """ASGI middleware before all of Gradio's routes and ours.

    Parameters
    ----------
    app : ASGIApp
        What comes after.
    admission : Admission
        How many uploads may arrive at the same time.
    room : callable, optional
        Makes room for an upload and returns whether there is any.
    closed : sequence of str
        Beginnings of paths that are answered with 404.
    uploads : sequence of str
        Beginnings of paths that take files, beside our own.
    is_known_host : callable, optional
        Tells whether a request may call this machine by a name (the Host header).
    """

    def __init__(
        self,
        app: ASGIApp,
        admission: Admission,
        room: Callable[[], bool] | None = None,
        closed: Sequence[str] = (),
        uploads: Sequence[str] = (),
        is_known_host: Callable[[str], bool] | None = None,
    ) -> None:
        self.app = app
        self._admission = admission
        self._closed = tuple(closed)
        self._upload_routes = (*_OWN_UPLOADS, *uploads)
        self._room = room
        self._is_known_host = is_known_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a code and a sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            if self._is_foreign(Headers(scope=scope)):
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._admit(scope, receive, answer)
        except StudioError as refused:
            if not started:
                await failed(refused)(scope, receive, answer)
        except OSError as error:
            if started or not is_disk_full(error):
                raise
            await failed(error)(scope, receive, answer)

    def _is_foreign(self, headers: Headers) -> bool:
        host = headers.get("host")
        return bool(host and self._is_known_host and not self._is_known_host(host))

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        if self._is_foreign(headers):
            raise StrangerError(FOREIGN_HOST)
        if path.lower().startswith(self._closed) or not _is_possible(path):
            raise DataNotFoundError("There is nothing here.")
        if scope["method"] in _READING:
            await self.app(scope, receive, send)
            return
        if is_stranger(headers):
            raise StrangerError
        if not path.startswith(self._upload_routes):
            await self.app(scope, _bounded(headers, receive, MOST_BODY_BYTES), send)
            return
        _require_small(headers, MOST_UPLOAD_BYTES + _FORM_BYTES)
        async with self._admission.turn("upload"):
            if self._room and not await run_in_threadpool(self._room):
                raise BusyError("There is no room for recordings just now. Try again later.", 120.0)
            most, least = MOST_UPLOAD_BYTES + _FORM_BYTES, LEAST_BYTES_A_SECOND
            await self.app(scope, _bounded(headers, receive, most, least), send)


def _is_possible(path: str) -> bool:
    """Tell whether something may have this path: no file has a name that is longer or steers."""
    names = path.split("/")
    return plain_text(path) == path and all(
        len(name.encode()) <= _LONGEST_NAME_BYTES for name in names
    )


def _require_small(headers: Headers, most: int) -> None:
    told = headers.get("content-length", "0")
    digits = told.isascii() and told.isdecimal()
    if not digits or len(told) > len(str(most)) or int(told) > most:
        raise _too_large(most)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        f"This is too large: {most >> 20} MB is the most. Cut out the part you want."
    )


def _bounded(headers: Headers, receive: Receive, most: int, least_rate: float = 0.0) -> Receive:
    """Return ``receive`` for a body of so many bytes at most that arrives in time.

    ``least_rate`` is what must arrive a second, on average, after `SLOW_SECONDS`.
    """
    _require_small(headers, most)
    arrived, over = 0, False
    began = time.monotonic()

    async def bounded() -> Message:
        nonlocal arrived, over
        if over:
            return await receive()
        allowed = min(BODY_SECONDS, SLOW_SECONDS + arrived / least_rate if least_rate else math.inf)
        left = began + allowed - time.monotonic()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, left))
        except TimeoutError:
            raise SlowError("This took too long to arrive. Please try again.") from None
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise _too_large(most)
        over = not message.get("more_body", False)
        return message

    return bounded
