"""Run a dream: iterations, progress, stopping, trace."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from studio.dreaming import sources
from studio.dreaming.ascent import Ascent, Step, Trouble
from studio.dreaming.choice import Model, choose_ascent
from studio.dreaming.origin import Origin
from studio.dreaming.recipe import BUILT_IN_SOUNDS, NO_GUIDE, Recipe
from studio.dreaming.stereo import side_seed, widen
from studio.dreaming.targets import check_targets
from studio.dreaming.tuning import Tuning
from studio.errors import DreamError, ParameterError
from studio.sound import SAMPLE_RATE, features
from studio.stopping import checkpoint

log = logging.getLogger(__name__)

TRACE_ROWS = (5, 60)
"""About the fewest and the most rows of the trace of a dream that has as many iterations."""

_ITERATIONS_PER_ROW = 80
"""At layer 0, and half as many two layers above: rows are to cost a twentieth of the iterations."""

_TROUBLE: dict[Trouble, str] = {
    "ran away": "The numbers ran away at iteration {iteration}; the last good sound is kept. "
    "Try a smaller learning rate, or peak normalisation.",
    "no response": "Nothing in this choice responds to the sound at iteration {iteration}, so the "
    "dream ends here. Try another feature map, or start from white noise.",
}


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
    """

    iteration: int
    iterations: int
    objective: float
    features: dict[str, float] | None
    render: Callable[[], np.ndarray]

    @property
    def audio(self) -> np.ndarray:
        """The sound now, (T,) or (T, 2), float32; made when it is asked for."""
        return self.render()


@dataclass(frozen=True, slots=True)
class Dream:
    """A dreamed sound and how it came about.

    Attributes
    ----------
    audio : ndarray, shape (T,) or (T, 2), float32
        Full scale ±1; two columns where the recipe has a stereo width.
    initial : ndarray, shape (T,), float32
        What it started from, normalised and low-passed.
    recipe : Recipe
        What makes this sound again; ``stop_after`` is set where the dream was stopped.
    trace : DataFrame
        One row per recorded iteration: ``iteration``, ``objective``, ``loudness``,
        ``brightness``, ``noisiness``, ``roughness`` of the sound after that many iterations:
        estimates (`features.estimate_means`), but the last row's are exact (`features.means`).
    engine : str
        Which engine made it.
    origin : Origin
        The same, with its version, and the weights.
    message : str or None
        Why it ended early, in a sentence; the sound is then the last good one.
    """

    audio: np.ndarray
    initial: np.ndarray
    recipe: Recipe
    trace: pd.DataFrame
    engine: str
    origin: Origin
    message: str | None = None
    sample_rate: int = SAMPLE_RATE

    @property
    def middle(self) -> np.ndarray:
        """The sound as one channel, (T,): what is measured."""
        return self.audio if self.audio.ndim == 1 else self.audio.mean(axis=1)


def dream(
    model: Model,
    recipe: Recipe,
    initial: np.ndarray | None = None,
    engine: str = "auto",
    on_step: Callable[[Progress], bool | None] | None = None,
    guide: np.ndarray | None = None,
) -> Dream:
    """Let a model dream (paper, section 3.4), on one thread: several dreams run side by side.

    Given up at every `checkpoint`, once an iteration and between the parts of what comes before and
    after: of a minute's sound each takes some tenths of a second.

    Parameters
    ----------
    model : WaveformClassifier or Weights
        In eval mode, as `studio.load_model` gives it, or `networks.weights.load_weights`.
    recipe : Recipe
        Everything that determines the sound. Its length is ``recipe.seconds``.
    initial : ndarray, shape (samples,) or (samples, 2), optional
        A recording at 44,100 Hz to start from, cut or padded with silence to the recipe's length.
        Of a stereo one, a stereo dream's middle starts from the mean of both channels and its side
        from their difference; a mono dream from their mean. Without it, the built-in sound that
        ``recipe.initial`` names.
    engine : {"auto", "fast", "reference"}
        ``auto`` takes the fast one where it can serve, and otherwise says in the log why not.
    on_step : callable, optional
        Told the `Progress` after every iteration; returning False stops the dream and keeps the
        sound as it is then.
    guide : ndarray, shape (samples,), optional
        A recording at 44,100 Hz for targets that are to be like it, cut or padded as ``initial``
        is. Without it, the built-in sound that ``recipe.guide`` names.

    Returns
    -------
    Dream

    Raises
    ------
    ParameterError
        If the recipe does not fit the model, the guide sound is missing, or the engine asked for
        cannot serve.
    AudioError, DreamError
        If there is nothing to start from.
    """
    if recipe.architecture != model.architecture.name:
        raise ParameterError(
            f"The recipe is for {recipe.architecture}, this model is {model.architecture.name}: "
            f"load the model that the recipe names."
        )
    for stage in recipe.each_stage:
        check_targets(model, stage.targets)
    heard = _guide(recipe, guide)
    start = (
        sources.initial_sound(recipe) if initial is None else sources.fit(initial, recipe.samples)
    )
    checkpoint()
    start, beside = sources.middle_and_side(start)
    tuning = Tuning.of(recipe)
    stages = tuning.recipe.each_stage
    heard = None if heard is None else tuning.inward(heard)
    ascent = choose_ascent(engine, model, stages[0], heard)
    checkpoint()
    middle = DreamRun(tuning.recipe, ascent.prepare(tuning.inward(start)), tuning.ratio)
    side = None
    if recipe.stereo_width:
        another = recipe.replace(seed=side_seed(recipe.seed))
        if initial is None:
            start = sources.initial_sound(another)
        elif beside is not None:
            start = beside
        first = ascent.prepare(tuning.inward(start))
        side = DreamRun(tuning.recipe.replace(seed=another.seed), first, traced=False)
    for number, stage in enumerate(stages):
        if number:
            ascent = choose_ascent(engine, model, stage, heard)
        together = side.steps(ascent, stage) if side else iter(())
        for step, row in middle.steps(ascent, stage):
            next(together, None)
            if on_step is None:
                continue
            render = partial(_rendered, recipe, tuning, middle.waveform, side and side.waveform)
            told = Progress(middle.done, middle.planned, step.objective, row, render)
            if on_step(told) is False:
                middle.over = True
                break
        if middle.over:
            break
    checkpoint()
    response = ascent.objective(middle.waveform)
    checkpoint()
    heard_as = tuning.outward(middle.waveform)
    middle.rows.append(
        {"iteration": middle.done, "objective": response, **features.means(heard_as)}
    )
    whole = middle.done == recipe.planned_iterations
    return Dream(
        audio=_rendered(recipe, tuning, middle.waveform, side and side.waveform),
        initial=tuning.outward(middle.first),
        recipe=recipe if whole else recipe.replace(stop_after=middle.done),
        trace=pd.DataFrame(middle.rows),
        engine=ascent.name,
        origin=Origin.of(ascent.name, model.card),
        message=middle.message,
    )


