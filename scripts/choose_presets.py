"""Dream candidates for the Dream tab's presets, measure them, and choose some far from each other.

    python scripts/choose_presets.py FOLDER --candidates 120 --choose 24
    python scripts/choose_presets.py FOLDER --candidates 100 --choose 12 --kind objectives
    python scripts/choose_presets.py FOLDER --candidates 40 --choose 8 --kind moving

Every model and layer is asked alike; settings are drawn as "Surprise me" draws them. What is
clipped, silent, still the noise that it began as, low beyond hearing or not as loud as the others
falls out. Of the rest, the next one chosen is always the one furthest from all chosen before.
FOLDER then holds the sounds at listening level and ``candidates.csv`` with recipes and measures.

``--kind``: ``plain``; ``objectives``, beyond the paper's, each of five kinds in turn (those
that sound much like the same recipe without it fall out, too); ``moving``, of 8 to 20 s, for which
several maps share an even texture, and of which seconds must differ; ``loops``, whose seam must not
be heard; ``stereo``. Of all but ``plain``, the present presets count as chosen already.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import pandas as pd

from studio.dreaming import wav
from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.sources import initial_sound
from studio.networks.architectures import ARCHITECTURES
from studio.networks.checkpoints import load_model
from studio.networks.classifier import use_one_thread
from studio.sound.descriptors import measure
from studio.sound.levels import BOTH_LOUDSPEAKERS_DB, LISTENING_LUFS, listening_level
from studio.sound.material import heard_lufs, measure_material
from studio.ui.dream.defaults import surprise
from studio.ui.dream.presets import PRESETS
from studio.ui.server.model_cache import ModelCache

LOGARITHMIC = ("brightness_mean", "noisiness_mean", "roughness_mean", "brightness_sd")
LEAST_EFFECT = 0.4
"""Least distance from the plain recipe's sound; two equal sounds have 0."""

LOW_CUT_HZ = 25.0
MOST_BELOW_20_HZ = 0.01
LOUDNESS_LU = 1.5
"""Furthest from the listening level, above and below."""

LEAST_NEW = 0.3
"""Of the seconds of a moving sound, after the first."""

LEAST_ACTIVE = 0.6
MOST_SEAM_DB = 1.0

MATERIAL = ("heard_lufs", "below_20_hz", "active_share", "new_seconds", "seam_db")
HEARD = (*LOGARITHMIC, "loudness_mean", "loudness_sd", "burst_share", "pitchedness")


def candidates(count: int, chance: random.Random) -> list[Recipe]:
    """Return recipes that visit every layer of every model in turn."""
    models = ModelCache().listing()
    places = [(model, layer) for model in models for layer in range(len(model["channels"]))]
    recipes = []
    for number in range(count):
        model, layer = places[number % len(places)]
        recipe = surprise([model], chance).replace(low_cut_hz=LOW_CUT_HZ)
        maps = chance.sample(range(model["channels"][layer]), len(recipe.targets))
        targets = tuple(Target(layer, feature_map) for feature_map in sorted(maps))
        recipes.append(recipe.replace(targets=targets, iterations=300))
    return recipes


