"""The one way to a dream: iterations, progress, stopping, and the trace of what happened."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from studio import features
from studio.architectures import SAMPLE_RATE
from studio.dreaming import initial as initial_sounds
from studio.dreaming.ascent import Ascent
from studio.dreaming.fast import FastAscent, why_not
from studio.dreaming.objective import check_targets
from studio.dreaming.recipe import Recipe
from studio.dreaming.reference import ReferenceAscent
from studio.errors import ParameterError
from studio.networks import WaveformClassifier, one_thread

log = logging.getLogger(__name__)

ENGINES = ("auto", "fast", "reference")
TRACE_ROWS = (20, 60)
"""Rows of the trace of a short and of a long dream, at least."""

_ITERATIONS_PER_ROW = 30
"""Between the two; a row costs about as much as half an iteration."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What `dream` tells while it runs.

    Attributes
    ----------
    iteration, iterations : int
        How many iterations are done, of how many.
    objective : float
        The response to the sound before this iteration.
    features : dict or None
        Estimated mean of the four features, where this iteration was recorded.
    waveform : Tensor, shape (T,)
        The sound now; use `audio` for a copy to keep.
    """

    iteration: int
    iterations: int
    objective: float
    features: dict[str, float] | None
    waveform: Tensor

    @property
    def audio(self) -> np.ndarray:
        """The sound now, float32, shape (T,)."""
        return _to_numpy(self.waveform)


@dataclass(frozen=True, slots=True)
class Dream:
    """A dreamed sound and how it came about.

    Attributes
    ----------
    audio : ndarray, shape (T,), float32
        Full scale ±1.
    initial : ndarray, shape (T,), float32
        What it started from, normalised and low-passed.
    recipe : Recipe
        What makes this sound again; ``stop_after`` is set where the dream was stopped.
    trace : DataFrame
        One row per recorded iteration: ``iteration``, ``objective``, ``loudness``,
        ``brightness``, ``noisiness``, ``roughness`` of the sound after that many iterations:
        estimates (`features.glance`), but the last row's are exact (`features.means`).
    engine : str
        Which engine made it.
    message : str or None
        Why it ended early, in a sentence; the sound is then the last good one.
    """

    audio: np.ndarray
    initial: np.ndarray
    recipe: Recipe
    trace: pd.DataFrame
    engine: str
    message: str | None = None
    sample_rate: int = SAMPLE_RATE


@one_thread()
def dream(
    model: WaveformClassifier,
    recipe: Recipe,
    initial: np.ndarray | None = None,
    engine: str = "auto",
    on_step: Callable[[Progress], bool | None] | None = None,
) -> Dream:
    """Let a model dream (paper, section 3.4), on one thread: several dreams run side by side.

    Parameters
    ----------
    model : WaveformClassifier
        In eval mode, as `studio.load_model` gives it.
    recipe : Recipe
        Everything that determines the sound. Its length is ``recipe.seconds``.
    initial : ndarray, shape (samples,), optional
        A recording at 44,100 Hz to start from, cut or padded with silence to the recipe's length.
        Without it, the built-in sound that ``recipe.initial`` names.
    engine : {"auto", "fast", "reference"}
        ``auto`` takes the fast one where it can serve, and otherwise says in the log why not.
    on_step : callable, optional
        Told the `Progress` after every iteration; returning False stops the dream and keeps the
        sound as it is then.

    Returns
    -------
    Dream

    Raises
    ------
    ParameterError
        If the recipe does not fit the model, or the engine asked for cannot serve.
    AudioError, DreamError
        If there is nothing to start from.
    """
    if recipe.architecture != model.architecture.name:
        raise ParameterError(
            f"The recipe is for {recipe.architecture}, this model is {model.architecture.name}: "
            f"load the model that the recipe names."
        )
    check_targets(model, recipe.targets)
    ascent = _ascent(engine, model, recipe)
    start = (
        initial_sounds.initial_sound(recipe)
        if initial is None
        else initial_sounds.fit(initial, recipe.samples)
    )
    offsets = initial_sounds.offsets(recipe)
    planned = min(recipe.stop_after or recipe.iterations, recipe.iterations)
    every = _every(recipe.iterations)

    waveform = first = ascent.prepare(torch.from_numpy(start).unsqueeze(0))  # (1, T)
    rows: list[dict[str, float]] = []
    message = None
    done = 0
    for iteration in range(planned):
        step = ascent.step(waveform, iteration, int(offsets[iteration]))
        message = _trouble(step.objective, step.gradient_sd, iteration)
        if message:
            log.info(message)
            break
        row = None
        if iteration % every == 0:
            row = features.glance(_to_numpy(waveform[0]))
            rows.append({"iteration": iteration, "objective": float(step.objective), **row})
        waveform = step.waveform
        done = iteration + 1
        if on_step and (
            on_step(Progress(done, planned, float(step.objective), row, waveform[0])) is False
        ):
            break
    audio = _to_numpy(waveform[0])
    response = float(ascent.objective(waveform))
    rows.append({"iteration": done, "objective": response, **features.means(audio)})
    return Dream(
        audio=audio,
        initial=_to_numpy(first[0]),
        recipe=recipe if done == planned else recipe.replace(stop_after=done),
        trace=pd.DataFrame(rows),
        engine=type(ascent).__name__.removesuffix("Ascent").lower(),
        message=message,
    )


def _every(iterations: int) -> int:
    """Return how many iterations lie between two rows of the trace."""
    rows = min(max(TRACE_ROWS[0], iterations // _ITERATIONS_PER_ROW), TRACE_ROWS[1])
    return max(1, iterations // rows)


def _ascent(engine: str, model: WaveformClassifier, recipe: Recipe) -> Ascent:
    if engine not in ENGINES:
        raise ParameterError(f"engine={engine!r} must be one of: {', '.join(ENGINES)}.")
    if engine == "reference":
        return ReferenceAscent(model, recipe)
    reason = why_not(model, recipe)
    if reason is None:
        return FastAscent(model, recipe)
    if engine == "fast":
        raise ParameterError(f"{reason} Choose engine='auto' or 'reference'.")
    log.info("Dreaming with the reference engine. %s", reason)
    return ReferenceAscent(model, recipe)


def _trouble(objective: Tensor, gradient_sd: Tensor, iteration: int) -> str | None:
    """Return what is wrong with a step, in a sentence, or None."""
    if not all(map(math.isfinite, (*objective.tolist(), *gradient_sd.tolist()))):
        return (
            f"The numbers ran away at iteration {iteration}; the last good sound is kept. "
            "Try a smaller learning rate, or peak normalisation."
        )
    if min(gradient_sd.tolist()) <= 0:
        return (
            f"Nothing in this choice responds to the sound at iteration {iteration}, so the dream "
            "ends here. Try another feature map, or start from white noise."
        )
    return None


def _to_numpy(waveform: Tensor) -> np.ndarray:
    return waveform.detach().to("cpu", torch.float32, copy=True).numpy()
