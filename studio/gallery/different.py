"""Which sounds differ: the most different of some, and those that add nothing to others."""

from __future__ import annotations

import numpy as np

NEAR = 4.6
"""Distance of two sounds below which they count as near-duplicates: what two seeds of one map lie
apart (median of 24 maps, ``benchmarks/sounds.py duplicates``), in standardised vectors."""


def medoids(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return rows of sounds that stand for all: the medoid of each of ``count`` clusters.

    Clusters are those of complete linkage, which cuts by distance and not by how many lie where; a
    medoid is the sound that lies nearest to all others of its cluster. So each kind of sound is
    there once, however many there are of it.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Standardised.
    count : int

    Returns
    -------
    ndarray of int, shape (min(count, n),)
        In ascending order.
    """
    if count >= len(vectors):
        return np.arange(len(vectors))
    from scipy.cluster.hierarchy import complete, fcluster

    tree = complete(np.asarray(vectors, dtype=np.float64))
    cluster = fcluster(tree, count, "maxclust")
    chosen = []
    for number in np.unique(cluster):
        rows = np.flatnonzero(cluster == number)
        own = vectors[rows]
        total = [np.linalg.norm(own - each, axis=1).sum() for each in own]
        chosen.append(rows[int(np.argmin(total))])
    return np.sort(chosen)


def likenesses(vectors: np.ndarray, near: float = NEAR) -> np.ndarray:
    """Return for every sound the earlier one that it nearly is, or −1 where it stands for itself.

    Sounds are taken in their order: one that lies nearer than ``near`` to some that stand for
    themselves is like the nearest of them.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Standardised.
    near : float

    Returns
    -------
    ndarray of int, shape (n,)
    """
    like = np.full(len(vectors), -1)
    squares = np.einsum("nd,nd->n", vectors, vectors)
    rows, standing = np.empty(len(vectors), int), np.empty_like(vectors)
    count = 0
    for row, each in enumerate(vectors):
        if count:
            distance = squares[rows[:count]] - 2 * (standing[:count] @ each)
            nearest = int(np.argmin(distance))
            if distance[nearest] + squares[row] < near**2:
                like[row] = rows[nearest]
                continue
        rows[count], standing[count] = row, each
        count += 1
    return like
