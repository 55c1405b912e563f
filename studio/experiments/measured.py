"""Dreamed sounds as a table and vectors, without a gallery being built of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio.descriptors import measure
from studio.gallery.dreams import DreamFolder
from studio.gallery.units import Unit
from studio.gallery.vectors import vector


def measured(
    dreams: DreamFolder, units: Sequence[Unit], jobs: int = 1
) -> tuple[pd.DataFrame, np.ndarray]:
    """Measure sounds that were dreamed.

    Parameters
    ----------
    dreams : DreamFolder
    units : sequence of Unit
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
    numbers: Any = list(parallel(joblib.delayed(_measure_one)(path) for path in paths))
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
    from studio import audio

    sound = audio.read(path)
    return measure(sound), vector(sound)
