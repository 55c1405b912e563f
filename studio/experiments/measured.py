"""Dreamed sounds as a table and vectors, without a gallery being built of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import FeatureMapId
from studio.gallery.vectors import vector
from studio.sound.descriptors import measure
from studio.workers import task


def measured(
    dreams: DreamFolder, units: Sequence[FeatureMapId], jobs: int = 1
) -> tuple[pd.DataFrame, np.ndarray]:
    """Measure sounds that were dreamed.

    Parameters
    ----------
    dreams : DreamFolder
    units : sequence of FeatureMapId
        Each with its sound there.
    jobs : int
        Processes side by side; 0: one per processor.

    Returns
    -------
    table : DataFrame
        ``dataset, architecture, layer, map, label`` and what `descriptors.measure` returns.
    vectors : ndarray, shape (n, 47)
        As `gallery.vectors.vector` gives them.
    """
    import joblib

    parallel = joblib.Parallel(n_jobs=jobs or joblib.cpu_count())
    paths = [dreams.path(unit) for unit in units]
    numbers: Any = list(parallel(task(_measure_one, path) for path in paths))
    rows = [
        {
            "dataset": unit.dataset,
            "architecture": unit.architecture,
            "layer": unit.layer,
            "map": unit.map,
            "label": unit.label,
            **described,
        }
        for unit, (described, _) in zip(units, numbers, strict=True)
    ]
    vectors = [point for _, point in numbers]
    return pd.DataFrame(rows), np.stack(vectors) if vectors else np.empty((0, 47), np.float32)


def _measure_one(path: Path) -> tuple[dict[str, float], np.ndarray]:
    from studio.sound import files as sound_files

    sound = sound_files.read(path)
    return measure(sound), vector(sound)
