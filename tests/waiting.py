"""Waiting in tests: for events, never for a time that a machine may need."""

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds after which whatever is waited for is taken to have failed. Nothing is measured by it: a
passing test waits no longer than the event takes."""


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Return as soon as the condition holds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
