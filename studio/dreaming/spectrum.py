r"""The low-pass, by the fastest Fourier transform that there is.

Where PyTorch brings MKL along, that is one transform of the whole sound (`mkl`). Elsewhere it is
two steps of short transforms, which take half the time of SciPy's long one: a transform over
n = N₁·N₂ samples t = a·N₂ + b gives frequency k = c + N₁·d as (Cooley and Tukey, 1965), with
ω(n) = exp(−2πi / n),

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
from typing import Any, Protocol

import numpy as np
import torch
from scipy import fft
from torch import Tensor

from studio.dreaming import mkl

_FEWEST_ROWS = 16
"""Tables with fewer rows gain nothing."""


_MOST_KINDS = 4
"""Kinds of rows that are multiplied one after the other."""


def low_pass_filter(
    gain: Tensor, samples: int, dtype: torch.dtype, memory: Tensor | None = None
) -> LongTransform | ShortTransforms:
    """Return the fastest zero-phase filter for sounds of one length.

    ``memory``, (n + 2 or more,), is free while it filters; other parameters as `LongTransform`.
    """
    if mkl.available():
        transform = mkl.RealTransform(samples, dtype, memory)
        return LongTransform(gain, samples, dtype, transform)
    if table_rows(samples):
        return ShortTransforms(gain, samples, dtype)
    return LongTransform(gain, samples, dtype, _ScipyTransform(samples, dtype))


class Transform(Protocol):
    """A Fourier transform of real sounds of one length n, and back.

    Attributes
    ----------
    spectrum : ndarray, shape (n // 2 + 1,), complex
        Always the same memory.
    """

    spectrum: np.ndarray

    def forward(self, waveform: Tensor) -> None:
        """Find the `spectrum` of a sound (n,)."""
        ...

    def backward(self) -> np.ndarray:
        """Return n times the sound whose spectrum `spectrum` is, (n,), in new memory."""
        ...


class LongTransform:
    """A zero-phase filter by one transform of the whole sound.

    Parameters
    ----------
    gain : Tensor, shape (n // 2 + 1,)
        Per frequency, as `signal.low_pass_gain` gives it.
    samples : int
        n.
    dtype : torch.dtype
        float32 or float64.
    transform : Transform
    """

    def __init__(
        self, gain: Tensor, samples: int, dtype: torch.dtype, transform: Transform
    ) -> None:
        self.samples, self.transform = samples, transform
        gains = gain.to(dtype).numpy()
        passed = int(gains.nonzero()[0].max(initial=-1)) + 1
        self.passed, self.stopped = np.split(transform.spectrum, [passed])
        # Python changes one value in a fraction of NumPy's time.
        self.sum = memoryview(transform.spectrum.view(gains.dtype)[:1])
        self.gain: np.ndarray | float = gains[:passed]
        if (self.gain == 1).all():  # a hard cut; real numbers multiply faster than complex ones
            self.gain, self.passed = 1.0, self.passed.view(gains.dtype)

    def __call__(self, waveform: Tensor, scale: float = 1.0, constant: float = 0.0) -> np.ndarray:
        """Return the filtered sound of scale · (waveform + constant).

        Parameters
        ----------
        waveform : Tensor, shape (T,)
        scale, constant : float

        Returns
        -------
        ndarray, shape (T,), new memory
        """
        self.transform.forward(waveform)
        self.sum[0] += constant * self.samples
        self.passed *= self.gain * (scale / self.samples)
        self.stopped.fill(0)
        return self.transform.backward()


class _ScipyTransform:
    """The transform that is always there."""

    def __init__(self, samples: int, dtype: torch.dtype) -> None:
        self.samples = samples
        self.spectrum = torch.empty(samples // 2 + 1, dtype=dtype.to_complex()).numpy()

    def forward(self, waveform: Tensor) -> None:
        np.copyto(self.spectrum, fft.rfft(waveform.numpy()))

    def backward(self) -> np.ndarray:
        waveform: Any = fft.irfft(self.spectrum, self.samples, norm="forward")
        return waveform


class ShortTransforms:
    """A zero-phase filter by (1); parameters and call as `LongTransform`.

    Raises
    ------
    ValueError
        If n has no factor that suits.
    """

    def __init__(self, gain: Tensor, samples: int, dtype: torch.dtype) -> None:
        self.rows = table_rows(samples)
        if not self.rows:
            raise ValueError(f"A sound of {samples} samples makes no table.")
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
        filtered = fft.hfft(cells, self.rows, axis=0, norm="forward", overwrite_x=True)
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
