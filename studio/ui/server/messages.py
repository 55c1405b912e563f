"""Error messages for people: one sentence, never a traceback."""

from __future__ import annotations

import logging

from studio.errors import StudioError

log = logging.getLogger(__name__)

UNEXPECTED = "Something unexpected happened here. Nothing of yours is lost; please try once more."


def user_message(error: BaseException) -> str:
    """Return what to tell a person about ``error``; what nobody foresaw is logged in full."""
    if isinstance(error, StudioError):
        return str(error)
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk of the studio's machine is full. Free some space and try again."
    if isinstance(error, MemoryError):
        return "The studio's machine has no memory left for this. Choose a shorter sound."
    log.error("unexpected error on the page", exc_info=error)
    return UNEXPECTED
