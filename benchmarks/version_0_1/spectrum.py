"""The low-pass, by the fastest Fourier transform that there is.

Where PyTorch brings MKL along, that is one transform of the whole sound (`mkl`); elsewhere two
steps of short ones (`short_transforms`), or SciPy's where the length has no factors that suit.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from scipy import fft
from torch import Tensor

from version_0_1 import mkl
from version_0_1.short_transforms import ShortTransforms, table_rows


def low_pass_filter(
    gain: Tensor, samples: int, dtype: torch.dtype, memory: Tensor | None = None
) -> LongTransform | ShortTransforms:
    """Return the fastest zero-phase filter for sounds of one length.

    Parameters
    ----------
    gain : Tensor, shape (n // 2 + 1,)
        Per frequency, as `signal.low_pass_gain` gives it.
    samples : int
        n.
    dtype : torch.dtype
        float32 or float64.
    memory : Tensor, shape (n + 2 or more,), optional
        Free for use while a sound is filtered.
    """
    if mkl.available():
        transform = mkl.RealTransform(samples, dtype, memory)
        return LongTransform(gain, samples, dtype, transform)
    rows = table_rows(samples)
    if rows:
        return ShortTransforms(gain, samples, dtype, rows)
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
    """A zero-phase filter by one transform of the whole sound; see `low_pass_filter`."""

    def __init__(
        self, gain: Tensor, samples: int, dtype: torch.dtype, transform: Transform
    ) -> None:
        self.samples, self.transform = samples, transform
        gains = gain.to(dtype).numpy()
        passed = int(gains.nonzero()[0].max(initial=-1)) + 1
        self.passed, self.stopped = np.split(transform.spectrum, [passed])
        # Python changes one value in a fraction of NumPy's time.
        self.sum: Any = transform.spectrum.view(gains.dtype)[:1].data
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
        spectrum: Any = fft.rfft(waveform.numpy())
        np.copyto(self.spectrum, spectrum)

    def backward(self) -> np.ndarray:
        waveform: Any = fft.irfft(self.spectrum, self.samples, norm="forward")
        return waveform
