"""The ascent by the engine in C: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from studio.dreaming.engine.plan import Network, Plan
from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import Target


class Course(NamedTuple):
    """Several iterations.

    Attributes
    ----------
    waveform : ndarray, shape (T,), float32
        The sound after the last iteration.
    done : int
        How many were done: fewer than asked for where it was stopped, or where it could not go on;
        then ``objective`` and ``gradient_sd`` have an entry more, which says why.
    objective : list of float
        The response before each iteration.
    gradient_sd : list of float
        Standard deviation of each smoothed gradient.
    """

    waveform: np.ndarray
    done: int
    objective: list[float]
    gradient_sd: list[float]


class Ascent:
    """Gradient ascent on sounds of one length.

    Parameters
    ----------
    functions : ctypes library
        As `plan.declare` leaves it.
    network : Network
    recipe : Recipe
    targets : sequence of Target, optional
        Other targets than the recipe's.
    guide : ndarray, shape (samples,), optional
        The guide sound as it was recorded, where a target asks for it.
    samples : int, optional
        Length of the sounds; by default the recipe's.
    """

    def __init__(
        self,
        functions: Any,
        network: Network,
        recipe: Recipe,
        targets: Sequence[Target] | None = None,
        guide: np.ndarray | None = None,
        samples: int | None = None,
    ) -> None:
        self.functions, self.samples = functions, samples or recipe.samples
        self.plan = Plan(functions, network, recipe, targets or recipe.targets, self.samples)
        self._stop = np.zeros(1, dtype=np.int32)
        if guide is not None:
            functions.dream_guide(self.plan.memory, self.prepare(guide))

    def prepare(self, sound: np.ndarray) -> np.ndarray:
        """Return the normalised and low-passed sound (T,) that iteration 0 starts from."""
        sound = self._checked(sound)
        prepared = np.empty(self.samples, dtype=np.float32)
        self.functions.dream_prepare(self.plan.memory, sound, prepared)
        return prepared

    def run(
        self,
        sound: np.ndarray,
        first: int,
        offsets: np.ndarray,
        home: np.ndarray | None = None,
    ) -> Course:
        """Do as many iterations as there are offsets, the first of which is number ``first``.

        ``home`` is the sound to stay close to, shifted as ``sound`` is. `stop`, called by another
        thread, ends it after the iteration that is running.
        """
        sound = self._checked(sound)
        home = None if home is None else self._checked(home)
        offsets = np.ascontiguousarray(offsets, dtype=np.int32)
        count = len(offsets)
        found = np.empty(self.samples, dtype=np.float32)
        objective, deviation = np.full((2, count), np.nan)
        done = self.functions.dream_iterate(
            self.plan.memory,
            sound,
            found,
            home,
            first,
            count,
            offsets,
            self._stop,
            objective,
            deviation,
        )
        stopped = bool(self._stop[0])
        self._stop[0] = 0
        told = done if stopped or done == count else done + 1
        return Course(found, done, objective[:told].tolist(), deviation[:told].tolist())

    def stop(self) -> None:
        """End `run` after the iteration that is running."""
        self._stop[0] = 1

    def objective(self, sound: np.ndarray) -> float:
        """Return the response to a sound (T,)."""
        sound = self._checked(sound)
        return self.functions.dream_response(self.plan.memory, sound)

    def gradient(self, sound: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the derivative of the response with respect to a sound (T,), and the response."""
        sound = self._checked(sound)
        gradient = np.empty(self.samples, dtype=np.float32)
        response = self.functions.dream_gradient(self.plan.memory, sound, gradient)
        return gradient, response

    def _checked(self, sound: np.ndarray) -> np.ndarray:
        sound = np.ascontiguousarray(sound, dtype=np.float32)
        if sound.shape != (self.samples,):
            raise ValueError(f"a sound of shape ({self.samples},) was planned, not {sound.shape}")
        return sound
