import numpy as np
import pytest

from studio import Recipe
from studio.dreaming.recipe import Target
from studio.errors import ParameterError
from studio.gallery.feature_maps import EXPERIMENT_1, all_units, scattered, spread


def test_the_gallery_holds_every_map_of_every_convolution(models):
    units = all_units(folder=models)
    assert len(units) == len(set(units)) == (32 + 64 + 128 + 7) + (504 + 7)
    labelled = [unit.label for unit in units if unit.label]
    assert labelled == [f"class {i}" for i in range(7)] * 2


def test_a_recipe_aims_at_its_unit_with_the_settings_of_the_paper(models):
    unit = all_units(["events-model2"], folder=models)[20]
    recipe = unit.recipe(EXPERIMENT_1)
    assert recipe.targets == (Target(unit.layer, unit.map),)
    assert (recipe.dataset, recipe.architecture) == ("events", "model2")
    assert (recipe.iterations, recipe.learning_rate, recipe.cutoff_hz) == (2000, 0.01, 12_000)
    assert recipe.seed == Recipe().seed + unit.map


def test_a_slice_is_spread_over_the_layer_ends_included():
    assert spread(32, 6) == [0, 6, 12, 19, 25, 31]
    assert spread(4, 6) == spread(4, 0) == [0, 1, 2, 3]


def test_an_unknown_model_is_named_with_those_there_are(models):
    with pytest.raises(ParameterError, match="no model 'birds-model1'; there are: events-model2"):
        all_units(["birds-model1"], folder=models)


def test_any_beginning_of_the_scattered_order_is_spread_over_the_layer():
    order = sorted(range(100), key=scattered)
    for count in (5, 10, 25, 50):
        gaps = np.diff(sorted(order[:count]))
        assert gaps.max() <= 2.6 * 100 / count
