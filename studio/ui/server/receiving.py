"""Files that arrive as the body of a request, written as they come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from studio.errors import TooLargeError
from studio.ui.server.guard import MOST_UPLOAD_BYTES

_WRITTEN_BYTES = 1 << 20
_RESERVED_BYTES = 16 << 20


async def receive(
    request: Request,
    path: Path,
    reserve: Callable[[int], None] = lambda size: None,
    most_bytes: int | None = None,
) -> None:
    """Write what arrives into a file, by default up to `MOST_UPLOAD_BYTES`.

    ``reserve`` makes room for it.

    Raises
    ------
    TooLargeError
        If it is more.
    """
    most = MOST_UPLOAD_BYTES if most_bytes is None else most_bytes
    received, reserved, waiting = 0, 0, bytearray()
    with path.open("wb") as file:
        async for part in request.stream():
            received += len(part)
            waiting += part
            if received > reserved:
                reserved = received + _RESERVED_BYTES
                await run_in_threadpool(reserve, _RESERVED_BYTES + len(part))
            if received > most:
                raise TooLargeError(
                    f"'{path.name}' is larger than {most >> 20} MB. Cut out the "
                    "part you want, or save it as FLAC."
                )
            if len(waiting) >= _WRITTEN_BYTES:  # a thread for every few kilobytes would take long
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(file.write, bytes(waiting))
