"""Dream candidates for the Dream tab's presets, measure them, and choose some far from each other.

    python scripts/choose_presets.py FOLDER --candidates 120 --choose 24

Every model and layer is asked alike; settings are drawn as "Surprise me" draws them. What is
clipped, silent or still the noise that it began as falls out. Of the rest, the next one chosen is
always the one furthest from all chosen before. FOLDER then holds the sounds at listening level and
``candidates.csv`` with recipes and measures.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import pandas as pd

from studio import audio
from studio.checkpoints import load_model
from studio.descriptors import measure
from studio.dreaming.initial import initial_sound
from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe, Target
from studio.networks import use_one_thread
from studio.ui.defaults import surprise
from studio.ui.shelf import ModelShelf

LOGARITHMIC = ("brightness_mean", "noisiness_mean", "roughness_mean", "brightness_sd")
HEARD = (*LOGARITHMIC, "loudness_mean", "loudness_sd", "burst_share", "pitchedness")


def candidates(count: int, chance: random.Random) -> list[Recipe]:
    """Return recipes that visit every layer of every model in turn."""
    models = ModelShelf().listing()
    places = [(model, layer) for model in models for layer in range(len(model["channels"]))]
    recipes = []
    for number in range(count):
        model, layer = places[number % len(places)]
        recipe = surprise([model], chance)
        maps = chance.sample(range(model["channels"][layer]), len(recipe.targets))
        targets = tuple(Target(layer, feature_map) for feature_map in sorted(maps))
        recipes.append(recipe.replace(targets=targets, iterations=300))
    return recipes


def judged(recipe: Recipe) -> tuple[np.ndarray, dict[str, object]]:
    """Dream one; return the sound at listening level and what is measured of it."""
    made = dream(load_model(recipe.dataset, recipe.architecture), recipe).audio
    heard = audio.listening_level(made)
    start = initial_sound(recipe)
    likeness = abs(np.dot(made, start)) / (np.linalg.norm(made) * np.linalg.norm(start) + 1e-12)
    facts = {
        **measure(heard),
        "rms": float(np.sqrt(np.mean(heard**2))),
        "clipped": float(np.mean(np.abs(made) >= np.abs(made).max() * (1 - 1e-6))),
        "likeness": float(likeness),
        "recipe": recipe.to_json(),
    }
    return heard, facts


def places_of(table: pd.DataFrame) -> np.ndarray:
    """Return the measures that are heard, standardised, shape (n, d)."""
    values = table[list(HEARD)].to_numpy(dtype=float).copy()
    for column, name in enumerate(HEARD):
        if name in LOGARITHMIC:
            values[:, column] = np.log(np.maximum(values[:, column], 1e-6))
    return (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-12)


def spread(table: pd.DataFrame, count: int) -> list[int]:
    """Return rows that lie far from each other, the most central first."""
    usable = (table["rms"] > 0.02) & (table["clipped"] < 1e-3) & (table["likeness"] < 0.6)
    places = places_of(table)
    open_rows = list(np.flatnonzero(usable))
    chosen = [min(open_rows, key=lambda row: float(np.linalg.norm(places[row])))]
    while len(chosen) < min(count, len(open_rows)):
        distances = [np.linalg.norm(places[open_rows] - places[row], axis=1) for row in chosen]
        chosen.append(int(open_rows[int(np.argmax(np.min(distances, axis=0)))]))
    return chosen


def main() -> None:
    """Do as the module's text says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--candidates", type=int, default=120)
    parser.add_argument("--choose", type=int, default=24)
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    use_one_thread()
    rows = []
    for number, recipe in enumerate(candidates(options.candidates, random.Random(options.seed))):
        heard, facts = judged(recipe)
        rows.append(facts)
        audio.write(options.folder / f"{number}.wav", heard, recipe, subtype="16-bit")
    table = pd.DataFrame(rows)
    chosen = spread(table, options.choose)
    table["chosen"] = [chosen.index(row) + 1 if row in chosen else 0 for row in table.index]
    table.to_csv(options.folder / "candidates.csv", index_label="number")
    print(table.loc[chosen, [*HEARD, "rms", "likeness", "recipe"]].to_string())


if __name__ == "__main__":
    main()
