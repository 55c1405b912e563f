"""WAV files that carry their recipe, and by what they were dreamed.

The recipe is JSON in the comment. Engine and weights stand in the software entry, which no reader
takes for a recipe: ``Deep Dream studio 0.1.0; engine 1; weights 920af023049abbfc``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.dreaming.origin import Origin
from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, StudioError
from studio.sound import files


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
    software = f"{files.SOFTWARE}; {origin}" if origin else ""
    return files.write(path, audio, subtype, recipe.to_json(), software)


def read_origin(path: str | Path) -> Origin | None:
    """Return by what a WAV was dreamed, or None where it does not tell: it is older, or no dream.

    Raises
    ------
    AudioError
        If it is no sound.
    """
    return Origin.find(files.read_software(path))


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
