"""Interface that every engine of the dream implements."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor


class Step(NamedTuple):
    """What one iteration gives.

    Attributes
    ----------
    waveform : Tensor, shape (B, T)
        The sound after the step.
    objective : list of B float
        The response to the sound before the step.
    gradient_sd : list of B float
        Standard deviation of the smoothed gradient: 0 where nothing responds to the sound, not
        finite where the numbers ran away.
    """

    waveform: Tensor
    objective: list[float]
    gradient_sd: list[float]


class Ascent(Protocol):
    """One dream's engine, prepared for a model and a recipe."""

    def prepare(self, waveform: Tensor) -> Tensor:
        """Return the normalised and low-passed sound (B, T) that iteration 0 starts from."""
        ...

    def step(
        self, waveform: Tensor, iteration: int, offset: int, initial: Tensor | None = None
    ) -> Step:
        """Return what iteration ``iteration`` makes of ``waveform``, which is left untouched.

        ``initial`` is the sound to stay close to, (B, T), shifted as ``waveform`` is by now.
        """
        ...

    def objective(self, waveform: Tensor) -> Tensor:
        """Return the response to ``waveform``, shape (B,)."""
        ...
