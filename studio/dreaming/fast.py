r"""The ascent again, as fast as a CPU allows; `reference` says what it does, this does it cheaply.

One iteration is

    x ← L · shift( (x + η·(g − mean g) / sd g) / peak ),   g = K · ∇response(x)               (1)

with the smoothing K and the low-pass L. The gradient comes from `backpropagation`, L from
`spectrum`. What is left are passes over the sound, which cost as much as the layers of a network
when done carelessly:

- K is a convolution with a short kernel, made like the layers of the network: h neighbouring
  outputs are a product of the h + K − 1 samples they depend on with a banded matrix.
- L is linear and needs no second transform for the level: 1 / peak goes into its gain.
- L is circular and so commutes with the shift: shifting back afterwards (``unroll``) is the same
  as never having shifted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from studio.dreaming import signal
from studio.dreaming.ascent import Step
from studio.dreaming.backpropagation import Backpropagation, fold
from studio.dreaming.blocks import Products, matrix_rows
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.spectrum import LowPass
from studio.networks import WaveformClassifier

_PLAIN = (1e-15, 1e15)
"""Standard deviations whose square is safely a float32."""


def why_not(model: WaveformClassifier, recipe: Recipe) -> str | None:
    """Return why the fast engine cannot serve, in a sentence, or None where it can."""
    weight = next(model.parameters())
    if weight.device.type != "cpu":
        return f"The fast engine runs on the CPU and this model is on '{weight.device}'."
    if weight.dtype not in (torch.float32, torch.float64):
        return f"The fast engine computes in float32 or float64, not in {weight.dtype}."
    if model.training:
        return "The fast engine needs a model in evaluation mode: call model.eval()."
    if recipe.tap != "before swish":
        return "The fast engine listens before Swish only."
    return None


class FastAscent:
    """Gradient ascent on waveforms (B, T), one iteration per call of `step`.

    Parameters
    ----------
    model : WaveformClassifier
        On the CPU, in evaluation mode. Its weights are taken as they are now.
    recipe : Recipe
    targets : sequence of sequence of Target, optional
        Other targets than the recipe's, one entry per sound of the batch.
    """

    def __init__(
        self,
        model: WaveformClassifier,
        recipe: Recipe,
        targets: Sequence[Sequence[Target]] | None = None,
    ) -> None:
        self.recipe = recipe
        self.targets = targets or [recipe.targets]
        self.network = fold(model)
        self.gain = signal.low_pass_gain(
            recipe.samples, recipe.cutoff_hz, recipe.low_pass, recipe.low_pass_order
        )
        self._prepared: tuple[tuple[int, int], torch.dtype] | None = None

    def prepare(self, waveform: Tensor) -> Tensor:
        """Normalise and low-pass the initial sound, as every step leaves it."""
        waveform = signal.normalise(waveform, self.recipe.normalisation)
        if self.recipe.low_pass == "off":
            return waveform
        return signal.low_pass(waveform, self.gain)

    def step(self, waveform: Tensor, iteration: int, offset: int) -> Step:
        """Do the three processing steps of section 3.4 once."""
        recipe = self.recipe
        gradient, response = self.gradient(waveform)
        if recipe.smoothing != "off":
            gradient = self.smoothing(gradient, iteration)
        centred = gradient - gradient.mean(dim=-1, keepdim=True)
        deviation = _root_mean_square(centred)
        if all(_PLAIN[0] < value < _PLAIN[1] for value in deviation.flatten().tolist()):
            climbed = torch.addcmul(waveform, centred, recipe.learning_rate / deviation)
        else:
            deviation = gradient.std(dim=-1, correction=0, keepdim=True)
            climbed = waveform + recipe.learning_rate * signal.standardise(gradient)
        scale = self._scale(climbed)
        if recipe.low_pass != "off":
            climbed = self.low_pass(climbed, scale)
        elif scale is not None:
            climbed *= scale
        if offset and not recipe.unroll:
            climbed = torch.roll(climbed, offset, dims=-1)
        return Step(climbed, response, deviation[:, 0])

    def gradient(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        """Return the derivative of each sound's response, valid until the next call, and it."""
        self._make_room(waveform)
        return self.backpropagation(waveform)

    def objective(self, waveform: Tensor) -> Tensor:
        """Return the response to each sound, shape (B,)."""
        self._make_room(waveform)
        return self.backpropagation.response(waveform)

    def _scale(self, waveform: Tensor) -> Tensor | None:
        """Return what brings a sound to its standard level, shape (B, 1)."""
        if self.recipe.normalisation == "none":
            return None
        if self.recipe.normalisation == "peak":
            level = waveform.abs().amax(dim=-1, keepdim=True)
        else:
            level = _root_mean_square(waveform)
        return 1 / torch.where(level > 0, level, 1.0)

    def _make_room(self, waveform: Tensor) -> None:
        """Prepare memory and matrices for waveforms of this shape and kind."""
        batch, samples = waveform.shape
        if self._prepared == ((batch, samples), waveform.dtype):
            return
        recipe, dtype = self.recipe, waveform.dtype
        self.backpropagation = Backpropagation(self.network, self.targets, batch, samples, dtype)
        self.smoothing = Smoothing(recipe, batch, samples, dtype)
        self.low_pass = LowPass(self.gain, samples, dtype)
        self._prepared = ((batch, samples), dtype)


