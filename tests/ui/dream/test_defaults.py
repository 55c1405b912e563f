"""The page's taste: what it starts with, what it surprises with."""

import random

from studio.dreaming.recipe import Recipe
from studio.ui.dream.defaults import FIRST, OWN, first_recipe, surprise
from studio.ui.dream.presets import PRESETS

MODELS = [
    {"dataset": "speech", "architecture": "model1", "channels": [32, 64, 128, 20]},
    {"dataset": "events", "architecture": "model2", "channels": [8, 16, 32, 64, 96, 128, 160, 50]},
]


def test_the_first_dream_is_short_and_uses_a_model_that_is_there():
    assert FIRST.seconds <= 2 and FIRST.iterations <= 600
    assert first_recipe([]) == FIRST.replace(**OWN)
    other = first_recipe(MODELS)
    assert (other.dataset, other.architecture) == ("events", "model2")
    small = first_recipe([{"dataset": "own", "architecture": "model1", "channels": [4, 5]}])
    assert (small.dataset, small.targets[0].layer, small.targets[0].map) == ("own", 1, 4)


def test_only_the_page_begins_beyond_the_paper():
    assert first_recipe(MODELS).low_cut_hz == surprise(MODELS, random.Random(1)).low_cut_hz == 25
    assert first_recipe(MODELS).texture == "peaked"  # until the sound gets long
    assert Recipe().low_cut_hz == 0 and Recipe.from_dict({}).texture == "peaked"
    for preset in PRESETS:  # what a recipe leaves out is the paper's
        assert ("low_cut_hz" in preset.to_dict()["recipe"]) == bool(preset.recipe.low_cut_hz)


def test_surprises_are_always_possible_and_never_twice_the_same():
    chance = random.Random(4)
    seen = set()
    for _ in range(300):
        recipe = surprise(MODELS, chance)
        model = next(m for m in MODELS if m["dataset"] == recipe.dataset)
        assert model["architecture"] == recipe.architecture
        for layer, feature_map, *_ in recipe.targets:
            assert feature_map is not None and feature_map < model["channels"][layer]
        assert recipe.seconds * recipe.iterations <= 1200
        seen.add(recipe.to_json())
    assert len(seen) == 300
    assert isinstance(surprise([], chance), Recipe)
