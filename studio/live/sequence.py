"""Playing unattended: changes at set times, round and round, and a watch over what comes out.

A sequence is JSON::

    {"seconds": 60,
     "settings": {"dataset": "events", "seconds": 4},
     "steps": [{"at": 0, "change": {"targets": [[0, 3]]}},
               {"at": 20, "change": {"targets": [[3, 4]], "cutoff_hz": 8000}, "glide_seconds": 10}]}

``seconds`` is the length of a round, ``settings`` what it begins with (optional), ``at`` the time
of a step in its round.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import ParameterError
from studio.live.engine import LiveEngine
from studio.live.ring import QUANTUM
from studio.live.settings import LiveSettings
from studio.sound import SAMPLE_RATE
from studio.text import shown

_PATIENCE = 20 * SAMPLE_RATE
"""Samples of silence, or of excerpts that all fail, after which the buffer starts afresh."""

_SILENCE = 1e-4


@dataclass(frozen=True, slots=True)
class Step:
    """A change at a time of the round, in seconds."""

    at: float
    change: dict[str, Any]
    glide_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sequence:
    """Steps in order of time, the length of a round in seconds, and what it begins with."""

    seconds: float
    steps: tuple[Step, ...]
    settings: LiveSettings = field(default_factory=LiveSettings)
    given: frozenset[str] = frozenset()
    """The settings that were named to begin with; the others have their defaults."""

    @classmethod
    def read(cls, path: Path) -> Sequence:
        """Read a file; see the module for its form.

        Raises
        ------
        ParameterError
            If it is none; the message says which step is wrong and why.
        """
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise ParameterError(f"'{path}' cannot be read. Check the name.") from None
        except (ValueError, RecursionError) as error:  # also a number of thousands of digits
            reason = str(error).split(";")[0]
            raise ParameterError(f"'{path}' is not valid JSON ({reason}).") from None
        return cls.of(value)

    @classmethod
    def of(cls, value: Any) -> Sequence:
        """Build a sequence from its JSON, every step checked."""
        if not isinstance(value, Mapping) or not isinstance(value.get("steps"), list):
            raise ParameterError("A sequence is a JSON object with 'seconds' and 'steps'.")
        seconds = _number(value.get("seconds"), "seconds", 1, 86_400)
        given = value.get("settings", {})
        settings = now = LiveSettings.from_dict(given)
        steps = []
        for number, step in enumerate(value["steps"], 1):
            if not isinstance(step, Mapping) or not isinstance(step.get("change"), Mapping):
                raise ParameterError(f"Step {number} must have 'at' and 'change'.")
            at = _number(step.get("at"), f"step {number}: at", 0, seconds)
            glide = _number(step.get("glide_seconds", 0), f"step {number}: glide_seconds", 0, 600)
            try:
                now = now.change(**step["change"])
            except ParameterError as error:
                raise ParameterError(f"Step {number}: {error}") from None
            steps.append(Step(at, dict(step["change"]), glide))
        if not steps:
            raise ParameterError("A sequence needs at least one step.")
        return cls(
            seconds, tuple(sorted(steps, key=lambda step: step.at)), settings, frozenset(given)
        )


class Performance(LiveEngine):
    """An engine that follows a sequence and starts afresh where nothing comes out any more."""

    def __init__(self, sequence: Sequence, *arguments: Any, **options: Any) -> None:
        said = set(sequence.given)
        with _named("The sequence's settings", said):
            super().__init__(sequence.settings, *arguments, **options)
        self.sequence = sequence
        self.restarts = 0
        self.on_step: Any = None
        self._next = 0
        self._quiet_since = 0
        self._failing_since = 0
        now = sequence.settings
        for number, step in enumerate(sequence.steps, 1):
            now = now.change(**step.change)
            said |= set(step.change)
            with _named(f"Step {number} (at {step.at:g} s)", said):
                for chosen, _ in now.mixture:
                    self._dreamer.check(chosen)

    def render(self, samples: int) -> np.ndarray:
        """Return the next samples, with every step of the sequence at its time."""
        blocks = []
        while samples > 0:
            while self._due() <= self.position:
                self._take_step()
            part = min(samples, self._due() - self.position)
            blocks.append(super().render(part))
            self._watch(blocks[-1])
            samples -= part
        return np.concatenate(blocks) if blocks else super().render(0)

    def _due(self) -> int:
        """Return the position of the next step."""
        rounds, index = divmod(self._next, len(self.sequence.steps))
        seconds = rounds * self.sequence.seconds + self.sequence.steps[index].at
        return round(seconds * SAMPLE_RATE / QUANTUM) * QUANTUM

    def _take_step(self) -> None:
        step = self.sequence.steps[self._next % len(self.sequence.steps)]
        self._next += 1
        self.apply(step.change, step.glide_seconds)
        if self.on_step:
            self.on_step(step.change)

    def _watch(self, sound: np.ndarray) -> None:
        """Fill the buffer anew where it has been silent, or failing, for too long."""
        end = self.position
        silent = self.settings.level_db > -60 and float(np.abs(sound).max()) < _SILENCE
        if not silent:
            self._quiet_since = end
        if self.report.message is None:
            self._failing_since = end
        if end - min(self._quiet_since, self._failing_since) > _PATIENCE:
            self.restarts += 1
            self._quiet_since = self._failing_since = end
            seed = (self.settings.recipe.seed + 1) % 2**32
            self.apply({"initial": "white noise", "seed": seed})


@contextmanager
def _named(which: str, said: set[str]) -> Iterator[None]:
    """Say of an error which part asks for it, and where targets come from that nobody named."""
    try:
        yield
    except ParameterError as error:
        layer, number = LiveSettings().recipe.targets[0][:2]
        meant = f" It names no targets, so the default is meant: layer {layer}, map {number}."
        raise ParameterError(f"{which}: {error}{'' if 'targets' in said else meant}") from None


def _number(value: Any, name: str, low: float, high: float) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not low <= value <= high:
        rule = f"must be a number between {low:g} and {high:g}"
        raise ParameterError(f"{name}={shown(value)} {rule}.")
    return float(value)
