"""What every engine of the dream has in common, so that `loop` need not know which one runs."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, Protocol

import numpy as np

Trouble = Literal["ran away", "no response"]
"""The numbers grew without bounds, or nothing that was chosen responds to the sound."""


class Step(NamedTuple):
    """What one iteration gives.

    Attributes
    ----------
    waveform : ndarray, shape (T,), float32
        The sound after the step.
    objective : float
        The response to the sound before the step.
    gradient_sd : float
        Standard deviation of the smoothed gradient: 0 where nothing responds to the sound, not
        finite where the numbers ran away.
    """

    waveform: np.ndarray
    objective: float
    gradient_sd: float

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong with the step, if anything; its waveform is then of no use."""
        if not (math.isfinite(self.objective) and math.isfinite(self.gradient_sd)):
            return "ran away"
        return "no response" if self.gradient_sd <= 0 else None


class Ascent(Protocol):
    """One dream's engine, prepared for a model and a recipe."""

    @property
    def name(self) -> str:
        """Which engine it is."""
        ...

    def prepare(self, waveform: np.ndarray) -> np.ndarray:
        """Return the normalised and low-passed sound (T,) that iteration 0 starts from."""
        ...

    def step(
        self, waveform: np.ndarray, iteration: int, offset: int, initial: np.ndarray | None = None
    ) -> Step:
        """Return what iteration ``iteration`` makes of ``waveform``, which is left untouched.

        ``initial`` is the sound to stay close to, (T,), shifted as ``waveform`` is by now.
        """
        ...

    def objective(self, waveform: np.ndarray) -> float:
        """Return the response to ``waveform``."""
        ...
