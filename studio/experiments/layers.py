"""Experiment 1 of the paper: what layer, architecture and dataset do to the sounds.

Everything comes from the index of the gallery. Statistics are those of section 4.1: mean and
standard deviation, over the maps of a layer, of each sound's mean; tables 3 to 10 are set beside
them, and the claims are judged. `studio.figures` draws figures 2 to 9 from them.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio import __version__
from studio.dreaming.recipe import DATASETS
from studio.errors import ParameterError
from studio.experiments.findings import Findings, judge
from studio.experiments.findings.cells import (
    FEWEST_MAPS,
    QUANTITIES,
    Cells,
    quantities,
    rows_by_layer,
)
from studio.experiments.wording import compared
from studio.files import write_text
from studio.gallery.feature_maps import all_units, spread
from studio.gallery.index import Gallery

STATISTICS_FILE = "statistics.csv"
VERDICTS_FILE = "verdicts.csv"
CASES_FILE = "cases.csv"
TABLES_FILE = "tables.csv"
MANIFEST_FILE = "manifest.json"


def run(
    gallery: Gallery,
    output: Path,
    clips: pd.DataFrame | None = None,
    slice_maps: int = 6,
    outside_slice: bool = True,
) -> Findings:
    """Compute everything of Experiment 1 from a gallery, as far as it is built, and write it.

    Parameters
    ----------
    gallery : Gallery
    output : Path
        Gets the tables and `MANIFEST_FILE`.
    clips : DataFrame, optional
        Training clips for T4.
    slice_maps : int
        Maps of every layer by which the settings were chosen.
    outside_slice : bool
        Judge on the other maps, so that choosing does not flatter the verdicts; else on all. The
        verdicts on all maps stand beside them either way.

    Returns
    -------
    Findings
        As written.
    """
    output.mkdir(parents=True, exist_ok=True)
    own = gallery.table["dataset"].isin(DATASETS).to_numpy()
    table = gallery.table.loc[own].reset_index(drop=True)
    mean, sd = np.asarray(gallery.manifest["mean"]), np.asarray(gallery.manifest["sd"])
    vectors = (gallery.vectors[own] * sd + mean).astype(np.float32)
    statistics = statistics_of(table)
    everything = judge(table, vectors, clips)
    found, kept = everything, np.ones(len(table), bool)
    if outside_slice:
        kept = outside(table, slice_maps, channels_of(gallery))
        found = judge(table.loc[kept], vectors[kept], clips)
    verdicts = found.verdicts.assign(
        verdict_all_maps=everything.verdicts["verdict"], held_all_maps=everything.verdicts["held"]
    )
    _write(output / STATISTICS_FILE, statistics)
    _write(output / VERDICTS_FILE, verdicts)
    _write(output / CASES_FILE, found.cases)
    _write(output / TABLES_FILE, compared(Cells(table, resamples=0)))
    manifest = _manifest(gallery, table, kept, slice_maps if outside_slice else 0)
    write_text(output / MANIFEST_FILE, json.dumps(manifest, indent=1) + "\n")
    return Findings(verdicts, found.cases)


def channels_of(gallery: Gallery) -> dict[tuple[str, str, int], int]:
    """Return how many maps each layer has, whether or not all of them are in the gallery.

    The models tell it, or, for one that is not here, the highest map in the index.
    """
    maps = gallery.table["map"].to_numpy()
    channels = {
        key: int(maps[rows].max()) + 1 for key, rows in rows_by_layer(gallery.table).items()
    }
    with contextlib.suppress(ParameterError):  # No models at all.
        units = Counter((unit.dataset, unit.architecture, unit.layer) for unit in all_units())
        channels.update(units)
    return channels


def outside(
    table: pd.DataFrame, slice_maps: int, channels: dict[tuple[str, str, int], int]
) -> np.ndarray:
    """Tell which sounds are not of the slice that the settings were chosen by.

    A layer that would keep fewer than `FEWEST_MAPS` sounds keeps all of its own: Model2's first
    layer has 8 maps, 6 of them in the slice.

    Parameters
    ----------
    table : DataFrame
    slice_maps : int
    channels : dict
        Maps of every layer.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    kept = np.ones(len(table), bool)
    maps = table["map"].to_numpy()
    for key, rows in rows_by_layer(table).items():
        others = ~np.isin(maps[rows], spread(channels[key], slice_maps))
        if others.sum() >= FEWEST_MAPS:
            kept[rows] = others
    return kept


def statistics_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return the statistics of every layer.

    Columns ``dataset, architecture, layer, maps, quantity, mean, sd, median``: over the maps, of
    each sound's value; the standard deviation with n − 1, empty for a single map.
    """
    measured = quantities(table)
    keys = ["dataset", "architecture", "layer"]
    long = measured.assign(**{key: table[key] for key in keys}).melt(keys, var_name="quantity")
    long["quantity"] = pd.Categorical(long["quantity"], list(QUANTITIES))
    grouped: Any = long.groupby([*keys, "quantity"], observed=True)["value"]
    statistics = grouped.agg(["count", "mean", "std", "median"]).reset_index()
    statistics = statistics.rename(columns={"count": "maps", "std": "sd"})
    return statistics[[*keys, "maps", "quantity", "mean", "sd", "median"]].reset_index(drop=True)


def _manifest(
    gallery: Gallery, table: pd.DataFrame, kept: np.ndarray, slice_maps: int
) -> dict[str, Any]:
    by_model: dict[str, list[int]] = {}
    whole = []
    for (dataset, architecture, layer), rows in rows_by_layer(table).items():
        by_model.setdefault(f"{dataset}-{architecture}", []).append(len(rows))
        if kept[rows].all():
            whole.append(f"{dataset}-{architecture}, layer {layer}")
    return {
        "experiment": "layers",
        "recipe": gallery.manifest["recipe"],
        "sounds": len(table),
        "expected": int(sum(gallery.manifest["expected"].values())),
        "maps_per_layer": by_model,
        "slice_maps_left_out": slice_maps,
        "sounds_judged": int(kept.sum()),
        "layers_judged_whole": whole,
        "gallery": gallery.manifest.get("versions", {}),
        "studio": __version__,
    }


def _write(path: Path, table: pd.DataFrame) -> None:
    write_text(path, table.to_csv(index=False, float_format="%.6g"))
