"""Stereo from two dreams: the recipe's own is the middle, one of another seed the side.

With angle φ = stereo_width · 45°, left = cos φ · middle + sin φ · side and right = cos φ · middle −
sin φ · side. The side is made perpendicular to the middle and as strong, so both channels are
equally loud at every width, and uncorrelated at width 1. What a mono player adds up is the middle
alone: the very sound that the recipe gives without width.
"""

from __future__ import annotations

import math

import numpy as np

_MOST_SIDE_GAIN = 4.0
"""A side that hardly differs from the middle is not blown up: it would be all rounding errors."""


def side_seed(seed: int) -> int:
    """Return the seed of the side's noise and offsets."""
    return seed ^ 0x9E3779B9


def widen(middle: np.ndarray, side: np.ndarray, width: float) -> np.ndarray:
    """Return a stereo sound from two dreams of one length.

    Parameters
    ----------
    middle, side : ndarray, shape (T,), float32
    width : float
        0 (both channels are the middle) … 1.

    Returns
    -------
    ndarray, shape (T, 2), float32
        Its largest sample is as large as the middle's.
    """
    angle = width * math.pi / 4
    centre, other = middle.astype(np.float64), side.astype(np.float64)
    energy = float(centre @ centre)
    if energy > 0:
        other = other - centre * (float(other @ centre) / energy)
    strength = float(other @ other)
    gain = min(math.sqrt(energy / strength), _MOST_SIDE_GAIN) if strength > 0 else 0.0
    centre, other = centre * math.cos(angle), other * (gain * math.sin(angle))
    both = np.stack([centre + other, centre - other], axis=1)
    peak = float(np.abs(both).max(initial=0.0))
    if peak > 0:
        both *= float(np.abs(middle).max()) / peak
    return both.astype(np.float32)
