"""WAV files that carry their recipe, and by what they were dreamed.

The recipe is JSON in the comment. Engine and weights stand in the software entry, which no reader
takes for a recipe: ``Deep Dream studio 0.1.0; engine 1; weights 920af023049abbfc``.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from studio.dreaming.origin import Origin
from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, ParameterError
from studio.sound import files

_FIELDS = {field.name for field in dataclasses.fields(Recipe)}


class UnreadRecipeError(AudioError):
    """A file holds a recipe that cannot be read here; its sound may well be."""


def write(
    path: str | Path,
    audio: np.ndarray,
    recipe: Recipe,
    subtype: str = "float",
    origin: Origin | None = None,
) -> Path:
    """Write a WAV file with its recipe and, if that is known, its origin.

    Parameters and errors as `studio.sound.files.write`.
    """
    return files.write(path, audio, subtype, recipe.to_json(), _software(origin))


def encode(
    audio: np.ndarray, recipe: Recipe, subtype: str = "float", origin: Origin | None = None
) -> bytes:
    """Return the bytes of the WAV file that `write` would write."""
    return files.encode(audio, subtype, recipe.to_json(), _software(origin))


def read_origin(path: str | Path) -> Origin | None:
    """Return by what a WAV was dreamed, or None where it does not tell: it is older, or no dream.

    Raises
    ------
    AudioError
        If it is no sound.
    """
    return Origin.find(files.read_software(path))


def read_recipe(path: str | Path) -> Recipe:
    """Return the recipe inside a WAV that `write` made, whatever comments stand beside it.

    Raises
    ------
    AudioError
        If there is none; `UnreadRecipeError` if there is one that this studio cannot read.
    """
    path = Path(path)
    found = [values for text in files.read_comments(path) if (values := _settings(text))]
    wrong = None
    for values in found:
        try:
            return Recipe.from_dict(values)
        except ParameterError as error:
            wrong = wrong or error
    if wrong:
        raise UnreadRecipeError(
            f"'{path.name}' holds a recipe that this studio cannot read: {wrong}"
        ) from None
    raise AudioError(f"'{path.name}' holds no recipe: choose a WAV that this studio made.")


def _software(origin: Origin | None) -> str:
    return f"{files.SOFTWARE}; {origin}" if origin else ""


def _settings(text: str) -> dict[str, Any] | None:
    """Return what a comment says if it could be meant as a recipe."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) and _FIELDS & set(values) else None
