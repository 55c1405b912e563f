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
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from studio.dreaming import signal
from studio.dreaming.objective import guide_activations
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.reference import Step
from studio.networks.classifier import WaveformClassifier
from version_0_1.backpropagation import Backpropagation
from version_0_1.blocks import stretches
from version_0_1.layer import fold
from version_0_1.spectrum import low_pass_filter

MOST_TOGETHER = 128
"""Most neighbouring samples smoothed by one row of a product."""

_PLAIN = (1e-30, 1e30)
"""Mean squares that are safely a float32."""


def unsupported_reason(model: WaveformClassifier, recipe: Recipe) -> str | None:
    """Return why the fast engine cannot serve, in a sentence, or None where it can."""
    weight = next(model.parameters())
    if weight.device.type != "cpu":
        return f"The fast engine runs on the CPU and this model is on '{weight.device}'."
    if weight.dtype not in (torch.float32, torch.float64):
        return f"The fast engine computes in float32 or float64, not in {weight.dtype}."
    if model.training:
        return "The fast engine needs a model in evaluation mode: call model.eval()."
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
    guide : Tensor, shape (1, T), optional
        The guide sound, where a target asks for it.
    """

    def __init__(
        self,
        model: WaveformClassifier,
        recipe: Recipe,
        targets: Sequence[Sequence[Target]] | None = None,
        guide: Tensor | None = None,
    ) -> None:
        self.recipe = recipe
        self.targets = targets or [recipe.targets]
        self.network = fold(model)
        self.gain = signal.low_pass_gain(
            recipe.samples, recipe.cutoff_hz, recipe.low_pass, recipe.low_pass_order
        )
        guide = None if guide is None else self.prepare(guide)
        every = [target for own in self.targets for target in own]
        self.guide = guide_activations(model, replace(recipe, targets=tuple(every)), guide)
        self._prepared: tuple[tuple[int, ...], torch.dtype] | None = None
        self._undifferentiated = torch.inference_mode()  # spares every call some bookkeeping

    def prepare(self, waveform: Tensor) -> Tensor:
        """Normalise and low-pass the initial sound, as every step leaves it."""
        waveform = signal.normalise(waveform, self.recipe.normalisation)
        if self.recipe.low_pass == "off":
            return waveform
        return signal.low_pass(waveform, self.gain)

    def step(
        self, waveform: Tensor, iteration: int, offset: int, initial: Tensor | None = None
    ) -> Step:
        """Do the three processing steps of section 3.4 once."""
        self._make_room(waveform)
        offset = 0 if self.recipe.unroll else offset % waveform.shape[-1]
        with self._undifferentiated:
            response = self.backpropagation.run(waveform)
            self.smoothing.prepare(iteration)
            waveform = signal.pulled(
                waveform, initial, self.recipe.learning_rate, self.recipe.closeness
            )
            # One sound after the other: what belongs to one stays in the processor's fast memory.
            climbed, deviations = [], []
            for sound, own in enumerate(waveform.unbind()):
                result, deviation = self._climb(own, sound, offset)
                climbed.append(result)
                deviations.append(deviation)
        sounds = climbed[0][np.newaxis] if len(climbed) == 1 else np.stack(climbed)
        return Step(torch.from_numpy(sounds), response, deviations)

    def _climb(self, waveform: Tensor, sound: int, offset: int) -> tuple[np.ndarray, float]:
        """Return what (1) makes of one sound (T,) of the batch, and its gradient's sd."""
        samples, recipe = waveform.shape[0], self.recipe
        gradient = self.smoothing(sound)
        mean = gradient.sum().item() / samples
        power = torch.dot(gradient, gradient).item() / samples
        variance = power - mean * mean
        if _PLAIN[0] < power < _PLAIN[1] and variance > power / 10:
            deviation = math.sqrt(variance)
            rate = recipe.learning_rate / deviation
            constant = -rate * mean
        else:  # Rare, and then exactness matters more than time.
            deviation = gradient.std(correction=0).item()
            gradient = signal.standardise(gradient)
            rate, constant = recipe.learning_rate, 0.0
        # Where the raw gradient lay, which is not needed any more.
        climbed = self.backpropagation.gradient[sound]
        split = samples - offset
        torch.add(waveform[:split], gradient[:split], alpha=rate, out=climbed[offset:])
        if offset:
            torch.add(waveform[split:], gradient[split:], alpha=rate, out=climbed[:offset])
        scale = 1 / (self._level(climbed, constant) or 1.0)
        if recipe.low_pass == "off":
            return (climbed.numpy() + constant) * scale, deviation
        return self.low_pass(climbed, scale, constant), deviation

    def gradient(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        """Return the derivative of each sound's response with respect to it, and the response."""
        self._make_room(waveform)
        response = self.backpropagation.run(waveform)
        return self.backpropagation.gradient.clone(), waveform.new_tensor(response)

    def objective(self, waveform: Tensor) -> Tensor:
        """Return the response to each sound, shape (B,)."""
        self._make_room(waveform)
        return waveform.new_tensor(self.backpropagation.response(waveform))

    def _level(self, waveform: Tensor, constant: float) -> float:
        """Return the level of waveform + constant, which normalising brings to 1."""
        if self.recipe.normalisation == "none":
            return 1.0
        if self.recipe.normalisation == "peak":
            values = waveform.numpy()  # NumPy finds both in half of PyTorch's time
            highest, lowest = np.maximum.reduce(values), np.minimum.reduce(values)
            return float(max(highest + constant, -lowest - constant))
        samples = len(waveform)
        power = torch.dot(waveform, waveform).item() + 2 * constant * waveform.sum().item()
        return math.sqrt(max(0.0, power / samples + constant * constant))

    def _make_room(self, waveform: Tensor) -> None:
        """Prepare memory and matrices for waveforms of this shape and kind."""
        if self._prepared == (waveform.shape, waveform.dtype):
            return
        batch, samples = waveform.shape
        recipe, dtype = self.recipe, waveform.dtype
        margin = recipe.smoothing_kernel // 2 + MOST_TOGETHER
        self.backpropagation = Backpropagation(
            self.network,
            self.targets,
            batch,
            samples,
            dtype,
            margin=margin,
            spare=samples + MOST_TOGETHER,
            tap=recipe.tap,
            guide=self.guide,
        )
        # First the smoothed gradient lies there, and then the spectrum.
        spare = self.backpropagation.spare
        self.smoothing = Smoothing(recipe, self.backpropagation.gradient, spare)
        self.low_pass = low_pass_filter(self.gain, recipe.samples, dtype, spare)
        self._prepared = (waveform.shape, dtype)


class Smoothing:
    """Cascade Gaussian smoothing of a gradient that is always found in the same place.

    Parameters
    ----------
    recipe : Recipe
    gradient : Tensor, shape (B, T), a view
        With K // 2 + `MOST_TOGETHER` values of memory before and after every row; they are
        overwritten with what lies beyond the ends.
    memory : Tensor, shape (T + `MOST_TOGETHER` or more,)
        For the result.
    """

    def __init__(self, recipe: Recipe, gradient: Tensor, memory: Tensor) -> None:
        self.gradient = gradient
        self.smooths = recipe.smoothing != "off"
        if not self.smooths:
            return
        batch, samples = gradient.shape
        size = recipe.smoothing_kernel
        reach = size // 2
        self.kernels = cascade_kernels(recipe).to(gradient.dtype).numpy()  # (iterations, K)
        hop = min(
            range(16, MOST_TOGETHER + 1, 16), key=lambda hop: (hop + size - 1) * (hop + 6) / hop
        )
        groups = -(-samples // hop)
        self.result = memory[: groups * hop].view(groups, hop)
        self.smoothed = self.result.view(-1)[:samples]
        # The band: column q holds the kernel from row q on.
        matrix = gradient.new_zeros(hop + size - 1, hop)
        self.band = matrix.as_strided((hop, size), (hop + 1, hop)).numpy()
        # One list per sound.
        self.products = [
            [
                (stretches(row, groups, len(part), hop, j * hop - reach)[0], part)
                for j, part in enumerate(matrix.split(hop))
            ]
            for row in gradient.split(1)
        ]
        # What is copied beyond the ends: NumPy copies a few samples in half the time.
        begin = int(gradient.storage_offset()) - reach
        shape, strides = (batch, samples + 2 * reach), gradient.stride()
        wide = gradient.as_strided(shape, strides, begin).numpy()
        self.before, self.after = wide[:, :reach], wide[:, samples + reach :]
        if recipe.padding == "reflect":
            self.first = wide[:, 2 * reach : reach : -1]
            self.last = wide[:, samples + reach - 2 : samples - 2 : -1]
        else:
            self.first, self.last = wide[:, samples : samples + reach], wide[:, reach : 2 * reach]

    def prepare(self, iteration: int) -> None:
        """Prepare for a new gradient and the kernel of an iteration."""
        if not self.smooths:
            return
        np.copyto(self.band, self.kernels[iteration])
        np.copyto(self.before, self.first)
        np.copyto(self.after, self.last)

    def __call__(self, sound: int) -> Tensor:
        """Return the smoothed gradient of one sound, (T,), which the next call overwrites."""
        if not self.smooths:
            return self.gradient[sound].clone()
        (seen, part), *others = self.products[sound]
        torch.mm(seen, part, out=self.result)
        for seen, part in others:
            self.result.addmm_(seen, part)
        return self.smoothed


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
