"""What the page does of its own accord: its first recipe, its settings, "Surprise me".

Recipes, links, takes and presets that are loaded keep what they say, and Python, the command line
and the HTTP API keep the paper's defaults.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from studio.dreaming.recipe import Recipe, Target

FIRST = Recipe(
    dataset="speech",
    architecture="model2",
    targets=(Target(3, 7),),
    seconds=1.0,
    iterations=300,
    learning_rate=0.04,
)
"""The dream of a newcomer's first click: short, quick, and full of movement."""

OWN: dict[str, Any] = {"low_cut_hz": 25.0}
"""Settings with which the page begins, in place of the paper's."""

EVEN_OVER_SECONDS = 2.0
"""Sounds that are made longer than this get an even texture, unless somebody has chosen one."""

LEAST_ACTIVE = 0.2
"""A sound that sounds a smaller share of its time is offered to be dreamed again, even."""

_ITERATIONS = (120, 200, 300)
_LEARNING_RATES = (0.02, 0.04, 0.06)
_OFFSETS = (0, 1, 1, 4, 16, 64)
_CUTOFFS_HZ = (4_000.0, 8_000.0, 12_000.0, 12_000.0, 16_000.0)
_STARTS = ("white noise",) * 5 + ("impulse", "tone")


def first_recipe(models: Sequence[dict[str, Any]]) -> Recipe:
    """Return `FIRST` with the page's own settings, or the like of it with a model that is there."""
    first = FIRST.replace(**OWN)
    if not models or any(_is_of(model, FIRST.dataset, FIRST.architecture) for model in models):
        return first
    model = next((m for m in models if m["architecture"] == FIRST.architecture), models[0])
    layer, feature_map = FIRST.targets[0][:2]
    layer = min(layer, len(model["channels"]) - 1)
    return first.replace(
        dataset=model["dataset"],
        architecture=model["architecture"],
        targets=(Target(layer, min(feature_map or 0, model["channels"][layer] - 1)),),
    )


def surprise(models: Sequence[dict[str, Any]], chance: random.Random) -> Recipe:
    """Return a recipe that is likely to please: any model, layer and map, gentle settings.

    Deep layers answer to whole sounds and need larger steps; shallow layers sing soon. One in four
    mixes two maps of a layer.
    """
    if not models:
        return FIRST.replace(**OWN, seed=chance.randrange(1, 100_000))
    model = chance.choice(list(models))
    layer = chance.randrange(len(model["channels"]))
    channels = model["channels"][layer]
    chosen = chance.sample(range(channels), 2 if chance.random() < 0.25 and channels > 1 else 1)
    deep = layer / max(1, len(model["channels"]) - 1)
    return Recipe(
        dataset=model["dataset"],
        architecture=model["architecture"],
        targets=tuple(Target(layer, feature_map) for feature_map in sorted(chosen)),
        initial=chance.choice(_STARTS),
        seconds=chance.choice((1.0, 1.0, 1.5, 2.0)),
        iterations=chance.choice(_ITERATIONS),
        learning_rate=chance.choice(_LEARNING_RATES) * (1.5 if deep > 0.6 else 1.0),
        max_offset=chance.choice(_OFFSETS),
        cutoff_hz=chance.choice(_CUTOFFS_HZ),
        seed=chance.randrange(1, 100_000),
        **OWN,
    )


def _is_of(model: dict[str, Any], dataset: str, architecture: str) -> bool:
    return model["dataset"] == dataset and model["architecture"] == architecture
