r"""The response of a network and its gradient with respect to the sound, by hand.

What autograd would also do and a dream does not need is left out: layers behind the deepest
target, maps of the deepest layer that nobody asked for, gradients of the parameters, and what is
only kept for those. `objective.response` differentiated by autograd is what this must equal.

Batch norm folded
    Between two convolutions stand u = Swish(y) and n = a·u + b, with a = γ / √(var + ε) and
    b = β − a·mean for each channel. The next convolution pads n with zeros. As n = 0 where
    u = −b / a, the same is had from u padded with −b / a instead:

        Σ_{c,k} W[o,c,k]·n[c,t+k] = Σ_{c,k} (W[o,c,k]·a[c])·u[c,t+k] + Σ_{c,k} W[o,c,k]·b[c]  (1)

    at every step t, those near the ends included. So n is never computed, and the last sum is part
    of the bias.

Memory
    What an iteration touches should fit the processor's second-level cache. A layer's input is
    not needed behind its convolution, and the gradient of the input not below the layer: so all
    inputs and their gradients lie in one and the same place. The gradient of an output takes the
    output's place.

The response and its slope
    What a layer's activations y add to the response is a quadratic form, and so its slope s is
    linear in y (`quadratic`):

        s = A·y + B                                                                         (2)

    The gradient of y at a layer is what comes back from the layer above, times the derivative of
    Swish, plus s. Where a layer is heard after Swish, u stands in for y, and s is added before the
    derivative of Swish is taken, not behind it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from studio.architectures import Convolution, Tap
from studio.dreaming.blocks import Blocks, Calls, Rows, run, stretches
from studio.dreaming.quadratic import QuadraticForm, Shares
from studio.dreaming.recipe import Target
from studio.networks import WaveformClassifier

_MANY_STEPS = 32
"""Steps from which on the sounds of a batch are no slower one by one than together."""

_silu = torch.ops.aten.silu.out.op
_silu_backward = torch.ops.aten.silu_backward.grad_input.op

_ALIGNED = 16
"""Values to a line of the processor's cache, where sounds are to begin."""

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


