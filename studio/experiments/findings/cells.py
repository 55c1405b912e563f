"""Statistics per dataset, architecture and layer, once as measured and often resampled.

A *cell* is one layer of one model; its sounds are those of its feature maps. Every statistic is an
array whose row 0 belongs to the sounds as they are and whose other rows belong to bootstrap
resamples: maps drawn with replacement within their cell. What a claim computes from the statistics
it so computes for all rows at once, and the rows after the first give its interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from studio.dreaming.recipe import DATASETS
from studio.gallery.vectors import cepstral
from studio.networks.architectures import ARCHITECTURES

QUANTITIES = {
    "level": "level",
    "loudness_dynamics": "loudness dynamics",
    "burst_share": "burst share",
    "brightness": "brightness",
    "spectral_dynamics": "spectral dynamics",
    "noisiness": "noisiness",
    "log_noisiness": "log noisiness",
    "noisiness_dynamics": "noisiness dynamics",
    "roughness": "roughness",
    "synchrony": "synchrony",
    "pitchedness": "pitchedness",
}
"""What every sound is described with, and its words."""

FEWEST_MAPS = 3
"""A layer with fewer sounds has no median or spread to speak of."""

_LEAST_FLATNESS = 1e-8
"""So that the logarithm of a perfect tone's flatness exists."""


class NotMeasurable(Exception):
    """A claim needs sounds that are not there; the text says which."""


def quantities(table: pd.DataFrame) -> pd.DataFrame:
    """Return `QUANTITIES` of every sound.

    Parameters
    ----------
    table : DataFrame
        ``loudness_mean`` … ``roughness_sd``, ``burst_share``, ``synchrony``, ``pitchedness``.
    """
    loudness, brightness = table["loudness_mean"], table["brightness_mean"]
    noisiness = table["noisiness_mean"]
    return pd.DataFrame(
        {
            "level": loudness,
            "loudness_dynamics": table["loudness_sd"] / loudness.where(loudness > 0, 1.0),
            "burst_share": table["burst_share"],
            "brightness": brightness,
            "spectral_dynamics": table["brightness_sd"] / brightness.where(brightness > 0, 1.0),
            "noisiness": noisiness,
            "log_noisiness": np.log10(noisiness.clip(lower=_LEAST_FLATNESS)),
            "noisiness_dynamics": table["noisiness_sd"] / noisiness.where(noisiness > 0, 1.0),
            "roughness": table["roughness_mean"],
            "synchrony": table["synchrony"],
            "pitchedness": table["pitchedness"],
        }
    )


def layers_of(architecture: str) -> int:
    """Return the number of layers: one per convolution."""
    return len(ARCHITECTURES[architecture].convolutions)


def rows_by_layer(table: pd.DataFrame) -> dict[tuple[str, str, int], np.ndarray]:
    """Return the row numbers of each dataset, architecture and layer, in order."""
    groups: Any = table.groupby(["dataset", "architecture", "layer"]).indices
    return {(str(d), str(a), int(n)): groups[d, a, n] for d, a, n in sorted(groups)}


