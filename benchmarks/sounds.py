"""Measure the studio's sounds as material: the presets, a sample of the gallery, fresh dreams.

    python benchmarks/sounds.py presets
    python benchmarks/sounds.py gallery [sounds, default 120]
    python benchmarks/sounds.py dreams [maps, default 8] [seconds …, default 1 10] [field=value …]
    python benchmarks/sounds.py active [maps, default 8] [seconds …, default 10 20] [field=value …]
    python benchmarks/sounds.py duplicates [maps, default 24]
    python benchmarks/sounds.py form [maps, default 6]
    python benchmarks/sounds.py loops [maps, default 4] [seeds, default 3]

``active`` takes the maps of ``dreams``, by default with an even texture and a low cut: the goal is
60 % active for 80 % of the 48, and at most 1 % of the energy below 20 Hz.

Prints tables in Markdown; docs/sounds.md keeps them before and after every change of a sound.
The sample of the gallery and the grid of dreams are drawn with a fixed seed.
studio/sound/material.py defines the measures.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from studio import Recipe, dream, load_model
from studio.dreaming import shapes
from studio.dreaming.recipe import DATASETS
from studio.gallery import sprites
from studio.gallery.feature_maps import EXPERIMENT_1, FeatureMapId
from studio.gallery.index import read_gallery
from studio.gallery.vectors import vector
from studio.networks.architectures import ARCHITECTURES
from studio.networks.classifier import use_one_thread
from studio.sound import SAMPLE_RATE
from studio.sound.material import (
    active_share,
    energy_share,
    grid_share,
    heard_lufs,
    loudness_lufs,
    measure_material,
    new_seconds,
    place_levels_db,
    spectral_distance_db,
)
from studio.ui.dream.presets import PRESETS

SEED = 2026
LONG = Recipe(iterations=300, learning_rate=0.04)
"""Settings of the fresh dreams: the page's first dream."""

MAPS_OF_A_FORM = 6
"""Targets of the dreams of `form`."""

model_of = functools.cache(load_model)


def dreamed(recipe: Recipe) -> np.ndarray:
    return dream(model_of(recipe.dataset, recipe.architecture), recipe).audio


def first_grid_hz(architecture: str, layer: int) -> float:
    """Return the step rate in Hz of a layer: the grid that its strides leave on a sound."""
    strides = [row.stride for row in ARCHITECTURES[architecture].convolutions[: layer + 1]]
    return SAMPLE_RATE / float(np.prod(strides))


def row(name: str, audio: np.ndarray, architecture: str, layer: int) -> dict[str, object]:
    """Measure a sound (T,) or (T, 2): its channels' mean, but the loudness of both."""
    mono = audio if audio.ndim == 1 else audio.mean(axis=1)
    on, off = grid_share(mono, first_grid_hz(architecture, min(layer, 1)))
    return {
        "sound": name,
        **measure_material(mono),
        "loudness_lufs": loudness_lufs(audio),
        "heard_lufs": heard_lufs(audio),
        "grid": on,
        "grid_control": off,
    }


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
    for text, column in {"loudness": "loudness_lufs", "as heard": "heard_lufs"}.items():
        print(f"- {text} from {table[column].min():.1f} to {table[column].max():.1f} LUFS")
    sys.stdout.flush()


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


def dreams(maps: int = 8, *lengths: float, **settings: object) -> None:
    """Dream maps of the layers 1 and 2 of all six models at several lengths."""
    for seconds in lengths or (1.0, 10.0):
        rows = []
        for unit in grid(int(maps)):
            recipe = unit.recipe(LONG.replace(**settings))
            sound = dreamed(recipe.replace(seconds=seconds))
            name = f"{unit.model}-{unit.layer}-{unit.map}"
            measured = row(name, sound, unit.architecture, unit.layer)
            if seconds > 1:
                measured["to_1_s_db"] = spectral_distance_db(sound, dreamed(recipe))
            rows.append(measured)
        print(f"\n{seconds:g} s\n")
        show(rows, whole=False)


def active(maps: int = 8, *lengths: float, **settings: object) -> None:
    """Tell how much of long dreams is active, a line each as they come."""
    chosen = {"texture": "even", "low_cut_hz": 25.0} | settings
    for seconds in lengths or (10.0, 20.0):
        print(f"\n{seconds:g} s, {chosen}\n")
        found = []
        for unit in grid(int(maps)):
            recipe = unit.recipe(LONG.replace(seconds=seconds, **chosen))
            sound = dreamed(recipe)
            found.append((active_share(sound), energy_share(sound, high_hz=20.0)))
            name = f"{unit.model}-{unit.layer}-{unit.map}"
            print(f"{name}: {found[-1][0]:.1%} active, {found[-1][1]:.3%} below 20 Hz", flush=True)
        shares, low = np.array(found).T
        print(
            f"\n{(shares >= 0.6).mean():.0%} of {len(found)} at least 60 % active, median "
            f"{np.median(shares):.1%}; {(low > 0.01).mean():.0%} over 1 % below 20 Hz"
        )


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


def form(models: int = 6) -> None:
    """Count new seconds of 20-s dreams of six maps of a model: without and with curves."""
    rows = []
    for dataset, architecture in [(d, a) for d in DATASETS for a in ARCHITECTURES][: int(models)]:
        channels = model_of(dataset, architecture).channels
        chance = np.random.default_rng(SEED)
        targets = [
            (1 + number % 2, int(chance.integers(channels[1 + number % 2])))
            for number in range(MAPS_OF_A_FORM)
        ]
        plain = LONG.replace(
            dataset=dataset, architecture=architecture, targets=targets, seconds=20
        )
        fade = [shapes.cross_fade(number, len(targets)) for number in range(len(targets))]
        walks = [shapes.walk(number) for number in range(len(targets))]
        forms = {
            "peaked": plain,
            "peaked, cross-fade": plain.replace(curves=fade),
            "even": plain.replace(texture="even"),
            "even, A → B": plain.replace(
                texture="even",
                targets=targets[:2],
                curves=[shapes.cross_fade(0, 2), shapes.cross_fade(1, 2)],
            ),
            "even, cross-fade": plain.replace(texture="even", curves=fade),
            "even, walks": plain.replace(texture="even", curves=walks),
        }
        for name, recipe in forms.items():
            sound = dreamed(recipe)
            rows.append(
                {
                    "sound": f"{dataset}-{architecture}",
                    "form": name,
                    "new": new_seconds(sound)[0],
                    "active": active_share(sound),
                }
            )
    table = pd.DataFrame(rows).pivot(index="sound", columns="form", values=["new", "active"])
    table.loc["median"] = table.median()
    print(markdown(table["new"]), "\n\n", markdown(table["active"]), flush=True)


def value_of(text: str) -> object:
    """Return a setting as JSON or, where it is none, as the word it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


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


KINDS = {
    each.__name__: each for each in (presets, gallery, dreams, active, duplicates, form, loops)
}

if __name__ == "__main__":
    use_one_thread()
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    told = [word.partition("=") for word in sys.argv[2:]]
    settings = {name: value_of(text) for name, equals, text in told if equals}
    KINDS[sys.argv[1]](*(float(name) for name, equals, _ in told if not equals), **settings)
