"""Nearest-neighbour search for sounds in the gallery."""

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


def loudest(sound: np.ndarray, samples: int) -> np.ndarray:
    """Return the part of a sound (T,) that holds the most energy, at most ``samples`` long.

    Of a recording it is what one means: not the silence before somebody plays.
    """
    if len(sound) <= samples:
        return sound
    # Roughly first, in steps of a tenth; then to the sample, near the best step.
    step = max(1, samples // 10)
    energy = np.add.reduceat(np.square(sound, dtype=np.float32), np.arange(0, len(sound), step))
    rough = int(np.convolve(energy, np.ones(10), mode="valid").argmax()) * step
    first = max(0, min(rough - step, len(sound) - samples))
    near = np.square(sound[first : rough + samples + step], dtype=np.float64)
    passed = np.concatenate([[0.0], np.cumsum(near)])
    start = first + int((passed[samples:] - passed[:-samples]).argmax())
    return sound[start : start + samples]


def nearest(
    gallery: Gallery, wanted: np.ndarray, count: int = 12, of_each: list[str] | None = None
) -> np.ndarray:
    """Return the rows of the sounds that are most like a vector, the most alike first.

    Parameters
    ----------
    gallery : Gallery
    wanted : ndarray, shape (d,)
        As `vector_of` gives it, not standardised.
    count : int
    of_each : list of str, optional
        Columns of the table: ``count`` sounds of each of their combinations instead of all.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    distance = np.linalg.norm(gallery.vectors - gallery.standardise(wanted), axis=1)
    rows = np.argsort(distance, kind="stable")
    if not of_each:
        return rows[:count]
    table = gallery.table.iloc[rows]
    return rows[(table.groupby(of_each, sort=False).cumcount() < count).to_numpy()]
