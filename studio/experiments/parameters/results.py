"""Experiment 2 as tables and sounds: compute and write.

Sounds are kept as Ogg Opus: 26 kbit/s hold the whole range that a cut-off of 16 kHz leaves, and a
place in it is found exactly. (MP3 of that size ends at 7 kHz, and would not let the cut-off be
heard.)
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import soundfile

from studio import __version__
from studio.errors import ParameterError
from studio.experiments.findings.judging import Findings
from studio.experiments.findings.played import in_spreads, judge_played
from studio.experiments.parameters import timeline
from studio.experiments.parameters.rendering import (
    WINDOW_SECONDS,
    RunFolder,
    recorded_settings,
)
from studio.experiments.parameters.steady import Played
from studio.files import replacing, write_text
from studio.sound import SAMPLE_RATE
from studio.sound.features import FEATURES

SEEDS = (1, 2, 3)
FEATURES_FILE = "features.csv.gz"
MANIFEST_FILE = "manifest.json"
SOUNDS = "sounds"

GAIN = 0.5
"""Of all kept sounds alike, so that they can be compared: the live level leaves no headroom."""

_OPUS_RATE = 48_000
_OPUS_COMPRESSION = 0.92
_CURVE_SECONDS = 1.0


def run(
    work: Path,
    output: Path,
    seeds: Sequence[int] = SEEDS,
    jobs: int = 1,
    models: str | Path | None = None,
    low_pass: str = "",
    verdicts_only: bool = False,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Findings:
    """Play, measure and judge; stopped at any moment, the same call goes on.

    Parameters
    ----------
    work : Path
        Where rendered runs lie and stay for the next time.
    output : Path
        Gets tables, sounds and `MANIFEST_FILE`.
    seeds : sequence of int
        Two or more; the first one's sounds are kept and drawn.
    jobs : int
        Processes side by side; 0: one per processor.
    models : path, optional
        Folder of the models.
    low_pass : str
        Another kind of low-pass than that of Experiment 1.
    verdicts_only : bool
        Write verdicts, cases, effects and settings only, to compare with.
    on_progress : callable, optional
        Told ``(what, done, of)``.

    Raises
    ------
    StudioError
        If the model is missing, or seeds are too few or the same.
    """
    if len(seeds) < 2 or len(set(seeds)) < len(seeds):
        raise ParameterError(f"seeds={list(seeds)} must be two or more different whole numbers.")
    runs = RunFolder.of(work, models, low_pass=low_pass)
    runs.render(seeds, jobs, on_progress)
    output.mkdir(parents=True, exist_ok=True)
    table = runs.table(seeds)
    found = write_tables(table, seeds, output, verdicts_only)
    for done, name in enumerate(() if verdicts_only else timeline.RUNS, 1):
        write_sound(runs.sound(name, seeds[0]), output / SOUNDS / f"{name}.opus")
        if on_progress:
            on_progress("compressing", done, len(timeline.RUNS))
    manifest = manifest_of(models, seeds, low_pass)
    write_text(output / MANIFEST_FILE, json.dumps(manifest, indent=1) + "\n")
    return found


def write_tables(
    table: pd.DataFrame, seeds: Sequence[int], output: Path, verdicts_only: bool = False
) -> Findings:
    """Write all tables of measured runs, and return the verdicts.

    Parameters
    ----------
    table : DataFrame
        ``run, seed, seconds`` and the features.
    seeds : sequence of int
        The first one is drawn.
    output : Path
    verdicts_only : bool
        As in `run`.
    """
    played = Played(table)
    found = judge_played(played)
    parts = {"verdicts": found.verdicts, "cases": found.cases, "effects": effects_of(played)}
    if not verdicts_only:
        curves = curves_of(table, seeds[0])
        parts |= {"steady": played.table(), "settling": settling_of(played), "curves": curves}
        with replacing(output / FEATURES_FILE) as temporary:
            how: Any = {"method": "gzip", "mtime": 1}
            table.to_csv(temporary, index=False, float_format="%.5g", compression=how)
    for name, part in parts.items():
        write_text(output / f"{name}.csv", part.to_csv(index=False, float_format="%.5g"))
    return found


def effects_of(played: Played) -> pd.DataFrame:
    """Return what every parameter does from its first value to its last, at every layer.

    Columns ``parameter, feature, layer, map, first, last``: the steady states at both ends (of
    noisiness, logarithms to base 10); ``effect, low, high`` with the 95 % interval over seeds;
    ``spread``; ``in_spreads``; ``within_spread``.
    """
    rows = []
    for name, values in timeline.SEQUENCES.items():
        for feature in FEATURES:
            for place, (layer, feature_map) in enumerate(timeline.LAYERS):
                effect = played.effect(name, feature, place)
                low, high = _interval(effect)
                size = float(in_spreads(played, name, feature, place)[0])
                rows.append(
                    {
                        "parameter": name,
                        "feature": feature,
                        "layer": layer,
                        "map": feature_map,
                        "first": played.level(name, feature, 0, place)[0],
                        "last": played.level(name, feature, len(values) - 1, place)[0],
                        "effect": effect[0],
                        "low": low,
                        "high": high,
                        "spread": played.spread(feature, place),
                        "in_spreads": size,
                        "within_spread": abs(size) <= 1,
                    }
                )
    return pd.DataFrame(rows)


def settling_of(played: Played) -> pd.DataFrame:
    """Return how long a change of layer takes: ``parameter, value, seconds, low, high``."""
    rows = []
    for name, values in timeline.SEQUENCES.items():
        for step, value in enumerate(values):
            times = played.seconds_to_settle(name, step)
            low, high = _interval(times)
            rows.append(
                {"parameter": name, "value": value, "seconds": times[0], "low": low, "high": high}
            )
    return pd.DataFrame(rows)


def curves_of(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return what is drawn: ``run, seconds`` and the features of one seed, means over a second."""
    own = table[table["seed"] == seed]
    second = np.floor(own["seconds"] / _CURVE_SECONDS + 1e-6) * _CURVE_SECONDS
    grouped = own.assign(seconds=second).groupby(["run", "seconds"], sort=False)
    return grouped[list(FEATURES)].mean().reset_index()


