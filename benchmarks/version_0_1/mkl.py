r"""Real Fourier transforms by Intel's MKL, as PyTorch for Linux on x86 brings it along.

A transform needs tables that depend on nothing but its length. `torch.fft` makes them anew at
every call, which takes several times as long as the transform. MKL's own interface keeps them
(Intel oneMKL Developer Reference, "Fourier Transform Functions"), and PyTorch's library shows that
interface to whoever asks, so that nothing has to be installed. `available` says whether it does.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import weakref
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_PRECISION = {torch.float32: "s", torch.float64: "d"}

# From mkl_dfti.h.
_REAL = 33  # DFTI_REAL
_SETTINGS = {
    10: 39,  # DFTI_CONJUGATE_EVEN_STORAGE, DFTI_COMPLEX_COMPLEX: n // 2 + 1 complex numbers
    11: 44,  # DFTI_PLACEMENT, DFTI_NOT_INPLACE
    27: 1,  # DFTI_THREAD_LIMIT
}


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))


@functools.cache
def available() -> bool:
    """Whether MKL is there, and transforms as NumPy does."""
    try:
        for dtype, samples in itertools.product(_PRECISION, (30, 35)):
            waveform = torch.sin(torch.arange(samples, dtype=dtype) ** 2)
            expected = np.fft.rfft(waveform.numpy())
            transform = RealTransform(samples, dtype)
            transform.forward(waveform)
            if not np.allclose(transform.spectrum, expected, atol=1e-4):
                return False
            if not np.allclose(transform.backward() / samples, waveform.numpy(), atol=1e-4):
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
    dtype : torch.dtype
        float32 or float64.
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

    def __init__(self, samples: int, dtype: torch.dtype, memory: Tensor | None = None) -> None:
        self.samples, self.dtype = samples, dtype
        room = samples // 2 + 1
        # PyTorch's memory begins at multiples of 64 bytes, on which the last bit may depend.
        memory = torch.empty(2 * room, dtype=dtype) if memory is None else memory[: 2 * room]
        self.spectrum = torch.view_as_complex(memory.view(room, 2)).numpy()
        library = _library()
        create = getattr(library, f"DftiCreateDescriptor_{_PRECISION[dtype]}_1d")
        self._forward, self._backward = library.DftiComputeForward, library.DftiComputeBackward
        self._plan = ctypes.c_void_p()
        _check(create(ctypes.byref(self._plan), _REAL, ctypes.c_long(samples)))
        weakref.finalize(self, library.DftiFreeDescriptor, ctypes.byref(self._plan))
        for setting, value in _SETTINGS.items():
            _check(library.DftiSetValue(self._plan, setting, value))
        _check(library.DftiCommitDescriptor(self._plan))
        self._memory = ctypes.c_void_p(memory.data_ptr())

    def forward(self, waveform: Tensor) -> None:
        """Find the `spectrum` of a sound (n,), contiguous and of the transform's dtype."""
        _check(self._forward(self._plan, ctypes.c_void_p(waveform.data_ptr()), self._memory))

    def backward(self) -> np.ndarray:
        """Return n times the sound whose spectrum `spectrum` is, (n,), in new memory."""
        waveform = torch.empty(self.samples, dtype=self.dtype)
        _check(self._backward(self._plan, self._memory, ctypes.c_void_p(waveform.data_ptr())))
        return waveform.numpy()


def _check(status: int) -> None:
    if status:
        raise MemoryError(f"MKL's Fourier transform failed with status {status}.")
