"""Tune a dream: the pitch of a network's stride grid is moved onto a note.

A layer whose strides multiply to P repeats its pattern every P samples, so a dream carries partials
at multiples of 44,100 / P Hz: 900 Hz in Model1's layer 0, 36 Hz from its layer 1 on. Heard at
another sample rate r, the same samples have their grid at r / P. So a tuned dream is dreamed as if
at the rate at which the grid falls on the note, or on an octave of it, and is then resampled to
44,100 Hz. Frequencies and times of the recipe keep their meaning in the sound that results.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.dreaming.curves import within
from studio.dreaming.looping import loop_unit, snapped_samples, unit_of
from studio.dreaming.recipe import Recipe, controls
from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE

_LOWEST_PITCH_HZ = 20.0
_FREQUENCIES = ("cutoff_hz", "low_cut_hz")
_TIMES = ("texture_seconds",)


def grid_hz(architecture: str, layer: int) -> float:
    """Return the spacing in Hz of the stride grid that a layer puts into a dream at 44,100 Hz.

    The finest one that has a pitch: at least 20 Hz. The grids of the layers before are among its
    multiples.
    """
    rates = (SAMPLE_RATE / loop_unit(architecture, each) for each in range(layer + 1))
    return min(rate for rate in rates if rate >= _LOWEST_PITCH_HZ)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a tuned dream is dreamed.

    Attributes
    ----------
    ratio : float
        Samples that are dreamed for each sample of the sound: 0.7 … 1.42.
    recipe : Recipe
        What is dreamed: longer or shorter than the sound, its frequencies and times moved.
    samples : int
        Length of the sound.
    loops : bool
        The sound follows itself, and so does what is resampled.
    """

    ratio: float
    recipe: Recipe
    samples: int
    loops: bool

    @classmethod
    def of(cls, recipe: Recipe) -> Tuning:
        """Return how a recipe is dreamed; its ratio is 1 where it names no note."""
        loops = recipe.padding == "loop"
        if not recipe.tune_hz:
            return cls(1.0, recipe, recipe.samples, loops)
        grid = grid_hz(recipe.architecture, max(target.layer for target in recipe.targets))
        octaves = math.log2(recipe.tune_hz) - math.log2(grid)
        ratio = 2.0 ** (octaves - round(octaves))  # the octave of the note nearest to the grid
        inner = recipe.replace(
            tune_hz=0.0,
            seconds=_inner_seconds(recipe, ratio),
            **_moved({name: getattr(recipe, name) for name in (*_FREQUENCIES, *_TIMES)}, ratio),
            stages=tuple(
                tuple({**dict(changes), **_moved(dict(changes), ratio)}.items())
                for changes in recipe.stages
            ),
        )
        kept = round(recipe.samples * ratio)
        if not loops and inner.samples > kept:  # the form ends with what is kept
            inner = _with_form_within(inner, kept / inner.samples)
        samples = math.floor(inner.samples / ratio + 0.5) if loops else recipe.samples
        return cls(ratio, inner, samples, loops)

    def inward(self, sound: np.ndarray) -> np.ndarray:
        """Return a sound of 44,100 Hz, (T,), as the dream begins with it."""
        if self.loops:  # a loop that fits the strides may be longer or shorter than was asked for
            sound = np.take(sound, np.arange(self.samples), mode="wrap")
        return self._resampled(sound, 1.0, self.ratio, self.recipe.samples)

    def outward(self, dreamed: np.ndarray) -> np.ndarray:
        """Return what was dreamed, (T,), as a sound of 44,100 Hz."""
        return self._resampled(dreamed, self.ratio, 1.0, self.samples)

    def _resampled(
        self, sound: np.ndarray, from_rate: float, to_rate: float, samples: int
    ) -> np.ndarray:
        if self.ratio == 1:
            return sound
        if self.loops:
            from scipy.signal import resample  # by way of Fourier: what follows itself, still does

            return np.asarray(resample(sound, samples), dtype=np.float32)
        import soxr

        found = soxr.resample(sound, from_rate, to_rate)[:samples]
        return np.pad(found, (0, samples - len(found))).astype(np.float32)


def _with_form_within(recipe: Recipe, share: float) -> Recipe:
    """Return a recipe whose curves, those of its stages too, lie in the first part of the sound."""
    return recipe.replace(
        curves=within(recipe.curves, share),
        stages=tuple(
            tuple(
                (name, within(value, share) if name == "curves" else value)
                for name, value in changes
            )
            for changes in recipe.stages
        ),
    )


def _inner_seconds(recipe: Recipe, ratio: float) -> float:
    """Return how long a tuned dream is while it is dreamed; a loop's length fits the strides."""
    seconds = round(recipe.samples * ratio) / SAMPLE_RATE
    low, high = controls()["seconds"].minimum or 0.0, controls()["seconds"].maximum or math.inf
    if seconds > high:
        raise ParameterError(
            f"At {recipe.tune_hz:g} Hz the dream runs at {ratio:.2f} times the sample rate, so "
            f"{high / ratio:.1f} s is the most: choose a shorter sound or another note."
        )
    if (unit := unit_of(recipe)) > 1:
        return snapped_samples(unit, seconds) / SAMPLE_RATE
    return max(seconds, low)  # what is over, is cut off


def _moved(values: dict[str, Any], ratio: float) -> dict[str, Any]:
    """Return those values that change with the rate, within their ranges; 0 stays off."""
    moved = {}
    for name in (*_FREQUENCIES, *_TIMES):
        if not values.get(name):
            continue
        control = controls()[name]
        value = values[name] * (ratio if name in _TIMES else 1 / ratio)
        low, high = control.minimum or 0.0, control.maximum or math.inf
        moved[name] = min(max(value, low), high)
    return moved
