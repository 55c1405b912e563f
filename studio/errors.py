"""Errors that a person may see: the value, the rule it broke and what to do."""

from studio.text import plain_text


class StudioError(Exception):
    """Anything the studio can explain in one sentence."""

    def __str__(self) -> str:
        """Return the sentence; what it quotes of a stranger cannot steer a terminal."""
        return plain_text(super().__str__())


class ParameterError(StudioError, ValueError):
    """A parameter lies outside its range or names something that does not exist."""


class DataNotFoundError(StudioError, FileNotFoundError):
    """A dataset, a clip table or a file of one is not where it should be."""

    def __str__(self) -> str:
        """Return the sentence alone (OSError would print it as a tuple)."""
        return plain_text(str(self.args[0])) if self.args else "A file is missing."


class CheckpointError(StudioError):
    """A model file is missing, damaged or of another architecture."""


class AudioError(StudioError):
    """A sound cannot be read, written or used."""


class DreamError(StudioError):
    """A dream cannot start or go on."""
