"""The weights of a network as arrays, read and packed without PyTorch.

Convolutions are stored as 16-bit floats, which halves a model's file and what a browser fetches;
everything that dreams uses these very numbers, so that all engines know the same network. Biases
and batch norm stay 32-bit: they are under two hundredths of the bytes, and a variance may lie
outside what 16 bits hold. Files whose convolutions are 32-bit are read as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as parse_safetensors
from safetensors.numpy import save as pack_safetensors

from studio.errors import CheckpointError, ParameterError
from studio.networks.architectures import Architecture, channels, find_architecture
from studio.networks.listing import find_model, read_card

_OF_NORMALISATION = ("weight", "bias", "running_mean", "running_var")
_COUNTER = "num_batches_tracked"

STORED = "convolutions: 16-bit floats; biases and batch norm: 32-bit; tested as stored"
"""What a model's card says of its file."""

FINGERPRINT_DIGITS = 16
"""Hexadecimal digits of the SHA-256 of a weights file that name it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained network as arrays.

    Attributes
    ----------
    architecture : Architecture
    classes : tuple of str
    channels : tuple of int
        Feature maps of every convolution.
    arrays : dict
        By the names that PyTorch gives them, such as ``convolutions.0.weight``, shape
        (maps, channels, kernel), float32.
    card : dict
        ``weights_sha256`` is set.
    """

    architecture: Architecture
    classes: tuple[str, ...]
    channels: tuple[int, ...]
    arrays: dict[str, np.ndarray] = field(repr=False)
    card: dict[str, Any] = field(repr=False)

    @property
    def layers(self) -> int:
        """Number of convolutions; as a layer index it stands for the log-softmax output."""
        return len(self.channels)

    def maps(self, layer: int) -> int:
        """Return the number of feature maps of ``layer`` (0 … `layers`)."""
        return self.channels[min(layer, self.layers - 1)]

    @property
    def fingerprint(self) -> str:
        """What names these weights: the beginning of their file's SHA-256."""
        return fingerprint(self.card)


def fingerprint(card: Mapping[str, Any]) -> str:
    """Return what names the weights of a loaded model; empty where they never lay in a file."""
    return str(card.get("weights_sha256", ""))[:FINGERPRINT_DIGITS]


def load_weights(
    dataset: str | Path, architecture: str, folder: str | Path | None = None
) -> Weights:
    """Load a trained network as arrays; parameters and errors as `checkpoints.load_model`."""
    find_architecture(architecture)
    path = find_model(dataset, architecture, folder)
    card = read_card(path)
    if card["architecture"] != architecture:
        raise CheckpointError(
            f"{path} holds a {card['architecture']}, not a {architecture}. Load it as "
            f"{card['architecture']}."
        )
    return read_weights(path, card)


def read_weights(path: Path, card: Mapping[str, Any]) -> Weights:
    """Return the network that ``card`` describes with the weights of ``path``.

    Raises
    ------
    CheckpointError
        If they are damaged, not what the card says, or no numbers.
    """
    try:
        content = path.read_bytes()
        found = parse_safetensors(content)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path} is cut off or not a safetensors file ({error}). Get it anew, or train the "
            "model again."
        ) from error
    try:
        architecture = find_architecture(card["architecture"])
        classes = tuple(card["classes"])
        maps = channels(architecture, classes, card["hidden_channels"])
    except (ParameterError, TypeError) as error:
        raise CheckpointError(f"The model card of {path} does not add up: {error}") from error
    expected = shapes(architecture, maps)
    there = {key: value.shape for key, value in found.items()}
    if there != expected:
        wrong = next(key for key in [*expected, *there] if there.get(key) != expected.get(key))
        raise CheckpointError(
            f"{path} is not the {architecture.name} its card describes: {wrong} has shape "
            f"{there.get(wrong, 'none')} where {expected.get(wrong, 'none')} is expected. Load it "
            "with its own card."
        )
    for key, value in found.items():
        if value.dtype.kind != ("i" if key.endswith(_COUNTER) else "f"):
            raise CheckpointError(
                f"{path} holds another kind of numbers than a network ({key}: {value.dtype}). Get "
                "it anew, or train the model again."
            )
    checksum = hashlib.sha256(content).hexdigest()
    if card.get("weights_sha256") not in (None, checksum):
        raise CheckpointError(
            f"{path} and its card do not belong together (the checksum differs). Get both anew."
        )
    arrays = {
        key: found[key].astype(np.int64 if key.endswith(_COUNTER) else np.float32)
        for key in expected
    }
    _check_numbers(path, arrays)
    own_card = {**card, "weights_sha256": checksum}
    return Weights(architecture, classes, maps, arrays, own_card)


def pack_weights(
    arrays: Mapping[str, np.ndarray], architecture: str, more: Mapping[str, str] | None = None
) -> bytes:
    """Return the file of a network's arrays; ``more`` stands beside the architecture in its header.

    Raises
    ------
    CheckpointError
        If they hold what is no number, or a convolution's weight above what 16 bits hold.
    """
    with np.errstate(over="ignore"):
        stored = {
            key: np.array(value, np.float16 if value.ndim > 1 else None, order="C")
            for key, value in arrays.items()
        }
    for key, value in stored.items():
        if not np.isfinite(value).all():
            raise CheckpointError(
                f"The network cannot be stored: {key} holds numbers that are invalid (NaN) or too "
                "large. Train it again with a smaller learning rate."
            )
    return pack_safetensors(stored, metadata={"architecture": architecture, **(more or {})})


def in_order(layers: int) -> list[str]:
    """Return the names of a network's numbers by layers, batch norm behind its convolution."""
    names = []
    for layer in range(layers):
        names += [f"convolutions.{layer}.weight", f"convolutions.{layer}.bias"]
        if layer < layers - 1:
            names += [f"normalisations.{layer}.{name}" for name in _OF_NORMALISATION]
    return names


def shapes(architecture: Architecture, maps: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return name and shape of every array of a network."""
    found: dict[str, tuple[int, ...]] = {}
    for name in in_order(len(maps)):
        layer = int(name.split(".")[1])
        found[name] = (maps[layer],)
        if name == f"convolutions.{layer}.weight":
            kernel = architecture.convolutions[layer].kernel
            found[name] = (maps[layer], maps[layer - 1] if layer else 1, kernel)
        if name.endswith(_OF_NORMALISATION[-1]):
            found[f"normalisations.{layer}.{_COUNTER}"] = ()
    return found


def _check_numbers(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    for key, value in arrays.items():
        if not np.isfinite(value).all():
            raise CheckpointError(
                f"{path} holds invalid numbers (NaN) in {key}. Get it anew, or train the model "
                "again."
            )
        if key.endswith("running_var") and (value < 0).any():
            raise CheckpointError(
                f"{path} holds a variance below 0 in {key}. Get it anew, or train the model again."
            )
