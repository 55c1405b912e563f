"""Even textures, true loops and the low cut: the engine against the reference, and by property."""

import numpy as np
import pytest
import torch

from studio import Recipe
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.looping import loop_unit, snapped_seconds
from studio.dreaming.objective import even_mean
from studio.dreaming.reference import ReferenceAscent
from studio.errors import ParameterError
from studio.sound.material import energy_share
from tests.dreaming.engine.networks import (
    DOUBLES,
    MODELS,
    distance,
    doubled,
    noise,
    recipe_for,
    reference_gradient,
)

EVEN = [
    ("model1", [(1, 3)], {}),
    ("model1", [(0, None), (2, 5, -0.5), (2, None, 0.3, "guide"), (1, 1, 1.0, "activation")], {}),
    ("model2", [(8, 2), (7, None), (3, 3)], {"texture_seconds": 0.1, "tap": "after swish"}),
    ("model2", [(3, 3), (2, None, 1.0, "guide")], {"padding": "loop"}),
    ("model1", [(2, 3), (1, 3)], {"padding": "loop", "seconds": 1.25}),
]


@pytest.mark.parametrize(("architecture", "targets", "changes"), EVEN)
def test_even_gradients_are_the_references(architecture, targets, changes):
    recipe = recipe_for(architecture, *targets, texture="even", **changes)
    sound = noise(recipe.samples, 1)
    guide = noise(recipe.samples, 2) if recipe.needs_guide else None
    expected, value = reference_gradient(DOUBLES[architecture], recipe, sound, guide)
    ascent = EngineAscent(MODELS[architecture], recipe, guide)
    found, response = ascent.gradient(sound)
    assert distance(found, expected) < 1e-5
    assert response == pytest.approx(value, abs=1e-4)
    step = 2e-4 * found / np.abs(found).max()
    rise = ascent.objective(sound + step) - ascent.objective(sound - step)
    assert rise == pytest.approx(2 * float(found @ step), rel=2e-2)


def test_the_even_mean_is_what_its_formula_says():
    squares = torch.tensor([[[1.0, 3.0, 5.0, 7.0, 9.0]]])
    # Cells [1], [3], [5], [7, 9] of K = 4 … windows of neighbours, one cell at each end.
    cells = [1.0, 3.0, 5.0, 8.0]
    windows = [1.0, 2.0, 4.0, 21 / 3, cells[3]]
    assert even_mean(squares, 4).item() == pytest.approx(np.log(windows).mean())
    around = [(16 + 1) / 3, 2.0, 4.0, 21 / 3]
    assert even_mean(squares, 4, loop=True).item() == pytest.approx(np.log(around).mean())
    assert even_mean(squares, 1).item() == pytest.approx(np.log(5.0))


@pytest.mark.parametrize(
    ("architecture", "layer", "units"), [("model1", 0, 1021), ("model1", 1, 36), ("model2", 3, 37)]
)
def test_turning_a_loop_turns_its_gradient_bit_for_bit(architecture, layer, units):
    unit = loop_unit(architecture, layer)
    recipe = recipe_for(architecture, (layer, 3), padding="loop", seconds=unit * units / 44_100)
    ascent, sound = EngineAscent(MODELS[architecture], recipe), noise(recipe.samples)
    turned = ascent.gradient(np.roll(sound, 7 * unit))[0]
    np.testing.assert_array_equal(turned, np.roll(ascent.gradient(sound)[0], 7 * unit))
    steps = [ascent.step(each, 3, 5).waveform for each in (np.roll(sound, unit), sound)]
    assert distance(steps[0], np.roll(steps[1], unit)) < 1e-6


@pytest.mark.parametrize(("architecture", "layer"), [("model1", 3), ("model2", 7), ("model2", 8)])
def test_loops_of_deep_layers_are_the_references(architecture, layer):
    recipe = recipe_for(architecture, (layer, 1), (0, 2, 0.1), padding="loop")
    expected, _ = reference_gradient(DOUBLES[architecture], recipe, noise(44_100))
    found, _ = EngineAscent(MODELS[architecture], recipe).gradient(noise(44_100))
    assert distance(found, expected) < 2e-5


def test_lengths_that_do_not_loop_are_told_one_that_does():
    assert snapped_seconds("model1", 2, 2.3) == 2.25
    with pytest.raises(ParameterError, match=r"seconds=2.3 makes no loop at layer 2: choose 2.25"):
        Recipe(targets=[(2, 0)], padding="loop", seconds=2.3)
    assert Recipe(targets=[(2, 0)], padding="loop", seconds=2.25).samples == 99_225
    with pytest.raises(ParameterError, match="makes no loop at layer 3"):
        Recipe(padding="loop", seconds=49 * 1000 / 44_100, stages=[{"targets": [[3]]}])


@pytest.mark.parametrize("kind", ["hard cut", "butterworth"])
@pytest.mark.parametrize("seconds", [1.0, 44_101 / 44_100, 2.3])
def test_the_low_cut_is_the_references_and_removes_infrasound(kind, seconds):
    recipe = recipe_for("model1", (0, 0), low_pass=kind, low_cut_hz=25.0, seconds=seconds)
    rumble = np.sin(np.arange(recipe.samples) * np.float32(2 * np.pi * 8 / 44_100))
    start = noise(recipe.samples) * np.float32(0.5) + rumble.astype("f4")
    found = EngineAscent(MODELS["model1"], recipe).prepare(start)
    expected = ReferenceAscent(DOUBLES["model1"], recipe).prepare(doubled(start))
    assert distance(found, expected) < 2e-6
    assert energy_share(start, high_hz=20) > 0.5
    assert energy_share(found, high_hz=20) < 0.01
