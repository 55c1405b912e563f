"""The gallery as the page needs it: compact table, similar sounds, recipes."""

from __future__ import annotations

import json
import logging
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.errors import DataNotFoundError, ParameterError
from studio.sound import SAMPLE_RATE
from studio.text import shown
from studio.ui.server.packed import Packed
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    import pandas as pd

    from studio.gallery.index import Gallery

log = logging.getLogger(__name__)

BUILD = "studio gallery build"
"""What a person types to have a gallery."""

NUMBERS = (
    *("loudness_mean", "brightness_mean", "noisiness_mean", "roughness_mean"),
    *("loudness_sd", "brightness_sd", "noisiness_sd", "roughness_sd"),
    *("burst_share", "synchrony", "pitchedness"),
)
"""Measured columns that the page filters, sorts and colours by."""

_DIGITS = 4
_PLACES = 2000
_SPRITE = re.compile(r"[\w-]+\.mp3")
_MOST_ALIKE = 60
_LAYER = ["dataset", "architecture", "layer"]


class GalleryService:
    """Reads the built gallery once, and again when it has been built anew.

    Parameters
    ----------
    sounds : SoundService
        Where uploads are found.
    folder : path, optional
        By default the studio's own gallery.
    """

    def __init__(self, sounds: SoundService, folder: str | Path | None = None) -> None:
        self.sounds = sounds
        self._folder = Path(folder) if folder else None
        self._lock = threading.Lock()
        self._read: tuple[object, Gallery, Packed] | None = None

    @property
    def folder(self) -> Path:
        """Where the gallery lies."""
        if self._folder:
            return self._folder
        from studio.places import gallery_folder

        return gallery_folder()

    def gallery(self) -> Gallery:
        """Return the gallery.

        Raises
        ------
        DataNotFoundError
            If none is built.
        """
        return self._current()[0]

    def listing(self) -> Packed:
        """Return what the page fetches first; where nothing is built, how to build it."""
        try:
            return self._current()[1]
        except DataNotFoundError as error:
            there = (self.folder / "index.csv").is_file()
            sentence = str(error) if there else "The gallery is not built yet."
            return _packed({"missing": sentence, "build": BUILD})

    def warm(self) -> None:
        """Read the gallery, so that its tab opens at once."""
        try:
            self.listing()
        except Exception as error:  # the tab will say what is wrong
            log.warning("the gallery cannot be read: %s", error)

    def _current(self) -> tuple[Gallery, Packed]:
        from studio.gallery.index import read_gallery
        from studio.gallery.own import joined

        with self._lock:
            stamp = [_stamp(folder) for folder in self._folders()]
            if self._read is None or None in stamp or self._read[0] != stamp:
                gallery = self._joined(read_gallery, joined)
                self._read = (stamp, gallery, _packed(table_for_page(gallery)))
            return self._read[1:]

    def _joined(self, read: Any, join: Any) -> Gallery:
        """Return the gallery with those of one's own models; theirs alone where it is not built."""
        try:
            shown = read(self.folder)
        except DataNotFoundError:
            found = None if self._folder else join(None)
            if found is None:
                raise
            return found
        return shown if self._folder else join(shown)

    def _folders(self) -> list[Path]:
        """Return the folders that sounds come from: the gallery's, then those of one's own."""
        from studio.gallery.own import own_folders

        return [self.folder, *([] if self._folder else own_folders())]

    def sprite(self, name: str) -> Path:
        """Return the file of a layer's sounds.

        Raises
        ------
        DataNotFoundError
            If there is none of that name.
        """
        paths = [folder / name for folder in self._folders()] if _SPRITE.fullmatch(name) else []
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise DataNotFoundError(f"The gallery holds no sounds called {name}. Run '{BUILD}'.")
        return path

    def row(self, row: float) -> int:
        """Return a row's number, checked."""
        count = len(self.gallery().table)
        if not 0 <= row < count or row != int(row):
            raise ParameterError(f"row={shown(row)} must be a whole number from 0 to {count - 1}.")
        return int(row)

    def recipe(self, row: int) -> dict[str, Any]:
        """Return everything that determines a sound of the gallery."""
        gallery = self.gallery()
        sound = gallery.table.iloc[self.row(row)]
        return {
            **gallery.manifest["recipe"],
            "dataset": sound["dataset"],
            "architecture": sound["architecture"],
            "targets": [[int(sound["layer"]), int(sound["map"]), 1.0]],
            "seed": int(sound["seed"]),
        }

    def alike(self, row: int, count: float = 12) -> list[int]:
        """Return the rows whose sounds are most like one's, the most alike first."""
        from studio.gallery.similar import nearest

        gallery = self.gallery()
        row = self.row(row)
        mean, sd = np.asarray(gallery.manifest["mean"]), np.asarray(gallery.manifest["sd"])
        found = nearest(gallery, gallery.vectors[row] * sd + mean, _bounded(count) + 1)
        return [int(other) for other in found if other != row][: _bounded(count)]

    def different(self, rows: Any, count: Any) -> list[int]:
        """Return those ``count`` of some rows whose sounds stand for all of them.

        Raises
        ------
        ParameterError
            If there are none, rows that do not exist, or the count is none.
        """
        from studio.gallery.different import medoids

        if not isinstance(rows, list) or not rows or not all(type(row) is int for row in rows):
            raise ParameterError("rows must be a list of row numbers.")
        if type(count) is not int or count < 1:
            raise ParameterError(f"count={shown(count)} must be a whole number, at least 1.")
        chosen = np.array(sorted({self.row(row) for row in rows}))
        return chosen[medoids(self.gallery().vectors[chosen], count)].tolist()

    def alike_upload(
        self, token: str, start_seconds: float | None, count: float = 12, each: bool = False
    ) -> dict[str, Any]:
        """Return the name of an upload and the rows most like a part of it.

        The part is as long as the gallery's sounds; without a start it is the loudest. With
        ``each``, the rows are ``count`` of every layer of every model.

        Raises
        ------
        AudioError
            If the upload is gone or the part is silent.
        """
        path = self.sounds.uploaded(token)
        return {"name": path.name, "rows": self._alike_part(path, start_seconds, count, each)}

    def alike_take(self, token: str, count: float = 12, each: bool = False) -> dict[str, Any]:
        """Return the rows most like the loudest part of a dream that is kept; see `alike_upload`.

        Raises
        ------
        AudioError
            If its sound is gone or silent.
        """
        path, name = self.sounds.file(token, "sound.wav")
        return {"name": name, "rows": self._alike_part(path, None, count, each)}

    def alike_file(self, path: Path, start_seconds: float, count: float = 12) -> list[int]:
        """Return the rows most like a part of a sound file; see `alike_upload`."""
        return self._alike_part(path, start_seconds, count)

    def _alike_part(
        self, path: Path, start: float | None, count: float, each: bool = False
    ) -> list[int]:
        from studio.gallery.similar import loudest, nearest, vector_of

        gallery = self.gallery()
        seconds = _seconds(gallery)
        if start is None:
            sound = loudest(self.sounds.read(path), round(seconds * SAMPLE_RATE))
        else:
            sound = self.sounds.read(path, start, seconds)
        found = nearest(gallery, vector_of(sound), _bounded(count), _LAYER if each else None)
        return [int(row) for row in found]


