r"""The networks' forward pass for training, fast on a CPU; `WaveformClassifier` is its reference.

Same parameters, same gradients, same running statistics as the plain network in training mode
(tests compare them layer by layer); only the order of the arithmetic differs.

Long strides as blocks
    A convolution with kernel k and stride s over (T, C) samples equals a convolution with stride 1
    over blocks of s samples, (T / s, s·C), when the kernel is filled up with zeros to m = ⌈k / s⌉
    blocks. Libraries run the latter near the peak of the machine and the former far from it. With
    time before channels in memory ("channels last") the blocks are a mere view. A first layer with
    one input channel has narrow blocks: there R neighbouring outputs are computed at once, by R
    copies of the kernel, each s samples later, over blocks of R·s samples. Layers with few output
    steps are a single matrix product over copied windows.

Normalisation folded into the next convolution
    Batch norm turns u (what Swish made) into n = a·u + b, with a = γ / √(var + ε) and
    b = β - a·mean for each channel. A convolution is linear, hence

        Σ_{c,k} W[o,c,k]·n[c,t+k] = Σ_{c,k} (W[o,c,k]·a[c])·u[c,t+k] + Σ_{k∈V(t)} v[o,k]     (1)

    with v[o,k] = Σ_c W[o,c,k]·b[c]. V(t) are the taps that fall on samples rather than on the
    zero padding: all but near both ends. So n is never written; its means are all one needs, and
    autograd does the rest on tensors of the size of W.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.networks.architectures import Convolution
from studio.networks.classifier import WaveformClassifier

_WIDE_ENOUGH = 40
"""Values per block from which on matrix products run near their peak (measured)."""


_FEW_STEPS = 4
"""Output steps up to which a product over copied windows is quicker than a convolution."""


@dataclass(frozen=True, slots=True)
class TrainingBlocks:
    """How a strided convolution is cut into blocks.

    Attributes
    ----------
    row : Convolution
        Kernel, stride and padding.
    inputs : int
        Samples T the convolution gets, before padding.
    outputs : int
        Steps it gives.
    together : int
        R, the number of neighbouring outputs computed at once; divides ``outputs``.
    """

    row: Convolution
    inputs: int
    outputs: int
    together: int

    @classmethod
    def plan(cls, row: Convolution, inputs: int, channels: int) -> TrainingBlocks:
        """Choose the smallest R that makes the blocks wide enough."""
        outputs = row.output_length(inputs)
        together = 1
        while together * row.stride * channels < _WIDE_ENOUGH and together < outputs:
            together += 1
            while outputs % together:
                together += 1
        return cls(row, inputs, outputs, together)

    @property
    def hop(self) -> int:
        """Samples per block."""
        return self.together * self.row.stride

    @property
    def taps(self) -> int:
        """Blocks that one group of outputs reaches over: m."""
        return -(-(self.row.kernel + (self.together - 1) * self.row.stride) // self.hop)

    @property
    def count(self) -> int:
        """Blocks of the padded input."""
        return self.outputs // self.together + self.taps - 1

    def padded(
        self, like: Tensor, channels: int, kind: torch.dtype | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return an input with its padding zeroed, (B, count·hop, C), and the view inside it."""
        before = self.row.padding
        whole = like.new_empty(len(like), self.count * self.hop, channels, dtype=kind)
        whole[:, :before] = 0
        whole[:, before + self.inputs :] = 0
        return whole, whole[:, before : before + self.inputs]

    def kernel(self, weight: Tensor) -> Tensor:
        """Return the kernel over blocks, (R·O, hop·C, 1, m), for a weight (O, C, k)."""
        outputs, channels, size = weight.shape
        length = self.taps * self.hop
        shifted = [
            functional.pad(weight, (step * self.row.stride, length - size - step * self.row.stride))
            for step in range(self.together)
        ]
        stacked = torch.stack(shifted)  # (R, O, C, m·hop)
        split = stacked.reshape(self.together, outputs, channels, self.taps, self.hop)
        flat = split.permute(0, 1, 3, 4, 2).reshape(
            self.together * outputs, 1, self.taps, self.hop * channels
        )
        return flat.permute(0, 3, 1, 2)

    def sight(self, device: torch.device) -> tuple[Tensor, Tensor, int]:
        """Return which taps hear samples rather than padding.

        Returns
        -------
        first, behind : Tensor, shape (outputs,)
            First tap that does, and the one behind the last, for every output.
        edge : int
            Groups of R outputs at the start, or at the end, that hear any padding.
        """
        begins = torch.arange(self.outputs, device=device) * self.row.stride - self.row.padding
        first = (-begins).clamp(0, self.row.kernel)
        behind = (self.inputs - begins).clamp(0, self.row.kernel)
        last = self.inputs - self.row.kernel + self.row.padding  # last start without padding
        left = -(-self.row.padding // self.row.stride)
        right = self.outputs - 1 - last // self.row.stride
        edge = -(-max(left, right, 0) // self.together)
        return first, behind, min(edge, self.outputs // self.together)


def convolve(
    plan: TrainingBlocks,
    blocks: Tensor,
    kernel: Tensor,
    bias: Tensor,
    ends: Tensor | None = None,
    edge: int = 0,
) -> Tensor:
    """Convolve blocks (B, hop·C, 1, count) with a `TrainingBlocks.kernel`, in the quickest way.

    Adds ``bias`` and ``ends``, the difference (1) makes on the first and last ``edge`` groups.
    Returns (B, R·O, 1, groups), channels last in memory.
    """
    steps = plan.outputs // plan.together
    if ends is None:
        ends = bias.new_zeros(len(bias), 1, steps)
    if steps > _FEW_STEPS:
        return _Convolve.apply(blocks, kernel, bias, ends, edge)
    rows = blocks.permute(0, 2, 3, 1)
    windows = torch.cat([rows[:, :, tap : tap + steps] for tap in range(plan.taps)], dim=-1)
    flat = kernel.permute(0, 2, 3, 1).flatten(1)  # (R·O, m·hop·C)
    return functional.linear(windows, flat, bias).permute(0, 3, 1, 2) + ends


class _Convolve(torch.autograd.Function):
    """Stride-1 convolution over blocks, plus ``ends``: the difference (1) makes near both ends.

    Blocks (B, hop·C, 1, count), kernel (R·O, hop·C, 1, m), ends (R·O, 1, n) of which ``edge``
    groups on either side are not zero; result (B, R·O, 1, n). All channels last in memory.
    """

    @staticmethod
    def forward(
        ctx: Any, blocks: Tensor, kernel: Tensor, bias: Tensor, ends: Tensor, edge: int
    ) -> Tensor:
        output = functional.conv2d(blocks, kernel, bias)
        for part in _edges(edge, output.shape[-1]):
            output[..., part] += ends[..., part]
        ctx.save_for_backward(blocks, kernel)
        ctx.edge = edge
        return output

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        blocks, kernel = ctx.saved_tensors
        (gradient,) = gradients
        to_blocks, to_kernel, to_bias = torch.ops.aten.convolution_backward(
            gradient,
            blocks,
            kernel,
            [kernel.shape[0]],
            [1, 1],
            [0, 0],
            [1, 1],
            False,
            [0, 0],
            1,
            [ctx.needs_input_grad[0], True, True],
        )
        to_ends = torch.zeros_like(gradient[0])
        for part in _edges(ctx.edge, gradient.shape[-1]):
            to_ends[..., part] = gradient[..., part].sum(0)
        return to_blocks, to_kernel, to_bias, to_ends, None


def _edges(edge: int, steps: int) -> tuple[slice, ...]:
    """Return the first and the last ``edge`` of ``steps``, as one slice where they would meet."""
    if 2 * edge >= steps:
        return (slice(0, steps if edge else 0),)
    return (slice(0, edge), slice(steps - edge, steps)) if edge else ()


class _Swish(torch.autograd.Function):
    """Swish into the zero-padded input of the next convolution, with mean and mean square.

    Input (B, R·C, 1, n), channels last in memory and thereby (B, T, C); output (B, samples, C)
    with padding, and the two statistics (C,) in float32 or better.
    """

    @staticmethod
    def forward(ctx: Any, output: Tensor, channels: int, blocks: TrainingBlocks) -> Any:
        response = output.permute(0, 2, 3, 1).reshape(len(output), blocks.inputs, channels)
        padded, inside = blocks.padded(response, channels)
        torch.ops.aten.silu.out(response, out=inside)
        kind = torch.promote_types(response.dtype, torch.float32)
        rows = padded.flatten(1)  # (B, samples·C): zeros add nothing to either sum
        total = _column_sums(rows).to(kind).view(-1, channels).sum(0)
        square = _column_sums(rows * rows).to(kind).view(-1, channels).sum(0)
        size = len(output) * blocks.inputs
        ctx.save_for_backward(response, padded)
        ctx.blocks, ctx.size, ctx.shape = blocks, size, output.shape
        return padded, total / size, square / size

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        response, padded = ctx.saved_tensors
        to_padded, to_mean, to_square = gradients
        samples, channels = response.shape[1:]
        # A row per clip: short rows of C values would make the broadcasts slow.
        begin = ctx.blocks.row.padding * channels
        inside = slice(begin, begin + samples * channels)
        slope = (to_square * (2 / ctx.size)).to(padded.dtype).repeat(samples)
        level = (to_mean / ctx.size).to(padded.dtype).repeat(samples)
        gradient = torch.addcmul(level, padded.flatten(1)[:, inside], slope)
        gradient += to_padded.flatten(1)[:, inside]
        gradient = torch.ops.aten.silu_backward(gradient, response.flatten(1))
        batch, joined, _, steps = ctx.shape
        return gradient.view(batch, 1, steps, joined).permute(0, 3, 1, 2), None, None


def _column_sums(rows: Tensor) -> Tensor:
    """Return the sums over the first axis; as a product, thrice as fast as ``sum`` in bfloat16."""
    return (rows.new_ones(1, len(rows)) @ rows).squeeze(0)


class FastForward:
    """The training forward pass of a network over excerpts of one fixed length.

    Parameters
    ----------
    model : WaveformClassifier
        Its parameters are used as they are at every call; its running statistics are kept.
    samples : int
        Length of every excerpt.
    precision : torch.dtype
        ``float32``, ``float64``, or ``bfloat16`` for all convolutions but the last and what lies
        between them (parameters, statistics and sums stay in float32).
    """

    def __init__(
        self, model: WaveformClassifier, samples: int, precision: torch.dtype = torch.float32
    ) -> None:
        self.model = model
        self.precision = precision
        lengths = (samples, *model.architecture.lengths(samples))
        self.plans = [
            TrainingBlocks.plan(row, length, channels)
            for row, length, channels in zip(
                model.architecture.convolutions,
                lengths[:-1],
                (1, *model.channels[:-1]),
                strict=True,
            )
        ]

    def __call__(self, waveform: Tensor) -> Tensor:
        """Return log-probabilities (B, classes) of excerpts (B, samples).

        Like the plain network, in training mode with the statistics of the batch (which the
        running ones follow), in evaluation mode with the running ones.
        """
        signal, inside = self.plans[0].padded(waveform.unsqueeze(-1), 1, self.precision)
        inside.copy_(waveform.unsqueeze(-1))
        scale = shift = None
        output = signal
        for layer, plan in enumerate(self.plans):
            output = self._convolve(layer, signal, scale, shift)
            if layer + 1 < len(self.plans):
                channels = self.model.channels[layer]
                signal, mean, square = _Swish.apply(output, channels, self.plans[layer + 1])
                count = len(waveform) * plan.outputs
                scale, shift = self._normalise(layer, mean, square, count)
        steps = output.permute(0, 2, 3, 1).reshape(len(output), -1, self.model.channels[-1])
        return functional.log_softmax(steps.mean(1), dim=1)

    def _convolve(
        self, layer: int, signal: Tensor, scale: Tensor | None, shift: Tensor | None
    ) -> Tensor:
        plan = self.plans[layer]
        convolution = self.model.convolutions[layer]
        assert isinstance(convolution, nn.Conv1d) and convolution.bias is not None
        weight, bias = convolution.weight, convolution.bias
        steps, joined = plan.outputs // plan.together, plan.together * len(bias)
        ends = weight.new_zeros(joined, 1, steps)
        edge = 0
        if scale is not None and shift is not None:
            per_tap = torch.einsum("ock,c->ok", weight, shift)  # v in (1)
            weight = weight * scale[:, None]
            sums = functional.pad(per_tap.cumsum(1), (1, 0))
            bias = bias + sums[:, -1]
            first, behind, edge = plan.sight(weight.device)
            difference = sums[:, behind] - sums[:, first] - sums[:, -1:]  # (O, outputs)
            ends = difference.t().reshape(steps, joined).t().unsqueeze(1)
        # Class scores want all digits, and the last layer is a small one.
        last = layer + 1 == len(self.plans)
        kind = torch.promote_types(self.precision, torch.float32) if last else self.precision
        blocks = signal.to(kind).view(len(signal), 1, plan.count, -1).permute(0, 3, 1, 2)
        kernel = plan.kernel(weight).to(kind)
        bias = bias.repeat(plan.together).to(kind)
        return convolve(plan, blocks, kernel, bias, ends.to(kind), edge)

    def _normalise(
        self, layer: int, mean: Tensor, square: Tensor, count: int
    ) -> tuple[Tensor, Tensor]:
        """Return a and b of (1) and let the running statistics follow."""
        norm = self.model.normalisations[layer]
        assert isinstance(norm, nn.BatchNorm1d)
        running_mean, running_variance = norm.running_mean, norm.running_var
        assert running_mean is not None and running_variance is not None
        if self.model.training:
            variance = (square - mean.square()).clamp_min(0)
            with torch.no_grad():
                momentum = norm.momentum or 0.0
                running_mean.lerp_(mean.detach(), momentum)
                unbiased = variance.detach() * (count / max(count - 1, 1))
                running_variance.lerp_(unbiased, momentum)
                if norm.num_batches_tracked is not None:
                    norm.num_batches_tracked += 1
        else:
            mean, variance = running_mean, running_variance
        scale = norm.weight * torch.rsqrt(variance + norm.eps)
        return scale, norm.bias - scale * mean
