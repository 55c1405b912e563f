"""Errors that a person may see: the value, the rule it broke and what to do.

Every class has a ``code`` that never changes, for programs: sentences may be reworded.
"""

from __future__ import annotations

from studio.text import plain_text


class StudioError(Exception):
    """Anything the studio can explain in one sentence."""

    code = "error"

    def __str__(self) -> str:
        """Return the sentence; what it quotes of a stranger cannot steer a terminal."""
        return plain_text(super().__str__())


class ParameterError(StudioError, ValueError):
    """A parameter lies outside its range or names something that does not exist."""

    code = "parameter"


class DataNotFoundError(StudioError, FileNotFoundError):
    """A dataset, a clip table or a file of one is not where it should be."""

    code = "not_found"

    def __str__(self) -> str:
        """Return the sentence alone (OSError would print it as a tuple)."""
        return plain_text(str(self.args[0])) if self.args else "A file is missing."


class CheckpointError(StudioError):
    """A model file is missing, damaged or of another architecture."""

    code = "model"


class AudioError(StudioError):
    """A sound cannot be read, written or used."""

    code = "sound"


class SaveError(AudioError):
    """A sound cannot be written; the sentence names the path, which is its owner's affair only."""

    code = "disk_full"


class DreamError(StudioError):
    """A dream cannot start or go on."""

    code = "dream"


class GoneError(StudioError):
    """What was here is no longer here: a sound, a file, a live dream."""

    code = "gone"


class TooLargeError(StudioError):
    """Something is larger than this studio takes."""

    code = "too_large"


class BusyError(StudioError):
    """Others are served first.

    Parameters
    ----------
    sentence : str
    retry_after : float
        Seconds after which it is worth trying again.
    """

    code = "busy"

    def __init__(self, sentence: str, retry_after: float = 30.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
