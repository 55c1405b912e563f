r"""The low-pass as a Fourier transform in two short steps, several times as fast as one long one.

A transform over n = N₁·N₂ samples t = a·N₂ + b gives frequency k = c + N₁·d as (Cooley and Tukey,
1965), with ω(n) = exp(−2πi / n),

    X[c + N₁·d] = Σ_b ω(N₂)^{b·d} · ω(n)^{b·c} · Σ_a ω(N₁)^{a·c} · x[a·N₂ + b]                (1)

that is: short transforms down the columns of the sound written as a table, a factor for each
cell, short transforms along the rows. The short ones run on many columns at once, in the fast
memory of the processor. The frequencies come out of order, which does not matter: the gain of a
filter can be written in the same order, and the way back is the same steps reversed. As the sound
is real, the rows c ≤ N₁ / 2 suffice.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from scipy import fft
from torch import Tensor

_LARGEST_PRIME = 7
"""Lengths without larger prime factors have fast short transforms."""

_LONGEST_RATIO = 8
"""Tables further from square than this gain nothing."""


class LowPass:
    """A zero-phase filter of fixed length.

    Parameters
    ----------
    gain : Tensor, shape (n // 2 + 1,)
        Per frequency, as `signal.low_pass_gain` gives it.
    samples : int
        n.
    dtype : torch.dtype
        float32 or float64.
    """

    def __init__(self, gain: Tensor, samples: int, dtype: torch.dtype) -> None:
        self.samples = samples
        self.rows = table_rows(samples)
        if not self.rows:
            self.gain = gain.to(dtype).numpy()
            return
        columns = samples // self.rows
        c = np.arange(self.rows // 2 + 1)[:, None]
        frequency = c + self.rows * np.arange(columns)
        frequency = np.minimum(frequency, samples - frequency)
        turned = np.exp((-2j * np.pi / samples) * (c * np.arange(columns)))
        kind = torch.complex(torch.zeros(1, dtype=dtype), torch.zeros(1, dtype=dtype)).dtype
        self.turn = torch.from_numpy(turned).to(kind)  # (N1 // 2 + 1, N2)
        self.turn_back = self.turn.conj().resolve_conj()
        ordered = gain.to(dtype)[torch.from_numpy(frequency)]
        self.table = torch.stack((ordered, ordered), dim=-1)  # for real and imaginary part

    def __call__(self, waveform: Tensor, scale: Tensor | None = None) -> Tensor:
        """Return the filtered sound, times ``scale`` (B, 1) where given; (B, T), new memory."""
        if not self.rows:
            spectrum = fft.rfft(waveform.numpy()) * self.gain
            filtered = torch.from_numpy(fft.irfft(spectrum, self.samples, overwrite_x=True))
            return filtered if scale is None else filtered.mul_(scale)
        cells = torch.fft.rfft(waveform.view(len(waveform), self.rows, -1), dim=1)
        cells *= self.turn
        cells = torch.fft.fft(cells, dim=2)
        gain = self.table if scale is None else self.table * scale[:, :, None, None]
        torch.view_as_real(cells).mul_(gain)
        cells = torch.fft.ifft(cells, dim=2)
        cells *= self.turn_back
        return torch.fft.irfft(cells, n=self.rows, dim=1).reshape(waveform.shape)


def table_rows(samples: int) -> int:
    """Return N₁ of (1), even and as near to √n as can be, or 0 where n has no good factors."""
    if samples % 2 or not _is_smooth(samples):
        return 0
    root = math.isqrt(samples)
    options = [rows for rows in range(2, root * 2, 2) if samples % rows == 0]
    nearest = min(options, key=lambda rows: abs(math.log(rows * rows / samples)))
    ratio = max(nearest * nearest / samples, samples / (nearest * nearest))
    return nearest if ratio <= _LONGEST_RATIO else 0


def _is_smooth(number: int) -> bool:
    for prime in range(2, _LARGEST_PRIME + 1):
        while number % prime == 0:
            number //= prime
    return number == 1
