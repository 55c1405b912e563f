"""Building the gallery: dream what is missing, measure it, and pack what there is."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from studio import __version__
from studio.descriptors import measure
from studio.dreaming.recipe import Recipe
from studio.errors import DreamError
from studio.files import replacing
from studio.gallery import sprites
from studio.gallery.dreams import DreamFolder, engine
from studio.gallery.index import COLUMNS, Gallery, write_gallery
from studio.gallery.units import Unit
from studio.gallery.vectors import positions, vector
from studio.networks import one_thread


@dataclass(frozen=True, slots=True)
class Measured:
    """A sound of the gallery, measured from the original and compressed."""

    numbers: dict[str, float]
    vector: np.ndarray
    seconds: float
    seed: int
    encoded: bytes


def build(
    units: Sequence[Unit],
    settings: Recipe,
    work: Path,
    folder: Path,
    jobs: int = 0,
    scheduler: str = "",
    models: str | Path | None = None,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Gallery:
    """Dream all units and pack them; stopped at any moment, the same call goes on.

    Parameters
    ----------
    units : sequence of Unit
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
    dreams.dream(
        units,
        jobs,
        scheduler,
        (lambda done, of: on_progress("dreaming", done, of)) if on_progress else None,
    )
    return pack(units, dreams, folder, jobs, on_progress)


def pack(
    units: Sequence[Unit],
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
    missing = set(dreams.missing(units))
    there = sorted(unit for unit in units if unit not in missing)
    if not there:
        raise DreamError("There is no sound to pack yet: let 'studio gallery build' dream first.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(dreams.folder / f"pack-{folder.name}.lock", timeout=0):
            return _pack(units, there, dreams, folder, jobs, on_progress)
    except Timeout:
        raise DreamError(
            f"Another job is packing {folder} now. Try again when it is done."
        ) from None


def _pack(
    units: Sequence[Unit],
    there: list[Unit],
    dreams: DreamFolder,
    folder: Path,
    jobs: int,
    on_progress: Callable[[str, int, int], None] | None,
) -> Gallery:
    measured = _measure_all([dreams.path(unit) for unit in there], jobs, on_progress)
    vectors = np.stack([sound.vector for sound in measured])
    mean, sd = vectors.mean(axis=0), vectors.std(axis=0)
    sd = np.where(sd > 0, sd, 1.0)
    vectors = (vectors - mean) / sd
    if on_progress:
        on_progress("laying out the map", 0, 1)
    places = positions(vectors)
    rows: list[dict[str, Any]] = []
    files = set()
    for (model, layer), group in groupby(
        zip(there, measured, strict=True), key=lambda pair: (pair[0].model, pair[0].layer)
    ):
        name = f"{model}-layer{layer}.mp3"
        files.add(name)
        pairs = list(group)
        whole, found = sprites.join([sound.encoded for _, sound in pairs])
        _write_if_other(folder / name, whole)
        for (unit, sound), place in zip(pairs, found, strict=True):
            x, y = places[len(rows)]
            rows.append(
                {
                    "dataset": unit.dataset,
                    "architecture": unit.architecture,
                    "layer": unit.layer,
                    "map": unit.map,
                    "label": unit.label,
                    **sound.numbers,
                    "file": name,
                    "offset_seconds": place.offset_seconds,
                    "seconds": sound.seconds,
                    "offset_bytes": place.offset_bytes,
                    "bytes": place.bytes,
                    "x": x,
                    "y": y,
                    "seed": sound.seed,
                    "engine_version": _engine_version(),
                }
            )
    gallery = Gallery(
        folder,
        pd.DataFrame(rows)[list(COLUMNS)],
        vectors.astype(np.float32),
        {
            "recipe": _settings_only(dreams.settings),
            "expected": pd.Series([unit.model for unit in units]).value_counts().to_dict(),
            "mean": [round(float(value), 6) for value in mean],
            "sd": [round(float(value), 6) for value in sd],
            "versions": _versions(),
        },
    )
    write_gallery(gallery)
    for old in folder.glob("*.mp3"):
        if old.name not in files:
            old.unlink()
    return gallery


def measure_file(path: Path) -> Measured:
    """Measure and compress one dreamed sound."""
    from studio import audio

    with one_thread():
        sound = audio.read(path)
        return Measured(
            measure(sound),
            vector(sound),
            len(sound) / audio.SAMPLE_RATE,
            audio.read_recipe(path).seed,
            sprites.encode(sound),
        )


def _measure_all(
    paths: list[Path], jobs: int, on_progress: Callable[[str, int, int], None] | None
) -> list[Measured]:
    import joblib

    found: dict[Path, Measured] = {}
    with engine(jobs) as parallel:
        tasks = (joblib.delayed(_measure_named)(path) for path in paths)
        for path, sound in parallel(tasks):
            found[path] = sound
            if on_progress:
                on_progress("measuring", len(found), len(paths))
    return [found[path] for path in paths]


def _measure_named(path: Path) -> tuple[Path, Measured]:
    return path, measure_file(path)


def _write_if_other(path: Path, content: bytes) -> None:
    """Write a file unless it says the same already: what did not change keeps its date."""
    if path.is_file() and path.read_bytes() == content:
        return
    with replacing(path) as temporary:
        temporary.write_bytes(content)


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