class Smoothing:
    """Cascade Gaussian smoothing of gradients of one shape."""

    def __init__(self, recipe: Recipe, batch: int, samples: int, dtype: torch.dtype) -> None:
        self.padding, self.samples = recipe.padding, samples
        self.kernels = cascade_kernels(recipe).to(dtype)  # (iterations, K)
        size = recipe.smoothing_kernel
        self.reach = size // 2
        hop = min(range(16, 129, 16), key=lambda hop: (hop + size - 1) * (hop + 6) / hop)
        groups = -(-samples // hop)
        self.padded = torch.zeros(batch, groups * hop + size - 1, dtype=dtype)
        self.output = torch.empty(batch, groups, hop, dtype=dtype)
        # The band: column q holds the kernel from row q on.
        matrix = torch.zeros(hop + size - 1, hop, dtype=dtype)
        self.band = matrix.as_strided((hop, size), (hop + 1, hop))
        self.products = Products(
            matrix_rows(self.padded, groups, hop + size - 1, hop), matrix, self.output
        )

    def __call__(self, gradient: Tensor, iteration: int) -> Tensor:
        """Return the smoothed gradient (B, T), valid until the next call."""
        reach, samples, padded = self.reach, self.samples, self.padded
        self.band.copy_(self.kernels[iteration])
        padded[:, reach : reach + samples] = gradient
        if reach and self.padding == "reflect":
            padded[:, :reach] = gradient[:, 1 : reach + 1].flip(-1)
            padded[:, reach + samples : reach + samples + reach] = gradient[
                :, samples - reach - 1 : samples - 1
            ].flip(-1)
        elif reach:
            padded[:, :reach] = gradient[:, samples - reach :]
            padded[:, reach + samples : reach + samples + reach] = gradient[:, :reach]
        self.products.run()
        return self.output.flatten(1)[:, :samples]


def cascade_kernels(recipe: Recipe) -> Tensor:
    """Return `signal.cascade_kernel` of every iteration at once, (iterations, K), float64."""
    iteration = np.arange(recipe.iterations)[:, None]
    sigma = 2.0 * (iteration + 1) / recipe.iterations + recipe.smoothing_coefficient
    distance = np.arange(recipe.smoothing_kernel) - recipe.smoothing_kernel // 2
    kernels = np.zeros((recipe.iterations, recipe.smoothing_kernel))
    for scaled in (sigma / 2, sigma, 2 * sigma):
        gaussian = np.exp(-0.5 * (distance / scaled) ** 2)
        kernels += gaussian / gaussian.sum(axis=1, keepdims=True) / 3
    return torch.from_numpy(kernels)


def _root_mean_square(waveform: Tensor) -> Tensor:
    norm = torch.linalg.vector_norm(waveform, dim=-1, keepdim=True)
    return norm / math.sqrt(waveform.shape[-1])
