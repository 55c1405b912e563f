"""Measure the studio's sounds as material: the presets, a sample of the gallery, fresh dreams.

    python benchmarks/sounds.py presets
    python benchmarks/sounds.py gallery [sounds, default 120]
    python benchmarks/sounds.py dreams [maps, default 8] [seconds …, default 1 10]
    python benchmarks/sounds.py duplicates [maps, default 24]
    python benchmarks/sounds.py loops [maps, default 4] [seeds, default 3]

Prints tables in Markdown; docs/sounds.md keeps them before and after every change of a sound.
The sample of the gallery and the grid of dreams are drawn with a fixed seed.
studio/sound/material.py defines the measures.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from studio import Recipe, dream, load_model
from studio.dreaming.recipe import DATASETS
from studio.gallery import sprites
from studio.gallery.feature_maps import EXPERIMENT_1, FeatureMapId
from studio.gallery.index import read_gallery
from studio.gallery.vectors import vector
from studio.networks.architectures import ARCHITECTURES
from studio.networks.classifier import use_one_thread
from studio.sound import SAMPLE_RATE
from studio.sound.material import (
    grid_share,
    measure_material,
    place_levels_db,
    spectral_distance_db,
)
from studio.ui.dream.presets import PRESETS

SEED = 2026
LONG = Recipe(iterations=300, learning_rate=0.04)
"""Settings of the fresh dreams: the page's first dream."""

model_of = functools.cache(load_model)


def dreamed(recipe: Recipe) -> np.ndarray:
    return dream(model_of(recipe.dataset, recipe.architecture), recipe).audio


def first_grid_hz(architecture: str, layer: int) -> float:
    """Return the step rate in Hz of a layer: the grid that its strides leave on a sound."""
    strides = [row.stride for row in ARCHITECTURES[architecture].convolutions[: layer + 1]]
    return SAMPLE_RATE / float(np.prod(strides))


def row(name: str, audio: np.ndarray, architecture: str, layer: int) -> dict[str, object]:
    spacing = first_grid_hz(architecture, min(layer, 1))
    on, off = grid_share(audio, spacing)
    return {"sound": name, **measure_material(audio), "grid": on, "grid_control": off}


def show(rows: list[dict[str, object]], whole: bool = True) -> None:
    """Print the rows (if ``whole``), and how they are distributed."""
    table = pd.DataFrame(rows).set_index("sound")
    if whole:
        print(markdown(table), "\n", flush=True)
    numbers = table.select_dtypes("number")
    spread = numbers.quantile([0.1, 0.5, 0.9]).rename(index=lambda q: f"{q:.0%} quantile")
    print(markdown(spread), "\n")
    counts = {
        "over 1 % below 20 Hz": (table["below_20_hz"] > 0.01).mean(),
        "over 10 % below 20 Hz": (table["below_20_hz"] > 0.1).mean(),
        "first sample over 5 % of the peak": (table["first_sample"] > 0.05).mean(),
        "99 % of the energy below 4 kHz": (table["above_4_khz"] < 0.01).mean(),
        "at least 60 % active": (table["active_share"] >= 0.6).mean(),
        "seam within 1 dB": (table["seam_db"].abs() <= 1).mean(),
    }
    for text, share in counts.items():
        print(f"- {text}: {share:.0%} of {len(table)}")
    quiet, loud = table["loudness_lufs"].min(), table["loudness_lufs"].max()
    print(f"- loudness from {quiet:.1f} to {loud:.1f} LUFS", flush=True)


def markdown(table: pd.DataFrame) -> str:
    def cell(value: object) -> str:
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    head = ["", *table.columns]
    lines = [head, ["---"] * len(head)]
    lines += [
        [str(name), *map(cell, values)]
        for name, values in zip(table.index, table.values, strict=True)
    ]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def presets() -> None:
    """Measure every preset as it is downloaded."""
    rows = []
    for preset in PRESETS:
        recipe = preset.recipe
        sound = dreamed(recipe)
        rows.append(row(preset.name, sound, recipe.architecture, recipe.targets[0].layer))
    show(rows)


