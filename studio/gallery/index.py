"""The index of a gallery: a table of sounds, their vectors, and how they were made."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio.errors import DataNotFoundError
from studio.files import replacing, write_text
from studio.places import gallery_folder
from studio.sound.descriptors import DESCRIPTORS

INDEX_FILE = "index.csv"
VECTORS_FILE = "vectors.npy"
MANIFEST_FILE = "manifest.json"

COLUMNS = {
    "dataset": "str",
    "architecture": "str",
    "layer": "int64",
    "map": "int64",
    "label": "str",
    "loudness_mean": "float64",
    "loudness_sd": "float64",
    "brightness_mean": "float64",
    "brightness_sd": "float64",
    "noisiness_mean": "float64",
    "noisiness_sd": "float64",
    "roughness_mean": "float64",
    "roughness_sd": "float64",
    "burst_share": "float64",
    "synchrony": "float64",
    "pitchedness": "float64",
    "file": "str",
    "offset_seconds": "float64",
    "seconds": "float64",
    "offset_bytes": "int64",
    "bytes": "int64",
    "x": "float64",
    "y": "float64",
    "seed": "int64",
    "engine_version": "str",
}
"""Columns of the table and their types, in order."""

MEASURES = [name for name in COLUMNS if name.endswith(("_mean", "_sd"))] + list(DESCRIPTORS)
"""Columns that say how a sound measures."""

KEY = ["dataset", "architecture", "layer", "map"]
"""What names a sound."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A gallery, as far as it is built.

    Attributes
    ----------
    folder : Path
    table : DataFrame
        One row per sound with `COLUMNS`.
    measured : ndarray, shape (n, d), float32
        `vectors.vector` of every row.
    manifest : dict
        ``recipe``: the settings of all sounds. ``expected``: how many sounds each model has when
        complete. ``weights``: the fingerprint of each model. ``mean``, ``sd``: what standardises
        the vectors. ``versions``.
    """

    folder: Path
    table: pd.DataFrame
    measured: np.ndarray
    manifest: dict[str, Any]

    @property
    def vectors(self) -> np.ndarray:
        """The vectors standardised over the gallery, shape (n, d), float32."""
        return self.standardise(self.measured)

    def standardise(self, vectors: np.ndarray) -> np.ndarray:
        """Return vectors (…, d) on the scale on which the gallery's differ equally."""
        mean, sd = np.asarray(self.manifest["mean"]), np.asarray(self.manifest["sd"])
        return ((vectors - mean) / sd).astype(np.float32)


def read_gallery(folder: str | Path | None = None) -> Gallery:
    """Return the gallery in a folder.

    Raises
    ------
    DataNotFoundError
        If there is none, or its files do not belong together.
    """
    folder = gallery_folder(folder)
    try:
        table = pd.read_csv(folder / INDEX_FILE, dtype=COLUMNS, keep_default_na=False)
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        measured = np.load(folder / VECTORS_FILE, allow_pickle=False)
    except FileNotFoundError as error:
        missing = Path(error.filename or folder).name
        raise DataNotFoundError(
            f"There is no gallery yet ({missing} is not in {folder}). "
            "Build it with 'studio gallery build'."
        ) from None
    except ValueError as error:
        raise DataNotFoundError(
            f"The gallery in {folder} cannot be read ({error}). "
            "Build it again with 'studio gallery build'."
        ) from None
    if list(table.columns) != list(COLUMNS) or len(table) != len(measured):
        raise DataNotFoundError(
            f"The files of the gallery in {folder} do not belong together. "
            "Build it again with 'studio gallery build'."
        )
    return Gallery(folder, table, measured, manifest)


def write_gallery(gallery: Gallery) -> None:
    """Write the index; a reader sees the old files or the new ones, each whole."""
    folder = gallery.folder
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    np.save(packed, gallery.measured.astype(np.float32), allow_pickle=False)
    with replacing(folder / VECTORS_FILE) as temporary:
        temporary.write_bytes(packed.getvalue())
    write_text(folder / MANIFEST_FILE, json.dumps(gallery.manifest, indent=1) + "\n")
    shown = gallery.table[list(COLUMNS)]
    write_text(folder / INDEX_FILE, shown.to_csv(index=False, float_format="%.6g"))
