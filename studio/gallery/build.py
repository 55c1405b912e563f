"""Building the gallery: dream what is missing, measure it, and pack what there is."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from studio import __version__
from studio.dreaming.recipe import Recipe
from studio.errors import DataNotFoundError, DreamError
from studio.gallery import sprites
from studio.gallery.dreams import DreamFolder, worker_pool
from studio.gallery.feature_maps import FeatureMapId
from studio.gallery.index import COLUMNS, KEY, MEASURES, Gallery, read_gallery, write_gallery
from studio.gallery.vectors import positions, vector
from studio.networks.classifier import one_thread
from studio.sound.descriptors import measure
from studio.workers import task


@dataclass(frozen=True, slots=True)
class Measured:
    """A sound of the gallery, measured from the original and compressed."""

    numbers: dict[str, float]
    vector: np.ndarray
    seconds: float
    seed: int
    engine_version: str
    encoded: bytes


def build(
    units: Sequence[FeatureMapId],
    settings: Recipe,
    work: Path,
    folder: Path,
    jobs: int = 0,
    scheduler: str = "",
    models: str | Path | None = None,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Gallery:
    """Dream all units and pack them; stopped at any moment, the same call goes on.

    What the gallery holds already, dreamed with the same settings by the same weights, is kept.

    Parameters
    ----------
    units : sequence of FeatureMapId
    settings : Recipe
        Everything but model, target and seed.
    work : Path
        Where the sounds lie until they are packed, and stay for the next time.
    folder : Path
        The gallery.
    jobs, scheduler : int, str
        As `DreamFolder.dream`.
    on_progress : callable, optional
        Told ``(what, done, of)``.
    """
    dreams = DreamFolder(work, settings, models)
    kept = _kept(dreams, folder)
    dreams.dream(
        [unit for unit in units if unit not in kept],
        jobs,
        scheduler,
        (lambda done, of: on_progress("dreaming", len(kept) + done, len(kept) + of))
        if on_progress
        else None,
    )
    return pack(units, dreams, folder, jobs, on_progress)


def pack(
    units: Sequence[FeatureMapId],
    dreams: DreamFolder,
    folder: Path,
    jobs: int = 0,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Gallery:
    """Measure, lay out and write the sounds that are there; what is missing is left out.

    Raises
    ------
    DreamError
        If there is no sound at all, or another job is packing the same gallery.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(dreams.folder / f"pack-{folder.name}.lock", timeout=0):
            found = _kept(dreams, folder)
            missing = set(dreams.missing(units))
            fresh = [unit for unit in units if unit not in missing]
            found.update(_measure_all(fresh, dreams, jobs, on_progress))
            if not found:
                raise DreamError(
                    "There is no sound to pack yet: let 'studio gallery build' dream first."
                )
            if on_progress:
                on_progress("laying out the map", 0, 1)
            return _write(units, dict(sorted(found.items())), dreams, folder)
    except Timeout:
        raise DreamError(f"Another job packs {folder} now. Try again when it is done.") from None


def _kept(dreams: DreamFolder, folder: Path) -> dict[FeatureMapId, Measured]:
    """Return the sounds that a gallery holds of the same settings and weights."""
    try:
        gallery = read_gallery(folder)
    except DataNotFoundError:
        return {}
    if gallery.manifest.get("recipe") != _settings_only(dreams.settings):
        return {}
    found = {}
    for name, rows in gallery.table.groupby("file", sort=False):
        path = folder / str(name)
        content = path.read_bytes() if path.is_file() else b""
        for number, row in zip(rows.index, rows.to_dict("records"), strict=True):
            unit = FeatureMapId(**{field: row[field] for field in (*KEY, "label")})
            encoded = content[row["offset_bytes"] : row["offset_bytes"] + row["bytes"]]
            weights = gallery.manifest.get("weights", {}).get(unit.model)
            if len(encoded) == row["bytes"] and weights == dreams.weights(unit):
                found[unit] = Measured(
                    {name: row[name] for name in MEASURES},
                    gallery.measured[number],
                    row["seconds"],
                    row["seed"],
                    row["engine_version"],
                    encoded,
                )
    return found


