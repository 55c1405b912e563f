"""Loudness, brightness, noisiness and roughness of a sound (paper, section 3.5).

Frames as librosa makes them by default: 2,048 samples (46 ms at 44.1 kHz) every 512 (12 ms), Hann
window, the first frame centred on the first sample, silence beyond the ends. The results agree
with librosa's; it is not used here because its first call compiles for seconds.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import fft

from studio.errors import AudioError
from studio.sound import FEATURES, SAMPLE_RATE

FRAME_SAMPLES = 2048
HOP_SAMPLES = 512

_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / FRAME_SAMPLES)).astype("f4")
"""Hann."""

_FLUX_SCALE = 2 / float(_WINDOW.sum())
"""Brings magnitudes to a scale on which a full-scale sine peaks at 1."""

_BINS = np.arange(FRAME_SAMPLES // 2 + 1, dtype=np.float32)
_MOMENTS = np.stack([_BINS, np.ones_like(_BINS)], axis=1)
"""What turns a spectrum into the sum of its frequencies times magnitudes, and of magnitudes."""

_SILENT = np.float32(1e-30)
"""Less than any sum of magnitudes that is not 0."""

_FRAMES_AT_ONCE = 16
"""Frames transformed together: few enough for the processor's fast memory."""

_PAIRS_APART = 8
"""`estimate_means` looks at one pair of frames in so many."""

_FLATNESS_FLOOR = 1e-10
"""Smallest power that counts in the spectral flatness, so that silence has a logarithm."""