class Cells:
    """The sounds of an experiment by cell, with their bootstrap resamples.

    Parameters
    ----------
    table : DataFrame
        ``dataset, architecture, layer, map`` and what `quantities` needs, a row per sound.
    vectors : ndarray, shape (n, 47), optional
        `gallery.vectors.vector` of every row, not standardised.
    resamples : int
    seed : int
    """

    def __init__(
        self,
        table: pd.DataFrame,
        vectors: np.ndarray | None = None,
        resamples: int = 1000,
        seed: int = 0,
    ) -> None:
        self.table = table.reset_index(drop=True)
        self.resamples, self._seed = resamples, seed
        self._measured = quantities(self.table)
        self._cepstra = None if vectors is None else cepstral(vectors).astype(np.float64)
        self._rows = rows_by_layer(self.table)
        self._statistics: dict[tuple[str, str, int], dict[str, np.ndarray]] = {}

    def median(self, quantity: str, dataset: str, architecture: str) -> np.ndarray:
        """Return the layers' medians over maps, shape (1 + resamples, layers)."""
        return self._of_model("median", quantity, dataset, architecture)

    def spread(self, quantity: str, dataset: str, architecture: str) -> np.ndarray:
        """Return the layers' standard deviations over maps, shape (1 + resamples, layers)."""
        return np.sqrt(self._of_model("variance", quantity, dataset, architecture))

    def moments(
        self, quantity: str, cells: list[tuple[str, str, int]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return mean and variance, each (1 + resamples, cells), and number of maps (cells,)."""
        column = list(QUANTITIES).index(quantity)
        statistics = [self._cell(*cell) for cell in cells]
        mean = np.stack([one["mean"][:, column] for one in statistics], axis=1)
        variance = np.stack([one["variance"][:, column] for one in statistics], axis=1)
        return mean, variance, np.array([len(self._rows[cell]) for cell in cells])

    def sounds(self, dataset: str, architecture: str) -> pd.DataFrame:
        """Return `QUANTITIES` of every sound of a model.

        Raises
        ------
        NotMeasurable
            If a layer has fewer than `FEWEST_MAPS` sounds.
        """
        rows = [self._there(dataset, architecture, n) for n in range(layers_of(architecture))]
        return self._measured.iloc[np.concatenate(rows)]

    def distance(self, dataset: str, architecture: str) -> np.ndarray:
        """Return how far apart the sounds of each layer are, shape (1 + resamples, layers).

        The mean Euclidean distance over pairs of different maps between their MFCC statistics, in
        plain units: the cosine transform is orthonormal, so that a distance of the mean
        coefficients is one of the logarithmic spectra.
        """
        if self._cepstra is None:
            raise NotMeasurable("the sounds have no vectors")
        by_layer = []
        for layer in range(layers_of(architecture)):
            rows = self._there(dataset, architecture, layer)
            points = self._cepstra[rows]
            apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
            drawn = self._draw(dataset, architecture, layer)
            times = np.stack([np.bincount(row, minlength=len(rows)) for row in drawn])
            pairs = len(rows) ** 2 - (times**2).sum(axis=1)
            by_layer.append(((times @ apart) * times).sum(axis=1) / np.maximum(pairs, 1))
        return np.stack(by_layer, axis=1)

    def _of_model(self, kind: str, quantity: str, dataset: str, architecture: str) -> np.ndarray:
        column = list(QUANTITIES).index(quantity)
        cells = [self._cell(dataset, architecture, n) for n in range(layers_of(architecture))]
        return np.stack([cell[kind][:, column] for cell in cells], axis=1)

    def _there(self, dataset: str, architecture: str, layer: int) -> np.ndarray:
        rows = self._rows.get((dataset, architecture, layer), np.array([], dtype=int))
        if len(rows) < FEWEST_MAPS:
            raise NotMeasurable(
                f"{dataset}-{architecture}, layer {layer}, has {len(rows)} sounds; "
                f"{FEWEST_MAPS} are needed"
            )
        return rows

    def _draw(self, dataset: str, architecture: str, layer: int) -> np.ndarray:
        """Return which maps of a cell each row takes, shape (1 + resamples, maps)."""
        count = len(self._there(dataset, architecture, layer))
        key = [self._seed, DATASETS.index(dataset), layers_of(architecture), layer]
        drawn = np.random.default_rng(key).integers(count, size=(self.resamples, count))
        return np.concatenate([np.arange(count)[None], drawn])

    def _cell(self, dataset: str, architecture: str, layer: int) -> dict[str, np.ndarray]:
        key = (dataset, architecture, layer)
        if key not in self._statistics:
            values = self._measured.to_numpy()[self._there(*key)]  # (maps, quantities)
            taken = values.T[:, self._draw(*key)]  # (quantities, 1 + resamples, maps)
            self._statistics[key] = {
                "median": np.median(taken, axis=2).T,
                "mean": taken.mean(axis=2).T,
                "variance": taken.var(axis=2, ddof=1).T,
            }
        return self._statistics[key]
