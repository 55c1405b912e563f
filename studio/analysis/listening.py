"""Class scores over time and responses of all maps for any sound.

The networks learned from single seconds at full level. So a sound is heard second by second, each
brought to full level as in training; only pauses are not blown up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from studio.analysis import LONGEST_SECONDS
from studio.analysis.responses import respond
from studio.errors import AudioError, ParameterError
from studio.networks.classifier import WaveformClassifier
from studio.sound import SAMPLE_RATE

_LEAST_HOP_SECONDS = 0.1
_MOST_WINDOWS = 240
_PAUSE = 1e-3
"""A second whose peak is below this share (-60 dB) of the sound's is a pause."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a network heard.

    Attributes
    ----------
    seconds : float
        Length of the sound.
    times : ndarray, shape (windows,)
        The middle of every second that was listened to, in seconds.
    probabilities : ndarray, shape (windows, classes)
        How sure the network is of each class; each row sums to 1.
    responses : list of ndarray, one per convolution, shape (windows, maps)
        Mean square of the activation before Swish.
    """

    seconds: float
    times: NDArray[np.float64]
    probabilities: NDArray[np.float32] = field(repr=False)
    responses: list[NDArray[np.float32]] = field(repr=False)

    def strengths(self, layer: int) -> NDArray[np.float32]:
        """Return the mean response of each map of a layer over the whole sound, shape (maps,)."""
        return self.responses[layer].mean(axis=0)

    def strongest_classes(self, count: int) -> NDArray[np.intp]:
        """Return the classes with the highest mean probability, the surest first."""
        return np.argsort(-self.probabilities.mean(axis=0), kind="stable")[:count]


def hop_seconds(seconds: float) -> float:
    """Return the time between two windows: short for short sounds, never too many windows."""
    return max(_LEAST_HOP_SECONDS, (seconds - 1) / (_MOST_WINDOWS - 1))


def cut(waveform: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Cut a sound into overlapping seconds, each at full level.

    Parameters
    ----------
    waveform : ndarray, shape (T,)
        Mono at 44,100 Hz. A sound shorter than a second sits in the middle of silence.

    Returns
    -------
    times : ndarray, shape (windows,)
        Middle of each window in seconds.
    windows : ndarray, shape (windows, 44100), float32
        Peak 1; a pause keeps its level.

    Raises
    ------
    AudioError
        If the sound is empty, silent or not one row of numbers.
    ParameterError
        If it is longer than `LONGEST_SECONDS`.
    """
    sound = np.asarray(waveform, np.float32)
    if sound.ndim != 1 or not len(sound) or not np.isfinite(sound).all():
        raise AudioError("A network listens to one row of numbers, one second or so: mono sound.")
    if len(sound) > round(LONGEST_SECONDS * SAMPLE_RATE):
        raise ParameterError(
            f"seconds={len(sound) / SAMPLE_RATE:.1f} must be {LONGEST_SECONDS:g} or less. Choose a "
            "part of the sound."
        )
    loudest = float(np.abs(sound).max())
    if loudest == 0:
        raise AudioError("This sound is silent: there is nothing to listen to. Choose another.")
    missing = max(0, SAMPLE_RATE - len(sound))
    before = missing // 2
    padded = np.pad(sound, (before, missing - before))
    hop = hop_seconds(len(padded) / SAMPLE_RATE)
    room = len(padded) - SAMPLE_RATE
    starts = np.round(np.arange(0, room + 1, hop * SAMPLE_RATE)).astype(int)
    windows = np.stack([padded[start : start + SAMPLE_RATE] for start in starts])
    peaks = np.abs(windows).max(axis=1, keepdims=True)
    times = (starts - before) / SAMPLE_RATE + 0.5
    return times, windows / np.maximum(peaks, _PAUSE * loudest)


def listen(model: WaveformClassifier, waveform: NDArray[np.floating]) -> Heard:
    """Return what a network makes of a sound; see `cut` for the sound and what may be wrong."""
    times, windows = cut(waveform)
    responses, probabilities = respond(model, torch.from_numpy(windows))
    return Heard(len(waveform) / SAMPLE_RATE, times, probabilities, responses)