def _rendered(
    recipe: Recipe, tuning: Tuning, middle: np.ndarray, side: np.ndarray | None
) -> np.ndarray:
    """Return the sound of a recipe, (T,) or (T, 2), from what was dreamed."""
    if side is None:
        return tuning.outward(middle)
    return widen(tuning.outward(middle), tuning.outward(side), recipe.stereo_width)


class DreamRun:
    """A dream on its way through its stages.

    Parameters
    ----------
    recipe : Recipe
    first : ndarray, shape (T,)
        What it starts from, as `Ascent.prepare` gives it.
    ratio : float
        Samples that are dreamed for each sample of the sound; see `Tuning`.
    traced : bool
        Whether its features are measured on the way.

    Attributes
    ----------
    waveform : ndarray, shape (T,)
        The sound now.
    shift : int
        Samples by which the sound now stands to the right of where it was at the start.
    done : int
        Iterations of all stages so far.
    over : bool
        Nothing comes any more; `message` says why, where that is not as planned.
    """

    def __init__(
        self, recipe: Recipe, first: np.ndarray, ratio: float = 1.0, traced: bool = True
    ) -> None:
        self.waveform = self.first = first
        self.ratio, self.traced = ratio, traced
        self.shift = 0
        self.planned, self.offsets = recipe.planned_iterations, sources.offsets(recipe)
        # Of the stage whose iterations take the shortest time.
        deepest = min(max(target.layer for target in stage.targets) for stage in recipe.each_stage)
        self.every = _every(recipe.total_iterations, deepest)
        self.rows: list[dict[str, float]] = []
        self.message: str | None = None
        self.done = 0
        self.over = False

    def steps(
        self, ascent: Ascent, stage: Recipe
    ) -> Iterator[tuple[Step, dict[str, float] | None]]:
        """Do the iterations of one stage, as far as the dream goes.

        Yields
        ------
        step : Step
        features : dict or None
            Those of the sound before it, where they were measured.
        """
        if self.done:
            self.waveform = ascent.prepare(self.waveform)
        initial = None  # the sound at the start, shifted as the sound now is
        if stage.closeness:
            initial = ascent.prepare(np.roll(self.first, self.shift))
        for iteration in range(min(stage.iterations, self.planned - self.done)):
            checkpoint()
            offset = int(self.offsets[self.done])
            step = ascent.step(self.waveform, iteration, offset, initial)
            if step.trouble:
                self.message = _TROUBLE[step.trouble].format(iteration=self.done)
                log.info(self.message)
                self.over = True
                return
            row = None
            if self.traced and self.done % self.every == 0:
                row = features.estimate_means(self.waveform)
                row["brightness"] *= self.ratio
                self.rows.append({"iteration": self.done, "objective": step.objective, **row})
            self.waveform = step.waveform
            if not stage.unroll:
                self.shift += offset
                initial = np.roll(initial, offset) if initial is not None else None
            self.done += 1
            yield step, row
        self.over = self.done >= self.planned


def _guide(recipe: Recipe, guide: np.ndarray | None) -> np.ndarray | None:
    """Return the guide sound, (T,), or None where no target asks for it."""
    if not recipe.needs_guide:
        return None
    if guide is not None:
        return sources.fit(guide, recipe.samples)
    if recipe.guide == NO_GUIDE:
        raise ParameterError(
            "A layer is to be like the guide sound, and there is none: give a guide sound, or "
            "choose another measure for that layer."
        )
    if recipe.guide not in BUILT_IN_SOUNDS:
        raise DreamError(
            f"This recipe's guide sound is '{recipe.guide}': give that recording, or choose one of "
            f"{', '.join(BUILT_IN_SOUNDS)}."
        )
    return sources.initial_sound(recipe.replace(initial=recipe.guide))


def _every(iterations: int, deepest: int) -> int:
    """Return how many iterations lie between two rows of the trace, by the deepest layer heard."""
    rows = iterations * (2 + deepest) // (2 * _ITERATIONS_PER_ROW)
    return math.ceil(iterations / min(max(TRACE_ROWS[0], rows), TRACE_ROWS[1]))
