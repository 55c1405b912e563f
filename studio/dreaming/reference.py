"""The ascent in plain PyTorch, to read beside section 3.4 of the paper.

Kept short and slow on purpose: it is what faster engines are tested against.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from studio.dreaming import ascent, signal
from studio.dreaming.objective import guide_activations, objective
from studio.dreaming.recipe import Recipe
from studio.networks.classifier import WaveformClassifier, one_thread


class Step(NamedTuple):
    """As `ascent.Step`, of a batch: waveforms (B, T), and a number for each."""

    waveform: Tensor
    objective: list[float]
    gradient_sd: list[float]


class ReferenceAscent:
    """Gradient ascent on waveforms (B, T), one iteration per call of `step`."""

    def __init__(
        self, model: WaveformClassifier, recipe: Recipe, guide: Tensor | None = None
    ) -> None:
        self.model, self.recipe = model, recipe
        self.gain = signal.low_pass_gain(
            recipe.samples,
            recipe.cutoff_hz,
            recipe.low_pass,
            recipe.low_pass_order,
            recipe.low_cut_hz,
        )
        guide = None if guide is None else self.prepare(guide)
        self.guide = guide_activations(model, recipe, guide)

    def prepare(self, waveform: Tensor) -> Tensor:
        """Normalise and low-pass the initial sound, as every step leaves it."""
        return self.low_pass(signal.normalise(waveform, self.recipe.normalisation))

    def step(
        self, waveform: Tensor, iteration: int, offset: int, initial: Tensor | None = None
    ) -> Step:
        """Do the three processing steps of section 3.4 once."""
        recipe = self.recipe
        # 1. Gradient ascent.
        gradient, response = self.gradient(waveform)
        gradient = self.smooth(gradient, iteration)
        deviation = gradient.std(dim=-1, correction=0)
        waveform = signal.pulled(waveform, initial, recipe.learning_rate, recipe.closeness)
        waveform = waveform + recipe.learning_rate * signal.standardise(gradient)
        waveform = signal.normalise(waveform, recipe.normalisation)
        # 2. Random offset in time.
        waveform = signal.circular_shift(waveform, offset)
        # 3. Low-pass.
        waveform = self.low_pass(waveform)
        if recipe.unroll:
            waveform = signal.circular_shift(waveform, -offset)
        return Step(waveform, response.tolist(), deviation.tolist())

    def gradient(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        """Return the derivative of each sound's response with respect to it, and the response."""
        with torch.enable_grad():
            waveform = waveform.detach().requires_grad_()
            response = objective(self.model, waveform, self.recipe, self.guide)
            (gradient,) = torch.autograd.grad(response.sum(), waveform)
        return gradient, response.detach()

    def smooth(self, gradient: Tensor, iteration: int) -> Tensor:
        """Apply cascade Gaussian smoothing, which grows with the iterations."""
        recipe = self.recipe
        if recipe.smoothing == "off":
            return gradient
        sigma = signal.smoothing_sigma(iteration, recipe.iterations, recipe.smoothing_coefficient)
        kernel = signal.cascade_kernel(sigma, recipe.smoothing_kernel, gradient.dtype)
        return signal.smooth(gradient, kernel, recipe.padding)

    def low_pass(self, waveform: Tensor) -> Tensor:
        """Remove what lies above the cut-off."""
        if self.recipe.low_pass == "off":
            return waveform
        return signal.low_pass(waveform, self.gain)

    def objective(self, waveform: Tensor) -> Tensor:
        """Return the response to each sound, shape (B,)."""
        with torch.no_grad():
            return objective(self.model, waveform, self.recipe, self.guide)


class Reference:
    """`ReferenceAscent` for one sound at a time, an array: an `ascent.Ascent`, on one thread."""

    name = "reference"

    def __init__(
        self, model: WaveformClassifier, recipe: Recipe, guide: np.ndarray | None = None
    ) -> None:
        self._like = next(model.parameters())
        with one_thread():
            heard = None if guide is None else self._tensor(guide)
            self.ascent = ReferenceAscent(model, recipe, heard)

    @one_thread()
    def prepare(self, waveform: np.ndarray) -> np.ndarray:
        """Return the normalised and low-passed sound (T,)."""
        return _array(self.ascent.prepare(self._tensor(waveform)))

    @one_thread()
    def step(
        self, waveform: np.ndarray, iteration: int, offset: int, initial: np.ndarray | None = None
    ) -> ascent.Step:
        """Return what an iteration makes of a sound (T,)."""
        near = None if initial is None else self._tensor(initial)
        step = self.ascent.step(self._tensor(waveform), iteration, offset, near)
        return ascent.Step(_array(step.waveform), step.objective[0], step.gradient_sd[0])

    @one_thread()
    def gradient(self, waveform: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the derivative of the response with respect to a sound (T,), and the response."""
        gradient, response = self.ascent.gradient(self._tensor(waveform))
        return _array(gradient), float(response)

    @one_thread()
    def objective(self, waveform: np.ndarray) -> float:
        """Return the response to a sound (T,)."""
        return float(self.ascent.objective(self._tensor(waveform)))

    def _tensor(self, waveform: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(waveform))[None].to(self._like)


def _array(waveform: Tensor) -> np.ndarray:
    return waveform[0].detach().to("cpu", torch.float32).numpy()