def asked_for(count: int, chance: random.Random) -> list[Recipe]:
    """Return recipes beyond the paper: a class, an avoided map, a guide, closeness, stages."""
    models = ModelCache().listing()
    kinds = (_class, _avoiding, _guided, _close, _staged)
    recipes = []
    for number in range(count):
        model = models[(number // len(kinds)) % len(models)]
        plain = surprise([model], chance).replace(iterations=300, low_cut_hz=LOW_CUT_HZ)
        recipes.append(kinds[number % len(kinds)](plain, model["channels"], chance))
    return recipes


def _class(plain: Recipe, channels: list[int], chance: random.Random) -> Recipe:
    name = chance.randrange(channels[-1])
    targets = [Target(len(channels), name, 1.0, "activation")]
    if chance.random() < 0.5:
        targets.append(Target(plain.targets[0].layer, plain.targets[0].map, 0.02))
    return plain.replace(targets=targets)


def _avoiding(plain: Recipe, channels: list[int], chance: random.Random) -> Recipe:
    seek = plain.targets[0]
    layer = max(0, min(len(channels) - 1, seek.layer + chance.choice((-1, 0, 1))))
    avoid = Target(layer, chance.randrange(channels[layer]), chance.choice((-4.0, -16.0, -64.0)))
    if seek[:2] == avoid[:2] or chance.random() < 0.2:
        return plain.replace(targets=[seek._replace(weight=-1.0)])
    return plain.replace(targets=[seek, avoid])


def _guided(plain: Recipe, channels: list[int], chance: random.Random) -> Recipe:
    layer, feature_map = plain.targets[0][:2]
    everything = chance.random() < 0.5
    target = Target(layer, None if everything else feature_map, 1.0, "guide")
    guide = chance.choice(("tone", "impulse"))
    initial = chance.choice(("white noise", "tone", "impulse"))
    return plain.replace(targets=[target], guide=guide, initial=initial)


def _close(plain: Recipe, channels: list[int], chance: random.Random) -> Recipe:
    initial = chance.choice(("tone", "impulse", "white noise"))
    return plain.replace(initial=initial, closeness=chance.choice((0.5, 1.0, 2.0, 4.0)))


def _staged(plain: Recipe, channels: list[int], chance: random.Random) -> Recipe:
    layer = chance.randrange(len(channels))
    later = {"iterations": 100, "targets": [[layer, chance.randrange(channels[layer]), 1.0]]}
    if chance.random() < 0.5:
        later["cutoff_hz"] = chance.choice((2_000.0, 4_000.0, 8_000.0, 16_000.0))
    return plain.replace(iterations=200, stages=[later])


def moving(count: int, chance: random.Random) -> list[Recipe]:
    """Return long recipes in which maps of several layers share the time."""
    models = ModelCache().listing()
    recipes = []
    for number in range(count):
        model = models[number % len(models)]
        channels = model["channels"]
        layers = [chance.randrange(len(channels)) for _ in range(chance.choice((1, 2, 3, 4)))]
        targets = {Target(layer, chance.randrange(channels[layer])): None for layer in layers}
        recipes.append(
            surprise([model], chance).replace(
                targets=sorted(targets),
                seconds=chance.choice((8.0, 8.0, 10.0, 12.0, 16.0)),
                iterations=200,
                low_cut_hz=LOW_CUT_HZ,
                texture=chance.choice(("even", "even", "even", "peaked")),
                texture_seconds=chance.choice((1.0, 2.0, 2.0)),
            )
        )
    return recipes


def loops(count: int, chance: random.Random) -> list[Recipe]:
    """Return true loops of whole seconds, every fourth in stereo."""
    recipes = []
    for number, plain in enumerate(candidates(count, chance)):
        width = chance.choice((0.6, 0.8, 1.0)) if number % 4 == 0 else 0.0
        recipes.append(
            plain.replace(
                padding="loop",
                texture="even",
                texture_seconds=chance.choice((0.1, 0.25, 0.5)),
                seconds=float(chance.choice((1, 2, 2, 3, 4))),
                stereo_width=width,
            )
        )
    return recipes


def stereo(count: int, chance: random.Random) -> list[Recipe]:
    """Return stereo recipes with an even texture."""
    return [
        plain.replace(
            stereo_width=chance.choice((0.6, 0.8, 1.0)),
            texture="even",
            seconds=chance.choice((2.0, 3.0, 4.0)),
        )
        for plain in candidates(count, chance)
    ]


def goes_beyond(recipe: Recipe) -> bool:
    """Tell whether a recipe asks for anything that is not the paper's."""
    asked = any(target.measure != "response" or target.weight < 0 for target in recipe.targets)
    return asked or recipe.closeness > 0 or bool(recipe.stages)


def without(recipe: Recipe) -> Recipe:
    """Return the same recipe with the paper's objective only."""
    last = len(ARCHITECTURES[recipe.architecture].convolutions) - 1
    targets = {
        Target(min(target.layer, last), target.map): None
        for target in recipe.targets
        if target.weight > 0 or len(recipe.targets) == 1
    }
    return recipe.replace(targets=tuple(targets), guide="none", closeness=0.0, stages=())


def judged(recipe: Recipe) -> tuple[np.ndarray, dict[str, object]]:
    """Dream one; return the sound at listening level and what is measured of it."""
    made = dream(load_model(recipe.dataset, recipe.architecture), recipe).audio
    heard, mono = listening_level(made), made if made.ndim == 1 else made.mean(axis=1)
    start = initial_sound(recipe)
    likeness = abs(np.dot(mono, start)) / (np.linalg.norm(mono) * np.linalg.norm(start) + 1e-12)
    facts = {
        **measure(heard if heard.ndim == 1 else heard.mean(axis=1)),
        **measure_material(mono),
        "heard_lufs": heard_lufs(made),
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


def effects(table: pd.DataFrame, plain: pd.DataFrame) -> np.ndarray:
    """Return how far sounds are from the plain ones, the root mean square over the measures."""
    places = places_of(pd.concat([table, plain]))
    apart = places[: len(table)] - places[len(table) :]
    return np.sqrt(np.mean(apart**2, axis=1))


def spread(table: pd.DataFrame, count: int, kind: str = "plain", taken: int = 0) -> list[int]:
    """Return rows far from each other, the most central first; the first ``taken`` are chosen."""
    usable = (table["rms"] > 0.02) & (table["clipped"] < 1e-3) & (table["likeness"] < 0.6)
    usable &= table["effect"] > LEAST_EFFECT
    usable &= table["below_20_hz"] <= MOST_BELOW_20_HZ
    usable &= (table["heard_lufs"] - LISTENING_LUFS - BOTH_LOUDSPEAKERS_DB).abs() <= LOUDNESS_LU
    if kind in ("moving", "loops"):
        usable &= table["active_share"] >= LEAST_ACTIVE
    if kind == "moving":
        usable &= table["new_seconds"] >= LEAST_NEW * table["later_seconds"]
    if kind == "loops":
        usable &= table["seam_db"].abs() <= MOST_SEAM_DB
    places = places_of(table)
    open_rows = [row for row in np.flatnonzero(usable) if row >= taken]
    chosen = list(range(taken)) or [
        min(open_rows, key=lambda row: float(np.linalg.norm(places[row])))
    ]
    while len(chosen) < taken + min(count, len(open_rows)):
        distances = [np.linalg.norm(places[open_rows] - places[row], axis=1) for row in chosen]
        chosen.append(int(open_rows[int(np.argmax(np.min(distances, axis=0)))]))
    return chosen[taken:]


DRAWN = {
    "plain": candidates,
    "objectives": asked_for,
    "moving": moving,
    "loops": loops,
    "stereo": stereo,
}


def main() -> None:
    """Do as the module's text says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--candidates", type=int, default=120)
    parser.add_argument("--choose", type=int, default=24)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--kind", choices=DRAWN, default="plain")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    use_one_thread()
    rows, plain = [], []
    beyond = options.kind == "objectives"
    taken = [] if options.kind == "plain" else [preset.recipe for preset in PRESETS]
    drawn = DRAWN[options.kind](options.candidates, random.Random(options.seed))
    for number, recipe in enumerate([*taken, *drawn]):
        heard, facts = judged(recipe)
        rows.append(facts)
        plain.append(judged(without(recipe))[1] if beyond and goes_beyond(recipe) else facts)
        wav.write(options.folder / f"{number}.wav", heard, recipe, subtype="16-bit")
    table = pd.DataFrame(rows)
    table["effect"] = effects(table, pd.DataFrame(plain)) if beyond else np.inf
    chosen = spread(table, options.choose, options.kind, len(taken))
    table["chosen"] = [chosen.index(row) + 1 if row in chosen else 0 for row in table.index]
    table.to_csv(options.folder / "candidates.csv", index_label="number")
    print(table.loc[chosen, [*HEARD, *MATERIAL, "recipe"]].to_string())


if __name__ == "__main__":
    main()
