"""ZIPs that are made while they are sent: none of them lies on the disk."""

from __future__ import annotations

import asyncio
import io
import logging
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from studio.errors import BusyError
from studio.ui.server.admission import Admission
from studio.ui.server.answers import failed

_SENT_BYTES = 1 << 18
SLOW_SECONDS = 20.0
"""How long whoever is sent a ZIP may take for a piece of it, so at 13 kB/s: four that take nothing
would lock all others out. What lies in the system's buffers counts as taken."""

log = logging.getLogger(__name__)


class _TakenTooSlowlyError(Exception):
    pass


class Member(NamedTuple):
    """What a ZIP holds: a file as it is (noise does not compress), or a text."""

    name: str
    content: Path | str


class ZipResponse(StreamingResponse):
    """A ZIP on its way to a visitor, a member at a time.

    Parameters
    ----------
    admission : Admission
        Says when it may begin.
    name : str
        What the file is called.
    members : iterable of Member
        Sizes need not be known before.
    """

    def __init__(
        self,
        admission: Admission,
        name: str,
        members: Iterable[Member],
    ) -> None:
        headers = {
            "cache-control": "private",
            "content-disposition": f"attachment; {_named(name)}",
        }
        super().__init__(_sliced(zipped(members)), headers=headers, media_type="application/zip")
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in its turn, or say that others are served first."""
        try:
            async with self._admission.turn("download"):
                await super().__call__(scope, receive, _timely(send))
        except BusyError as error:  # nothing has been sent
            await failed(error)(scope, receive, send)
        except _TakenTooSlowlyError:
            log.info("a ZIP was taken too slowly; its connection is closed")


def _sliced(parts: Iterable[bytes]) -> Iterator[memoryview]:
    """Yield them in pieces: what is sent waits in memory until it is taken."""
    for part in parts:
        whole = memoryview(part)
        for begin in range(0, len(whole), _SENT_BYTES):
            yield whole[begin : begin + _SENT_BYTES]


def _timely(send: Send) -> Send:
    """Return ``send`` for an answer of which every piece must be taken in time."""

    async def timely(message: Message) -> None:
        try:
            await asyncio.wait_for(send(message), SLOW_SECONDS)
        except TimeoutError:
            raise _TakenTooSlowlyError from None

    return timely


def _named(name: str) -> str:
    """Return a file name as a header tells it (RFC 6266): letters of all scripts stay."""
    return f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name)}"


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the bytes of a ZIP, a member at a time."""
    window = _Window()
    with zipfile.ZipFile(window, "w") as archive:
        for name, content in members:
            if isinstance(content, Path):
                archive.write(content, name)
            else:
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
            yield window.take()
    yield window.take()


class _Window(io.RawIOBase):
    """The end of a file whose beginning was sent: `ZipFile` goes back no further than a member."""

    def __init__(self) -> None:
        self._sent = 0
        self._kept = io.BytesIO()

    def take(self) -> bytes:
        """Return what is there, and keep it no longer."""
        content = self._kept.getvalue()
        self._sent += len(content)
        self._kept = io.BytesIO()
        return content

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._sent + self._kept.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = self._sent if whence == io.SEEK_SET else 0
        return self._sent + self._kept.seek(offset - base, whence)

    def write(self, content: Any) -> int:
        return self._kept.write(content)