def write_sound(sound: np.ndarray, path: Path) -> None:
    """Write a sound (T,) as Ogg Opus, `GAIN` times as loud."""
    import soxr

    path.parent.mkdir(parents=True, exist_ok=True)
    resampled = soxr.resample(sound * np.float32(GAIN), SAMPLE_RATE, _OPUS_RATE)
    with replacing(path) as temporary:
        soundfile.write(
            temporary,
            resampled,
            _OPUS_RATE,
            format="OGG",
            subtype="OPUS",
            compression_level=_OPUS_COMPRESSION,
        )


def write_lossless(work: Path, folder: Path, seed: int, low_pass: str = "") -> None:
    """Write the runs of a seed, as rendered, as WAV files of 16 bits."""
    runs = RunFolder.of(work, low_pass=low_pass)
    folder.mkdir(parents=True, exist_ok=True)
    for name in timeline.RUNS:
        path = folder / f"{name}-{seed}.wav"
        with replacing(path) as temporary:
            sound = runs.sound(name, seed)
            soundfile.write(temporary, sound, SAMPLE_RATE, format="WAV", subtype="PCM_16")


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values[1:], (2.5, 97.5), method="nearest")
    return float(low), float(high)


def manifest_of(
    models: str | Path | None, seeds: Sequence[int], low_pass: str = ""
) -> dict[str, Any]:
    """Return settings, moves, seeds and versions: what the results can be made again from."""
    return {
        "experiment": "parameters",
        "seeds": list(seeds),
        **recorded_settings(models, low_pass=low_pass),
        "moves": {
            name: [[move.seconds, move.kind, move.changes] for move in timeline.moves(name)]
            for name in timeline.RUNS
        },
        "sounds": {name: f"{SOUNDS}/{name}.opus" for name in timeline.RUNS},
        "sounds_seed": seeds[0],
        "sounds_gain": GAIN,
        "curve_seconds": _CURVE_SECONDS,
        "window_seconds": WINDOW_SECONDS,
        "versions": {
            "studio": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "numpy", "soundfile")},
        },
    }
