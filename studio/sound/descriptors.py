"""Descriptors of a sound beyond the paper's four features.

The paper describes its sounds in words (tables 3 to 10): short bursts, strongly pitched, in step
with loudness. Each of these words is one number here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft, stats

from studio.sound import SAMPLE_RATE
from studio.sound.features import frames, summary

LOUDEST_SHARE = 0.2
"""Part of the frames that counts as the loudest."""

_LOWEST_BAND_HZ = 25.0
"""Centre of the lowest third-octave band; what lies below counts to it."""

DESCRIPTORS = ("burst_share", "synchrony", "pitchedness")


def measure(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> dict[str, float]:
    """Return all that is known of a sound as numbers.

    Parameters
    ----------
    audio : ndarray, shape (T,)
        Mono sound, full scale ±1.
    sample_rate : int
        In Hz.

    Returns
    -------
    dict of float
        What `features.describe` returns, and ``burst_share``, ``synchrony``, ``pitchedness``.
    """
    by_frame = frames(audio, sample_rate)
    return {
        **summary(by_frame),
        "burst_share": burst_share(by_frame["loudness"]),
        "synchrony": synchrony(by_frame["roughness"], by_frame["loudness"]),
        "pitchedness": pitchedness(audio, sample_rate),
    }


def burst_share(loudness: np.ndarray) -> float:
    """Return the share of the energy in the loudest fifth of the frames.

    Parameters
    ----------
    loudness : ndarray, shape (F,)
        RMS by frame.

    Returns
    -------
    float
        0.2 where the sound is perfectly even (or silent), towards 1 for a single burst.
    """
    energy = np.sort(loudness.astype(np.float64) ** 2)[::-1]
    total = energy.sum()
    if total <= 0:
        return LOUDEST_SHARE
    heard = np.concatenate([[0.0], np.cumsum(energy)])
    return float(np.interp(LOUDEST_SHARE * len(energy), np.arange(len(heard)), heard) / total)


def synchrony(roughness: np.ndarray, loudness: np.ndarray) -> float:
    """Return how far the spectrum changes in step with the loudness, −1 … 1.

    Spearman's correlation over frames of the spectral flux (F − 1,) with the absolute change of
    RMS (F,); 0 where one of them never changes.
    """
    change = np.abs(np.diff(loudness))
    if len(change) < 3 or np.ptp(change) == 0 or np.ptp(roughness) == 0:
        return 0.0
    correlation: Any = stats.spearmanr(roughness, change)
    return float(correlation.statistic)


def pitchedness(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> float:
    """Return the share of the energy in the strongest third-octave band, 0 … 1.

    Bands as in IEC 61260, centred on 1,000 Hz · 2^(k / 3), over the whole sound (T,).
    """
    spectrum: Any = fft.rfft(np.asarray(audio, dtype=np.float64))
    power = np.abs(spectrum) ** 2
    power[0] = 0.0  # A constant is no sound.
    total = power.sum()
    if total <= 0:
        return 0.0
    frequency = np.maximum(fft.rfftfreq(len(audio), 1 / sample_rate), _LOWEST_BAND_HZ)
    band = np.round(3 * np.log2(frequency / 1000)).astype(int)
    return float(np.bincount(band - band.min(), weights=power).max() / total)
