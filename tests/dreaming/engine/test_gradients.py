"""The engine's gradients against the reference in double precision, and finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import Recipe
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.engine.plan import Network
from studio.dreaming.objective import response as response_of
from studio.dreaming.reference import ReferenceAscent
from studio.dreaming.targets import NO_GUIDE_SOUND, Target
from studio.errors import ParameterError
from studio.networks.architectures import Convolution
from tests.conftest import make_model
from tests.dreaming.conditioning import ALLOWED, condition_errors
from tests.dreaming.engine.networks import (
    DOUBLES,
    LAYERS,
    MODELS,
    TAPS,
    OwnNetwork,
    distance,
    doubled,
    noise,
    recipe_for,
    reference_gradient,
)


def check_gradient(architecture, recipe, sound, guide=None):
    """Within 1e-5 of the exact gradient, or as near as rounding the inputs allows."""
    expected, value = reference_gradient(DOUBLES[architecture], recipe, sound, guide)
    ascent = EngineAscent(MODELS[architecture], recipe, guide, samples=len(sound))
    found, response = ascent.gradient(sound)
    error = distance(found, expected)
    if error > 1e-5:
        heard = doubled(sound if guide is None else guide)
        exact = torch.from_numpy(expected)
        changes = condition_errors(DOUBLES[architecture], recipe, doubled(sound), heard, exact)
        assert any(error < ALLOWED * change for change in changes)
    sizes = [
        abs(
            reference_gradient(DOUBLES[architecture], recipe.replace(targets=(own,)), sound, guide)[
                1
            ]
        )
        for own in recipe.targets
    ]
    assert abs(response - value) < 1e-4 * sum(sizes) / len(sizes)
    assert ascent.objective(sound) == response


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("feature_map", [3, None])
@pytest.mark.parametrize(("architecture", "layer"), LAYERS)
def test_gradients_of_every_layer_are_the_references(architecture, layer, feature_map, tap):
    recipe = recipe_for(architecture, (layer, feature_map), tap=tap)
    check_gradient(architecture, recipe, noise(44_100))


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("measure", ["activation", "guide"])
@pytest.mark.parametrize(("architecture", "layer"), LAYERS)
def test_every_measure_is_the_references(architecture, layer, measure, tap):
    for feature_map in (3, None):
        recipe = recipe_for(architecture, (layer, feature_map, -1.5, measure), tap=tap)
        check_gradient(architecture, recipe, noise(44_100, 1), noise(44_100, 2))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    architecture=st.sampled_from(["model1", "model2"]),
    picks=st.lists(
        st.tuples(
            st.integers(0, 8),
            st.none() | st.integers(0, 6),
            st.floats(0.1, 3) | st.floats(-3, -0.1),
            st.sampled_from(["response", "activation", "guide"]),
        ),
        min_size=1,
        max_size=5,
    ),
    samples=st.integers(44_100, 80_000),
    tap=st.sampled_from(TAPS),
)
def test_targets_and_lengths_of_all_kinds_agree(architecture, picks, samples, tap):
    layers = DOUBLES[architecture].layers
    targets = [(min(layer, layers), *rest) for layer, *rest in picks]
    recipe = recipe_for(architecture, *targets, tap=tap, seconds=samples / 44_100)
    check_gradient(architecture, recipe, noise(samples, samples), noise(samples, 3))


@pytest.mark.parametrize("samples", [220_501, 441_000])
def test_long_sounds_agree(samples):
    recipe = recipe_for("model2", (3, 1), seconds=samples / 44_100)
    check_gradient("model2", recipe, noise(samples))


@st.composite
def own_networks(draw):
    """Two to eight layers of any shape that a sound of some thousand samples passes."""
    samples = draw(st.integers(600, 4000))
    rows, maps, steps = [], [], samples
    for _ in range(draw(st.integers(2, 8))):
        kernel = draw(st.integers(1, max(1, min(33, steps))))
        stride = draw(st.integers(1, max(1, min(9, steps // 3))))
        padding = draw(st.integers(0, kernel // 2))
        rows.append(Convolution(kernel, stride, padding))
        maps.append(draw(st.integers(1, 40)))
        steps = rows[-1].output_length(steps)
    return samples, rows, maps


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=own_networks(), seed=st.integers(0, 99), tap=st.sampled_from(TAPS), data=st.data())
def test_networks_of_any_shape_agree_with_autograd(shape, seed, tap, data):
    samples, rows, maps = shape
    own = OwnNetwork(rows, maps, seed)
    depth = data.draw(st.integers(0, len(rows)))
    targets = [
        Target(depth, data.draw(st.none() | st.integers(0, maps[min(depth, len(rows) - 1)] - 1)))
    ]
    if data.draw(st.booleans()):
        layer = data.draw(st.integers(0, depth))
        targets.append(Target(layer, None, -0.5, "activation"))
    network = Network(tuple(rows), tuple(maps), own.weights)
    sound = noise(samples, seed)
    ascent = EngineAscent(network, Recipe(tap=tap), targets=targets, samples=samples)
    found, value = ascent.gradient(sound)
    heard = doubled(sound).requires_grad_()
    response = response_of(own.activations(heard, tap), targets)[0]
    (expected,) = torch.autograd.grad(response, heard)
    # Against each target alone: together they may cancel, and deep networks vanish.
    size = 0.0
    for target in targets:
        single = response_of(own.activations(heard, tap), [target])[0]
        size += float(torch.autograd.grad(single, heard)[0].norm()) / len(targets)
    # Saturated log-softmax outputs leave differences of almost equal numbers.
    limit = 1e-5 if depth < len(rows) else 1e-3
    assert np.linalg.norm(found - expected[0].numpy()) <= limit * size + 1e-12
    assert value == pytest.approx(float(response.detach()), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(("architecture", "layer"), [("model1", 3), ("model2", 8)])
def test_the_gradient_is_the_slope_of_the_response(architecture, layer):
    recipe = recipe_for(architecture, (layer, 2), (0, 1, 0.5))
    ascent = EngineAscent(MODELS[architecture], recipe)
    sound = noise(44_100)
    gradient, _ = ascent.gradient(sound)
    # Along the gradient, where a step moves the response most.
    step = 2e-3 * gradient / np.abs(gradient).max()
    rise = ascent.objective(sound + step) - ascent.objective(sound - step)
    assert rise == pytest.approx(2 * float(gradient @ step), rel=1e-2)


def test_a_scale_of_zero_in_batch_norm_is_no_obstacle():
    models = [make_model("model1"), make_model("model1").double()]
    for model in models:
        model.normalisations[0].weight[:5] = 0
    recipe, sound = recipe_for("model1", (2, 3)), noise(50_000)
    expected, value = reference_gradient(models[1], recipe, sound)
    found, response = EngineAscent(models[0], recipe, samples=50_000).gradient(sound)
    assert distance(found, expected) < 1e-5
    assert response == pytest.approx(value, rel=1e-5)


def test_the_reference_gets_no_better_by_single_precision():
    recipe, sound = recipe_for("model2", (7, 3)), noise(44_100)
    expected, _ = reference_gradient(DOUBLES["model2"], recipe, sound)
    single = ReferenceAscent(MODELS["model2"], recipe).gradient(torch.from_numpy(sound)[None])[0]
    found, _ = EngineAscent(MODELS["model2"], recipe).gradient(sound)
    assert distance(found, expected) < 4 * distance(single[0], expected)


def test_without_a_guide_sound_it_is_asked_for():
    with pytest.raises(ParameterError, match="no guide sound"):
        EngineAscent(MODELS["model1"], recipe_for("model1", (1, 3, 1.0, "guide")))
    assert "no guide sound" in NO_GUIDE_SOUND
