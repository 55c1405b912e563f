"""Level a sound for listening: loudness, infrasound and peaks."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.sound import SAMPLE_RATE

LISTENING_LUFS = -18.0
LISTENING_PEAK = 10 ** (-1 / 20)
"""Loudness and largest sample (−1 dB) of what is played to a person."""

BOTH_LOUDSPEAKERS_DB = 3.01
"""A mono sound comes from both: so much louder is a stereo sound made, to be heard alike."""

MOST_GAIN = 10.0
"""Quiet sounds are raised by this factor at most: 20 dB."""

LOWEST_HEARD_HZ = 20.0
LIMITER_SAMPLES = 221
"""How far the limiter looks ahead: 5 ms."""


def listening_level(audio: np.ndarray, loops: bool = False) -> np.ndarray:
    """Return a sound as it is played to a person: about −18 LUFS, no sample above −1 dB.

    Dreams can be bright, loud, or one sharp burst. What lies below hearing is taken out, a limiter
    that looks 5 ms ahead holds the peaks, and quiet sounds are raised by 20 dB at most. What is
    saved stays untouched.

    Parameters
    ----------
    audio : ndarray, shape (T,) or (T, 2)
        Both channels of a stereo sound are turned by the same gain at every moment; from two
        loudspeakers it is as loud as a mono sound.
    loops : bool
        The sound follows itself: filter and limiter wrap, so that it still does.
    """
    import pyloudnorm

    audio = _without_infrasound(np.asarray(audio, dtype=np.float32), loops)
    lacking = (0, max(0, SAMPLE_RATE // 2 - len(audio)))
    measured = np.pad(audio, (lacking, (0, 0))[: audio.ndim])
    with np.errstate(divide="ignore"):
        loudness = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(measured)
    wanted = LISTENING_LUFS + (BOTH_LOUDSPEAKERS_DB if audio.ndim == 2 else 0.0)
    if np.isfinite(loudness):
        audio = audio * min(10 ** ((wanted - loudness) / 20), MOST_GAIN)
    return _limited(audio.astype(np.float32), loops)


def _without_infrasound(audio: np.ndarray, loops: bool) -> np.ndarray:
    """Take out what nobody hears but a limiter would answer to."""
    from scipy.signal import butter, sosfilt

    if audio.size == 0:
        return audio
    high_pass = butter(2, LOWEST_HEARD_HZ, "highpass", fs=SAMPLE_RATE, output="sos")
    if loops:  # the filter has heard a second of the sound before it begins: then it is settled
        audio = np.take(audio, np.arange(-SAMPLE_RATE, len(audio)), axis=0, mode="wrap")
    filtered = np.asarray(sosfilt(high_pass, audio - audio[0], axis=0), dtype=np.float32)
    return filtered[SAMPLE_RATE:] if loops else filtered


def _limited(audio: np.ndarray, loops: bool) -> np.ndarray:
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    size = np.abs(audio) if audio.ndim == 1 else np.abs(audio).max(axis=1)
    needed = np.minimum(1.0, LISTENING_PEAK / np.maximum(size, 1e-9))
    if needed.min(initial=1.0) == 1.0:
        return audio
    # The smallest gain of a window, averaged over a window as long, never exceeds what is needed.
    mode: Any = "wrap" if loops else "reflect"
    least = minimum_filter1d(needed, LIMITER_SAMPLES, mode=mode)
    gain = uniform_filter1d(least, LIMITER_SAMPLES, mode=mode)
    return (audio * (gain if audio.ndim == 1 else gain[:, None])).astype(np.float32)
