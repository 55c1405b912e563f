"""A model as one file: its weights with its card inside, to be given on and taken in.

The file is safetensors: a header in JSON, then numbers. Nothing in it is ever run. What comes from
others is checked whole before anything is kept.
"""

from __future__ import annotations

import json
import re
import struct
import tempfile
from pathlib import Path
from typing import Any

from studio.errors import CheckpointError, ParameterError, TooLargeError
from studio.networks.card import parse_card
from studio.networks.listing import available_models, find_model, read_card
from studio.networks.weights import pack_weights, read_weights

MOST_MODEL_BYTES = 64 << 20
_MOST_HEADER_BYTES = 4 << 20
_OF_THE_FILE = ("weights_sha256", "name")


def pack_model(dataset: str, architecture: str) -> bytes:
    """Return a model of the `listing` as one file.

    Raises
    ------
    CheckpointError
        If there is none of that name, or its files are damaged.
    """
    path = find_model(dataset, architecture)
    card = read_card(path)
    weights = read_weights(path, card)
    told = {key: value for key, value in card.items() if key not in _OF_THE_FILE}
    told["dataset"] = dataset
    metadata = {"card": json.dumps(told, ensure_ascii=False)}
    return pack_weights(weights.arrays, architecture, metadata)


def take_in(content: bytes, folder: Path) -> str:
    """Keep a model that came as one file; return its name, which is one that was free.

    Raises
    ------
    TooLargeError, CheckpointError
        If it is too large, broken, no network, or its card does not fit: nothing is kept then.
    """
    if len(content) > MOST_MODEL_BYTES:
        raise TooLargeError(f"A model has {MOST_MODEL_BYTES >> 20} MB at most.")
    card = _card_inside(content)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "model.safetensors")
        path.write_bytes(content)
        try:
            weights = read_weights(path, card)
        except CheckpointError as error:
            raise CheckpointError(str(error).replace(str(path), "This file")) from None
    from studio.networks.checkpoints import as_classifier, save_model

    architecture = weights.architecture.name
    dataset = _free_name(str(card.get("dataset", "")), architecture)
    model = as_classifier(weights)
    model.card = {**card, "dataset": dataset}
    return save_model(model, folder, f"{dataset}-{architecture}").stem


def _card_inside(content: bytes) -> dict[str, Any]:
    """Return the checked card of a model file."""
    size = struct.unpack("<Q", content[:8])[0] if len(content) > 8 else 0
    if not 0 < size <= min(_MOST_HEADER_BYTES, len(content) - 8):
        raise CheckpointError("This is no model of a studio. Choose a file that one has given out.")
    try:
        header = json.loads(content[8 : 8 + size])
        text = header["__metadata__"]["card"]
        card = parse_card(text)
    except (KeyError, TypeError):
        raise CheckpointError(
            "This file has no model card inside. Download the model from a studio once more."
        ) from None
    except ParameterError as error:
        raise CheckpointError(f"The card of this model {str(error).rstrip('.')}.") from None
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"This file is damaged ({error}). Get it anew.") from None
    return {key: value for key, value in card.items() if key not in _OF_THE_FILE}


def _free_name(dataset: str, architecture: str) -> str:
    """Return a name for the model that no other has."""
    base = re.sub(r"[^\w]+", "_", dataset).strip("_")[:60] or "model"
    taken = {model.name for model in available_models()}
    for number in range(1, 1000):
        name = base if number == 1 else f"{base}_{number}"
        if f"{name}-{architecture}" not in taken:
            return name
    raise ParameterError(f"There are too many models called {base}. Delete some.")
