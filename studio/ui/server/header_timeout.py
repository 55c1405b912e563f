"""Closes connections whose request does not begin: half a header, and then nothing.

Uvicorn waits for the rest of a header as long as the connection stays open. Gradio starts it and
takes no options, so its own protocol is made impatient here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn import config
from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADER_SECONDS = 10.0
"""How long a request's header may take to arrive."""


class ImpatientProtocol(AutoHTTPProtocol):
    """Uvicorn's HTTP protocol, with an end to waiting for a header."""

    transport: Any
    cycle: Any
    loop: asyncio.AbstractEventLoop
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first header."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on as long as there is a part of a header, and no longer when there is all of it."""
        super().data_received(data)
        if self._has_request():
            self._wait_no_longer()
        elif self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def _has_request(self) -> bool:
        if self.transport.get_protocol() is not self:  # a WebSocket by now
            return True
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self._has_request() and not self.transport.is_closing():
            self.transport.close()


def close_half_headers() -> None:
    """Let every server of this process close connections whose header does not arrive."""
    config.HTTP_PROTOCOLS["auto"] = f"{__name__}:ImpatientProtocol"
