"""Measures of a sound as material for a piece: activity, level, seams, spectrum, novelty.

What a composer hears first: does it sound throughout, how loud is it, does it click, does it loop,
does it move. All functions take a mono sound (T,), full scale ±1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft, signal

from studio.sound import SAMPLE_RATE

ACTIVE_DB = 30.0
"""A moment is active within so many dB of the loudest moment."""

FRAME_SECONDS = 0.02
SEAM_SECONDS = 0.05
NEW_SECOND_DB = 2.0
"""A second is new if its log-mel spectrum is further than this from every earlier second: two seeds
of the same map lie 1.4 to 1.9 dB apart."""

_GRID_HALF_WIDTH_HZ = 2.5
_DETUNED = 1.07
_MEL_BANDS = 64
_FLOOR_DB = -80.0
_OVERSAMPLING = 4


def active_share(audio: np.ndarray) -> float:
    """Return the share of 20-ms frames within 30 dB of the loudest one; silence: 0."""
    level = _frame_levels(audio)
    loudest = level.max(initial=0.0)
    return float((level >= loudest * 10 ** (-ACTIVE_DB / 20)).mean()) if loudest > 0 else 0.0


def energy_share(audio: np.ndarray, low_hz: float = 0.0, high_hz: float = SAMPLE_RATE) -> float:
    """Return the share of the energy from ``low_hz`` (included) to ``high_hz`` (excluded)."""
    frequency, power = _power(audio)
    total = power.sum()
    chosen = (frequency >= low_hz) & (frequency < high_hz)
    return float(power[chosen].sum() / total) if total > 0 else 0.0


def loudness_lufs(audio: np.ndarray) -> float:
    """Return the integrated loudness in LUFS (ITU-R BS.1770), of one or two channels."""
    import pyloudnorm

    lacking = (0, max(0, SAMPLE_RATE // 2 - len(audio)))
    padded = np.pad(audio, (lacking, (0, 0))[: audio.ndim])
    with np.errstate(divide="ignore"):
        return float(pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(padded))


def heard_lufs(audio: np.ndarray) -> float:
    """Return the loudness in LUFS of a sound (T,) or (T, 2) as it is played.

    At listening level, from two loudspeakers: a mono sound comes from both.
    """
    from studio.sound.levels import listening_level

    heard = listening_level(audio)
    return loudness_lufs(heard if heard.ndim == 2 else np.stack([heard, heard], axis=1))


def true_peak_db(audio: np.ndarray) -> float:
    """Return the peak of the sound oversampled four times (ITU-R BS.1770, annex 2) in dBTP."""
    oversampled = signal.resample_poly(np.asarray(audio, dtype=np.float64), _OVERSAMPLING, 1)
    peak = max(np.abs(audio).max(initial=0.0), np.abs(oversampled).max(initial=0.0))
    return float(20 * np.log10(peak)) if peak > 0 else -np.inf


def seam_db(audio: np.ndarray) -> float:
    """Return how far the level around a loop's seam lies from the median level, in dB.

    The level of the 50 ms around the seam, when the sound follows itself, against the median of
    windows as long all over the sound. 0: the seam cannot be found by its level.
    """
    return float(place_levels_db(audio)[0])


def place_levels_db(audio: np.ndarray) -> np.ndarray:
    """Return what `seam_db` would be if the loop began at any other sample, (T,), in dB.

    The first value is the seam's own. A true loop has no seam: the first lies among the others as
    any of them does, however much the sound itself swells and falls.
    """
    window = round(SEAM_SECONDS * SAMPLE_RATE)
    around = np.take(audio, np.arange(-(window // 2), len(audio) + window), mode="wrap")
    energy = np.concatenate([[0.0], np.cumsum(around.astype(np.float64) ** 2)])
    levels = (energy[window:] - energy[:-window])[: len(audio)]  # around every sample
    median = np.median(levels)
    if median <= 0:
        return np.zeros(len(audio))
    with np.errstate(divide="ignore"):
        return 10 * np.log10(np.maximum(levels, 0.0) / median)


def edge_shares(audio: np.ndarray) -> tuple[float, float]:
    """Return first and last sample as shares of the peak: above 0.05 they click."""
    peak = float(np.abs(audio).max(initial=0.0)) or 1.0
    return float(abs(audio[0]) / peak), float(abs(audio[-1]) / peak)


def grid_share(audio: np.ndarray, spacing_hz: float) -> tuple[float, float]:
    """Return the share of energy within 2.5 Hz of multiples of ``spacing_hz``, and of a control.

    A network with strides repeats itself at its step rate. The control's grid is 7 % wider: what
    both have in common is chance.
    """
    frequency, power = _power(audio)
    audible = frequency >= spacing_hz / 2
    total = power[audible].sum()
    if total <= 0:
        return 0.0, 0.0

    def share(spacing: float) -> float:
        distance = np.abs(frequency - spacing * np.round(frequency / spacing))
        return float(power[audible & (distance < _GRID_HALF_WIDTH_HZ)].sum() / total)

    return share(spacing_hz), share(spacing_hz * _DETUNED)


def mel_spectrum_db(audio: np.ndarray) -> np.ndarray:
    """Return the mean power in 64 mel bands, (64,), in dB below the strongest, not below −80 dB."""
    frequency, power = _power(audio)
    bands = _mel_filters(len(frequency)) @ power
    strongest = bands.max(initial=0.0)
    if strongest <= 0:
        return np.full(_MEL_BANDS, _FLOOR_DB)
    return np.maximum(10 * np.log10(np.maximum(bands / strongest, 1e-12)), _FLOOR_DB)


def spectral_distance_db(one: np.ndarray, other: np.ndarray) -> float:
    """Return the mean absolute difference of two sounds' log-mel spectra in dB."""
    return float(np.abs(mel_spectrum_db(one) - mel_spectrum_db(other)).mean())


