"""Curves in the engine: against the reference in double precision, and by property."""

import numpy as np
import pytest
import torch

from studio import Recipe
from studio.dreaming.curves import curve_values
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.objective import even_mean, response
from studio.dreaming.targets import Target
from tests.dreaming.engine.networks import (
    DOUBLES,
    MODELS,
    distance,
    noise,
    recipe_for,
    reference_gradient,
)

RISE, FALL = ((0.0, 0.0), (1.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))
JUMPS = ((0.2, 1.0), (0.2, 0.0), (0.5, 0.0), (0.5, 1.0), (0.8, 0.3))
LATE = ((0.5, 0.0), (0.5, 1.0))

CURVED = [
    ("model1", [(1, 3)], [RISE], {}),
    ("model2", [(1, None)], [JUMPS], {"tap": "after swish"}),
    (
        "model1",
        [(0, None), (2, 5, -0.5), (2, None, 0.3, "guide"), (1, 1, 1.0, "activation")],
        [RISE, FALL, JUMPS, RISE],
        {},
    ),
    ("model2", [(8, 2), (7, None, 1.0, "activation"), (3, 3)], [(), FALL, RISE], {}),
    ("model2", [(3, 3), (2, None, 1.0, "guide")], [RISE, FALL], {"padding": "loop"}),
    ("model1", [(1, 3)], [JUMPS], {"texture": "even"}),
    (
        "model1",
        [(2, 3), (2, 7, -0.4), (1, None, 1.0, "activation")],
        [RISE, FALL, JUMPS],
        {"texture": "even", "seconds": 1.3},
    ),
    (
        "model2",
        [(3, 3), (3, None, 1.0, "guide"), (1, 2)],
        [RISE, (), JUMPS],
        {"texture": "even", "padding": "loop"},
    ),
]


@pytest.mark.parametrize(("architecture", "targets", "curves", "changes"), CURVED)
def test_curved_gradients_are_the_references(architecture, targets, curves, changes):
    recipe = recipe_for(architecture, *targets, curves=curves, **changes)
    sound = noise(recipe.samples, 1)
    guide = noise(recipe.samples, 2) if recipe.needs_guide else None
    expected, value = reference_gradient(DOUBLES[architecture], recipe, sound, guide)
    ascent = EngineAscent(MODELS[architecture], recipe, guide)
    found, response = ascent.gradient(sound)
    assert distance(found, expected) < 1e-5
    assert response == pytest.approx(value, rel=1e-4, abs=1e-4)
    step = 2e-4 * found / np.abs(found).max()
    rise = ascent.objective(sound + step) - ascent.objective(sound - step)
    assert rise == pytest.approx(2 * float(found @ step), rel=2e-2)


@pytest.mark.parametrize("texture", ["peaked", "even"])
def test_a_curve_of_ones_is_no_curve_and_half_of_it_half_the_weight(texture):
    plain = recipe_for("model1", (1, 3), (2, None, 0.5), texture=texture)
    sound = noise(plain.samples)
    expected, value = EngineAscent(MODELS["model1"], plain).gradient(sound)
    for targets, level in ((plain.targets, 1.0), ([(1, 3, 2.0), (2, None, 1.0)], 0.5)):
        recipe = plain.replace(targets=targets, curves=[[(0.3, level)]] * 2)
        found, response = EngineAscent(MODELS["model1"], recipe).gradient(sound)
        assert distance(found, expected) < 2e-6
        assert response == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("texture", ["peaked", "even"])
def test_where_a_curve_is_nothing_nothing_is_changed(texture):
    recipe = recipe_for("model2", (1, 3), curves=[LATE], texture=texture, smoothing="off")
    found, _ = EngineAscent(MODELS["model2"], recipe).gradient(noise(recipe.samples))
    silent = 0.37 if texture == "even" else 0.49  # a window of an even texture reaches so far
    assert not found[: int(silent * len(found))].any()
    assert found[len(found) // 2 :].any()


def test_the_response_is_what_its_formula_says():
    heard = [torch.arange(1.0, 9.0).reshape(1, 2, 4)]
    at = curve_values(RISE, (np.arange(4) + 0.5) / 4)
    squares = heard[0].square()
    found = response(heard, [Target(0, 1), Target(0, None, -2.0, "activation")], curves=[RISE])
    rise = float((squares[0, 1].numpy() * at).mean())
    assert found.item() == pytest.approx((rise - 2 * heard[0].mean().item()) / 2)
    logs = np.log([squares[0, :, :2].mean(), squares.mean(), squares[0, :, 2:].mean()])
    assert even_mean(squares, 2, curve=RISE).item() == pytest.approx((logs * [0, 0.5, 1]).mean())
    around = np.log([squares.mean()] * 2)
    assert even_mean(squares, 2, True, RISE).item() == pytest.approx((around * [0, 0.5]).mean())


def test_the_form_is_heard():
    recipe = Recipe(
        targets=[(1, 3)],
        iterations=60,
        seconds=2.0,
        texture="even",
        curves=[[(0, 0), (0.4, 0), (0.6, 1)]],
    )
    ascent = EngineAscent(MODELS["model1"], recipe)
    start = ascent.prepare(noise(recipe.samples))
    sound = ascent.run(start, 0, [0] * 60).waveform
    early, late = (np.square(part).sum() for part in np.split(sound, 2))
    first, second = (np.square(part).sum() for part in np.split(start, 2))
    assert late / early > 2 * second / first
