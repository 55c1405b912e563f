"""The dream as it is usually written, to measure the engines against.

Eager autograd through the whole network with hooks on its layers, one ``conv1d`` per Gaussian, a
full-length FFT for the low-pass: what public DeepDream code does for images, for sounds. Same
steps and same result as `studio.dreaming.reference`, which already leaves out layers behind the
deepest target and filters once with the mean of the Gaussians.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.dreaming.recipe import Recipe
from studio.networks.classifier import WaveformClassifier
from studio.sound import SAMPLE_RATE


class FieldLoop:
    """One iteration per call of `step`, on waveforms (B, T).

    Parameters
    ----------
    model : WaveformClassifier
    recipe : Recipe
        With one target, taps before Swish; other fields as the paper has them.
    compiled : bool
        Let ``torch.compile`` translate the network.
    """

    def __init__(self, model: WaveformClassifier, recipe: Recipe, compiled: bool = False) -> None:
        self.model, self.recipe = model, recipe
        (self.target,) = recipe.targets
        self.heard = Heard(model)
        self.network = torch.compile(self.heard) if compiled else self.heard

    def step(self, waveform: Tensor, iteration: int, offset: int) -> Tensor:
        """Return the sound after one iteration."""
        recipe = self.recipe
        waveform = waveform.detach().clone().requires_grad_(True)
        activation = self.network(waveform)[self.target.layer]
        if self.target.map is not None:
            activation = activation[:, self.target.map]
        loss = functional.mse_loss(activation, torch.zeros_like(activation))
        loss.backward()
        assert waveform.grad is not None
        gradient = waveform.grad
        sigma = 2 * (iteration + 1) / recipe.iterations + recipe.smoothing_coefficient
        gradient = torch.stack(
            [self.smooth(gradient, scaled) for scaled in (sigma / 2, sigma, sigma * 2)]
        ).mean(dim=0)
        gradient = (gradient - gradient.mean()) / gradient.std(correction=0)
        with torch.no_grad():
            waveform = waveform + recipe.learning_rate * gradient
            waveform = waveform / waveform.abs().max()
            waveform = torch.roll(waveform, offset, dims=-1)
            spectrum = torch.fft.rfft(waveform)
            frequency = torch.fft.rfftfreq(waveform.shape[-1], 1 / SAMPLE_RATE)
            spectrum[:, frequency > recipe.cutoff_hz] = 0
            return torch.fft.irfft(spectrum, n=waveform.shape[-1])

    def smooth(self, gradient: Tensor, sigma: float) -> Tensor:
        """Filter with one Gaussian."""
        reach = self.recipe.smoothing_kernel // 2
        distance = torch.arange(-reach, reach + 1, dtype=gradient.dtype)
        kernel = torch.exp(-0.5 * (distance / sigma) ** 2)
        kernel = kernel / kernel.sum()
        padded = functional.pad(gradient[:, None], (reach, reach), mode="reflect")
        return functional.conv1d(padded, kernel[None, None])[:, 0]


class Heard(nn.Module):
    """A network that tells what all its layers answered."""

    def __init__(self, model: WaveformClassifier) -> None:
        super().__init__()
        self.model = model

    def forward(self, waveform: Tensor) -> list[Tensor]:
        """Return the activations of all layers, (B, C, steps) each."""
        return self.model.activations(waveform, self.model.layers)