def new_seconds(audio: np.ndarray) -> tuple[int, int]:
    """Return how many seconds after the first differ from every second before, and of how many."""
    seconds = len(audio) // SAMPLE_RATE
    spectra = [
        mel_spectrum_db(audio[i * SAMPLE_RATE : (i + 1) * SAMPLE_RATE]) for i in range(seconds)
    ]
    new = sum(
        min(float(np.abs(spectra[i] - before).mean()) for before in spectra[:i]) > NEW_SECOND_DB
        for i in range(1, seconds)
    )
    return new, max(0, seconds - 1)


def measure_material(audio: np.ndarray) -> dict[str, float]:
    """Return the measures of one sound that need nothing beside it."""
    first, last = edge_shares(audio)
    new, later = new_seconds(audio)
    return {
        "active_share": active_share(audio),
        "below_20_hz": energy_share(audio, high_hz=20.0),
        "above_4_khz": energy_share(audio, low_hz=4000.0),
        "loudness_lufs": loudness_lufs(audio),
        "true_peak_db": true_peak_db(audio),
        "seam_db": seam_db(audio),
        "first_sample": first,
        "last_sample": last,
        "new_seconds": float(new),
        "later_seconds": float(later),
    }


def _frame_levels(audio: np.ndarray) -> np.ndarray:
    """Return the RMS of successive 20-ms frames; a rest shorter than a frame does not count."""
    size = round(FRAME_SECONDS * SAMPLE_RATE)
    frames = max(1, len(audio) // size)
    return np.sqrt((audio[: frames * size].reshape(frames, -1).astype(np.float64) ** 2).mean(1))


def _power(audio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies in Hz and power of the whole sound, without a window: it may loop."""
    spectrum: Any = fft.rfft(np.asarray(audio, dtype=np.float64))
    power = np.abs(spectrum) ** 2
    return fft.rfftfreq(len(audio), 1 / SAMPLE_RATE), power


def _mel_filters(bins: int) -> np.ndarray:
    """Return triangular filters, (64, bins), on O'Shaughnessy's mel scale up to 16 kHz."""
    edges_mel = np.linspace(0, 2595 * np.log10(1 + 16_000 / 700), _MEL_BANDS + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    frequency = np.linspace(0, SAMPLE_RATE / 2, bins)
    rising = (frequency - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequency) / np.diff(edges)[1:, None]
    return np.maximum(0.0, np.minimum(rising, falling))
