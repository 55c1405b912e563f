"""Which sounds of a gallery are like another sound."""

from __future__ import annotations

import numpy as np

from studio.gallery.index import Gallery
from studio.gallery.vectors import vector


def vector_of(audio: np.ndarray) -> np.ndarray:
    """Return what `nearest` looks for, of any sound (T,) at 44,100 Hz.

    Sounds of a gallery peak at full scale or below it by little; so is this one looked at, that
    its level does not matter.
    """
    peak = float(np.abs(audio).max(initial=0.0)) or 1.0
    return vector(np.asarray(audio, dtype=np.float32) / peak)


def nearest(gallery: Gallery, wanted: np.ndarray, count: int = 12) -> np.ndarray:
    """Return the rows of the sounds that are most like a vector, the most alike first.

    Parameters
    ----------
    gallery : Gallery
    wanted : ndarray, shape (d,)
        As `vector_of` gives it, not standardised.
    count : int

    Returns
    -------
    ndarray of int, shape (min(count, n),)
    """
    distance = np.linalg.norm(gallery.vectors - gallery.standardise(wanted), axis=1)
    return np.argsort(distance, kind="stable")[:count]
