"""Error messages for people: one sentence, never a traceback or a path."""

from __future__ import annotations

import errno
import logging

from studio.errors import SaveError, StudioError
from studio.text import plain_name

log = logging.getLogger(__name__)

UNEXPECTED = "Something unexpected happened here. Nothing of yours is lost; please try once more."
DISK_FULL = "The studio cannot save this: its disk is full. Please try again later."
_MOST_CHARACTERS = 900
NO_MEMORY = "The studio's machine has no memory left for this. Choose a shorter sound."


def error_code(error: BaseException) -> str:
    """Return what kind of trouble ``error`` is, for programs: see `studio.errors`."""
    if is_disk_full(error):
        return "disk_full"
    if isinstance(error, StudioError):
        return error.code
    return "memory" if isinstance(error, MemoryError) else "unexpected"


def user_message(error: BaseException) -> str:
    """Return what to tell a person about ``error``; what nobody foresaw is logged in full."""
    if is_disk_full(error):
        log.error("cannot be saved: %s", error)
        return DISK_FULL
    if isinstance(error, StudioError):
        return plain_name(str(error), _MOST_CHARACTERS)
    if isinstance(error, MemoryError):
        return NO_MEMORY
    log.error("unexpected error on the page", exc_info=error)
    return UNEXPECTED


def error_update(error: BaseException) -> dict[str, str]:
    """Return ``code`` and ``message`` of an error, as routes and updates tell it."""
    return {"code": error_code(error), "message": user_message(error)}


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether an error is that of a full disk, or was raised because of one.

    libsndfile does not say why it cannot write: that counts, too.
    """
    full = (errno.ENOSPC, errno.EDQUOT)
    while error is not None:
        if isinstance(error, SaveError) or (isinstance(error, OSError) and error.errno in full):
            return True
        error = error.__cause__ or error.__context__
    return False
