"""How the training sounds measure: what T4 compares dreams with.

Only numbers are kept, so that the comparison can be made where the recordings are not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from studio.datasets.clips import ClipTable
from studio.datasets.recordings import decode
from studio.errors import DataNotFoundError
from studio.sound.descriptors import measure

CLIPS_FILE = "training-clips.csv"


def measured(table: ClipTable, count: int = 400, seed: int = 0) -> pd.DataFrame:
    """Measure a sample of the clips that a network learned from.

    Parameters
    ----------
    table : ClipTable
        Of one corpus, split.
    count : int
        Clips, drawn without replacement; fewer where there are fewer.
    seed : int

    Returns
    -------
    DataFrame
        ``dataset`` and what `descriptors.measure` returns, of the middle second of each clip,
        peak-normalised, as the network hears it; a shorter clip stands in silence.
    """
    learned = np.flatnonzero((table.clips["split"] == "train").to_numpy())
    if not len(learned):
        raise DataNotFoundError(f"'{table.name}' has no training clips.")
    drawn = np.random.default_rng(seed).choice(learned, min(count, len(learned)), replace=False)
    sample = replace(table, clips=table.clips.iloc[np.sort(drawn)].reset_index(drop=True))
    with TemporaryDirectory() as folder:
        recordings = decode(sample, folder)
        every = np.arange(len(recordings))
        sounds = recordings.excerpts(every, recordings.spread_offsets(every, 0.5))
        del recordings  # Lets go of the memory map.
    rows = []
    for sound in sounds.astype(np.float32):
        peak = np.abs(sound).max()
        if peak > 0:
            rows.append({"dataset": table.name, **measure(sound / peak)})
    return pd.DataFrame(rows)


def read_clips(path: Path) -> pd.DataFrame | None:
    """Return the table of training clips, or None where there is none."""
    return pd.read_csv(path) if path.is_file() else None
