"""WAV files that carry their recipe."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, ParameterError
from studio.sound import files

_FIELDS = {field.name for field in dataclasses.fields(Recipe)}


class UnreadRecipeError(AudioError):
    """A file holds a recipe that cannot be read here; its sound may well be."""


def write(path: str | Path, audio: np.ndarray, recipe: Recipe, subtype: str = "float") -> Path:
    """Write a WAV file with its recipe as JSON in the comment; see `studio.sound.files.write`."""
    return files.write(path, audio, subtype, recipe.to_json())


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


def _settings(text: str) -> dict[str, Any] | None:
    """Return what a comment says if it could be meant as a recipe."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) and _FIELDS & set(values) else None
