"""Typical responses of every map on test clips, as a baseline for comparison.

Maps differ in scale by factors of thousands: a raw response says little. So a response is set
beside the same map's responses to many other sounds. "Stronger than for 95 % of the test sounds"
means the same at every map of every layer.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from studio.analysis.responses import decibels, respond
from studio.files import replacing
from studio.networks.classifier import WaveformClassifier
from studio.sound import SAMPLE_RATE

log = logging.getLogger(__name__)

LEVELS = np.linspace(0, 1, 41)
"""Shares of the sounds for which quantiles are kept."""

NOISE = "seconds of white noise"
TEST_SOUNDS = "test sounds"

_NOISES = 64
_MIDDLE = len(LEVELS) // 2


@dataclass(frozen=True, slots=True)
class Typical:
    """The responses of all maps to many sounds.

    Attributes
    ----------
    sounds : str
        What was listened to.
    count : int
        How many of them.
    quantiles_db : list of ndarray, one per convolution, shape (maps, 41)
        Quantiles at `LEVELS` of the mean square, in dB.
    """

    sounds: str
    count: int
    quantiles_db: list[NDArray[np.float32]] = field(repr=False)

    @classmethod
    def of(cls, responses: Sequence[NDArray[np.floating]], sounds: str) -> Typical:
        """Return the quantiles of responses, one array (sounds, maps) per convolution."""
        quantiles = [
            np.quantile(decibels(layer), LEVELS, axis=0).T.astype(np.float32) for layer in responses
        ]
        return cls(sounds, len(responses[0]), quantiles)

    def shares(
        self,
        layer: int,
        responses: NDArray[np.floating],
        maps: Sequence[int] | NDArray[np.intp] | None = None,
    ) -> NDArray[np.float64]:
        """Return for which share of the sounds maps respond less.

        Parameters
        ----------
        layer : int
        responses : ndarray, shape (..., maps)
        maps : sequence of int, optional
            Which maps of the layer these are; by default all in order.

        Returns
        -------
        ndarray, shape (..., maps), 0 to 1
        """
        quantiles = self.quantiles_db[layer]
        quantiles = quantiles if maps is None else quantiles[np.asarray(maps)]
        levels = np.moveaxis(decibels(responses), -1, 0)
        found = [np.interp(one, own, LEVELS) for one, own in zip(levels, quantiles, strict=True)]
        return np.moveaxis(np.array(found), 0, -1)

    def over_usual_db(self, layer: int, responses: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return by how many dB each map responds more than to half of the sounds."""
        return decibels(responses) - self.quantiles_db[layer][:, _MIDDLE]

    def order(self, layer: int, responses: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the maps of a layer, those first that are stronger than for most of the sounds.

        Among maps whose shares are the same in whole percent, those come first that are furthest
        above what is usual for them.
        """
        shares = np.floor(100 * self.shares(layer, responses) + 1e-9)
        return np.lexsort((-self.over_usual_db(layer, responses), -shares))


def typical_of_noise(model: WaveformClassifier) -> Typical:
    """Return how maps respond to white noise: what to compare with where no recordings are."""
    noise = np.random.default_rng(0).standard_normal((_NOISES, SAMPLE_RATE), dtype=np.float32)
    noise /= np.abs(noise).max(axis=1, keepdims=True)
    return Typical.of(respond(model, torch.from_numpy(noise))[0], NOISE)


def typical_path(weights: Path) -> Path:
    """Return where the typical responses of a model lie: beside its weights."""
    return weights.with_suffix(".typical.npz")


def write_typical(path: Path, typical: Typical, weights_sha256: str) -> None:
    """Write typical responses, marked with the weights that they belong to."""
    packed = io.BytesIO()
    layers: dict[str, Any] = {
        f"layer{number}": values.astype(np.float16)
        for number, values in enumerate(typical.quantiles_db)
    }
    about = {
        "sounds": np.array(typical.sounds),
        "count": np.array(typical.count),
        "weights_sha256": np.array(weights_sha256),
    }
    np.savez_compressed(packed, **about, **layers)
    with replacing(path) as temporary:
        temporary.write_bytes(packed.getvalue())


def read_typical(path: Path, model: WaveformClassifier, weights_sha256: str) -> Typical | None:
    """Return a model's typical responses, or None where there are none for these weights."""
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as packed:
            if str(packed["weights_sha256"]) != weights_sha256:
                log.warning("%s belongs to other weights: measure this model again.", path)
                return None
            layers = [packed[f"layer{n}"].astype(np.float32) for n in range(model.layers)]
            typical = Typical(str(packed["sounds"]), int(packed["count"]), layers)
    except (OSError, KeyError, ValueError) as error:
        log.warning("%s cannot be read (%s): measure this model again.", path, error)
        return None
    shapes = [(model.maps(layer), len(LEVELS)) for layer in range(model.layers)]
    if [layer.shape for layer in layers] != shapes:
        log.warning("%s has other maps than its model: measure this model again.", path)
        return None
    return typical
