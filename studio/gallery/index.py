"""The index of a gallery: a table of sounds, their vectors, and how they were made."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio.errors import DataNotFoundError
from studio.files import replacing_together, settle
from studio.places import gallery_folder
from studio.sound.descriptors import DESCRIPTORS

INDEX_FILE = "index.csv"
VECTORS_FILE = "vectors.npy"
MANIFEST_FILE = "manifest.json"
_TOGETHER = "gallery"
"""Name of what is replaced together in a gallery's folder."""

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
    with contextlib.suppress(OSError):  # of a folder that may only be read
        settle(folder, _TOGETHER)
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
    except (ValueError, EOFError, OverflowError, RecursionError) as error:
        raise DataNotFoundError(
            f"The gallery in {folder} cannot be read ({error}). "
            "Build it again with 'studio gallery build'."
        ) from None
    together = list(table.columns) == list(COLUMNS) and len(table) == len(measured)
    if not together or not _describes(manifest, measured):
        raise DataNotFoundError(
            f"The files of the gallery in {folder} do not belong together. "
            "Build it again with 'studio gallery build'."
        )
    return Gallery(folder, table, measured, manifest)


def _describes(manifest: Any, measured: np.ndarray) -> bool:
    """Tell whether a manifest says what is needed of vectors (n, d)."""
    if not isinstance(manifest, dict) or not isinstance(manifest.get("recipe"), dict):
        return False
    if not all(isinstance(manifest.get(name, {}), dict) for name in ("expected", "weights")):
        return False
    scales = [manifest.get("mean"), manifest.get("sd")]
    return (
        measured.ndim == 2
        and all(
            isinstance(values, list)
            and len(values) == measured.shape[1]
            and all(isinstance(value, int | float) for value in values)
            for values in scales
        )
        and all(isinstance(count, int) for count in manifest.get("expected", {}).values())
    )


def write_gallery(gallery: Gallery, sounds: Mapping[str, bytes] | None = None) -> None:
    """Write index and sounds, by the names of their files: after a kill all are old or all new.

    Files that say the same already are left alone and keep their dates.
    """
    folder = gallery.folder
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    np.save(packed, gallery.measured.astype(np.float32), allow_pickle=False)
    shown = gallery.table[list(COLUMNS)]
    files = {
        **(sounds or {}),
        VECTORS_FILE: packed.getvalue(),
        MANIFEST_FILE: f"{json.dumps(gallery.manifest, indent=1)}\n".encode(),
        INDEX_FILE: shown.to_csv(index=False, float_format="%.6g").encode(),
    }
    settle(folder, _TOGETHER)
    with replacing_together(folder, _TOGETHER) as new:
        for name, content in files.items():
            old = folder / name
            if not (old.is_file() and old.read_bytes() == content):
                (new / name).write_bytes(content)
