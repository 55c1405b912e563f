"""Finish a sound for use elsewhere: low cut, level, true-peak ceiling, fades."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import signal
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE

LEVELS = ("loudness", "peak", "none")
_LIMITER_SAMPLES = 221  # 5 ms, looked ahead
_MOST_GAIN_DB = 40.0
_LONGEST_FADE_MS = 50.0
_ZERO_SEARCH_SECONDS = 0.01
_OVERSAMPLING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What is done to a sound before it is written.

    Attributes
    ----------
    level : {"loudness", "peak", "none"}
        Bring to ``loudness_lufs``, or the largest sample to ``ceiling_db``, or leave as it is.
    loudness_lufs : float
        Integrated loudness (ITU-R BS.1770), −40 … −6 LUFS.
    ceiling_db : float
        Highest true peak (four times oversampled), −24 … 0 dBTP; held by a limiter.
    low_cut_hz : float
        What lies below is removed (Butterworth of order 4, zero phase); 0: nothing.
    fade_in_ms, fade_out_ms : float
        0 … 50 ms, cosine. Such an end is first cut back to a zero crossing within 10 ms.
    """

    level: str = "loudness"
    loudness_lufs: float = -18.0
    ceiling_db: float = -1.0
    low_cut_hz: float = 20.0
    fade_in_ms: float = 0.0
    fade_out_ms: float = 0.0

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ParameterError(f"level={self.level!r} must be one of: {', '.join(LEVELS)}.")
        ranges = {
            "loudness_lufs": (-40.0, -6.0),
            "ceiling_db": (-24.0, 0.0),
            "low_cut_hz": (0.0, 1000.0),
            "fade_in_ms": (0.0, _LONGEST_FADE_MS),
            "fade_out_ms": (0.0, _LONGEST_FADE_MS),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not (isinstance(value, int | float) and low <= value <= high):
                raise ParameterError(f"{name}={value} must lie between {low:g} and {high:g}.")


UNTOUCHED = Finish(level="none", ceiling_db=0.0, low_cut_hz=0.0)
"""Changes nothing: `finish` returns the samples as they are."""


def finish(audio: np.ndarray, settings: Finish, loops: bool = False) -> np.ndarray:
    """Return a finished copy of a sound.

    Parameters
    ----------
    audio : ndarray, shape (T,) or (T, 2)
        At 44,100 Hz.
    settings : Finish
    loops : bool
        The sound follows itself: filters and limiter wrap, and its ends stay as they are.

    Returns
    -------
    ndarray, float32, one or two columns as ``audio``
        A little shorter where an end was cut back to a zero crossing.
    """
    audio = np.asarray(audio, dtype=np.float32)
    if settings == UNTOUCHED:
        return audio.copy()
    wide = (audio[:, None] if audio.ndim == 1 else audio).astype(np.float64)
    if settings.low_cut_hz and len(wide):
        wide = _low_cut(wide, settings.low_cut_hz, loops)
    if settings.level == "loudness":
        wide = wide * _gain(settings.loudness_lufs - _loudness(wide, loops))
    elif settings.level == "peak":
        wide = wide * _gain(settings.ceiling_db - _decibels(_envelope(wide, loops).max(initial=0)))
    if settings.level != "none" or settings.ceiling_db < 0:
        wide = _limited(wide, 10 ** (settings.ceiling_db / 20), loops)
    if not loops:
        wide = _faded(wide, settings.fade_in_ms)
        wide = _faded(wide[::-1], settings.fade_out_ms)[::-1]
    return np.ascontiguousarray(wide[:, 0] if audio.ndim == 1 else wide, dtype=np.float32)


def _low_cut(audio: np.ndarray, cut_hz: float, loops: bool) -> np.ndarray:
    sections = signal.butter(2, cut_hz, "highpass", fs=SAMPLE_RATE, output="sos")
    margin = round(4 * SAMPLE_RATE / cut_hz)
    if loops:
        wide = np.take(audio, np.arange(-margin, len(audio) + margin), axis=0, mode="wrap")
        unpadded: Any = None  # SciPy's types know strings only
        return signal.sosfiltfilt(sections, wide, axis=0, padtype=unpadded)[margin:-margin]
    return signal.sosfiltfilt(sections, audio, axis=0, padlen=min(margin, len(audio) - 1))


def _loudness(audio: np.ndarray, loops: bool) -> float:
    """Return the integrated loudness in LUFS; a short loop is heard several times."""
    import pyloudnorm

    least = SAMPLE_RATE // 2
    if len(audio) < least:
        rest = (0, least - len(audio))
        audio = np.pad(audio, (rest, (0, 0)), mode="wrap" if loops and len(audio) else "constant")
    with np.errstate(divide="ignore"):
        return float(pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(audio))


def _gain(decibels: float) -> float:
    """Return a gain as a factor: none for silence, at most 40 dB."""
    return 10 ** (min(decibels, _MOST_GAIN_DB) / 20) if math.isfinite(decibels) else 1.0


def _decibels(value: float) -> float:
    return 20 * math.log10(value) if value > 0 else -math.inf


def _envelope(audio: np.ndarray, loops: bool) -> np.ndarray:
    """Return the true peak around every sample, (T,): the largest of all channels."""
    if not len(audio):
        return np.zeros(0)
    margin = min(64, len(audio))
    wide = np.pad(audio, ((margin, margin), (0, 0)), mode="wrap" if loops else "constant")
    fine: Any = signal.resample_poly(wide, _OVERSAMPLING, 1, axis=0)
    peaks = np.abs(fine).max(axis=1)[margin * _OVERSAMPLING : -margin * _OVERSAMPLING]
    peaks = peaks.reshape(len(audio), _OVERSAMPLING).max(axis=1)
    before = np.roll(peaks, 1) if loops else np.concatenate([[0.0], peaks[:-1]])
    return np.maximum(np.maximum(peaks, before), np.abs(audio).max(axis=1))


def _limited(audio: np.ndarray, ceiling: float, loops: bool) -> np.ndarray:
    """Hold the true peak below ``ceiling`` with a limiter that looks 5 ms ahead."""
    envelope = _envelope(audio, loops)
    if envelope.max(initial=0.0) <= ceiling:
        return audio
    needed = np.minimum(1.0, ceiling / np.maximum(envelope, 1e-12))
    mode: Any = "wrap" if loops else "nearest"
    # The smallest gain of a window, averaged over a window as long, never exceeds what is needed.
    smallest = minimum_filter1d(needed, _LIMITER_SAMPLES, mode=mode)
    audio = audio * uniform_filter1d(smallest, _LIMITER_SAMPLES, mode=mode)[:, None]
    # The moving gain itself adds a little between the samples.
    return audio * min(1.0, ceiling / max(_envelope(audio, loops).max(), 1e-12))


def _faded(audio: np.ndarray, fade_ms: float) -> np.ndarray:
    """Fade a sound in from its first zero crossing, if one lies within 10 ms."""
    samples = min(round(fade_ms / 1000 * SAMPLE_RATE), len(audio))
    if not samples:
        return audio
    start = audio[: round(_ZERO_SEARCH_SECONDS * SAMPLE_RATE)].sum(axis=1)
    crossings = np.flatnonzero(np.signbit(start[:-1]) != np.signbit(start[1:]))
    if len(crossings) and len(audio) - crossings[0] - 1 > samples:
        audio = audio[crossings[0] + 1 :]
    faded = audio.copy()
    faded[:samples] *= (0.5 - 0.5 * np.cos(np.pi * (np.arange(samples) / samples)))[:, None]
    return faded
