"""List trained models and read their cards. Needs no PyTorch."""

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
from studio.places import model_folders, own_models
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
        f"There is no model {own.stem} in {', '.join(map(str, folders))}; {_known(folders)}. "
        f"Choose another, or train one with 'studio train', which puts it into {own_models()}."
    )


def read_card(path: Path) -> dict[str, Any]:
    """Return the checked model card that lies beside the weights ``path``."""
    with contextlib.suppress(OSError):  # of a folder that may only be read
        settle(path.parent, path.stem)
    try:
        there = path.is_file()
    except (OSError, ValueError):  # no name that a file can have
        there = False
    if not there:
        raise CheckpointError(f"There is no model {path}; {_known([path.parent])}.")
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
    return survey(folder)[0]


def survey(folder: str | Path | None = None) -> tuple[list[AvailableModel], dict[str, str]]:
    """Return the models, and by their names why others cannot be used.

    The latter are logged, too, each once.
    """
    places = model_folders(folder)
    for place in places:
        with contextlib.suppress(OSError):  # of a folder that may only be read
            for ready in place.glob(".*.ready"):
                settle(place, ready.name[1 : -len(".ready")])
    found, left_out = [], {}
    for path in _weights(places):
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
