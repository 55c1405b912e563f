"""Trained networks on disk: a safetensors file with the weights and a JSON model card beside it.

Nothing here is pickled, so a model file from a stranger cannot run code. Both files are written to
a temporary name first and then renamed: whatever goes wrong, the old pair stays whole.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as parse_safetensors
from safetensors.torch import save as pack_safetensors

from studio.errors import CheckpointError, ParameterError
from studio.files import replacing
from studio.networks.classifier import WaveformClassifier, find_architecture
from studio.networks.listing import available_models, find_model, models_folder, read_card

log = logging.getLogger(__name__)

__all__ = [
    "available_models",
    "build_model",
    "find_model",
    "load_model",
    "load_state",
    "models_folder",
    "read_card",
    "save_model",
    "save_state",
]

DATASETS = ("events", "instruments", "speech")
"""Names of the datasets whose models come with the studio."""


def save_model(model: WaveformClassifier, folder: str | Path, name: str | None = None) -> Path:
    """Write a model's weights and card.

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
        When the files cannot be written. Those that stood there before stay whole.
    """
    folder = Path(folder)
    architecture = model.architecture.name
    name = name or f"{model.card.get('dataset', 'own')}-{architecture}"
    path = folder / f"{name}.safetensors"
    weights = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    content = pack_safetensors(weights, metadata={"architecture": architecture})
    card = {
        "name": name,
        **model.card,
        "architecture": architecture,
        "classes": list(model.classes),
        "hidden_channels": list(model.channels[:-1]),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "weights_sha256": hashlib.sha256(content).hexdigest(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        card_path = path.with_suffix(".json")
        with replacing(path) as new_weights, replacing(card_path) as new_card:
            new_weights.write_bytes(content)
            new_card.write_text(_to_json(card), encoding="utf-8")
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
        Where models lie; by default STUDIO_MODELS of the environment or the studio's ``models``.

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
    find_architecture(architecture)
    path = find_model(dataset, architecture, folder)
    card = read_card(path)
    if card["architecture"] != architecture:
        raise CheckpointError(
            f"{path} holds a {card['architecture']}, not a {architecture}. Load it as "
            f"{card['architecture']}."
        )
    return build_model(path, card)


def build_model(path: Path, card: dict[str, Any]) -> WaveformClassifier:
    """Return the network that ``card`` describes with the weights of ``path``."""
    try:
        content = path.read_bytes()
        weights = parse_safetensors(content)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(
            f"{path} is cut off or not a safetensors file ({error}). Get it anew, or train the "
            "model again."
        ) from error
    try:
        with torch.device("meta"):
            model = WaveformClassifier(
                card["architecture"], card["classes"], card["hidden_channels"], card
            )
    except (ParameterError, TypeError) as error:
        raise CheckpointError(f"The model card of {path} does not add up: {error}") from error
    expected = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    found = {key: tuple(value.shape) for key, value in weights.items()}
    if found != expected:
        wrong = next(key for key in [*expected, *found] if found.get(key) != expected.get(key))
        raise CheckpointError(
            f"{path} is not the {card['architecture']} its card describes: {wrong} has shape "
            f"{found.get(wrong, 'none')} where {expected.get(wrong, 'none')} is expected. Load it "
            "with its own card."
        )
    checksum = card.get("weights_sha256")
    if checksum is not None and checksum != hashlib.sha256(content).hexdigest():
        raise CheckpointError(
            f"{path} and its card do not belong together (the checksum differs). Get both anew."
        )
    model.load_state_dict(weights, assign=True)
    return model.eval().requires_grad_(False)


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