def frames(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> dict[str, np.ndarray]:
    """Return the four features frame by frame.

    Parameters
    ----------
    audio : ndarray, shape (T,)
        Mono sound, full scale ±1.
    sample_rate : int
        In Hz.

    Returns
    -------
    dict of ndarray
        ``loudness``: root mean square, shape (F,) with F = 1 + T // 512. ``brightness``: spectral
        centroid in Hz, (F,). ``noisiness``: spectral flatness of the power spectrum, 0 (a tone)
        … 1 (white noise), (F,). ``roughness``: spectral flux, the L2 norm of the difference of
        consecutive magnitude spectra where a full-scale sine peaks at 1, (F − 1,).

    Raises
    ------
    AudioError
        If the sound is not one row of finite numbers.
    """
    audio = np.asarray(audio, dtype=np.float32)
    if audio.ndim != 1 or audio.size == 0:
        raise AudioError(f"Features need a mono sound of shape (samples,), not {audio.shape}.")
    if not np.isfinite(audio).all():
        raise AudioError("Features need finite samples; this sound holds NaN or infinity.")
    padded = np.pad(audio, FRAME_SAMPLES // 2)
    framed = sliding_window_view(padded, FRAME_SAMPLES)[::HOP_SAMPLES]  # (F, 2048)
    magnitude = np.empty((len(framed), FRAME_SAMPLES // 2 + 1), dtype=np.float32)  # (F, 1025)
    for begin in range(0, len(framed), _FRAMES_AT_ONCE):
        some = slice(begin, begin + _FRAMES_AT_ONCE)
        # In double precision: single would add a noise floor that a pure tone does not have.
        spectrum: Any = fft.rfft((framed[some] * _WINDOW).astype(np.float64), axis=1)
        magnitude[some] = np.abs(spectrum)
    frequency = _BINS * np.float32(sample_rate / FRAME_SAMPLES)
    total = magnitude.sum(axis=1)
    power = np.maximum(magnitude * magnitude, np.float32(_FLATNESS_FLOOR))
    change = np.diff(magnitude, axis=0)
    return {
        "loudness": np.sqrt(np.einsum("ft,ft->f", framed, framed) / np.float32(FRAME_SAMPLES)),
        "brightness": (magnitude @ frequency) / np.where(total > 0, total, np.float32(1)),
        "noisiness": np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1),
        "roughness": np.sqrt(np.einsum("fk,fk->f", change, change)) * _FLUX_SCALE,
    }


def estimate_means(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> dict[str, float]:
    """Estimate `means` from every eighth pair of neighbouring frames, six times as fast.

    For curves that are drawn while a sound grows. The frames that reach beyond the ends count as
    what they are: of a tone they are the only noisy ones.

    Parameters
    ----------
    audio : ndarray, shape (T,), float32
        Finite samples, not checked.
    sample_rate : int
        In Hz.

    Returns
    -------
    dict of float
        As `means`: of steady sounds within 10 %, the noisiness within a quarter.
    """
    plan = _glance_plan(len(audio))
    if plan is None:
        return means(audio, sample_rate)
    pairs, frames_each, pairs_each = plan
    padded = np.zeros(len(audio) + FRAME_SAMPLES, dtype=np.float32)
    padded[FRAME_SAMPLES // 2 :][: len(audio)] = audio
    hops = (HOP_SAMPLES * padded.itemsize, padded.itemsize)
    framed = np.ndarray((pairs[-1, 1] + 1, FRAME_SAMPLES), padded.dtype, padded, strides=hops)
    values = np.zeros(len(FEATURES))
    for begin in range(0, len(pairs), _FRAMES_AT_ONCE):
        some = slice(begin, begin + _FRAMES_AT_ONCE)
        levels, flux = _of_pairs(framed[pairs[some]], sample_rate)
        values[:3] += levels @ frames_each[some]
        values[3] += flux @ pairs_each[some]
    return dict(zip(FEATURES, values.tolist(), strict=True))


@functools.lru_cache(maxsize=16)
def _glance_plan(samples: int) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return which pairs of frames to look at, (P, 2), and what each stands for, twice (P,).

    The share of the frames and of the differences between frames. None for a sound too short.
    """
    pairs = samples // HOP_SAMPLES
    inner = (pairs - 4) // _PAIRS_APART
    if inner < 1:
        return None
    chosen = np.array([0, *np.linspace(2, pairs - 3, inner).astype(int), pairs - 1])
    # The outer ones stand for two frames, one difference.
    frames_each = np.array([2.0, *[(pairs - 3) / inner] * inner, 2.0]) / (pairs + 1)
    pairs_each = np.array([1.0, *[(pairs - 2) / inner] * inner, 1.0]) / pairs
    return np.add.outer(chosen, (0, 1)), frames_each, pairs_each


def _of_pairs(framed: np.ndarray, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return features of pairs of frames (P, 2, 2048) in single precision, few steps for speed.

    Loudness, brightness and noisiness, the mean of both frames, (3, P), and roughness, (P,).
    """
    spectrum: Any = fft.rfft(framed * _WINDOW)
    power = spectrum.real**2
    power += spectrum.imag**2
    magnitude = np.sqrt(power)
    np.maximum(power, np.float32(_FLATNESS_FLOOR), out=power)
    change = magnitude[:, 1] - magnitude[:, 0]
    weighted, total = np.moveaxis(magnitude @ _MOMENTS, -1, 0)
    mean_power = power.mean(axis=-1)
    levels = np.stack(
        [
            np.sqrt(np.einsum("pft,pft->pf", framed, framed) / np.float32(FRAME_SAMPLES)),
            weighted / np.maximum(total, _SILENT) * np.float32(sample_rate / FRAME_SAMPLES),
            np.exp(np.log(power, out=power).mean(axis=-1)) / mean_power,
        ]
    )
    return levels.mean(axis=-1), np.sqrt(np.einsum("pk,pk->p", change, change)) * _FLUX_SCALE


def means(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> dict[str, float]:
    """Return the mean of every feature over the frames of a sound."""
    return {
        name: float(values.mean()) if values.size else 0.0
        for name, values in frames(audio, sample_rate).items()
    }


def describe(audio: np.ndarray, sample_rate: int = SAMPLE_RATE) -> dict[str, float]:
    """Return mean and standard deviation of every feature over the frames of a sound.

    Parameters
    ----------
    audio : ndarray, shape (T,)
        Mono sound, full scale ±1.
    sample_rate : int
        In Hz.

    Returns
    -------
    dict of float
        ``loudness_mean``, ``loudness_sd``, ``brightness_mean`` (Hz), … ``roughness_sd``.

    Raises
    ------
    AudioError
        If the sound is not one row of finite numbers.
    """
    return summary(frames(audio, sample_rate))


def summary(by_frame: dict[str, np.ndarray]) -> dict[str, float]:
    """Return mean and standard deviation over frames, as `describe` does, of `frames`."""
    described = {}
    for name, values in by_frame.items():
        described[f"{name}_mean"] = float(values.mean()) if values.size else 0.0
        described[f"{name}_sd"] = float(values.std()) if values.size else 0.0
    return described
