r"""A strided convolution and its transpose as a few large matrix products.

Memory holds time before channels, so that C values of one step lie side by side. R neighbouring
outputs of a convolution with kernel k and stride s together see k + (R − 1)·s steps of the input,
one contiguous stretch of memory; the next R outputs see the same R·s steps later:

    y[g·R + r, o] = Σ_{w,c} x[g·R·s + w, c] · F[(w, c), (r, o)],   F[(w, c), (r, o)] = W[o, c, w − r·s]  (1)

So each group g is a row of a matrix (copied, because products read overlapping rows slowly), and
the whole convolution is rows × F. F repeats the kernel R times, each s steps later, zeros between:
that wastes work, but products with few columns run far below the peak of the machine, and a first
layer with 8 channels has few. R is the cheapest under a model of both costs.

The gradient of the input, in stretches of h = R'·s steps, is a product of the same kind with the
gradient of the output. Step b·h + q of the padded input was seen by the outputs b·R' − J … b·R' +
R' − 1, with J = ⌊(k − 1) / s⌋:

    x'[b·h + q, c] = Σ_{j,o} y'[b·R' − J + j, o] · G[(j, o), (q, c)],
    G[(j, o), (q, c)] = W[o, c, q + (J − j)·s]  (2)

where W is zero outside 0 … k − 1 and y' outside its steps. No result is added up twice.
"""  # noqa: E501 (formulas)

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.architectures import Convolution

_SCRATCH_VALUES = 1 << 18
"""Values of the matrix of copied rows that are made at once: 1 MB in float32, a core's cache."""

_VECTOR = 16
"""Columns that a product computes together: 17 columns cost as much as 32 (measured)."""

_COPY_COST = 6.0
"""Time to copy one value over time to multiply and add one, both at full speed (measured)."""


def matrix_rows(steps: Tensor, groups: int, width: int, hop: int, first: int = 0) -> Tensor:
    """Return overlapping stretches of memory as a matrix, without copying.

    Parameters
    ----------
    steps : Tensor, shape (B, values), contiguous
    groups, width, hop, first : int
        How many stretches, how long, how far apart, and where the first begins; in values.

    Returns
    -------
    Tensor, shape (B, groups, width), a view
    """
    return steps.as_strided((len(steps), groups, width), (steps.stride(0), hop, 1), first)


