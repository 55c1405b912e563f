"""List trained models and read their cards. Needs no PyTorch."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import CheckpointError
from studio.places import model_folders, own_models

log = logging.getLogger(__name__)

_CARD_FIELDS = ("architecture", "classes", "hidden_channels")


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """A model that `load_model` can load: ``load_model(model.dataset, model.architecture)``."""

    name: str
    dataset: str
    architecture: str
    path: Path
    card: dict[str, Any]


def find_model(dataset: str | Path, architecture: str, folder: str | Path | None = None) -> Path:
    """Return the weights' path of a model by name, or a path of the user's own as it is.

    Models are looked for where `studio.places.model_folders` says.

    Raises
    ------
    CheckpointError
        If no folder holds a model of that name.
    """
    text = str(dataset)
    if text.endswith(".safetensors"):
        return Path(text)
    if text.endswith(f"-{architecture}"):
        text = text.removesuffix(f"-{architecture}")
    own = Path(f"{text}-{architecture}.safetensors")
    if os.sep in text or "/" in text:
        return own
    folders = model_folders(folder)
    for place in folders:
        if (place / own).is_file():
            return place / own
    raise CheckpointError(
        f"There is no model {own.stem}; {_known(folders)}. Choose another, or train one with "
        f"'studio train', which puts it into {own_models()}."
    )


def read_card(path: Path) -> dict[str, Any]:
    """Return the checked model card that lies beside the weights ``path``."""
    if not path.is_file():
        raise CheckpointError(f"There is no model {path}; {_known([path.parent])}.")
    card_path = path.with_suffix(".json")
    if not card_path.is_file():
        raise CheckpointError(
            f"The model card {card_path} is missing. Put it back beside {path.name}: it names the "
            "classes and channels without which the weights cannot be used."
        )
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        missing = [field for field in _CARD_FIELDS if field not in card]
    except (ValueError, TypeError) as error:
        raise CheckpointError(
            f"The model card {card_path} is not readable JSON ({error}). Get it anew, or train "
            "the model again."
        ) from error
    if not isinstance(card, dict) or missing:
        raise CheckpointError(
            f"The model card {card_path} lacks {', '.join(missing) or 'all fields'}. Get it anew, "
            "or train the model again."
        )
    return card


def _weights(folders: list[Path]) -> list[Path]:
    """Return the weights in these folders by name; of the same name, the first folder's."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*.safetensors"):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def _known(folders: list[Path]) -> str:
    known = [path.stem for path in _weights(folders)]
    return f"there are {', '.join(known)}" if known else "there are none"


def available_models(folder: str | Path | None = None) -> list[AvailableModel]:
    """Return the models in the order of their names; unreadable ones are logged and left out.

    They are looked for where `studio.places.model_folders` says.
    """
    found = []
    for path in _weights(model_folders(folder)):
        try:
            card = read_card(path)
        except CheckpointError as error:
            log.warning("%s", error)
            continue
        architecture = str(card["architecture"])
        dataset = path.stem.removesuffix(f"-{architecture}")
        found.append(AvailableModel(path.stem, dataset, architecture, path, card))
    return found
