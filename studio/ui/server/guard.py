"""Middleware that rejects cross-origin requests, oversized bodies and unused Gradio routes.

Gradio has routes that this page never uses (they fetch other addresses, convert videos, keep
states on the disk). What is not reachable need not be trusted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.errors import StudioError
from studio.ui.server.origins import STRANGER, is_stranger

MOST_UPLOAD_BYTES = 200 << 20
MOST_BODY_BYTES = 4 << 20
MOST_UPLOADS = 8
"""Uploads that may arrive at the same time."""

BODY_SECONDS = 300.0
"""How long a request's body may take to arrive."""

_UPLOADS = ("/studio/uploads", "/gradio_api/upload")
_FORM_BYTES = 1 << 16  # what a form adds to its file
_READING = ("GET", "HEAD", "OPTIONS")
_CLOSED = (
    "/gradio_api/proxy=",
    "/gradio_api/file=http:",
    "/gradio_api/file=https:",
    "/gradio_api/process_recording",
    "/gradio_api/component_server",
    "/gradio_api/deep_link",
    "/gradio_api/stream/",
    "/gradio_api/run-history",
    "/gradio_api/runs",
    "/gradio_api/vibe-",
    "/gradio_api/undo-vibe-",
    "/gradio_api/dev/",
    "/gradio_api/profiling",
    "/monitoring",
    "/pwa_icon",
)
_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


class _Refused(StudioError):
    """A request that is not to go on: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.answer = JSONResponse({"message": sentence}, status_code=status)


class Guard:
    """ASGI middleware before all of Gradio's routes and ours.

    Parameters
    ----------
    app : ASGIApp
        What comes after.
    room : callable, optional
        Makes room for an upload and returns whether there is any.
    """

    def __init__(self, app: ASGIApp, room: Callable[[], bool] | None = None) -> None:
        self.app = app
        self._room = room
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a sentence."""
        if scope["type"] != "http":
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
        except _Refused as refused:
            if not started:
                await refused.answer(scope, receive, answer)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.lower().startswith(_CLOSED):
            raise _Refused(404, "There is nothing here.")
        if scope["method"] in _READING:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_stranger(headers):
            raise _Refused(403, STRANGER)
        if not path.startswith(_UPLOADS):
            await self.app(scope, _bounded(headers, receive, MOST_BODY_BYTES), send)
            return
        receive = _bounded(headers, receive, MOST_UPLOAD_BYTES + _FORM_BYTES)
        if self._uploads >= MOST_UPLOADS:
            raise _Refused(503, "Many recordings arrive just now. Try again in a minute.")
        self._uploads += 1
        try:
            if self._room and not await run_in_threadpool(self._room):
                raise _Refused(507, "There is no room for recordings just now. Try again later.")
            await self.app(scope, receive, send)
        finally:
            self._uploads -= 1


def _bounded(headers: Headers, receive: Receive, most: int) -> Receive:
    """Return ``receive`` for a body of so many bytes at most that arrives in time."""
    large = f"This is too large: {most >> 20} MB is the most. Cut out the part you want."
    told: Any = headers.get("content-length", "0")
    if not told.isdigit() or int(told) > most:
        raise _Refused(413, large)
    arrived, over = 0, False
    deadline = time.monotonic() + BODY_SECONDS

    async def bounded() -> Message:
        nonlocal arrived, over
        if over:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            raise _Refused(408, "This took too long to arrive. Please try again.") from None
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise _Refused(413, large)
        over = not message.get("more_body", False)
        return message

    return bounded
