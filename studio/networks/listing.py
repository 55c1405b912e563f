"""List trained models and read their cards. Needs no PyTorch."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import CheckpointError

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


def models_folder(folder: str | Path | None = None) -> Path:
    """Return ``folder``, else that of the environment's STUDIO_MODELS, else the studio's own."""
    own = Path(__file__).resolve().parents[2] / "models"
    return Path(folder or os.environ.get("STUDIO_MODELS") or own)


def find_model(dataset: str | Path, architecture: str, folder: str | Path | None = None) -> Path:
    """Return the weights' path of a model by name, or a path of the user's own as it is."""
    text = str(dataset)
    if text.endswith(".safetensors"):
        return Path(text)
    if text.endswith(f"-{architecture}"):
        text = text.removesuffix(f"-{architecture}")
    own = Path(f"{text}-{architecture}.safetensors")
    if os.sep in text or "/" in text:
        return own
    return models_folder(folder) / own


def read_card(path: Path) -> dict[str, Any]:
    """Return the checked model card that lies beside the weights ``path``."""
    if not path.is_file():
        raise CheckpointError(_missing(path))
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


def _missing(path: Path) -> str:
    known = sorted(other.stem for other in path.parent.glob("*.safetensors"))
    there = f"{path.parent} holds {', '.join(known)}" if known else f"{path.parent} holds no models"
    return f"There is no model {path}; {there}. Train one with 'studio train', or choose another."


def available_models(folder: str | Path | None = None) -> list[AvailableModel]:
    """Return the models of a folder in the order of their names; unreadable ones are logged."""
    found = []
    for path in sorted(models_folder(folder).glob("*.safetensors")):
        try:
            card = read_card(path)
        except CheckpointError as error:
            log.warning("%s", error)
            continue
        architecture = str(card["architecture"])
        dataset = path.stem.removesuffix(f"-{architecture}")
        found.append(AvailableModel(path.stem, dataset, architecture, path, card))
    return found
