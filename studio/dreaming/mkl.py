r"""Real Fourier transforms by Intel's MKL, as PyTorch for Linux on x86 brings it along.

A transform needs tables that depend on nothing but its length. `torch.fft` makes them anew at
every call, which takes several times as long as the transform. MKL's own interface keeps them
(Intel oneMKL Developer Reference, "Fourier Transform Functions"), and PyTorch's library shows that
interface to whoever asks, so that nothing has to be installed. `available` says whether it does.
"""

from __future__ import annotations

import ctypes
import functools
import weakref
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# From mkl_dfti.h: settings and their values.
_REAL = 33
_PRECISION = {np.dtype(np.float32): "s", np.dtype(np.float64): "d"}
_SETTINGS = {
    10: 39,  # a spectrum is n // 2 + 1 complex numbers
    11: 44,  # the result goes elsewhere
    27: 1,  # threads
}


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))


@functools.cache
def available() -> bool:
    """Whether MKL is there, and transforms as NumPy does."""
    try:
        for dtype, samples in (("f4", 30), ("f4", 35), ("f8", 30), ("f8", 35)):
            waveform = np.sin(np.arange(samples, dtype=dtype) ** 2)
            expected = np.fft.rfft(waveform)
            transform = RealTransform(samples, waveform.dtype)
            transform.forward(waveform)
            if not np.allclose(transform.spectrum, expected, atol=1e-4):
                return False
            if not np.allclose(transform.backward() / samples, waveform, atol=1e-4):
                return False
    except (OSError, AttributeError, MemoryError):  # no library, no such function in it
        return False
    return True


class RealTransform:
    """Fourier transform of real sounds of one length, and back.

    Parameters
    ----------
    samples : int
        n.
    dtype : numpy.dtype
        float32 or float64, of the sounds.
    memory : Tensor, shape (n + 2 or more,), contiguous, optional
        Where the spectrum may lie.

    Attributes
    ----------
    spectrum : ndarray, shape (n // 2 + 1,), complex
        What `forward` found last, and what `backward` goes back from.

    Raises
    ------
    OSError, AttributeError
        If PyTorch has no MKL to offer.
    MemoryError
        If MKL refuses.
    """

    def __init__(self, samples: int, dtype: np.dtype, memory: Tensor | None = None) -> None:
        self.samples, self.dtype = samples, np.dtype(dtype)
        room = 2 * (samples // 2 + 1)
        parts = self._memory(room) if memory is None else memory[:room].numpy()
        self.spectrum = parts.view(np.result_type(dtype, np.complex64))
        library = _library()
        create = getattr(library, f"DftiCreateDescriptor_{_PRECISION[self.dtype]}_1d")
        self._forward, self._backward = library.DftiComputeForward, library.DftiComputeBackward
        self._plan = ctypes.c_void_p()
        _check(create(ctypes.byref(self._plan), _REAL, ctypes.c_long(samples)))
        weakref.finalize(self, library.DftiFreeDescriptor, ctypes.byref(self._plan))
        for setting, value in _SETTINGS.items():
            _check(library.DftiSetValue(self._plan, setting, value))
        _check(library.DftiCommitDescriptor(self._plan))
        self._to = ctypes.c_void_p(self.spectrum.ctypes.data)

    def forward(self, waveform: np.ndarray) -> None:
        """Find the `spectrum` of a sound (n,), contiguous and of the transform's dtype."""
        _check(self._forward(self._plan, ctypes.c_void_p(waveform.ctypes.data), self._to))

    def backward(self) -> np.ndarray:
        """Return n times the sound whose spectrum `spectrum` is, (n,), in new memory."""
        waveform = self._memory(self.samples)
        _check(self._backward(self._plan, self._to, ctypes.c_void_p(waveform.ctypes.data)))
        return waveform

    def _memory(self, values: int) -> np.ndarray:
        # PyTorch's begins at multiples of 64 bytes, on which the last bit may depend.
        return torch.empty(values, dtype=getattr(torch, self.dtype.name)).numpy()


def _check(status: int) -> None:
    if status:
        raise MemoryError(f"MKL's Fourier transform failed with status {status}.")
