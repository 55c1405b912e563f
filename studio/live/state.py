"""State of the live engine besides its buffer, small enough to be copied every 10 ms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.live.dreamer import Mixture
from studio.live.limiter import Limited
from studio.live.settings import LiveSettings, TargetSet


@dataclass(slots=True)
class Glide:
    """A way from one setting to another."""

    origin: LiveSettings
    mixture: Mixture
    begin: int
    samples: int

    def share(self, position: int) -> float:
        """Return how much of the way is done, 0 … 1."""
        return min(1.0, (position - self.begin) / self.samples)


@dataclass(slots=True)
class State:
    """All that changes as the engine runs, but for the buffer's samples."""

    settings: LiveSettings
    limited: Limited
    position: int = 0
    glide: Glide | None = None
    next_excerpt: int = 0
    at_once: bool = True
    excerpts: int = 0
    credits: Mapping[TargetSet, float] = field(default_factory=dict)
    gain: float = 0.0
    input_taken: int = 0
    input_until: int = 0
    writes: int = 0


@dataclass(slots=True)
class Report:
    """How the excerpts went.

    Attributes
    ----------
    excerpts, iterations, dropped, restored : int
        How many there were in all; iterations that were asked for and not done; excerpts that
        were put back because the numbers ran away.
    seconds : float
        Time spent dreaming, in all.
    message : str or None
        What went wrong with the latest excerpt.
    """

    excerpts: int = 0
    iterations: int = 0
    dropped: int = 0
    restored: int = 0
    seconds: float = 0.0
    message: str | None = None
