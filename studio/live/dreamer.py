"""Dream one excerpt: a full call of the ascent (paper, section 4.2), on one target set or a mix.

Where two sets are mixed, iterations take turns in the proportion of their shares. Every gradient
is brought to the same size before it is added, so no set drowns the other, and the sets may belong
to different networks.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from studio.dreaming.ascent import Ascent, Trouble
from studio.dreaming.choice import Model, choose_ascent
from studio.dreaming.recipe import NO_GUIDE, Recipe
from studio.dreaming.targets import check_targets
from studio.live.settings import LiveSettings, TargetSet

Models = Callable[[str, str], Model]
"""Gives the model of a dataset and an architecture, quickly where it was asked for before."""

Mixture = tuple[tuple[TargetSet, float], ...]
"""Sets and their shares of the iterations."""

MOST_ASCENTS = 12
"""Prepared ascents that are kept; one takes about 10 ms to prepare, and some megabytes."""

RUNAWAY = 100.0
"""A sample this far above full scale (40 dB) means that the numbers run away."""

_RAN_AWAY = (
    "The numbers ran away, so this second was put back. Try a smaller learning rate, or peak "
    "normalisation."
)
_TROUBLE: dict[Trouble, str] = {
    "ran away": _RAN_AWAY,
    "no response": "Nothing in this choice responds to the sound. Try another feature map.",
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What became of an excerpt.

    Attributes
    ----------
    sound : ndarray, shape (44100,), float32, or None
        The dreamed sound; None where the buffer shall stay as it is.
    iterations : int
        How many were done.
    seconds : float
        How long that took.
    message : str or None
        What went wrong, in a sentence.
    credits : dict
        What every set of the mixture is still owed, for the next excerpt.
    ran_away : bool
        Whether the numbers did.
    cut_short : bool
        Whether it was ended before all iterations were done.
    """

    sound: np.ndarray | None
    iterations: int
    seconds: float
    message: str | None
    credits: Mapping[TargetSet, float]
    ran_away: bool
    cut_short: bool


class Dreamer:
    """Lets excerpts dream; keeps the last few ascents prepared.

    Parameters
    ----------
    models : callable
        See `Models`.
    """

    def __init__(self, models: Models) -> None:
        self.models = models
        self._ascents: OrderedDict[Recipe, Ascent] = OrderedDict()

    def check(self, chosen: TargetSet) -> None:
        """Raise `StudioError` where there is no such model, layer or map."""
        check_targets(self.models(chosen.dataset, chosen.architecture), chosen.targets)

    def dream(
        self,
        sound: np.ndarray,
        settings: LiveSettings,
        mixture: Mixture,
        offsets: np.ndarray,
        credits: Mapping[TargetSet, float],
        go_on: Callable[[int], bool],
    ) -> Excerpt:
        """Let one excerpt dream.

        Parameters
        ----------
        sound : ndarray, shape (44100,), float32
        settings : LiveSettings
        mixture : Mixture
            What is dreamed of; the sets that ``settings`` names count for nothing here.
        offsets : ndarray of int, one per iteration
        credits : dict
            From the excerpt before; empty after a change of sets.
        go_on : callable
            Asked before every iteration, with the number of those done; False ends the excerpt.
        """
        began = time.perf_counter()
        ascents = {
            chosen: self._ascent(_recipe_of(settings.recipe, chosen)) for chosen, _ in mixture
        }
        owed = {chosen: credits.get(chosen, 0.0) for chosen, _ in mixture}
        waveform = ascents[mixture[0][0]].prepare(sound)
        done, message, cut_short = 0, None, False
        for iteration in range(settings.recipe.iterations):
            if not go_on(iteration):
                cut_short = True
                break
            for chosen, share in mixture:
                owed[chosen] += share
            turn = max(owed, key=lambda chosen: owed[chosen])
            owed[turn] -= 1
            step = ascents[turn].step(waveform, iteration, int(offsets[iteration]))
            if step.trouble:
                message = _TROUBLE[step.trouble]
                break
            waveform = step.waveform
            done += 1
        dreamed: np.ndarray | None = waveform
        ran_away = message == _RAN_AWAY or not float(np.abs(dreamed).max()) <= RUNAWAY
        if ran_away:
            # Back to what it was, and to full scale: what is far above runs away again.
            message, level = _RAN_AWAY, float(np.abs(sound).max())
            dreamed = sound / np.float32(level) if level > 1 else None
        elif done == 0:
            dreamed = None
        seconds = time.perf_counter() - began
        return Excerpt(dreamed, done, seconds, message, owed, ran_away, cut_short)

    def _ascent(self, recipe: Recipe) -> Ascent:
        if recipe in self._ascents:
            self._ascents.move_to_end(recipe)
            return self._ascents[recipe]
        model = self.models(recipe.dataset, recipe.architecture)
        check_targets(model, recipe.targets)
        self._ascents[recipe] = ascent = choose_ascent("auto", model, recipe)
        while len(self._ascents) > MOST_ASCENTS:
            self._ascents.popitem(last=False)
        return ascent


@lru_cache(maxsize=64)
def _recipe_of(recipe: Recipe, chosen: TargetSet) -> Recipe:
    """Return what an ascent on an excerpt depends on, and nothing else."""
    return recipe.replace(
        dataset=chosen.dataset,
        architecture=chosen.architecture,
        targets=chosen.targets,
        seconds=1.0,
        initial="white noise",
        start_seconds=0.0,
        seed=0,
        max_offset=0,
        stop_after=0,
        guide=NO_GUIDE,
        closeness=0.0,
        stages=(),
        curves=(),
    )
