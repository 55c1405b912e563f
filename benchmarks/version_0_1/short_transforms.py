r"""The low-pass by many short Fourier transforms, in half the time of one long one of SciPy.

A transform over n = N₁·N₂ samples t = a·N₂ + b gives frequency k = c + N₁·d as (Cooley and Tukey,
1965), with ω(n) = exp(−2πi / n),

    X[c + N₁·d] = Σ_b ω(N₂)^{b·d} · ω(n)^{b·c} · Σ_a ω(N₁)^{a·c} · x[a·N₂ + b],               (1)

that is, short transforms down the columns of the sound written as a table, a factor for each
cell, short transforms along the rows. The short ones run on many columns at once, in the fast
memory of the processor. The frequencies come out of order, which does not matter: the gain of a
filter can be written in the same order, and the way back is the same steps reversed. As the sound
is real, the rows c ≤ N₁ / 2 suffice.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import torch
from scipy import fft
from torch import Tensor

_FEWEST_ROWS = 16
"""Tables with fewer rows gain nothing."""

_MOST_KINDS = 4
"""Kinds of rows that are multiplied one after the other."""


class ShortTransforms:
    """A zero-phase filter by (1); ``rows`` is N₁, otherwise as `spectrum.low_pass_filter`."""

    def __init__(self, gain: Tensor, samples: int, dtype: torch.dtype, rows: int) -> None:
        self.rows = rows
        columns = samples // self.rows
        c = np.arange(self.rows // 2 + 1)[:, None]
        frequency = c + self.rows * np.arange(columns)
        frequency = np.minimum(frequency, samples - frequency)
        # For real and imaginary parts, (N1 // 2 + 1, 2·N2), and with them the conjugate.
        table = gain.to(dtype).numpy()[frequency].repeat(2, axis=1)
        table[:, 1::2] *= -1
        self.gains = _equal_rows(table)
        turn = np.exp((-2j * np.pi / samples) * (c * np.arange(columns)))
        self.turn = turn.astype(np.result_type(table.dtype, np.complex64))

    def __call__(self, waveform: Tensor, scale: float = 1.0, constant: float = 0.0) -> np.ndarray:
        """Return the filtered sound of scale · (waveform + constant), in new memory."""
        cells: Any = fft.rfft(waveform.numpy().reshape(self.rows, -1), axis=0)
        cells[0] += constant * self.rows
        cells *= self.turn
        cells = torch.fft.fft(torch.from_numpy(cells)).numpy()
        parts = cells.view(cells.real.dtype)
        for rows, gain in self.gains:
            parts[rows] *= gain * scale
        # The way back, conjugated: one table of factors serves both ways.
        cells = torch.fft.fft(torch.from_numpy(cells), norm="forward").numpy()
        cells *= self.turn
        filtered: Any = fft.hfft(cells, self.rows, axis=0, norm="forward", overwrite_x=True)
        return filtered.reshape(-1)


def _equal_rows(table: np.ndarray) -> list[tuple[slice, np.ndarray]]:
    """Return which rows of a table are equal and one of each, or all of it where most differ.

    A hard cut leaves two kinds of rows: those need not be read from slow memory.
    """
    begins = [0, *(np.flatnonzero((table[1:] != table[:-1]).any(axis=1)) + 1), len(table)]
    if len(begins) > _MOST_KINDS:
        return [(slice(None), table)]
    return [(slice(*ends), table[ends[0]].copy()) for ends in itertools.pairwise(begins)]


def table_rows(samples: int) -> int:
    """Return N₁ of (1), a product of 2, 3 and 5, or 0 where n has no such factor.

    If possible a multiple of 4, which makes real transforms a third faster; else near to √n.
    """
    root = math.isqrt(samples)
    options = [
        rows
        for rows in range(_FEWEST_ROWS, 2 * root)
        if samples % rows == 0 and _has_small_factors(rows)
    ]
    return min(
        options, key=lambda rows: (rows % 4 > 0, abs(math.log(rows * rows / samples))), default=0
    )


def _has_small_factors(number: int) -> bool:
    for prime in (2, 3, 5):
        while number % prime == 0:
            number //= prime
    return number == 1
