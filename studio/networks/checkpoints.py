"""Trained networks on disk: a safetensors file with the weights and a JSON model card beside it.

Nothing here is pickled, so a model file from a stranger cannot run code. Both files are written to
a temporary folder first and take their places together: whatever goes wrong, there is a whole pair.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as pack_safetensors
from torch import Tensor

from studio.errors import CheckpointError
from studio.files import replacing, replacing_together
from studio.networks.classifier import WaveformClassifier
from studio.networks.listing import available_models, find_model, read_card
from studio.networks.weights import STORED, Weights, load_weights, pack_weights, read_weights

log = logging.getLogger(__name__)

__all__ = [
    "available_models",
    "build_model",
    "find_model",
    "load_model",
    "load_state",
    "read_card",
    "save_model",
    "save_state",
]

DATASETS = ("events", "instruments", "speech")
"""Names of the datasets whose models come with the studio."""


def save_model(model: WaveformClassifier, folder: str | Path, name: str | None = None) -> Path:
    """Write a model's weights and card; convolutions are rounded to 16-bit floats.

    Parameters
    ----------
    model : WaveformClassifier
        Its ``card`` is written with architecture, classes and channels filled in.
    folder : path
        Made when missing.
    name : str, optional
        Stem of both files; ``<dataset of the card>-<architecture>`` by default.

    Returns
    -------
    Path
        The safetensors file.

    Raises
    ------
    CheckpointError
        When the files cannot be written, or 16 bits cannot hold the weights. Files that stood
        there before stay whole.
    """
    folder = Path(folder)
    architecture = model.architecture.name
    name = name or f"{model.card.get('dataset', 'own')}-{architecture}"
    path = folder / f"{name}.safetensors"
    arrays = {key: value.detach().cpu().numpy() for key, value in model.state_dict().items()}
    content = pack_weights(arrays, architecture)
    card = {
        "name": name,
        **model.card,
        "architecture": architecture,
        "classes": list(model.classes),
        "hidden_channels": list(model.channels[:-1]),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "weights": STORED,
        "weights_sha256": hashlib.sha256(content).hexdigest(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing_together(folder, name) as new:
            (new / path.name).write_bytes(content)
            (new / f"{name}.json").write_text(_to_json(card), encoding="utf-8")
    except OSError as error:
        raise CheckpointError(
            f"{path} could not be written ({error.strerror or error}). Free some space or choose "
            "another folder; what was there before is unchanged."
        ) from error
    return path


def _to_json(card: dict[str, Any]) -> str:
    return json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def load_model(
    dataset: str | Path, architecture: str, folder: str | Path | None = None
) -> WaveformClassifier:
    """Load a trained network, ready to dream with.

    Parameters
    ----------
    dataset : str or path
        ``events``, ``instruments``, ``speech``, the name of another dataset in ``folder``, or the
        path of a ``.safetensors`` file.
    architecture : str
        ``model1`` or ``model2``.
    folder : path, optional
        Where models lie; by default where `studio.places.model_folders` says: STUDIO_MODELS, what
        was trained here, what ships with the studio.

    Returns
    -------
    WaveformClassifier
        In evaluation mode, no parameter requires a gradient; ``.classes`` and ``.card`` set.

    Raises
    ------
    ParameterError
        When there is no such architecture.
    CheckpointError
        When the model is missing, damaged or of another architecture.
    """
    return as_classifier(load_weights(dataset, architecture, folder))


def build_model(path: Path, card: dict[str, Any]) -> WaveformClassifier:
    """Return the network that ``card`` describes with the weights of ``path``."""
    return as_classifier(read_weights(path, card))


def as_classifier(weights: Weights | WaveformClassifier) -> WaveformClassifier:
    """Return a network of arrays as a module in evaluation mode; a module as it is."""
    if isinstance(weights, WaveformClassifier):
        return weights
    with torch.device("meta"):
        model = WaveformClassifier(
            weights.architecture.name, weights.classes, weights.channels[:-1], weights.card
        )
    state = {key: torch.from_numpy(value) for key, value in weights.arrays.items()}
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False)


@contextmanager
def as_stored(model: WaveformClassifier) -> Iterator[None]:
    """Let a network have, inside, the weights that it will have once it was saved and loaded."""
    convolutions: Any = model.convolutions
    weights: list[Tensor] = [convolution.weight for convolution in convolutions]
    exact = [weight.detach().clone() for weight in weights]
    try:
        with torch.no_grad():
            for weight in weights:
                weight.copy_(weight.to(torch.float16))
        yield
    finally:
        with torch.no_grad():
            for weight, value in zip(weights, exact, strict=True):
                weight.copy_(value)


def save_state(
    path: Path,
    model: WaveformClassifier,
    optimiser: torch.optim.Optimizer,
    history: list[dict[str, Any]],
) -> None:
    """Write a training under way into one file, whole or not at all.

    Raises
    ------
    CheckpointError
        When it cannot be written; the state that was there stays.
    """
    tensors = {f"model.{key}": value for key, value in model.state_dict().items()}
    for number, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{key}": value for key, value in state.items()}
    tensors = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
    content = pack_safetensors(tensors, metadata={"history": json.dumps(history)})
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise CheckpointError(
            f"The state of the training could not be written to {path.parent} "
            f"({error.strerror or error}). Free some space and start the same command again: it "
            "goes on from the last whole state."
        ) from error


def load_state(
    path: Path, model: WaveformClassifier, optimiser: torch.optim.Optimizer
) -> list[dict[str, Any]]:
    """Fill network and optimiser with a written state and return its history."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            history = json.loads((file.metadata() or {})["history"])
        model.load_state_dict(_part(tensors, "model."))
        states: dict[int, dict[str, torch.Tensor]] = {}
        for key, value in _part(tensors, "optimiser.").items():
            number, name = key.split(".")
            states.setdefault(int(number), {})[name] = value
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": states, "param_groups": groups})
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} cannot be taken up ({error}). Delete it, or start anew with --no-resume."
        ) from error
    return history


def _part(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)
    }
