r"""One convolution of a network, there and back, as products on memory that it is given.

Batch norm folded
    Between two convolutions stand u = Swish(y) and n = a·u + b, with a = γ / √(var + ε) and
    b = β − a·mean for each channel. The next convolution pads n with zeros. As n = 0 where
    u = −b / a, the same is had from u padded with −b / a instead:

        Σ_{c,k} W[o,c,k]·n[c,t+k] = Σ_{c,k} (W[o,c,k]·a[c])·u[c,t+k] + Σ_{c,k} W[o,c,k]·b[c]  (1)

    at every step t, those near the ends included. So n is never computed, and the last sum is part
    of the bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from studio.networks.architectures import Convolution
from studio.networks.classifier import WaveformClassifier
from version_0_1.blocks import Blocks, Calls, Rows, stretches

_MANY_STEPS = 32
"""Steps from which on the sounds of a batch are no slower one by one than together."""

_SMALLEST_SCALE = 1e-12
"""Stands in for a batch-norm scale of 0, for which (1) has no padding value."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A convolution that has taken in the batch norm before it, as in (1); float64.

    Attributes
    ----------
    row : Convolution
    weight : Tensor, shape (O, C, k)
    bias : Tensor, shape (O,)
    rest : Tensor, shape (C,)
        What the input is padded with: −b / a.
    """

    row: Convolution
    weight: Tensor
    bias: Tensor
    rest: Tensor


def fold(model: WaveformClassifier) -> list[Folded]:
    """Return the network as convolutions with nothing but Swish between them."""
    folded = []
    scale = torch.ones(1, dtype=torch.float64)
    shift = torch.zeros(1, dtype=torch.float64)
    for layer, row in enumerate(model.architecture.convolutions):
        convolution = model.convolutions[layer]
        assert isinstance(convolution, nn.Conv1d) and convolution.bias is not None
        weight = convolution.weight.detach().double()
        bias = convolution.bias.detach().double() + torch.einsum("ock,c->o", weight, shift)
        folded.append(Folded(row, weight * scale[:, None], bias, -shift / scale))
        if layer + 1 < model.layers:
            norm = model.normalisations[layer]
            assert isinstance(norm, nn.BatchNorm1d)
            assert norm.running_mean is not None and norm.running_var is not None
            scale = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()
            shift = norm.bias.detach().double() - scale * norm.running_mean.double()
            scale = torch.where(scale.abs() < _SMALLEST_SCALE, _SMALLEST_SCALE, scale)
    return folded


class Layer:
    """The memory and the products of one layer, for one batch and length.

    Parameters
    ----------
    folded : Folded
    batch, samples : int
        Sounds, and steps of the input of each.
    maps : Tensor, shape (m,) or (B, m)
        Which maps are computed, by every sound or by each.
    dtype : torch.dtype
        float32 or float64.
    margin : int
        Values of memory before and after the padded input of every sound.

    Attributes
    ----------
    input_size, output_size : int
        Values of memory it needs for what it hears and answers.
    input, output : Tensor, shapes (B, samples·C) and (B, steps·maps)
        What the layer hears and answers. What it hands back takes the input's place.
    gradient : Tensor, shape as output
        What comes back from above. It may lie where the output lay.
    restore_ends : list of callable
        What must be done before the input is written: its ends were overwritten, and more is
        written now than they are.
    ahead, back : list of callable
        What finds the output from the input, and the gradient of the input from the output's.
    """

    def __init__(
        self,
        folded: Folded,
        batch: int,
        samples: int,
        maps: Tensor,
        dtype: torch.dtype,
        margin: int,
    ) -> None:
        self.row, self.channels, self.samples = folded.row, folded.weight.shape[1], samples
        self.maps, self.steps = maps.shape[-1], folded.row.output_length(samples)
        self.batch, self.margin = batch, margin
        self.weight, self.bias = folded.weight[maps].to(dtype), folded.bias[maps].to(dtype)
        self.rest = folded.rest.to(dtype)
        self.joins = batch > 1 and maps.ndim == 1 and self.steps < _MANY_STEPS
        if self.joins:
            self.rows = Rows(self.row, self.weight, samples)
            padded, self.room = self.rows.count * self.row.stride, self.steps
        else:
            shape = (self.row, self.channels, self.maps, samples)
            self.plans = [Blocks.plan(*shape, backward=backward) for backward in (False, True)]
            padded = max(plan.count * plan.hop for plan in self.plans)
            self.room = max(plan.groups * plan.together for plan in self.plans)
        self.input_size = batch * (margin + padded * self.channels + margin)
        self.output_size = batch * self.room * self.maps

    def prepare(self, inputs: Tensor, outputs: Tensor) -> None:
        """Take memory, of at least the sizes needed, for what the layer hears and answers."""
        padded = inputs[: self.input_size].view(self.batch, -1)
        padded = padded[:, self.margin : padded.shape[1] - self.margin]
        outputs = outputs[: self.output_size].view(self.batch, -1)
        begin = self.row.padding * self.channels
        end = begin + self.samples * self.channels
        self.input = padded[:, begin:end]
        self.output = outputs[:, : self.steps * self.maps]
        # Both ends at once, as long as the longer. NumPy copies a few values in half the time.
        length = padded.shape[1]
        longer = max(begin, length - end)
        ends = stretches(padded, 2, longer, length - longer).numpy()
        rest = self.rest.repeat(longer // self.channels).numpy()
        self.restore_ends: Calls = [partial(np.copyto, ends, rest)] if longer else []
        (self._join_sounds if self.joins else self._part_sounds)(padded, outputs)

    def _part_sounds(self, padded: Tensor, outputs: Tensor) -> None:
        """Prepare products for one sound after the other."""
        ahead, back = self.plans
        kernels = self.weight.expand(self.batch, *self.weight.shape[-3:])
        shared = self.weight.ndim == 3
        forward = [ahead.matrix(kernel) for kernel in kernels[: 1 if shared else None]]
        backward = (
            forward
            if ahead == back
            else [back.matrix(kernel) for kernel in kernels[: len(forward)]]
        )
        if shared:
            forward, backward = forward * self.batch, backward * self.batch
        bias = self.bias.expand(self.batch, self.maps)
        self.ahead = ahead.forward(padded, outputs, forward, bias)

        # Where nothing must be 0 behind the last step, the gradient takes the output's place.
        gradient = outputs if self.room == self.steps else torch.zeros_like(outputs)
        self.gradient = gradient[:, : self.steps * self.maps]
        to_input = padded[:, : back.count * back.hop * self.channels]
        self.back = back.backward(gradient, to_input, backward)

    def _join_sounds(self, padded: Tensor, outputs: Tensor) -> None:
        """Prepare products for all sounds at once."""
        rows = self.rows
        self.ahead = rows.forward(padded, outputs.view(-1, self.maps), self.bias)
        begin = rows.before * self.maps
        gradient = outputs.new_zeros(self.batch, begin + rows.count * self.maps)
        self.gradient = gradient[:, begin : begin + self.steps * self.maps]
        self.back = rows.backward(gradient, padded.view(-1, rows.hop))
