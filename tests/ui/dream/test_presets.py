"""The presets hold what their choice promised: heard, equally loud, far from each other."""

import functools

import numpy as np
import pytest

from studio.dreaming.loop import dream
from studio.networks.checkpoints import load_model
from studio.networks.classifier import use_one_thread
from studio.sound import material
from studio.sound.descriptors import measure
from studio.sound.levels import listening_level
from studio.ui.dream.presets import PRESETS
from studio.ui.server.limits import work
from studio.ui.server.model_cache import ModelCache

LEAST_APART = 0.3
"""Root mean square of the differences of standardised measures; two equal sounds have 0."""


def test_presets_have_names_and_words_of_their_own_and_are_quick():
    assert len(PRESETS) >= 32
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert len({preset.says for preset in PRESETS}) == len(PRESETS)
    assert all(len(preset.name) <= 16 and preset.says for preset in PRESETS)
    assert all(work(p.recipe) <= (900 if p.recipe.seconds <= 2 else 4000) for p in PRESETS)


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


def test_there_are_loops_stereo_long_and_tuned_ones():
    recipes = [preset.recipe for preset in PRESETS]
    assert sum(recipe.padding == "loop" for recipe in recipes) >= 8
    assert sum(recipe.stereo_width > 0 for recipe in recipes) >= 6
    assert sum(8 <= recipe.seconds <= 30 for recipe in recipes) >= 8
    assert sum(recipe.tune_hz > 0 for recipe in recipes) >= 2


@pytest.mark.slow
def test_presets_are_heard_whole_equally_loud_and_apart():
    use_one_thread()
    rows, loud, moving, models = [], [], 0, functools.cache(load_model)
    for name, recipe in ((preset.name, preset.recipe) for preset in PRESETS):
        sound = dream(models(recipe.dataset, recipe.architecture), recipe).audio
        assert np.mean(np.abs(sound) >= np.abs(sound).max() * (1 - 1e-6)) < 1e-3, name
        mono = sound if sound.ndim == 1 else sound.mean(axis=1)
        assert material.energy_share(mono, high_hz=20.0) <= 0.01, name
        loud.append(material.heard_lufs(sound))
        if recipe.padding == "loop":
            assert abs(material.seam_db(mono)) <= 1, name
        new, later = material.new_seconds(mono)
        moving += recipe.seconds >= 8 and new >= 0.3 * later
        heard = listening_level(sound)
        found = measure(heard if heard.ndim == 1 else heard.mean(axis=1))
        logs = [np.log(max(found[f"{name}_mean"], 1e-6)) for name in ("brightness", "noisiness")]
        logs.append(np.log(max(found["roughness_mean"], 1e-6)))
        rows.append([*logs, found["loudness_sd"], found["burst_share"], found["pitchedness"]])
    assert max(loud) - min(loud) <= 3.0
    assert moving >= 8
    places = np.array(rows)
    places = (places - places.mean(axis=0)) / places.std(axis=0)
    apart = np.sqrt(np.mean((places[:, None] - places[None]) ** 2, axis=-1))
    np.fill_diagonal(apart, np.inf)
    near = [PRESETS[at].name for at in np.unravel_index(np.argmin(apart), apart.shape)]
    assert apart.min() > LEAST_APART, near
