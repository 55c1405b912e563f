"""The ascent by the engine in C: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from studio.dreaming.ascent import Step
from studio.dreaming.engine import library
from studio.dreaming.engine.plan import Network, Plan, declare
from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import NO_GUIDE_SOUND, Target
from studio.errors import ParameterError


def unsupported_reason(model: Any) -> str | None:
    """Return why the engine cannot serve, in a sentence, or None where it can."""
    return library.unsupported_reason() or Network.unsupported_reason(model)


class Course(NamedTuple):
    """Several iterations.

    Attributes
    ----------
    waveform : ndarray, shape (T,), float32
        The sound after the last iteration.
    done : int
        How many were done: fewer than asked for where `EngineAscent.stop` was called, or where it
        could not go on; then ``objective`` and ``gradient_sd`` have an entry more, which says why.
    objective : list of float
        The response before each iteration.
    gradient_sd : list of float
        Standard deviation of each smoothed gradient.
    """

    waveform: np.ndarray
    done: int
    objective: list[float]
    gradient_sd: list[float]


class EngineAscent:
    """Gradient ascent on sounds of one length, see `ascent.Ascent`.

    Parameters
    ----------
    model : WaveformClassifier, Weights or Network
        Its weights are taken as they are now.
    recipe : Recipe
    guide : ndarray, shape (samples,), optional
        The guide sound as it was recorded, where a target asks for it.
    targets : sequence of Target, optional
        Other targets than the recipe's.
    samples : int, optional
        Length of the sounds; by default the recipe's.
    functions : ctypes library, optional
        A build as `plan.declare` leaves it; by default the one for this processor.
    """

    name = "fast"

    def __init__(
        self,
        model: Any,
        recipe: Recipe,
        guide: np.ndarray | None = None,
        targets: Sequence[Target] | None = None,
        samples: int | None = None,
        functions: Any = None,
    ) -> None:
        network = model if isinstance(model, Network) else Network.of(model)
        targets = targets or recipe.targets
        if guide is None and any(target.measure == "guide" for target in targets):
            raise ParameterError(NO_GUIDE_SOUND)
        self.functions = functions or _functions()
        self.samples = samples or recipe.samples
        self.plan = Plan(self.functions, network, recipe, targets, self.samples)
        self._stop = np.zeros(1, dtype=np.int32)
        if guide is not None:
            self.functions.dream_guide(self.plan.memory, self.prepare(guide))

    def prepare(self, waveform: np.ndarray) -> np.ndarray:
        """Return the normalised and low-passed sound (T,) that iteration 0 starts from."""
        prepared = np.empty(self.samples, dtype=np.float32)
        self.functions.dream_prepare(self.plan.memory, self._checked(waveform), prepared)
        return prepared

    def step(
        self, waveform: np.ndarray, iteration: int, offset: int, initial: np.ndarray | None = None
    ) -> Step:
        """Do one iteration; the sound stays as it is where that cannot be done."""
        course = self.run(waveform, iteration, [offset], initial)
        return Step(course.waveform, course.objective[0], course.gradient_sd[0])

    def run(
        self,
        waveform: np.ndarray,
        first: int,
        offsets: np.ndarray | Sequence[int],
        initial: np.ndarray | None = None,
    ) -> Course:
        """Do as many iterations as there are offsets, the first of which is number ``first``.

        ``initial`` is the sound to stay close to, shifted as ``waveform`` is.
        """
        waveform = self._checked(waveform)
        initial = None if initial is None else self._checked(initial)
        offsets = np.ascontiguousarray(offsets, dtype=np.int32)
        count = len(offsets)
        found = np.empty(self.samples, dtype=np.float32)
        told = np.empty((2, count))
        done = self.functions.dream_iterate(
            self.plan.memory,
            waveform,
            found,
            initial,
            first,
            count,
            offsets,
            self._stop,
            told[0],
            told[1],
        )
        ended = done < count and not self._stop[0]
        self._stop[0] = 0
        objective, deviation = told[:, : done + ended].tolist()
        return Course(found, done, objective, deviation)

    def stop(self) -> None:
        """End `run`, in another thread, after the iteration that it is at."""
        self._stop[0] = 1

    def objective(self, waveform: np.ndarray) -> float:
        """Return the response to a sound (T,)."""
        return self.functions.dream_response(self.plan.memory, self._checked(waveform))

    def gradient(self, waveform: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the derivative of the response with respect to a sound (T,), and the response."""
        gradient = np.empty(self.samples, dtype=np.float32)
        response = self.functions.dream_gradient(
            self.plan.memory, self._checked(waveform), gradient
        )
        return gradient, response

    def _checked(self, waveform: np.ndarray) -> np.ndarray:
        waveform = np.ascontiguousarray(waveform, dtype=np.float32)
        if waveform.shape != (self.samples,):
            raise ValueError(f"the plan is for {self.samples} samples, not {waveform.shape}")
        return waveform


@cache
def _functions() -> Any:
    return declare(library.engine().functions)