class _Layer:
    """The memory and the products of one layer, for one batch and length.

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


class _Heard:
    """Takes the gradient back through the Swish of a layer that targets hear, and adds (2).

    Attributes
    ----------
    value : float or ndarray, shape (B,)
        What the layer added to the response.
    """

    def __init__(self, form: QuadraticForm, layer: _Layer, back: Tensor, after_swish: bool) -> None:
        self.form, self.layer, self.back, self.after_swish = form, layer, back, after_swish
        self.value: np.ndarray | float = 0.0

    def __call__(self) -> None:
        output, gradient = self.layer.output, self.layer.gradient
        heard = torch.ops.aten.silu(output) if self.after_swish else output
        slope = self.form.slope(heard)
        self.value = self.form.value(heard, slope)
        if self.after_swish:
            self.back += slope
        _silu_backward(self.back, output, grad_input=gradient)
        if not self.after_swish:
            gradient += slope


class Backpropagation:
    """The response of a batch of sounds to their targets, and its gradient.

    Parameters
    ----------
    network : list of Folded
    targets : sequence of sequence of Target
        One entry for all sounds, or one per sound.
    batch, samples : int
        Shape of the waveforms.
    dtype : torch.dtype
        float32 or float64.
    margin : int
        Samples of memory, of whatever value, to keep at least before and after every gradient.
    spare : int
        Values of spare memory wanted.
    tap : {"before swish", "after swish"}
        Where the layers are heard; the last convolution has no Swish.
    guide : sequence of Tensor, each (1, C, steps)
        What the layers answer to the guide sound, as far as targets ask for it.

    Attributes
    ----------
    gradient : Tensor, shape (B, T)
        The gradient found last.
    spare : Tensor, shape (at least ``spare``,)
        Memory that only `run` and `response` need, for whatever is to be done between them.
    """

    def __init__(
        self,
        network: Sequence[Folded],
        targets: Sequence[Sequence[Target]],
        batch: int,
        samples: int,
        dtype: torch.dtype,
        margin: int = 0,
        spare: int = 0,
        tap: Tap = "before swish",
        guide: Sequence[Tensor] = (),
    ) -> None:
        deepest = max(target.layer for own in targets for target in own)
        top = min(deepest, len(network) - 1)
        guides = [*guide, *[None] * (deepest + 1 - len(guide))]
        margin += -(margin + network[0].row.padding) % _ALIGNED
        self.layers: list[_Layer] = []
        self.forms: list[QuadraticForm | None] = []
        for index, folded in enumerate(network[: top + 1]):
            shares = Shares.at(targets, index, len(folded.bias))
            maps = shares.chosen() if index == deepest else torch.arange(len(folded.bias))
            layer = _Layer(folded, batch, samples, maps, dtype, 0 if index else margin)
            form = shares.form(maps, layer.steps, dtype, guides[index]) if shares.any() else None
            self.forms.append(form)
            self.layers.append(layer)
            samples = layer.steps
        inputs = torch.zeros(max(layer.input_size for layer in self.layers), dtype=dtype)
        self.spare = torch.zeros(max(spare, self.layers[0].output_size), dtype=dtype)
        for index, layer in enumerate(self.layers):
            outputs = torch.zeros(layer.output_size, dtype=dtype) if index else self.spare
            layer.prepare(inputs, outputs)
        self.gradient = self.layers[0].input
        self.after_swish = tap == "after swish"
        self.top_has_swish = top < len(network) - 1
        self.output_form = None
        if deepest == len(network):
            classes = len(network[-1].bias)
            shares = Shares.at(targets, deepest, classes)
            self.output_form = shares.form(torch.arange(classes), 1, dtype, guides[deepest])
        self._climb: Calls = list(self.layers[0].ahead)
        self._descent: Calls = list(self.layers[0].back)
        self._heard_between: list[_Heard] = []
        for (layer, above), form in zip(itertools.pairwise(self.layers), self.forms, strict=False):
            swish = partial(_silu, layer.output, out=above.input)
            self._climb += [*above.restore_ends, swish, *above.ahead]
            back = partial(_silu_backward, above.input, layer.output, grad_input=layer.gradient)
            if form is not None:
                back = _Heard(form, layer, above.input, self.after_swish)
                self._heard_between.append(back)
            self._descent = [*above.back, back, *self._descent]

    def response(self, waveform: Tensor) -> list[float]:
        """Return the response of each sound (B, T)."""
        self._listen(waveform)
        response = 0.0 if self.output_form is None else self._scores()[1]
        for index, form in enumerate(self.forms):
            if form is not None:
                heard = self._heard(index)
                response = response + form.value(heard, form.slope(heard))
        return self._each(response)

    def run(self, waveform: Tensor) -> list[float]:
        """Find the gradient for a batch of sounds (B, T) and return the response of each."""
        self._listen(waveform)
        response = self._begin()
        run(self._descent)
        return self._each(sum((heard.value for heard in self._heard_between), response))

    def _listen(self, waveform: Tensor) -> None:
        run(self.layers[0].restore_ends)
        self.layers[0].input.copy_(waveform)
        run(self._climb)

    def _each(self, response: np.ndarray | float) -> list[float]:
        return [response] if isinstance(response, float) else response.tolist()

    def _begin(self) -> np.ndarray | float:
        """Find the gradient of the deepest layer's output; return its share of the response."""
        layer, form = self.layers[-1], self.forms[-1]
        # First what needs the output, where its gradient may come to lie.
        scored = self._scores() if self.output_form is not None else None
        response: np.ndarray | float = 0.0
        if form is not None:
            heard = self._heard(len(self.layers) - 1)
            slope = form.slope(heard)
            response = form.value(heard, slope)
            if heard is layer.output:
                layer.gradient.copy_(slope)
            else:
                _silu_backward(slope, layer.output, grad_input=layer.gradient)
        if scored is not None:
            gradient, value = scored
            response = response + value
            layer.gradient.copy_(gradient if form is None else layer.gradient + gradient)
        return response

    def _heard(self, index: int) -> Tensor:
        """Return what counts of a layer: y, or u after Swish; (B, steps·maps)."""
        output = self.layers[index].output
        has_swish = index + 1 < len(self.layers) or self.top_has_swish
        return torch.ops.aten.silu(output) if self.after_swish and has_swish else output

    def _scores(self) -> tuple[Tensor, np.ndarray | float]:
        """Return the gradient of the last convolution (B, steps·N) and the response (B,)."""
        layer, form = self.layers[-1], self.output_form
        assert form is not None
        scores = layer.output
        if layer.steps > 1:
            scores = scores.view(-1, layer.steps, layer.maps).mean(dim=1)
        scores = torch.log_softmax(scores, dim=1)
        slope = form.slope(scores)
        total = slope.sum(dim=1, keepdim=True)
        gradient = torch.addcmul(slope, scores.exp(), total, value=-1)  # of log-softmax
        if layer.steps > 1:
            gradient = gradient.div(layer.steps).repeat(1, layer.steps)
        return gradient, form.value(scores, slope)
