"""Memory that the C library holds back after work is returned to the system.

A dream or a recording takes tens of megabytes for a moment, from whichever thread it runs in. glibc
keeps what is freed between other blocks; ``malloc_trim`` returns those pages as well.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable

_TRIMMED_AFTER_SECONDS = 20.0


def malloc_trim() -> None:
    """Return unused memory to the system; does nothing where the C library is not glibc."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(ctypes.c_size_t(0))


def _later(function: Callable[[], None]) -> None:
    timer = threading.Timer(_TRIMMED_AFTER_SECONDS, function)
    timer.daemon = True
    timer.start()


class Trimmer:
    """Trims once a while after work, however much of it there is.

    Parameters
    ----------
    trim : callable
        What is done.
    later : callable
        Calls what it is given after a while, by default after 20 s.
    """

    def __init__(
        self,
        trim: Callable[[], None] = malloc_trim,
        later: Callable[[Callable[[], None]], None] = _later,
    ) -> None:
        self._trim = trim
        self._later = later
        self._lock = threading.Lock()
        self._is_due = False

    def soon(self) -> None:
        """Have memory trimmed before long; returns at once, from any thread."""
        with self._lock:
            if self._is_due:
                return
            self._is_due = True
        self._later(self._now)

    def _now(self) -> None:
        with self._lock:
            self._is_due = False  # what ends from here on needs another time
        self._trim()


trim_soon = Trimmer().soon
"""Called where work has ended: all of a process shares its memory."""
