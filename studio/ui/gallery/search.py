"""Search the gallery by words, features or similarity."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import ParameterError
from studio.text import shown
from studio.ui.gallery.service import NUMBERS, GalleryService

if TYPE_CHECKING:
    import pandas as pd

MOST_SOUNDS = 60
_NAMES = ("dataset", "architecture", "layer", "map", "label")


def search(
    gallery: GalleryService, words: str, sort_by: str, descending: bool, count: float
) -> list[dict[str, Any]]:
    """Return the sounds that all of ``words`` fit, sorted by a feature.

    Raises
    ------
    ParameterError
        If there is no such feature or the count is none.
    DataNotFoundError
        If no gallery is built.
    """
    table = gallery.gallery().table
    wanted = str(words).lower().split()
    names = _names(table)
    fits = [all(any(name.startswith(word) for name in of) for word in wanted) for of in names]
    found = table[fits]
    if sort_by:
        if sort_by not in NUMBERS or sort_by not in table:
            raise ParameterError(f"sort_by={shown(sort_by)} must be one of: {', '.join(NUMBERS)}.")
        found = found.sort_values(sort_by, ascending=not descending, kind="stable")
    return [_told(gallery, int(row)) for row in found.index[: _count(count)]]


def alike(
    gallery: GalleryService, recording: Path, start_seconds: float, count: float
) -> list[dict[str, Any]]:
    """Return the sounds most like a part of a recording, the most alike first."""
    rows = gallery.alike_file(recording, float(start_seconds or 0.0), _count(count))
    return [_told(gallery, row) for row in rows]


def _names(table: pd.DataFrame) -> list[list[str]]:
    return [
        [dataset, architecture, f"layer{layer}", f"map{number}", *str(label).lower().split()]
        for dataset, architecture, layer, number, label in zip(
            *(table[name] for name in _NAMES), strict=True
        )
    ]


def _told(gallery: GalleryService, row: int) -> dict[str, Any]:
    sound = gallery.gallery().table.iloc[row]
    told: dict[str, Any] = {"row": row}
    for name in _NAMES:
        told[name] = int(sound[name]) if name in ("layer", "map") else str(sound[name])
    for name in NUMBERS:
        value = float(sound.get(name, math.nan))
        told[name] = value if math.isfinite(value) else None
    return {**told, "recipe": gallery.recipe(row)}


def _count(count: Any) -> int:
    is_number = isinstance(count, int | float) and not isinstance(count, bool)
    if not is_number or not 1 <= count <= MOST_SOUNDS:
        raise ParameterError(f"count={shown(count)} must be a number from 1 to {MOST_SOUNDS}.")
    return int(count)
