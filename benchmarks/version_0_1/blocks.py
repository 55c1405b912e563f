r"""A strided convolution and its transpose as a few large matrix products.

Memory holds time before channels, so that the C values of one step lie side by side. R
neighbouring outputs of a convolution with kernel k and stride s together see k + (R − 1)·s steps
of the padded input, one stretch of memory; the next R outputs see the same R·s steps later:

    y[g·R + r, o] = Σ_{w,c} x[g·R·s + w, c] · F[(w, c), (r, o)]
    F[(w, c), (r, o)] = W[o, c, w − r·s], 0 where w − r·s lies outside the kernel            (1)

Cut the input into blocks of R·s steps, which are the rows of a matrix X as they lie in memory, and
F into as many rows at a time, F₀, F₁, …. Then a stretch is a block and those behind it, and with
X₊ⱼ for the same matrix begun j blocks later,

    y = Σ_j X₊ⱼ·Fⱼ + bias,        x'₊ⱼ += y'·Fⱼᵀ                                              (2)

are the convolution and the gradient of its input: products of large matrices, nothing copied,
both from one matrix F that stays in the processor's fast memory in between. R = 1 wastes nothing;
R > 1 multiplies by zeros, but products with few columns run far below the peak of the machine,
and a layer with 8 maps has few. `Blocks.plan` takes the cheapest R.

Where a sound has only few steps, (2) would have few rows, and the sounds of a batch cannot join:
their blocks overlap differently. There the stretches are copied side by side into one matrix, and
the gradient of step b·s + q of the input is gathered from the outputs that saw it,

    x'[b·s + q, c] = Σ_{j,o} y'[b − J + j, o] · W[o, c, q + (J − j)·s],    J = ⌊(k − 1) / s⌋   (3)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from studio.networks.architectures import Convolution

_MOST_TOGETHER = 48
"""Largest R that is tried."""

_SUM_COST = 8.0
"""Time to add to one value over time to multiply and add one in a product (measured)."""


Calls = list[Callable[[], object]]
"""What to do, one after the other. Between large products Python's own work takes several times
what it takes alone, so all of it that can be done beforehand is."""


def run(calls: Calls) -> None:
    """Make the calls, in their order."""
    for call in calls:
        call()


def sums(
    terms: list[tuple[Tensor, Tensor, Tensor, Tensor | None]], cleared: Tensor | None = None
) -> Calls:
    """Return products that are added up, one after the other: result ← term + left · right.

    Parameters
    ----------
    terms : list of (left, right, result, term)
        Matrices, views of the memory that is read and written; ``term`` None stands for 0.
    cleared : Tensor, optional
        Set to 0 before.
    """
    calls: Calls = [] if cleared is None or not cleared.numel() else [cleared.zero_]
    for left, right, result, term in terms:
        if term is None:
            calls.append(partial(torch.mm, left, right, out=result))
        else:
            calls.append(partial(torch.addmm, term, left, right, out=result))
    return calls


def copied_rows(rows: Tensor, matrix: Tensor, output: Tensor, bias: Tensor | None = None) -> Calls:
    """Return one product of copied rows: output ← bias + rows · matrix.

    Parameters
    ----------
    rows : Tensor, shape (B, G, K), a view that may overlap itself
    matrix : Tensor, shape (K, N)
    output : Tensor, shape (B·G, N)
    bias : Tensor, shape (N,), optional
    """
    copied = torch.empty(rows.shape, dtype=rows.dtype)
    product = sums([(copied.flatten(0, 1), matrix, output, bias)])
    return [partial(copied.copy_, rows), *product]


def stretches(memory: Tensor, count: int, width: int, hop: int, first: int = 0) -> Tensor:
    """Return stretches of memory that may overlap, without copying.

    Parameters
    ----------
    memory : Tensor, shape (B, values)
    count, width, hop, first : int
        How many, how long, how far apart, and where the first begins; in values.

    Returns
    -------
    Tensor, shape (B, count, width), a view
    """
    begin = int(memory.storage_offset()) + first
    return memory.as_strided((len(memory), count, width), (memory.stride(0), hop, 1), begin)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Formulas (1) and (2) for one layer and one length of input.

    Attributes
    ----------
    row : Convolution
        Kernel k, stride s and padding.
    channels, maps : int
        C of the input and the number of maps computed.
    samples : int
        Steps of the input.
    together : int
        R.
    """

    row: Convolution
    channels: int
    maps: int
    samples: int
    together: int

    @classmethod
    def plan(
        cls, row: Convolution, channels: int, maps: int, samples: int, backward: bool
    ) -> Blocks:
        """Choose R for one direction."""
        most = min(row.output_length(samples), _MOST_TOGETHER)
        options = (cls(row, channels, maps, samples, r) for r in range(1, most + 1))
        return min(options, key=lambda option: option.cost(backward))

    @property
    def steps(self) -> int:
        """Output steps."""
        return self.row.output_length(self.samples)

    @property
    def groups(self) -> int:
        """Stretches of R outputs; the last may reach beyond the last step."""
        return -(-self.steps // self.together)

    @property
    def hop(self) -> int:
        """Input steps per block."""
        return self.together * self.row.stride

    @property
    def width(self) -> int:
        """Input steps that R outputs see."""
        return self.row.kernel + self.hop - self.row.stride

    @property
    def count(self) -> int:
        """Blocks that cover the padded input."""
        seen = self.groups + -(-self.width // self.hop) - 1
        return max(seen, -(-(self.row.padding + self.samples) // self.hop))

    def cost(self, backward: bool) -> float:
        """Return the relative time of one direction (measured)."""
        seen, answered = self.width * self.channels, self.together * self.maps
        block = min(self.hop * self.channels, seen)
        depth, columns = (answered, block) if backward else (seen, answered)
        times = 16.0 * -(-columns // 16)  # 49 columns cost as much as 64
        if columns == 1:
            times = 10.0
        elif columns < 16:
            times = 64.0
        elif columns == 16:
            times = 20.0
        elif columns < 48 and columns % 16:  # 17 columns cost more than 32
            times *= 1.35
        products = -(-self.width // self.hop)
        if backward:
            return self.groups * (depth * times * seen / block + _SUM_COST * seen)
        return self.groups * (depth * times + _SUM_COST * answered * products)

    def matrix(self, weight: Tensor) -> Tensor:
        """Return F, shape (width·C, R·maps), of a kernel (maps, C, k)."""
        filled = weight.new_zeros(self.width, self.channels, self.together, self.maps)
        kernel = weight.permute(2, 1, 0)  # (k, C, maps)
        for r in range(self.together):
            begin = r * self.row.stride
            filled[begin : begin + self.row.kernel, :, r] = kernel
        return filled.view(self.width * self.channels, self.together * self.maps)

    def parts(self, matrix: Tensor) -> list[tuple[int, Tensor]]:
        """Return j and Fⱼ of (2)."""
        return list(enumerate(matrix.split(self.hop * self.channels)))

    def forward(
        self, padded: Tensor, output: Tensor, matrices: list[Tensor], bias: Tensor
    ) -> Calls:
        """Return what makes the output.

        Parameters
        ----------
        padded : Tensor, shape (B, count·hop·C or more)
        output : Tensor, shape (B, groups·R·maps or more)
        matrices : list of Tensor
            F, of each sound.
        bias : Tensor, shape (B, maps)
        """
        terms = []
        for sound, own in enumerate(matrices):
            result = output[sound, : self.groups * self.together * self.maps]
            result = result.view(self.groups, -1)
            hop = self.hop * self.channels
            for j, part in self.parts(own):
                seen = stretches(padded[sound, None], self.groups, len(part), hop, j * hop)[0]
                first = bias[sound].repeat(self.together)
                terms.append((seen, part, result, result if j else first))
        return sums(terms)

    def backward(self, gradient: Tensor, to_input: Tensor, matrices: list[Tensor]) -> Calls:
        """Return what makes the gradient of the padded input.

        Parameters
        ----------
        gradient : Tensor, shape (B, groups·R·maps or more)
            Of the output, 0 behind the last step.
        to_input : Tensor, shape (B, count·hop·C), a view
        matrices : list of Tensor
            F, of each sound.
        """
        terms = []
        hop = self.hop * self.channels
        for sound, own in enumerate(matrices):
            back = gradient[sound, : self.groups * self.together * self.maps]
            back = back.view(self.groups, -1)
            for j, part in self.parts(own):
                result = stretches(to_input[sound, None], self.groups, len(part), hop, j * hop)[0]
                # The first term of a block sets it, where it fills the whole of it.
                sets = j == 0 and len(part) == hop
                terms.append((back, part.t(), result, None if sets else result))
        begin = self.groups * hop if self.width >= self.hop else 0
        return sums(terms, to_input[:, begin:])


class Rows:
    """Formulas (1), with R = 1, and (3) for a whole batch of inputs with few steps.

    Parameters
    ----------
    row : Convolution
    weight : Tensor, shape (maps, C, k)
    samples : int
        Steps of the input.
    """

    def __init__(self, row: Convolution, weight: Tensor, samples: int) -> None:
        self.row, self.weight = row, weight
        self.maps, self.channels, _ = weight.shape
        self.steps = row.output_length(samples)
        self.before = (row.kernel - 1) // row.stride  # J of (3)
        self.count = max(self.steps + self.before, -(-(row.padding + samples) // row.stride))
        self.hop = row.stride * self.channels
        self.reach = (self.steps - 1) * row.stride + row.kernel

    def forward(self, padded: Tensor, output: Tensor, bias: Tensor) -> Calls:
        """Return what makes the output (B·steps, maps)."""
        width = self.row.kernel * self.channels
        rows = stretches(padded, self.steps, width, self.hop)
        matrix = self.weight.permute(2, 1, 0).reshape(width, self.maps)
        return copied_rows(rows, matrix, output, bias)

    def backward(self, gradient: Tensor, to_input: Tensor) -> Calls:
        """Return what makes the gradient of the padded input.

        Parameters
        ----------
        gradient : Tensor, shape (B, (J + count)·maps)
            0 in the first J steps and behind the output's.
        to_input : Tensor, shape (B·count, s·C)
        """
        stride, kernel = self.row.stride, self.row.kernel
        matrix = self.weight.new_zeros(self.before + 1, self.maps, stride, self.channels)
        for j in range(self.before + 1):
            begin = (self.before - j) * stride
            taps = self.weight[..., begin : min(begin + stride, kernel)].transpose(1, 2)
            matrix[j, :, : taps.shape[1]] = taps
        width = (self.before + 1) * self.maps
        rows = stretches(gradient, self.count, width, self.maps)
        return copied_rows(rows, matrix.view(width, self.hop), to_input)
