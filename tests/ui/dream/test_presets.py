"""The presets hold what their choice promised: heard, not clipped, far from each other."""

import numpy as np
import pytest

from studio.dreaming.loop import dream
from studio.networks.checkpoints import load_model
from studio.networks.classifier import use_one_thread
from studio.sound.descriptors import measure
from studio.sound.levels import listening_level
from studio.ui.dream.presets import PRESETS
from studio.ui.server.model_cache import ModelCache

LEAST_APART = 0.3
"""Root mean square of the differences of standardised measures; two equal sounds have 0.

Deep layers amplify rounding, so another processor moves some sounds by up to 0.3.
"""


def test_presets_have_names_and_words_of_their_own_and_are_quick():
    assert len(PRESETS) >= 16
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert len({preset.says for preset in PRESETS}) == len(PRESETS)
    assert all(len(preset.name) <= 16 and preset.says for preset in PRESETS)
    assert all(p.recipe.seconds * p.recipe.total_iterations <= 900 for p in PRESETS)


def test_every_model_and_depth_has_a_preset():
    models = {(p.recipe.dataset, p.recipe.architecture) for p in PRESETS}
    assert len(models) == 6
    assert {target.layer for p in PRESETS for target in p.recipe.targets} >= set(range(8))


def test_presets_stay_inside_their_networks():
    channels = {(m["dataset"], m["architecture"]): m["channels"] for m in ModelCache().listing()}
    for preset in PRESETS:
        there = channels[preset.recipe.dataset, preset.recipe.architecture]
        there = [*there, there[-1]]  # the output has a map for each class, too
        for stage in preset.recipe.each_stage:
            for layer, feature_map, *_ in stage.targets:
                assert layer < len(there) and (feature_map is None or feature_map < there[layer])


def test_every_objective_beyond_the_paper_has_a_preset():
    recipes = [preset.recipe for preset in PRESETS]
    targets = [target for recipe in recipes for target in recipe.targets]
    assert any(target.layer in (4, 8) and target.measure == "activation" for target in targets)
    assert any(target.weight < 0 for target in targets)
    assert any(recipe.closeness > 0 for recipe in recipes)
    assert any(recipe.stages for recipe in recipes)
    guided = [recipe for recipe in recipes if recipe.needs_guide]
    assert guided and all((recipe.guide != "none") == recipe.needs_guide for recipe in recipes)


@pytest.mark.slow
def test_presets_are_heard_whole_and_apart():
    use_one_thread()
    rows = []
    for preset in PRESETS:
        model = load_model(preset.recipe.dataset, preset.recipe.architecture)
        sound = dream(model, preset.recipe).audio
        assert np.mean(np.abs(sound) >= np.abs(sound).max() * (1 - 1e-6)) < 1e-3, preset.name
        heard = listening_level(sound)
        assert np.sqrt(np.mean(heard**2)) > 0.02, preset.name
        found = measure(heard)
        logs = [np.log(max(found[f"{name}_mean"], 1e-6)) for name in ("brightness", "noisiness")]
        logs.append(np.log(max(found["roughness_mean"], 1e-6)))
        rows.append([*logs, found["loudness_sd"], found["burst_share"], found["pitchedness"]])
    places = np.array(rows)
    places = (places - places.mean(axis=0)) / places.std(axis=0)
    apart = np.sqrt(np.mean((places[:, None] - places[None]) ** 2, axis=-1))
    np.fill_diagonal(apart, np.inf)
    near = [PRESETS[at].name for at in np.unravel_index(np.argmin(apart), apart.shape)]
    assert apart.min() > LEAST_APART, near
