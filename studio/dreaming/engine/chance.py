"""Random numbers from the engine: NumPy's streams, but the same with every version of NumPy.

`source/rng.c` says how they are made.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np

_GENERATOR_BYTES = 48
_WORD = 2**32

_Samples = np.ctypeslib.ndpointer(np.float32, flags=("C", "W"))
_Integers = np.ctypeslib.ndpointer(np.int32, flags=("C", "W"))
_Words = np.ctypeslib.ndpointer(np.uint32, flags="C")
_State = ctypes.c_char * _GENERATOR_BYTES


class Chance:
    """A stream of random numbers.

    Parameters
    ----------
    functions : ctypes.CDLL
        A loaded build of the engine, with `declare` done.
    seed : int or sequence of int
        Each at least 0.
    child : int, optional
        Numbers one of several independent streams of the same seed, as NumPy's
        ``SeedSequence(seed).spawn(n)[child]``.
    """

    def __init__(
        self, functions: ctypes.CDLL, seed: int | Sequence[int], child: int | None = None
    ) -> None:
        numbers = [seed] if isinstance(seed, int) else seed
        words = np.array([word for number in numbers for word in _words(number)], dtype=np.uint32)
        self._functions, self._state = functions, _State()
        functions.dream_seed(self._state, words, len(words), -1 if child is None else child)

    def normals(self, count: int) -> np.ndarray:
        """Return numbers of mean 0 and standard deviation 1, shape (count,), float32."""
        drawn = np.empty(count, dtype=np.float32)
        self._functions.dream_normals(self._state, drawn, count)
        return drawn

    def integers(self, low: int, high: int, count: int) -> np.ndarray:
        """Return whole numbers even over ``low`` … ``high``, ends included, (count,), int32."""
        drawn = np.empty(count, dtype=np.int32)
        self._functions.dream_integers(self._state, low, high, drawn, count)
        return drawn


def tone(functions: ctypes.CDLL, samples: int, frequency_hz: float, sample_rate: int) -> np.ndarray:
    """Return a sine of amplitude 1 that begins at 0, shape (samples,), float32."""
    sound = np.empty(samples, dtype=np.float32)
    functions.dream_tone(sound, samples, frequency_hz, sample_rate)
    return sound


def declare(functions: ctypes.CDLL) -> None:
    """Tell `ctypes` what the functions of this module take; numbers that do not fit are refused."""
    whole, real = ctypes.c_int32, ctypes.c_double
    functions.dream_seed.argtypes = [_State, _Words, whole, whole]
    functions.dream_integers.argtypes = [_State, whole, whole, _Integers, whole]
    functions.dream_normals.argtypes = [_State, _Samples, whole]
    functions.dream_tone.argtypes = [_Samples, whole, real, real]
    for name in ("dream_seed", "dream_integers", "dream_normals", "dream_tone"):
        getattr(functions, name).restype = None


def _words(number: int) -> list[int]:
    """Return a number's words of 32 bits, the lowest first."""
    words = [number % _WORD]
    while number := number // _WORD:
        words.append(number % _WORD)
    return words
