"""Playing the runs of Experiment 2 with the live engine, as fast as it computes.

Every run is rendered exactly as a listener would hear it who makes the same moves at the same
moments. What was rendered and measured is kept, one file per run and seed, and not done again.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.npyio import NpzFile

from studio.errors import AudioError
from studio.experiments.parameters import timeline
from studio.files import replacing
from studio.gallery.feature_maps import fingerprint
from studio.live.dreamer import Models
from studio.live.engine import LiveEngine
from studio.networks.listing import find_model
from studio.sound import SAMPLE_RATE
from studio.sound.features import FEATURES, FRAME_SAMPLES, HOP_SAMPLES, frames
from studio.workers import local_pool, task

WINDOW_SECONDS = 0.2
"""Features are averaged over the frames whose centres lie in a window: 17 or 18 of them."""

_BLOCK_FRAMES = 2048
_CONTEXT = FRAME_SAMPLES // 2


def play(
    run: str,
    seed: int,
    models: Models,
    until_seconds: int = timeline.TOTAL_SECONDS,
    low_pass: str = "",
) -> np.ndarray:
    """Return the sound of a run, shape (T,), float32, at 44,100 Hz.

    Parameters
    ----------
    run : str
        One of `timeline.RUNS`.
    seed : int
        Of the noise and of all random offsets.
    models : callable
        ``models(dataset, architecture)`` gives a model.
    until_seconds : int
        Where to stop.
    low_pass : str
        Another kind of low-pass than that of Experiment 1.
    """
    engine = LiveEngine(timeline.first_settings(run, seed, low_pass), models, keep_log=False)
    blocks = []
    for move in timeline.moves(run, until_seconds):
        blocks.append(engine.render(move.seconds * SAMPLE_RATE - engine.position))
        engine.apply(move.changes)
    blocks.append(engine.render(until_seconds * SAMPLE_RATE - engine.position))
    return np.concatenate(blocks)


def measure(sound: np.ndarray) -> pd.DataFrame:
    """Return the four features' means over windows of `WINDOW_SECONDS`.

    Parameters
    ----------
    sound : ndarray, shape (T,)

    Returns
    -------
    DataFrame
        ``seconds`` (the window's beginning) and `features.FEATURES`, a row per whole window.
    """
    if not len(sound) >= SAMPLE_RATE:
        raise AudioError("A run to be measured lasts a second or more.")
    found = _frames(np.asarray(sound, dtype=np.float32))
    # In whole samples: no window's border depends on rounding.
    window = round(WINDOW_SECONDS * SAMPLE_RATE)
    count = len(sound) // window
    centres = np.arange(len(found["loudness"])) * HOP_SAMPLES
    belongs = centres // window
    within = belongs < count
    table: dict[str, Any] = {"seconds": np.round(np.arange(count) * WINDOW_SECONDS, 6)}
    number = np.bincount(belongs[within], minlength=count)
    for name in FEATURES:
        table[name] = np.bincount(belongs[within], found[name][within], count) / number
    return pd.DataFrame(table)


def _frames(sound: np.ndarray) -> dict[str, np.ndarray]:
    """Return `features.frames` of a long sound, block by block, all four of length F.

    Roughness tells a frame from the one before it; the first has none and counts as 0.
    """
    padded = np.pad(sound, _CONTEXT)
    count = 1 + len(sound) // HOP_SAMPLES
    parts: dict[str, list[np.ndarray]] = {name: [] for name in FEATURES}
    for begin in range(0, count, _BLOCK_FRAMES):
        end = min(begin + _BLOCK_FRAMES, count)
        first = max(begin - 1, 0)  # The frame before, for the roughness of the first.
        block = padded[first * HOP_SAMPLES : (end - 1) * HOP_SAMPLES + FRAME_SAMPLES]
        found = frames(block)
        # The block's own padding makes frames before and after those that are whole.
        offset = _CONTEXT // HOP_SAMPLES
        for name in FEATURES:
            if name == "roughness":
                rough = found[name][offset : offset + end - first - 1]
                parts[name].append(np.concatenate([[0.0], rough]) if begin == 0 else rough)
            else:
                parts[name].append(found[name][offset + begin - first :][: end - begin])
    return {name: np.concatenate(part) for name, part in parts.items()}


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where rendered runs lie; another folder for other settings or weights.

    Attributes
    ----------
    folder : Path
    models : path or None
        Folder of the models.
    until_seconds : int
        How long every run is.
    low_pass : str
        As in `timeline.first_settings`.
    """

    folder: Path
    models: str | None
    until_seconds: int
    low_pass: str

    @classmethod
    def of(
        cls,
        root: Path,
        models: str | Path | None = None,
        until_seconds: int = timeline.TOTAL_SECONDS,
        low_pass: str = "",
    ) -> RunFolder:
        """Return the folder, below ``root``, of the settings and weights as they are now."""
        recorded = recorded_settings(models, until_seconds, low_pass)
        settings = json.dumps(recorded, sort_keys=True)
        folder = root / hashlib.sha256(settings.encode()).hexdigest()[:8]
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, str(models) if models else None, until_seconds, low_pass)

    def path(self, run: str, seed: int) -> Path:
        """Return where a run lies, or will."""
        return self.folder / f"{run}-{seed}.npz"

    def missing(self, seeds: Sequence[int]) -> list[tuple[str, int]]:
        """Return the runs that are still to be rendered: one seed after the other."""
        every = [(run, seed) for seed in seeds for run in timeline.RUNS]
        return [pair for pair in every if not self.path(*pair).is_file()]

    def render(
        self,
        seeds: Sequence[int],
        jobs: int = 1,
        on_progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        """Render and measure what is missing; stopped at any moment, the same call goes on.

        Parameters
        ----------
        seeds : sequence of int
        jobs : int
            Processes side by side, one thread each; 0: one per processor.
        on_progress : callable, optional
            Told ``(what, done, of)``.
        """
        missing, of = self.missing(seeds), len(seeds) * len(timeline.RUNS)
        if on_progress:
            on_progress("playing", of - len(missing), of)
        with local_pool(jobs) as parallel:
            tasks = (task(_render_one, self, *pair) for pair in missing)
            for done, _ in enumerate(parallel(tasks), of - len(missing) + 1):
                if on_progress:
                    on_progress("playing", done, of)

    def table(self, seeds: Sequence[int]) -> pd.DataFrame:
        """Return ``run, seed, seconds`` and the features of all runs."""
        tables = []
        for run in timeline.RUNS:
            for seed in seeds:
                with self._open(run, seed) as kept:
                    columns = {name: kept[name] for name in ("seconds", *FEATURES)}
                tables.append(pd.DataFrame({"run": run, "seed": seed, **columns}))
        return pd.concat(tables, ignore_index=True)

    def sound(self, run: str, seed: int) -> np.ndarray:
        """Return the sound of a run, shape (T,), float32, as rendered but for 16 bits."""
        with self._open(run, seed) as kept:
            return kept["sound"].astype(np.float32) / np.float32(32767)

    def _open(self, run: str, seed: int) -> NpzFile:
        return np.load(self.path(run, seed), allow_pickle=False)


def recorded_settings(
    models: str | Path | None = None,
    until_seconds: int = timeline.TOTAL_SECONDS,
    low_pass: str = "",
) -> dict[str, Any]:
    """Return everything that determines the sounds and their measurement, but the seed."""
    recipe = timeline.SETTINGS.recipe
    weights = find_model(recipe.dataset, recipe.architecture, models)
    settings = timeline.first_settings(timeline.FIXED, 0, low_pass).to_dict()
    del settings["seed"], settings["targets"]
    return {
        "settings": settings,
        "layers": [list(pair) for pair in timeline.LAYERS],
        "sequences": {name: list(values) for name, values in timeline.SEQUENCES.items()},
        "delay_seconds": timeline.DELAY_SECONDS,
        "pause_seconds": timeline.PAUSE_SECONDS,
        "layer_offset_seconds": timeline.LAYER_OFFSET_SECONDS,
        "seconds": until_seconds,
        "window_seconds": WINDOW_SECONDS,
        "weights": fingerprint(weights, weights.stat().st_mtime),
    }


def _render_one(folder: RunFolder, run: str, seed: int) -> None:
    """Render and measure one run, wherever this runs; its file appears whole or not at all."""
    sound = play(run, seed, _loader(folder.models), folder.until_seconds, folder.low_pass)
    table = measure(sound)
    columns = {name: table[name].to_numpy() for name in table.columns}
    with replacing(folder.path(run, seed)) as temporary, temporary.open("wb") as file:
        np.savez(file, sound=np.rint(sound * 32767).astype(np.int16), **columns)


@functools.lru_cache(maxsize=1)
def _loader(models: str | None) -> Models:
    from studio.networks.checkpoints import load_model

    return functools.cache(lambda dataset, architecture: load_model(dataset, architecture, models))
