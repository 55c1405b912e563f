"""Which programs still listen for their answers: what nobody waits for is not computed.

Gradio sends answers by a stream that the program keeps open, and goes on computing when the stream
is closed. Here every such stream is counted by its session.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from studio.errors import GoneError
from studio.ui.shell_routes import session_of_stream

T = TypeVar("T")

LOOKED_EVERY_SECONDS = 0.25
_GONE = "Nobody waits for this any more."
BEGIN_SECONDS = 15.0
"""How long a program may take from asking to listening; until then nothing is computed for it."""


class Listeners:
    """Counts the open streams of every session."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._awaited: dict[str, set[asyncio.Event]] = defaultdict(set)

    def is_listening(self, session: str) -> bool:
        """Tell whether a session has a stream open."""
        return self._open[session] > 0

    async def while_listening(self, session: str, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` returns; it begins once its session listens, and ends with that.

        Raises
        ------
        GoneError
            If nobody listens; nobody hears of it.
        """
        try:
            await self._begun(session)
        except BaseException:
            work.close()
            raise
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=LOOKED_EVERY_SECONDS))[0]:
                if not self.is_listening(session):
                    raise GoneError(_GONE)
            return task.result()
        finally:
            task.cancel()

    async def _begun(self, session: str) -> None:
        """Wait until a session listens: a program may be killed between asking and listening."""
        if self.is_listening(session):
            return
        begun = asyncio.Event()
        self._awaited[session].add(begun)
        try:
            await asyncio.wait_for(begun.wait(), BEGIN_SECONDS)
        except TimeoutError:
            raise GoneError(_GONE) from None
        finally:
            self._awaited[session].discard(begun)
            if not self._awaited[session]:
                del self._awaited[session]

    def begin(self, session: str) -> None:
        """Count a stream."""
        self._open[session] += 1
        for begun in self._awaited.get(session, ()):
            begun.set()

    def end(self, session: str) -> None:
        """Count it no longer."""
        self._open[session] -= 1
        if self._open[session] <= 0:
            del self._open[session]


class Listening:
    """ASGI middleware that tells `Listeners` of Gradio's streams.

    Parameters
    ----------
    app : ASGIApp
        What comes after.
    listeners : Listeners
    """

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        self.app = app
        self._listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counted while it is answered."""
        session = session_of_stream(scope)
        if session is None:
            await self.app(scope, receive, send)
            return
        self._listeners.begin(session)
        try:
            await self.app(scope, receive, send)
        finally:
            self._listeners.end(session)