class Products:
    """Rows × matrix for a batch, prepared once and run many times.

    Parameters
    ----------
    rows : Tensor, shape (B, G, K), a view that may overlap itself
    matrix : Tensor, shape (K, N), or (B, K, N) where every sound has its own
    output : Tensor, shape (B, G, N), contiguous
    bias : Tensor, shape (N,) or (B, N), optional
    """

    def __init__(
        self, rows: Tensor, matrix: Tensor, output: Tensor, bias: Tensor | None = None
    ) -> None:
        batch, groups, width = rows.shape
        at_once = max(1, _SCRATCH_VALUES // width)
        sounds = 1 if matrix.ndim == 3 else max(1, at_once // groups)
        taken = min(groups, at_once)
        scratch = rows.new_empty(min(sounds, batch), taken, width)
        self.pieces: list[tuple[Tensor, Tensor, Tensor, Tensor, Tensor | None, Tensor]] = []
        for sound in range(0, batch, sounds):
            several = slice(sound, min(sound + sounds, batch))
            own = matrix[sound] if matrix.ndim == 3 else matrix
            added = bias[sound] if bias is not None and bias.ndim == 2 else bias
            for group in range(0, groups, taken):
                part = slice(group, min(group + taken, groups))
                seen = rows[several, part]
                copied = scratch[: seen.shape[0], : seen.shape[1]]
                result = output[several, part].view(-1, output.shape[-1])
                flat = copied.reshape(-1, width)
                assert flat.data_ptr() == scratch.data_ptr()
                self.pieces.append((seen, copied, flat, own, added, result))

    def run(self) -> None:
        """Fill the output."""
        for seen, copied, flat, matrix, bias, result in self.pieces:
            copied.copy_(seen)
            if bias is None:
                torch.mm(flat, matrix, out=result)
            else:
                torch.addmm(bias, flat, matrix, out=result)


@dataclass(frozen=True, slots=True)
class Forward:
    """Formula (1) for one layer and one length of input.

    Attributes
    ----------
    row : Convolution
        Kernel k, stride s and padding.
    channels, maps : int
        C of the input and the number of maps computed.
    steps : int
        Output steps.
    together : int
        R.
    """

    row: Convolution
    channels: int
    maps: int
    steps: int
    together: int

    @classmethod
    def plan(cls, row: Convolution, channels: int, maps: int, samples: int) -> Forward:
        """Choose R for an input of ``samples`` steps."""
        steps = row.output_length(samples)
        options = (cls(row, channels, maps, steps, r) for r in range(1, min(steps, 64) + 1))
        return min(options, key=lambda option: option.cost)

    @property
    def groups(self) -> int:
        """Rows of the product; the last may hold outputs beyond the last step."""
        return -(-self.steps // self.together)

    @property
    def width(self) -> int:
        """Input steps that R outputs see."""
        return self.row.kernel + (self.together - 1) * self.row.stride

    @property
    def reach(self) -> int:
        """Steps of padded input that the groups see."""
        return (self.groups - 1) * self.together * self.row.stride + self.width

    @property
    def cost(self) -> float:
        """Relative time."""
        return _cost(self.groups, self.width * self.channels, self.together * self.maps)

    def matrix(self, weight: Tensor) -> Tensor:
        """Return F, shape (…, width·C, R·maps), of a kernel (…, maps, C, k)."""
        lead = weight.shape[:-3]
        filled = weight.new_zeros(*lead, self.width, self.channels, self.together, self.maps)
        kernel = weight.movedim(-1, -3).transpose(-1, -2)  # (…, k, C, maps)
        for r in range(self.together):
            begin = r * self.row.stride
            filled[..., begin : begin + self.row.kernel, :, r, :] = kernel
        return filled.reshape(*lead, self.width * self.channels, self.together * self.maps)

    def rows(self, padded: Tensor) -> Tensor:
        """Return the rows seen in a padded input (B, at least reach·C)."""
        hop = self.together * self.row.stride * self.channels
        return matrix_rows(padded, self.groups, self.width * self.channels, hop)


@dataclass(frozen=True, slots=True)
class Backward:
    """Formula (2) for one layer and one length of input; attributes as `Forward`."""

    row: Convolution
    channels: int
    maps: int
    samples: int
    together: int

    @classmethod
    def plan(cls, row: Convolution, channels: int, maps: int, samples: int) -> Backward:
        """Choose R' for an input of ``samples`` steps."""
        most = min(row.output_length(samples), 64)
        options = (cls(row, channels, maps, samples, r) for r in range(1, most + 1))
        return min(options, key=lambda option: option.cost)

    @property
    def hop(self) -> int:
        """Steps of input per stretch: h."""
        return self.together * self.row.stride

    @property
    def before(self) -> int:
        """Outputs before its own that a stretch depends on: J."""
        return (self.row.kernel - 1) // self.row.stride

    @property
    def skipped(self) -> int:
        """Stretches that lie wholly in the padding before the input."""
        return self.row.padding // self.hop

    @property
    def groups(self) -> int:
        """Stretches that hold input steps."""
        return -(-(self.row.padding + self.samples) // self.hop) - self.skipped

    @property
    def cost(self) -> float:
        """Relative time."""
        seen = (self.together + self.before) * self.maps
        return _cost(self.groups, seen, self.hop * self.channels)

    def matrix(self, weight: Tensor) -> Tensor:
        """Return G, shape (…, (R' + J)·maps, h·C), of a kernel (…, maps, C, k)."""
        lead, rows = weight.shape[:-3], self.together + self.before
        filled = weight.new_zeros(*lead, rows, self.maps, self.hop, self.channels)
        for j in range(rows):
            shift = (self.before - j) * self.row.stride
            begin, end = max(0, -shift), min(self.hop, self.row.kernel - shift)
            if begin < end:
                taps = weight[..., begin + shift : end + shift].transpose(-1, -2)
                filled[..., j, :, begin:end, :] = taps
        return filled.reshape(*lead, rows * self.maps, self.hop * self.channels)

    def gradient_buffer(self, like: Tensor, batch: int) -> tuple[Tensor, Tensor]:
        """Return room for the gradient of the output, with zeros around it.

        Returns
        -------
        rows : Tensor, shape (B, groups, (R' + J)·maps)
            What the product reads, a view.
        inside : Tensor, shape (B, steps·maps)
            Where the gradient is to be written, a view.
        """
        steps = self.row.output_length(self.samples)
        first = self.skipped * self.together - self.before  # output step of the first row
        margin = max(0, -first)
        last = first + (self.groups - 1) * self.together + self.together + self.before
        whole = like.new_zeros(batch, (margin + max(last, steps)) * self.maps)
        rows = matrix_rows(
            whole,
            self.groups,
            (self.together + self.before) * self.maps,
            self.together * self.maps,
            (margin + first) * self.maps,
        )
        return rows, whole[:, margin * self.maps : (margin + steps) * self.maps]

    def inside(self, output: Tensor) -> Tensor:
        """Return the input's own steps (B, samples·C) of a result (B, groups, h·C)."""
        begin = (self.row.padding - self.skipped * self.hop) * self.channels
        return output.flatten(1)[:, begin : begin + self.samples * self.channels]


def _cost(rows: int, width: int, columns: int) -> float:
    return rows * width * (-(-columns // _VECTOR) * _VECTOR + _COPY_COST)
