r"""The response of a network and its gradient with respect to the sound, by hand.

What autograd would also do and a dream does not need is left out: layers behind the deepest
target, maps of the deepest layer that nobody asked for, gradients of the parameters, and what is
only kept for those. `objective.response` differentiated by autograd is what this must equal.

Memory
    What an iteration touches should fit the processor's second-level cache. A layer's input is
    not needed behind its convolution, and the gradient of the input not below the layer: so all
    inputs and their gradients lie in one and the same place. The gradient of an output takes the
    output's place.

The response and its slope
    What a layer's activations y add to the response is a quadratic form, and so its slope s is
    linear in y (`quadratic`):

        s = A·y + B                                                                         (1)

    The gradient of y at a layer is what comes back from the layer above, times the derivative of
    Swish, plus s. Where a layer is heard after Swish, u stands in for y, and s is added before the
    derivative of Swish is taken, not behind it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor

from studio.dreaming.recipe import Target
from studio.networks.architectures import Tap
from version_0_1.blocks import Calls, run
from version_0_1.layer import Folded, Layer
from version_0_1.quadratic import QuadraticForm, Shares

_silu = torch.ops.aten.silu.out.op
_silu_backward = torch.ops.aten.silu_backward.grad_input.op

_ALIGNED = 16
"""Values to a line of the processor's cache, where sounds are to begin."""


class _Heard:
    """Takes the gradient back through the Swish of a layer that targets hear, and adds (1).

    Attributes
    ----------
    value : float or ndarray, shape (B,)
        What the layer added to the response.
    """

    def __init__(self, form: QuadraticForm, layer: Layer, back: Tensor, after_swish: bool) -> None:
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
        self.layers: list[Layer] = []
        self.forms: list[QuadraticForm | None] = []
        for index, folded in enumerate(network[: top + 1]):
            shares = Shares.at(targets, index, len(folded.bias))
            maps = shares.chosen() if index == deepest else torch.arange(len(folded.bias))
            layer = Layer(folded, batch, samples, maps, dtype, 0 if index else margin)
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
        return response.tolist() if isinstance(response, np.ndarray) else [response]

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
