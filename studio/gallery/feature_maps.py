"""Ids of all feature maps, and the recipe of each one's gallery sound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.networks.listing import AvailableModel, available_models
from studio.places import own_models
from studio.sound import SAMPLE_RATE

EXPERIMENT_1 = Recipe(low_pass="butterworth")
"""The settings of the paper's Experiment 1 (section 4.1).

The paper does not say what kind of low-pass it used. Of the choices it leaves open, these agree
best with what it found; `experiments.sensitivity` compares them (docs/experiments.md).
"""


@dataclass(frozen=True, slots=True, order=True)
class FeatureMapId:
    """One feature map of one model.

    Attributes
    ----------
    dataset, architecture : str
    layer, map : int
    label : str
        The class that the map stands for, at the last layer; else empty.
    """

    dataset: str
    architecture: str
    layer: int
    map: int
    label: str = ""

    @property
    def model(self) -> str:
        """Name of the model's file, without its ending."""
        return f"{self.dataset}-{self.architecture}"

    def recipe(self, settings: Recipe) -> Recipe:
        """Return the recipe of this unit's sound.

        Every map of a layer starts from other noise; the same map of other models starts from the
        same.
        """
        return settings.replace(
            dataset=self.dataset,
            architecture=self.architecture,
            targets=((self.layer, self.map),),
            seed=settings.seed + self.map,
        )


def all_units(
    models: Sequence[str] = (), maps: int = 0, folder: str | Path | None = None
) -> list[FeatureMapId]:
    """Return the units of the models that are there, in order.

    Parameters
    ----------
    models : sequence of str
        Names such as ``events-model1``; none: the models of the paper's three datasets that exist.
    maps : int
        At most so many maps of each layer, spread evenly over it; 0: all.
    folder : path, optional
        Where the models lie.

    Raises
    ------
    ParameterError
        If a model that is named does not exist, or none exists.
    """
    there = {model.name: model for model in available_models(folder)}
    unknown = [name for name in models if name not in there]
    if unknown:
        known = ", ".join(there) or "none"
        raise ParameterError(f"There is no model '{unknown[0]}'; there are: {known}.")
    if not there:
        raise ParameterError(
            "There are no models to dream with. Train one with 'studio train', which puts it into "
            f"{own_models()}."
        )
    return [
        unit
        for name, model in there.items()
        if name in models or not models
        for unit in _units_of(model, maps)
    ]


def _units_of(model: AvailableModel, most: int) -> Iterable[FeatureMapId]:
    classes = list(model.card["classes"])
    channels = [*model.card["hidden_channels"], len(classes)]
    for layer, count in enumerate(channels):
        labels = classes if layer == len(channels) - 1 else [""] * count
        for feature_map in spread(count, most):
            yield FeatureMapId(
                model.dataset, model.architecture, layer, feature_map, labels[feature_map]
            )


def spread(count: int, most: int) -> list[int]:
    """Return at most ``most`` of 0 … count − 1, spread evenly, ends included; 0: all."""
    if most <= 0 or most >= count:
        return list(range(count))
    return sorted({int(index) for index in np.linspace(0, count - 1, most).round()})


def scattered(number: int) -> float:
    """Return a place in 0 … 1 such that counting in the order of places scatters numbers evenly.

    The van der Corput sequence in base 2: any beginning of that order is spread over the whole.
    """
    return int(f"{number:b}"[::-1], 2) / (1 << max(1, number.bit_length()))


@lru_cache(maxsize=64)
def fingerprint(path: Path, modified: float) -> str:
    """Return eight letters that tell one version of a model's weights from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def samples_of(settings: Recipe) -> int:
    """Return the length of every sound in samples."""
    return round(settings.seconds * SAMPLE_RATE)
