"""The circular buffer: what plays (the dream), what it started from, and how to take writes back.

Positions count samples since the beginning and never wrap; the buffer finds its place by itself.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from studio.sound import SAMPLE_RATE

EXCERPT = SAMPLE_RATE
"""Samples of an excerpt: the networks hear one second."""

QUANTUM = SAMPLE_RATE // 100
"""Samples between moments at which anything can change, 10 ms. Buffers hold a multiple of it."""

JOIN = 882
"""Samples of a quick fade, 20 ms."""


class Ring:
    """A sound without ends.

    Parameters
    ----------
    source : ndarray, shape (T,), float32
        What it starts from, a multiple of `QUANTUM` long and at least `EXCERPT`.

    Attributes
    ----------
    dream, source : ndarray, shape (T,), float32
        What plays, and what it started from.
    """

    def __init__(self, source: np.ndarray) -> None:
        assert len(source) >= EXCERPT and len(source) % QUANTUM == 0
        self.source = source
        self.dream = source.copy()
        self._undo: deque[tuple[int, np.ndarray] | tuple[np.ndarray, np.ndarray]] = deque()
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self.dream)

    @property
    def writes(self) -> int:
        """How many changes there were since the beginning."""
        return self._forgotten + len(self._undo)

    def quantum(self, position: int) -> np.ndarray:
        """Return the quantum that plays at ``position``, a multiple of `QUANTUM`: a view."""
        begin = position % len(self)
        return self.dream[begin : begin + QUANTUM]

    def excerpt(self, position: int, feedback: float) -> np.ndarray:
        """Return the second from ``position`` on: so much of the dream, the rest of its source."""
        sound = _taken(self.dream, position, EXCERPT)
        if feedback < 1:
            sound = feedback * sound + (1 - feedback) * _taken(self.source, position, EXCERPT)
        return sound

    def write(self, position: int, sound: np.ndarray, weight: np.ndarray) -> None:
        """Fade a sound in from ``position`` on, with a weight of 0 … 1 for every sample."""
        old = _taken(self.dream, position, len(sound))
        self._undo.append((position, old))
        _put(self.dream, position, faded(old, sound, weight))

    def replace(self, source: np.ndarray, position: int) -> None:
        """Start from another sound, which may be of another length; it fades in at ``position``."""
        self._undo.append((self.dream, self.source))
        old, self.source = self.dream, source
        self.dream = source.copy()
        before, after = _taken(old, position, JOIN), _taken(self.dream, position, JOIN)
        _put(self.dream, position, faded(before, after, _ramp(JOIN)))

    def resize(self, samples: int, source: np.ndarray, position: int) -> None:
        """Go round in another time; what plays at ``position`` and after it stays."""
        self._undo.append((self.dream, self.source))
        old, self.source = self.dream, source
        self.dream = np.empty(samples, dtype=np.float32)
        _put(self.dream, position, _taken(old, position, samples))
        # The end of the new round leads to its beginning as before.
        end = position + samples - JOIN
        leading, ends = _taken(old, position - JOIN, JOIN), _taken(self.dream, end, JOIN)
        _put(self.dream, end, faded(ends, leading, _ramp(JOIN)))

    def take_back(self, writes: int) -> None:
        """Undo all changes but the first ``writes``."""
        assert self._forgotten <= writes
        while self.writes > writes:
            what, old = self._undo.pop()
            if isinstance(what, int):
                _put(self.dream, what, old)
            else:
                self.dream, self.source = what, old

    def forget(self, writes: int) -> None:
        """Make the first ``writes`` changes final."""
        while self._forgotten < writes and self._undo:
            self._undo.popleft()
            self._forgotten += 1


def faded(old: np.ndarray, new: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return old · (1 − w) + new · w, amplified so that the power in between does not sag.

    Two sounds of equal power and correlation ρ have the power (1 − w)² + w² + 2ρw(1 − w) midway;
    ρ is measured where both are heard.
    """
    rest = 1 - weight
    both = np.flatnonzero((weight > 0) & (rest > 0))
    mixed = old * rest + new * weight
    if both.size == 0:
        return mixed
    one, other = old[both], new[both]
    power = math.sqrt(float(one @ one) * float(other @ other))
    likeness = min(1.0, max(0.0, float(one @ other) / power)) if power > 0 else 1.0
    w, r = weight[both], rest[both]
    mixed[both] /= np.sqrt(w * w + r * r + np.float32(2 * likeness) * w * r)
    return mixed


def window(fade_in: int, fade_out: int, silent: int = 0) -> np.ndarray:
    """Return the weights of an excerpt: 0 for ``silent`` samples, up, 1, and down at the end."""
    weight = np.ones(EXCERPT, dtype=np.float32)
    weight[:silent] = 0
    weight[silent : silent + fade_in] = _ramp(fade_in)
    weight[EXCERPT - fade_out :] *= _ramp(fade_out)[::-1]
    return weight


def looped(sound: np.ndarray, samples: int) -> np.ndarray:
    """Repeat or cut a recording to ``samples``, with short fades where its ends meet."""
    own = np.array(sound[:samples], dtype=np.float32)
    fade = min(QUANTUM, len(own) // 2)
    own[:fade] *= _ramp(fade)
    own[len(own) - fade :] *= _ramp(fade)[::-1]
    return np.resize(own, samples)


def whole_quanta(samples: float) -> int:
    """Return the multiple of `QUANTUM` nearest to ``samples``, at least one."""
    return max(1, round(samples / QUANTUM)) * QUANTUM


def _ramp(samples: int) -> np.ndarray:
    """Return a raised cosine from 0 to 1."""
    phase = (np.arange(samples, dtype=np.float32) + 0.5) / max(1, samples)
    return (0.5 - 0.5 * np.cos(np.pi * phase)).astype(np.float32)


def _taken(sound: np.ndarray, position: int, samples: int) -> np.ndarray:
    """Return a copy of ``samples`` from ``position`` on, around the end where need be."""
    return np.take(sound, np.arange(position, position + samples), mode="wrap")


def _put(sound: np.ndarray, position: int, values: np.ndarray) -> None:
    """Write values from ``position`` on; no more than the sound is long."""
    begin = position % len(sound)
    first = min(len(values), len(sound) - begin)
    sound[begin : begin + first] = values[:first]
    sound[: len(values) - first] = values[first:]
