"""Random numbers and the built-in tone for every dream: the engine's, else NumPy's.

NumPy serves where no build of the engine can be used. Its numbers are the same but for about one
normal in a million, whose last bit depends on the machine's mathematical library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from studio.dreaming.engine import chance, library


class Stream(Protocol):
    """A stream of random numbers."""

    def normals(self, count: int) -> np.ndarray:
        """Return numbers of mean 0 and standard deviation 1, shape (count,), float32."""
        ...

    def integers(self, low: int, high: int, count: int) -> np.ndarray:
        """Return whole numbers even over ``low`` … ``high``, ends included, (count,), int32."""
        ...


def stream(seed: int | Sequence[int], child: int | None = None) -> Stream:
    """Return a stream of a seed, or one of several independent ones; see `chance.Chance`."""
    if library.unsupported_reason() is None:
        return chance.Chance(library.engine().functions, seed, child)
    return _NumpyStream(seed, child)


def tone(samples: int, frequency_hz: float, sample_rate: int) -> np.ndarray:
    """Return a sine of amplitude 1 that begins at 0, shape (samples,), float32."""
    if library.unsupported_reason() is None:
        return chance.tone(library.engine().functions, samples, frequency_hz, sample_rate)
    time_seconds = np.arange(samples) / sample_rate
    return np.sin(2 * np.pi * frequency_hz * time_seconds).astype(np.float32)


class _NumpyStream:
    def __init__(self, seed: int | Sequence[int], child: int | None) -> None:
        key = () if child is None else (child,)
        self._generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))

    def normals(self, count: int) -> np.ndarray:
        return self._generator.standard_normal(count, dtype=np.float32)

    def integers(self, low: int, high: int, count: int) -> np.ndarray:
        return self._generator.integers(low, high, count, endpoint=True).astype(np.int32)