def _write(
    units: Sequence[FeatureMapId],
    found: dict[FeatureMapId, Measured],
    dreams: DreamFolder,
    folder: Path,
) -> Gallery:
    """Write the sounds, layer by layer, and their index."""
    measured = np.stack([sound.vector for sound in found.values()])
    mean, sd = measured.mean(axis=0), measured.std(axis=0)
    sd = np.where(sd > 0, sd, 1.0)
    places = positions((measured - mean) / sd)
    rows: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for (model, layer), group in groupby(found.items(), key=lambda pair: _file_of(pair[0])):
        name = f"{model}-layer{layer}.mp3"
        pairs = list(group)
        files[name], where = sprites.join([sound.encoded for _, sound in pairs])
        for (unit, sound), place in zip(pairs, where, strict=True):
            x, y = places[len(rows)]
            rows.append(
                {
                    **asdict(unit),
                    **sound.numbers,
                    "file": name,
                    **asdict(place),
                    "seconds": sound.seconds,
                    "x": x,
                    "y": y,
                    "seed": sound.seed,
                    "engine_version": sound.engine_version,
                }
            )
    manifest = {
        "recipe": _settings_only(dreams.settings),
        "expected": dict(sorted(Counter(unit.model for unit in units).items())),
        "weights": {unit.model: dreams.weights(unit) for unit in found},
        "mean": [float(value) for value in mean],
        "sd": [float(value) for value in sd],
        "versions": _versions(),
    }
    gallery = Gallery(folder, pd.DataFrame(rows)[list(COLUMNS)], measured, manifest)
    write_gallery(gallery, files)
    for old in folder.glob("*.mp3"):
        if old.name not in files:
            old.unlink()
    return gallery


def _file_of(unit: FeatureMapId) -> tuple[str, int]:
    return unit.model, unit.layer


def measure_file(path: Path) -> Measured:
    """Measure and compress one dreamed sound."""
    from studio.dreaming import wav
    from studio.sound import SAMPLE_RATE
    from studio.sound import files as sound_files

    with one_thread():
        sound = sound_files.read(path)
        return Measured(
            measure(sound),
            vector(sound),
            len(sound) / SAMPLE_RATE,
            wav.read_recipe(path).seed,
            _engine_version(),
            sprites.encode(sound),
        )


def _measure_all(
    units: Sequence[FeatureMapId],
    dreams: DreamFolder,
    jobs: int,
    on_progress: Callable[[str, int, int], None] | None,
) -> dict[FeatureMapId, Measured]:
    found: dict[FeatureMapId, Measured] = {}
    with worker_pool(jobs) as parallel:
        tasks = (task(_measure_unit, unit, dreams.path(unit)) for unit in units)
        for unit, sound in parallel(tasks):
            found[unit] = sound
            if on_progress:
                on_progress("measuring", len(found), len(units))
    return found


def _measure_unit(unit: FeatureMapId, path: Path) -> tuple[FeatureMapId, Measured]:
    return unit, measure_file(path)


def _settings_only(settings: Recipe) -> dict[str, Any]:
    own = settings.to_dict()
    for name in ("dataset", "architecture", "targets"):
        del own[name]
    return own


def _engine_version() -> str:
    import torch

    return f"fast, studio {__version__}, torch {torch.__version__.split('+')[0]}"


def _versions() -> dict[str, str]:
    import librosa
    import scipy
    import sklearn
    import torch

    modules = {"torch": torch, "numpy": np, "scipy": scipy, "librosa": librosa, "sklearn": sklearn}
    versions = {name: str(module.__version__) for name, module in modules.items()}
    return {"studio": __version__, "python": platform.python_version(), **versions}