def gallery(count: int = 120) -> None:
    """Measure a sample of the gallery's sounds, decoded from its MP3s."""
    found = read_gallery()
    table = found.table.sample(min(int(count), len(found.table)), random_state=SEED)
    rows = []
    for entry in table.itertuples():
        with (found.folder / entry.file).open("rb") as file:
            file.seek(entry.offset_bytes)
            sound = sprites.decode(file.read(entry.bytes), entry.seconds)
        name = f"{entry.dataset}-{entry.architecture}-{entry.layer}-{entry.map}"
        rows.append(row(name, sound, entry.architecture, entry.layer))
    show(rows, whole=False)


def grid(maps: int) -> Iterator[FeatureMapId]:
    """Yield ``maps`` maps of the layers 1 and 2 of every model."""
    chance = np.random.default_rng(SEED)
    for dataset in DATASETS:
        for architecture in ARCHITECTURES:
            channels = model_of(dataset, architecture).channels
            for number in range(maps):
                layer = 1 + number % 2
                yield FeatureMapId(
                    dataset, architecture, layer, int(chance.integers(channels[layer]))
                )


def dreams(maps: int = 8, *lengths: float) -> None:
    """Dream maps of the layers 1 and 2 of all six models at several lengths."""
    for seconds in lengths or (1.0, 10.0):
        rows = []
        for unit in grid(int(maps)):
            recipe = unit.recipe(LONG)
            sound = dreamed(recipe.replace(seconds=seconds))
            name = f"{unit.model}-{unit.layer}-{unit.map}"
            measured = row(name, sound, unit.architecture, unit.layer)
            if seconds > 1:
                measured["to_1_s_db"] = spectral_distance_db(sound, dreamed(recipe))
            rows.append(measured)
        print(f"\n{seconds:g} s\n")
        show(rows, whole=False)


def duplicates(maps: int = 24) -> None:
    """Tell how many maps lie nearer to another of their layer than two seeds of one map do."""
    found = read_gallery()
    vectors = found.vectors
    chance = np.random.default_rng(SEED)
    chosen = chance.choice(len(found.table), int(maps), replace=False)
    between_seeds = []
    for number in chosen:
        entry = found.table.iloc[number]
        unit = FeatureMapId(*(entry[key] for key in ("dataset", "architecture", "layer", "map")))
        recipe = unit.recipe(EXPERIMENT_1)
        again = found.standardise(vector(dreamed(recipe.replace(seed=recipe.seed + 100_000))))
        between_seeds.append(float(np.linalg.norm(again - vectors[number])))
    threshold = float(np.median(between_seeds))
    near = 0
    for _, group in found.table.groupby(["dataset", "architecture", "layer"]):
        own = vectors[group.index]
        distance = np.linalg.norm(own[:, None] - own[None], axis=2)
        np.fill_diagonal(distance, np.inf)
        near += int((distance.min(axis=1) < threshold).sum())
    print(
        f"Two seeds of one map lie {threshold:.2f} apart (median of {len(chosen)} maps); "
        f"{near} of {len(vectors)} maps ({near / len(vectors):.0%}) have another map of their "
        "layer nearer than that."
    )


def loops(maps: int = 4, seeds: int = 3) -> None:
    """Compare the level at a loop's seam with that at every other place of the same sound."""
    kinds = {
        "paper's edges": {},
        "loop": {"padding": "loop"},
        "loop, even": {"padding": "loop", "texture": "even"},
    }
    rows = {}
    for name, changes in kinds.items():
        levels = []
        for unit in grid(int(maps)):
            for seed in range(1, int(seeds) + 1):
                recipe = unit.recipe(LONG).replace(seconds=2.0, seed=seed, **changes)
                levels.append(np.abs(place_levels_db(dreamed(recipe))))
        seams = np.array([each[0] for each in levels])
        ranks = [float((each < each[0]).mean()) for each in levels]
        rows[name] = {
            "seam within 1 dB": float((seams <= 1).mean()),
            "any place within 1 dB": float(np.mean([(each <= 1).mean() for each in levels])),
            "seam, median dB": float(np.median(seams)),
            "any place, median dB": float(np.median([np.median(each) for each in levels])),
            "mean rank of the seam": float(np.mean(ranks)),
            "p that the ranks are even": float(stats.kstest(ranks, "uniform").pvalue),
        }
    print(markdown(pd.DataFrame(rows).T), flush=True)


KINDS = {each.__name__: each for each in (presets, gallery, dreams, duplicates, loops)}

if __name__ == "__main__":
    use_one_thread()
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    KINDS[sys.argv[1]](*map(float, sys.argv[2:]))
