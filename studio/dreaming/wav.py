"""WAV files that carry their recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, StudioError
from studio.sound import files


def write(path: str | Path, audio: np.ndarray, recipe: Recipe, subtype: str = "float") -> Path:
    """Write a WAV file with its recipe as JSON in the comment; see `studio.sound.files.write`."""
    return files.write(path, audio, subtype, recipe.to_json())


def read_recipe(path: str | Path) -> Recipe:
    """Return the recipe inside a WAV that `write` made.

    Raises
    ------
    AudioError
        If there is none.
    """
    path = Path(path)
    comment = files.read_comment(path)
    try:
        return Recipe.from_json(comment)
    except StudioError:
        raise AudioError(
            f"'{path.name}' holds no recipe: choose a WAV that this studio made."
        ) from None
