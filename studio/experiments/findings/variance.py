"""Shares of variance and standardised differences, for all resamples at once."""

from __future__ import annotations

import numpy as np


def shares_of_variance(
    mean: np.ndarray, variance: np.ndarray, count: np.ndarray, factors: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return η² of every factor in an analysis of variance without interaction.

    The cells hold different numbers of sounds, so that the factors are not orthogonal; a factor's
    sum of squares is what it explains beyond all others (type II), and η² its share of the total.

    Parameters
    ----------
    mean, variance : ndarray, shape (R, C)
        Of the sounds of each cell; the variance with n − 1.
    count : ndarray, shape (C,)
        Sounds per cell.
    factors : dict of ndarray, shape (C,)
        The level of each factor that a cell belongs to.

    Returns
    -------
    dict of ndarray, shape (R,)
    """
    weight = np.sqrt(count)
    grand = (mean * count).sum(axis=1, keepdims=True) / count.sum()
    centred = (mean - grand) * weight
    total = (centred**2).sum(axis=1) + (variance * (count - 1)).sum(axis=1)

    def explained(names: list[str]) -> np.ndarray:
        columns = [np.ones(len(count))]
        for name in names:
            columns += [
                (factors[name] == level).astype(float) for level in np.unique(factors[name])
            ]
        basis, size, _ = np.linalg.svd(np.stack(columns, axis=1) * weight[:, None])
        basis = basis[:, : int((size > 1e-9 * size[0]).sum())]
        return ((centred @ basis) ** 2).sum(axis=1)

    everything = explained(list(factors))
    total = np.where(total > 0, total, 1.0)
    return {
        name: (everything - explained([other for other in factors if other != name])) / total
        for name in factors
    }


def difference(
    mean: np.ndarray, variance: np.ndarray, count: np.ndarray, one: int, other: int
) -> np.ndarray:
    """Return |Cohen's d| between two cells: the distance of means in pooled standard deviations.

    Parameters
    ----------
    mean, variance : ndarray, shape (R, C)
    count : ndarray, shape (C,)
    one, other : int
        Which cells.

    Returns
    -------
    ndarray, shape (R,)
    """
    free = count - 1
    pooled = (free[one] * variance[:, one] + free[other] * variance[:, other]) / (
        free[one] + free[other]
    )
    apart = np.abs(mean[:, one] - mean[:, other])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(apart > 0, apart / np.sqrt(pooled), 0.0)
