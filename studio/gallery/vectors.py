"""Feature vectors of sounds, their distances and their positions on the map."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.sound import SAMPLE_RATE
from studio.sound.descriptors import measure

COEFFICIENTS = 20
"""Mel-frequency cepstral coefficients: librosa's default, and the field's."""


def vector(audio: np.ndarray) -> np.ndarray:
    """Return what a sound is like, as numbers in which distance means difference.

    Parameters
    ----------
    audio : ndarray, shape (T,)
        At 44,100 Hz, full scale ±1.

    Returns
    -------
    ndarray, shape (47,), float32
        Mean and standard deviation over frames of the MFCCs 1 … 19, which are the shape of the
        spectrum; then logarithm of loudness, dynamics of loudness, logarithm of brightness,
        dynamics of brightness, logarithms of noisiness and roughness, burst share, synchrony and
        pitchedness. Not standardised.
    """
    import librosa

    cepstrum: Any = librosa.feature.mfcc(y=audio, sr=SAMPLE_RATE, n_mfcc=COEFFICIENTS)[1:]
    described = measure(audio)
    loudness, brightness = described["loudness_mean"], described["brightness_mean"]
    rest = [
        np.log(loudness + 1e-6),
        described["loudness_sd"] / (loudness + 1e-6),
        np.log(brightness + 1.0),
        described["brightness_sd"] / (brightness + 1.0),
        np.log(described["noisiness_mean"] + 1e-8),
        np.log(described["roughness_mean"] + 1e-6),
        described["burst_share"],
        described["synchrony"],
        described["pitchedness"],
    ]
    parts = [cepstrum.mean(axis=1), cepstrum.std(axis=1), rest]
    return np.concatenate(parts).astype(np.float32)


def cepstral(vectors: np.ndarray) -> np.ndarray:
    """Return the MFCC statistics among ``vectors`` (n, 47), shape (n, 38)."""
    return vectors[:, : 2 * (COEFFICIENTS - 1)]


def positions(vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    """Lay sounds out so that alike ones lie close together (t-SNE; van der Maaten, 2008).

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Standardised.
    seed : int

    Returns
    -------
    ndarray, shape (n, 2)
        Within −1 … 1.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    if len(vectors) < 8:
        placed = np.zeros((len(vectors), 2))
        placed[:, 0] = np.linspace(-1, 1, len(vectors))
        return placed
    start = PCA(2, random_state=seed).fit_transform(vectors)
    start *= 1e-4 / start[:, 0].std()
    perplexity = min(30.0, (len(vectors) - 1) / 4)
    placed = TSNE(init=start, perplexity=perplexity, random_state=seed).fit_transform(vectors)
    placed -= (placed.max(axis=0) + placed.min(axis=0)) / 2
    return placed / np.abs(placed).max()
