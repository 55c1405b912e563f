"""Log of all moves, from which the same sound can be rendered again.

An entry happens at a position in samples: a change of settings, a stretch of the microphone's
sound, or an excerpt for which the machine had time for fewer iterations than asked for.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from studio import __version__
from studio.errors import ParameterError
from studio.live.settings import LiveSettings

FORMAT = "deep-dream-live 1"
MOST_ENTRIES = 100_000
MOST_INPUT_SAMPLES = 44_100 * 300
"""Five minutes of microphone."""

MOST_GLIDE_SECONDS = 600.0


class MoveLog:
    """What happened, in order; see `to_json`.

    Attributes
    ----------
    complete : bool
        False once it would have grown beyond all bounds: it then no longer tells everything.
    """

    def __init__(self, settings: LiveSettings) -> None:
        self.settings = settings
        self.entries: list[dict[str, Any]] = []
        self.complete = True
        self._input_samples = 0

    def changed(self, position: int, changes: Mapping[str, Any], glide_seconds: float) -> None:
        """Note a change of settings."""
        self._add({"at": position, "change": dict(changes), "glide_seconds": glide_seconds})

    def heard(self, position: int, samples: np.ndarray) -> None:
        """Note a stretch of the microphone's sound, int16."""
        self._input_samples += len(samples)
        if self._input_samples > MOST_INPUT_SAMPLES:
            self._give_up()
            return
        text = base64.b64encode(samples.astype("<i2").tobytes()).decode("ascii")
        self._add({"at": position, "input": text})

    def fell_short(self, position: int, iterations: int) -> None:
        """Note that the excerpt at ``position`` had time for this many iterations only."""
        self._add({"at": position, "done": iterations})

    def rewound(self, position: int) -> None:
        """Note that what happens from ``position`` on is computed anew.

        What came in meanwhile is known from then on; excerpts are dreamed again.
        """
        later = len(self.entries)
        while later and self.entries[later - 1]["at"] >= position:
            later -= 1
        again = [entry for entry in self.entries[later:] if "done" not in entry]
        self.entries[later:] = [{**entry, "at": position} for entry in again]

    def to_dict(self, samples: int, begin: int = 0) -> dict[str, Any]:
        """Return the log of a recording: ``samples`` from ``begin`` on."""
        return {
            "format": FORMAT,
            "version": __version__,
            "complete": self.complete,
            "settings": self.settings.to_dict(),
            "begin": begin,
            "samples": samples,
            "moves": list(self.entries),
        }

    def _add(self, entry: dict[str, Any]) -> None:
        if len(self.entries) >= MOST_ENTRIES:
            self._give_up()
        if self.complete:
            self.entries.append(entry)

    def _give_up(self) -> None:
        self.complete = False
        self.entries.clear()


def read_log(text: str) -> dict[str, Any]:
    """Read a log's JSON and check its shape.

    Raises
    ------
    ParameterError
        If it is no log, or one that does not tell everything.
    """
    try:
        log = json.loads(text)
    except (ValueError, RecursionError):  # also a number of thousands of digits
        log = None
    if not isinstance(log, dict) or log.get("format") != FORMAT:
        raise ParameterError("This is not the log of a live dream. Choose a file saved by Record.")
    if not log.get("complete"):
        raise ParameterError("This log ended before the dream did, so it cannot be replayed.")
    moves = log.get("moves")
    numbers = [log.get("begin"), log.get("samples")]
    if not isinstance(log.get("settings"), dict):
        raise ParameterError("This log is damaged: it does not say with what the dream began.")
    if not isinstance(moves, list) or not all(map(_is_move, moves)):
        raise ParameterError("This log is damaged: its moves cannot be read.")
    if not all(map(_is_position, numbers)):
        raise ParameterError("This log is damaged: it does not say which part was recorded.")
    return log


def input_samples(entry: Mapping[str, Any]) -> np.ndarray:
    """Return the microphone's sound of an entry, int16."""
    try:
        return np.frombuffer(base64.b64decode(entry["input"], validate=True), dtype="<i2")
    except ValueError:
        raise ParameterError("This log is damaged: a stretch of microphone is broken.") from None


def _is_move(entry: Any) -> bool:
    if not isinstance(entry, dict) or not _is_position(entry.get("at")):
        return False
    glide = entry.get("glide_seconds", 0.0)
    if "change" in entry:
        number = isinstance(glide, int | float) and not isinstance(glide, bool)
        return isinstance(entry["change"], dict) and number and 0 <= glide <= MOST_GLIDE_SECONDS
    return isinstance(entry.get("input"), str) or _is_position(entry.get("done"))


def _is_position(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40
