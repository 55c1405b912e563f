"""Work that can be given up: long computing asks now and then whether anybody still waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_STOP: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


class Stopped(BaseException):
    """Raised inside work that was given up; not an error that anybody is told."""


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """Let `checkpoint` end what is computed inside once ``stop`` is set."""
    token = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(token)


def checkpoint() -> None:
    """Raise `Stopped` if the work that this is a part of was given up; else do nothing."""
    stop = _STOP.get()
    if stop is not None and stop.is_set():
        raise Stopped
