"""Frequency responses of all maps, measured with pure tones.

Tones of full scale between 30 Hz and 16 kHz go through the network; a map's response to a tone is
the mean square of its activation before Swish: the very quantity that a dream increases. The first
layer's filters can also be looked at directly: their spectra, sorted by the frequency of their
peak, are how Ardila et al. studied what a network learns from raw waveforms ("Audio deepdream:
Optimizing raw audio with convolutional networks").

At the first layer both must agree. A filter h with bias b answers a tone of amplitude 1 with

    mean square = |H(f)|² / 2 + b²,    H(f) = Σ_n h[n] · exp(-2πi·f·n / sample_rate)

but for both ends of the second, where the filter reaches into the silence around it, and for tones
at multiples of half the layer's step rate, which its stride always meets in the same phase.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.analysis.responses import decibels, respond
from studio.errors import ParameterError
from studio.networks.classifier import WaveformClassifier
from studio.sound import SAMPLE_RATE

LOWEST_HZ, HIGHEST_HZ = 30.0, 16_000.0
TONES = 120
"""Between the lowest and the highest: 13 in each octave."""


def tone_frequencies(count: int = TONES) -> NDArray[np.float64]:
    """Return ``count`` frequencies in Hz, evenly spaced for the ear."""
    return np.geomspace(LOWEST_HZ, HIGHEST_HZ, count)


def tones(frequencies_hz: NDArray[np.float64]) -> Tensor:
    """Return a second of a sine for each frequency, shape (frequencies, 44100), full scale."""
    seconds = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    waves = np.sin(2 * np.pi * np.asarray(frequencies_hz)[:, None] * seconds)
    return torch.from_numpy((waves / np.abs(waves).max(axis=1, keepdims=True)).astype(np.float32))


def tone_responses(
    model: WaveformClassifier, frequencies_hz: NDArray[np.float64] | None = None
) -> list[NDArray[np.float32]]:
    """Return the response of every map to tones.

    Parameters
    ----------
    model : WaveformClassifier
    frequencies_hz : ndarray, shape (F,), optional
        By default `tone_frequencies`.

    Returns
    -------
    list of ndarray, one per convolution, shape (maps, F)

    Raises
    ------
    ParameterError
        If a frequency is not between 0 and half the sample rate.
    """
    wanted = tone_frequencies() if frequencies_hz is None else np.asarray(frequencies_hz)
    wrong = wanted[~((wanted > 0) & (wanted < SAMPLE_RATE / 2))]
    if len(wrong):
        raise ParameterError(
            f"frequencies_hz={wrong[0]:g} must lie between 0 and {SAMPLE_RATE // 2} "
            "(half the sample rate)."
        )
    return [response.T for response in respond(model, tones(wanted))[0]]


def filter_taps(model: WaveformClassifier) -> NDArray[np.float32]:
    """Return the filters of the first convolution, shape (maps, taps)."""
    first: Any = model.convolutions[0]
    return first.weight.detach().squeeze(1).cpu().numpy()


def filter_spectra(
    model: WaveformClassifier, frequencies_hz: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the magnitudes of the filters of the first convolution, shape (maps, frequencies)."""
    taps = filter_taps(model)
    turns = np.outer(np.arange(taps.shape[1]), np.asarray(frequencies_hz)) / SAMPLE_RATE
    return np.abs(taps @ np.exp(-2j * np.pi * turns))


def best_frequencies(
    responses: NDArray[np.floating], frequencies_hz: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the frequency in Hz at which each map responds most, shape (maps,)."""
    return np.asarray(frequencies_hz)[responses.argmax(axis=1)]


def by_frequency(
    responses: NDArray[np.floating], frequencies_hz: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the maps in the order of their best frequencies, lowest first."""
    return np.argsort(best_frequencies(responses, frequencies_hz), kind="stable")


def below_best_db(responses: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return by how many dB each map responds less than to its best tone: 0 and below."""
    levels = decibels(responses)
    return levels - levels.max(axis=1, keepdims=True)
