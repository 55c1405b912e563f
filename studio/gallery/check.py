"""Checking a gallery: every sound there, whole, and as the index says."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import AudioError
from studio.gallery import sprites
from studio.gallery.feature_maps import FeatureMapId
from studio.gallery.index import KEY, Gallery
from studio.sound.descriptors import measure

TOLERANCE = {"loudness_mean": 0.03, "brightness_mean": 0.05, "roughness_mean": 0.03}
"""How far, relatively, a compressed sound may measure from its original (twice what was seen)."""

_SILENT = 1e-4
"""RMS below which a sound counts as silent."""


def check(gallery: Gallery, units: Sequence[FeatureMapId]) -> list[str]:
    """Return what is wrong with a gallery, one sentence per finding; nothing where all is well.

    Parameters
    ----------
    gallery : Gallery
    units : sequence of FeatureMapId
        What it should hold.
    """
    return [*_missing(gallery, units), *_wrong(gallery)]


def _missing(gallery: Gallery, units: Sequence[FeatureMapId]) -> list[str]:
    """Say per layer what the index lacks, or holds twice."""
    keys = list(gallery.table[KEY].itertuples(index=False, name=None))
    there = set(keys)
    lacking: dict[tuple[str, int], list[int]] = {}
    for unit in units:
        if (unit.dataset, unit.architecture, unit.layer, unit.map) not in there:
            lacking.setdefault((unit.model, unit.layer), []).append(unit.map)
    findings = [
        f"{model}, layer {layer}: {len(maps)} sounds are missing (map {_some(maps)})."
        for (model, layer), maps in lacking.items()
    ]
    if len(there) < len(keys):
        findings.append(f"{len(keys) - len(there)} sounds stand in the index more than once.")
    return findings


def _some(maps: list[int]) -> str:
    shown = ", ".join(str(number) for number in maps[:5])
    return shown + (", …" if len(maps) > 5 else "")


def _wrong(gallery: Gallery) -> list[str]:
    findings = []
    numbers = gallery.table.select_dtypes("number").to_numpy()
    if not (np.isfinite(numbers).all() and np.isfinite(gallery.vectors).all()):
        findings.append("The index holds numbers that are not finite.")
    for name, rows in gallery.table.groupby("file", sort=False):
        path = gallery.folder / str(name)
        if not path.is_file():
            findings.append(f"{name} is missing, and with it {len(rows)} sounds.")
            continue
        content = path.read_bytes()
        for row in rows.to_dict("records"):
            trouble = _trouble(row, content)
            if trouble:
                findings.append(f"{name}, map {row['map']}: {trouble}.")
    known = set(gallery.table["file"])
    findings.extend(
        f"{path.name} belongs to no sound of the index."
        for path in sorted(Path(gallery.folder).glob("*.mp3"))
        if path.name not in known
    )
    return findings


def _trouble(row: Mapping[Hashable, Any], content: bytes) -> str | None:
    """Return what is wrong with one sound, or None."""
    begin, end = row["offset_bytes"], row["offset_bytes"] + row["bytes"]
    if not 0 <= begin < end <= len(content):
        return "lies outside its file"
    try:
        sound = sprites.decode(content[begin:end], row["seconds"])
    except AudioError as error:
        return f"cannot be played: {error}"
    if not np.isfinite(sound).all():
        return "holds invalid numbers"
    measured = measure(sound)
    if measured["loudness_mean"] < _SILENT:
        return "is silent"
    for feature, tolerance in TOLERANCE.items():
        if abs(measured[feature] - row[feature]) > tolerance * row[feature] + 1e-9:
            return f"{feature} is {measured[feature]:.4g}, but {row[feature]:.4g} in the index"
    return None
