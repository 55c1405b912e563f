"""Which trained models there are, and what their cards say. Needs no PyTorch."""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import CheckpointError, ParameterError
from studio.files import settle
from studio.networks.card import parse_card
from studio.text import plain_name

log = logging.getLogger(__name__)


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
    with contextlib.suppress(OSError):  # of a folder that may only be read
        settle(path.parent, path.stem)
    try:
        there = path.is_file()
    except (OSError, ValueError):  # no name that a file can have
        there = False
    if not there:
        raise CheckpointError(_missing(path))
    card_path = path.with_suffix(".json")
    if not card_path.is_file():
        raise CheckpointError(
            f"The model card {card_path} is missing. Put it back beside {path.name}: it names the "
            "classes and channels without which the weights cannot be used."
        )
    try:
        return parse_card(card_path.read_text(encoding="utf-8"))
    except ParameterError as error:
        reason = str(error).rstrip(".")
        raise CheckpointError(
            f"The model card {card_path} {reason}. Get it anew, or train the model again."
        ) from error
    except (ValueError, OSError) as error:
        raise CheckpointError(
            f"The model card {card_path} is not readable JSON ({error}). Get it anew, or train "
            "the model again."
        ) from error


def _missing(path: Path) -> str:
    known = sorted(other.stem for other in path.parent.glob("*.safetensors"))
    there = f"{path.parent} holds {', '.join(known)}" if known else f"{path.parent} holds no models"
    return f"There is no model {path}; {there}. Train one with 'studio train', or choose another."


def available_models(folder: str | Path | None = None) -> list[AvailableModel]:
    """Return the models of a folder in the order of their names; unreadable ones are logged."""
    return survey(folder)[0]


def survey(folder: str | Path | None = None) -> tuple[list[AvailableModel], dict[str, str]]:
    """Return the models of a folder, and by their names why others cannot be used.

    The latter are logged, too, each once.
    """
    place = models_folder(folder)
    with contextlib.suppress(OSError):  # of a folder that may only be read
        for ready in place.glob(".*.ready"):
            settle(place, ready.name[1 : -len(".ready")])
    found, left_out = [], {}
    for path in sorted(place.glob("*.safetensors")):
        name = plain_name(path.stem)
        try:
            if name != path.stem:
                raise CheckpointError(f"The name of the model {name} is no name. Rename its files.")
            card = read_card(path)
        except CheckpointError as error:
            left_out[name] = str(error)
            continue
        architecture = str(card["architecture"])
        dataset = path.stem.removesuffix(f"-{architecture}")
        found.append(AvailableModel(path.stem, dataset, architecture, path, card))
    for message in left_out.values():
        if message not in _told:
            _told.add(message)
            log.warning("left out: %s", message)
    return found, left_out


_told: set[str] = set()
"""What was logged: every visitor asks for the list."""