def _seconds(gallery: Gallery) -> float:
    """Return how long the gallery's sounds are: so much of a recording is compared."""
    return float(gallery.table["seconds"].to_numpy().max())


def table_for_page(gallery: Gallery) -> dict[str, Any]:
    """Return the gallery's table by columns, rounded, with what is the same said once.

    Sounds of a layer stand together, so that model, layer and file are said once a ``group``.
    """
    from studio.gallery.different import likenesses

    table = gallery.table
    expected = _expected(gallery)
    made, planned = len(table), sum(expected.values())
    columns: dict[str, Any] = {
        name: _column([_rounded(value) for value in table[name].to_numpy(dtype=float)])
        for name in NUMBERS
        if name in table
    }
    columns["like"] = _column(likenesses(gallery.vectors).tolist())
    for name in ("map", "offset_bytes", "bytes", "seed"):
        columns[name] = _column([int(value) for value in table[name]])
    columns["seconds"] = _column([_rounded(value) for value in table["seconds"]])
    for name in ("x", "y"):
        columns[name] = _placed(table[name].to_numpy(dtype=float))
    return {
        "recipe": gallery.manifest["recipe"],
        "made": made,
        "expected": max(made, planned),
        "build": BUILD,
        "groups": _groups(table),
        "columns": columns,
    }


def _groups(table: pd.DataFrame) -> list[dict[str, Any]]:
    keys = list(zip(table["dataset"], table["architecture"], table["layer"], strict=True))
    groups = []
    begin = 0
    for end in range(1, len(keys) + 1):
        if end < len(keys) and keys[end] == keys[begin]:
            continue
        dataset, architecture, layer = keys[begin]
        labels = table["label"].iloc[begin:end].tolist()
        groups.append(
            {
                "dataset": str(dataset),
                "architecture": str(architecture),
                "layer": int(layer),
                "file": str(table["file"].iloc[begin]),
                "count": end - begin,
                "labels": labels if any(labels) else None,
            }
        )
        begin = end
    return groups


def _expected(gallery: Gallery) -> dict[str, int]:
    expected = gallery.manifest.get("expected") or {}
    return {str(name): int(count) for name, count in dict(expected).items()}


def _column(values: list[Any]) -> Any:
    """Return a column, or its one value where all are the same."""
    return values[0] if values and all(value == values[0] for value in values) else values


def _rounded(value: float) -> float | None:
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None


def _placed(values: np.ndarray) -> list[int]:
    """Return positions as whole numbers from 0 to `_PLACES`."""
    values = np.nan_to_num(values)
    low, span = values.min(initial=0.0), np.ptp(values) if values.size else 0.0
    return np.round((values - low) / (span or 1.0) * _PLACES).astype(int).tolist()


def _bounded(count: float) -> int:
    return int(min(max(count, 1), _MOST_ALIKE))


def _packed(table: dict[str, Any]) -> Packed:
    return Packed.of(json.dumps(table, separators=(",", ":"), allow_nan=False).encode())


def _stamp(folder: Path) -> object | None:
    try:
        return [(path.name, path.stat().st_mtime_ns) for path in sorted(folder.iterdir())]
    except OSError:
        return None
