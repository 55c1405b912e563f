"""Live audio over a WebSocket, or over HTTP POST where WebSockets are blocked.

Both speak the same messages (`live_sessions`). In a POST they are packed one after the other, each
behind its kind (``t`` text, ``b`` bytes; one byte, then three empty ones) and its length (uint32).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from collections.abc import Iterable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from studio.errors import BusyError, ParameterError, StudioError, TooLargeError
from studio.live.presets import PRESETS
from studio.live.settings import LiveSettings
from studio.ui.live.sessions import (
    IDLE_SECONDS,
    MOST_MESSAGE_BYTES,
    Session,
    Sessions,
    parsed,
)
from studio.ui.server.admission import Admission
from studio.ui.server.answers import errors_as_json_async, whole_number
from studio.ui.server.messages import error_update
from studio.ui.server.origins import StrangerError, is_stranger

_MOST_POST_BYTES = 256 << 10
_START_SECONDS = 10.0
_POLICY, _TOO_LARGE = 1008, 1009


def live_routes(sessions: Sessions, admission: Admission) -> list[BaseRoute]:
    """Return the routes of the Live tab, all under ``/studio/live``."""

    def about(_: Request) -> Response:
        return JSONResponse(
            {
                "settings": LiveSettings().to_dict(),
                "presets": list(PRESETS),
                "sequence": sessions.sequence is not None,
            },
            headers={"cache-control": "no-cache"},
        )

    async def open_session(request: Request) -> Response:
        asked = parsed((await _body(request)).decode("utf-8", "replace"))
        session = await _opened(sessions, admission, asked)
        return JSONResponse({"session": session.token})

    async def exchange(request: Request) -> Response:
        session = sessions.find(request.path_params["token"])
        for message in unpacked(await _body(request)):
            await _taken(session, admission, message)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_news(session), 0.05)
        return Response(packed(session.outbox.take()), media_type="application/octet-stream")

    async def close_session(request: Request) -> Response:
        sessions.close(sessions.find(request.path_params["token"]))
        return JSONResponse({})

    async def moves(request: Request) -> Response:
        session, query = sessions.find(request.path_params["token"]), request.query_params
        begin, samples = (whole_number(query.get(name, ""), name) for name in ("begin", "samples"))
        found = await run_in_threadpool(session.recording, begin, samples)
        return JSONResponse(found)

    async def socket(websocket: WebSocket) -> None:
        if is_stranger(websocket.headers, proxied=True):
            await websocket.close(_POLICY)
            return
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await _converse(websocket, sessions, admission)

    one = "/studio/live/sessions/{token}"
    return [
        Route("/studio/live.json", about),
        WebSocketRoute("/studio/live/socket", socket),
        Route("/studio/live/sessions", _guarded(open_session), methods=["POST"]),
        Route(one, _guarded(exchange), methods=["POST"]),
        Route(one + "/close", _guarded(close_session), methods=["POST"]),
        Route(one + "/log.json", _guarded(moves)),
    ]


def packed(messages: Iterable[str | bytes]) -> bytes:
    """Return messages one after the other, for a POST."""
    parts = []
    for message in messages:
        kind = b"t" if isinstance(message, str) else b"b"
        content = message.encode() if isinstance(message, str) else message
        parts += [struct.pack("<c3xI", kind, len(content)), content]
    return b"".join(parts)


def unpacked(content: bytes) -> list[str | bytes]:
    """Read `packed`.

    Raises
    ------
    ParameterError
        If it is broken or a message is too large.
    """
    messages: list[str | bytes] = []
    at = 0
    while at < len(content):
        kind, size = b"", 0
        if at + 8 <= len(content):
            kind, size = struct.unpack_from("<c3xI", content, at)
        part = content[at + 8 : at + 8 + size]
        if kind not in (b"t", b"b") or len(part) < size or size > MOST_MESSAGE_BYTES:
            raise ParameterError("These messages cannot be read.")
        messages.append(part.decode("utf-8", "replace") if kind == b"t" else part)
        at += 8 + size
    return messages


async def _opened(sessions: Sessions, admission: Admission, asked: dict[str, Any]) -> Session:
    """Open a session; a recording is read in its turn."""
    if asked.get("upload"):
        return await admission.compute("sound", sessions.open, asked)
    return await run_in_threadpool(sessions.open, asked)


async def _taken(session: Session, admission: Admission, message: str | bytes) -> None:
    """Let a session do what a message asks; a recording is read in its turn."""
    asked = session.understood(message)
    if asked is None:
        return
    if not asked.get("upload"):
        session.do(asked)
        return
    try:
        await admission.compute("sound", session.do, asked)
    except BusyError as error:
        session.refuse(error)


async def _converse(websocket: WebSocket, sessions: Sessions, admission: Admission) -> None:
    """Serve one page until it goes."""
    try:
        asked = parsed(str(await asyncio.wait_for(_received(websocket), _START_SECONDS)))
        session = await _opened(sessions, admission, asked)
    except TimeoutError:
        await websocket.close(_POLICY)
        return
    except StudioError as error:
        await websocket.send_text(json.dumps({"type": "ended", **error_update(error)}))
        await websocket.close(1000)
        return
    sending = asyncio.create_task(_send(websocket, session))
    try:
        await websocket.send_text(json.dumps({"type": "session", "session": session.token}))
        while True:
            message = await asyncio.wait_for(_received(websocket), IDLE_SECONDS)
            if len(message) > MOST_MESSAGE_BYTES:
                await websocket.close(_TOO_LARGE)
                return
            await _taken(session, admission, message)
    except TimeoutError:
        await websocket.close(_POLICY)
    finally:
        sending.cancel()
        sessions.close(session)


async def _send(websocket: WebSocket, session: Session) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await _news(session)
            for message in session.outbox.take():
                if isinstance(message, str):
                    await websocket.send_text(message)
                else:
                    await websocket.send_bytes(message)


async def _news(session: Session) -> None:
    """Wait until there is something in a session's outbox."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()
    session.outbox.on_news = lambda: loop.call_soon_threadsafe(arrived.set)
    if not session.outbox.waiting:
        await arrived.wait()


async def _received(websocket: WebSocket) -> str | bytes:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    return text if text is not None else message.get("bytes") or b""


async def _body(request: Request) -> bytes:
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _MOST_POST_BYTES:
            raise TooLargeError(f"A message may hold {_MOST_POST_BYTES >> 10} kB and no more.")
    return content


def _guarded(endpoint: Any) -> Any:
    """Return an endpoint that refuses strangers and answers errors with a sentence."""

    async def guarded(request: Request) -> Response:
        if is_stranger(request.headers):
            raise StrangerError
        return await endpoint(request)

    return errors_as_json_async(guarded)
