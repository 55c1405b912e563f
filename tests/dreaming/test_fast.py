"""The fast engine against the reference: gradients, steps, whole trajectories, batches."""

import logging
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studio import Recipe, dream, load_model
from studio.dreaming import signal
from studio.dreaming.fast import FastAscent, cascade_kernels, unsupported_reason
from studio.dreaming.recipe import Target
from studio.dreaming.reference import ReferenceAscent
from studio.errors import ParameterError
from studio.networks.checkpoints import available_models
from tests.conftest import make_model

LAYERS = [("model1", layer) for layer in range(5)] + [("model2", layer) for layer in range(9)]
TAPS = ["before swish", "after swish"]
MODELS = {name: make_model(name) for name in ("model1", "model2")}
DOUBLES = {name: make_model(name).double() for name in ("model1", "model2")}


def noise(samples, batch=1, seed=0, dtype=torch.float64):
    sound = torch.randn(batch, samples, generator=torch.Generator().manual_seed(seed))
    return (sound / sound.abs().amax(-1, keepdim=True)).to(dtype)


def distance(found, expected):
    return float((found - expected).norm() / expected.norm())


def recipe_for(architecture, *targets, **changes):
    return Recipe(architecture=architecture, targets=targets, iterations=10).replace(**changes)


def compare_gradients(recipe, waveform):
    expected, response = ReferenceAscent(DOUBLES[recipe.architecture], recipe).gradient(waveform)
    model = MODELS if waveform.dtype == torch.float32 else DOUBLES
    found = FastAscent(model[recipe.architecture], recipe).gradient(waveform)
    return distance(found[0], expected), distance(found[1], response)


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("feature_map", [3, None])
@pytest.mark.parametrize(("architecture", "layer"), LAYERS)
def test_gradients_of_every_layer_are_the_references(architecture, layer, feature_map, tap):
    recipe = recipe_for(architecture, (layer, feature_map), tap=tap)
    waveform = noise(44_100)
    assert max(compare_gradients(recipe, waveform)) < 1e-10
    expected, _ = ReferenceAscent(DOUBLES[architecture], recipe).gradient(waveform)
    found, _ = FastAscent(MODELS[architecture], recipe).gradient(waveform.float())
    assert distance(found, expected) < 1e-5


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@example(
    architecture="model1",
    picks=[(3, None, 1.0), (4, None, 1.0)],
    samples=44_100,
    batch=1,
    tap="before swish",
)
@given(
    architecture=st.sampled_from(["model1", "model2"]),
    picks=st.lists(
        st.tuples(
            st.integers(0, 8),
            st.none() | st.integers(0, 6),
            st.floats(0.1, 3) | st.floats(-3, -0.1),
        ),
        min_size=1,
        max_size=4,
    ),
    samples=st.integers(44_100, 80_000),
    batch=st.integers(1, 3),
    tap=st.sampled_from(TAPS),
)
def test_gradients_agree_for_any_targets_lengths_and_batches(
    architecture, picks, samples, batch, tap
):
    layers = DOUBLES[architecture].layers
    targets = [(min(layer, layers), feature_map, weight) for layer, feature_map, weight in picks]
    recipe = recipe_for(architecture, *targets, tap=tap)
    waveform = noise(samples, batch, seed=samples)
    expected, response = ReferenceAscent(DOUBLES[architecture], recipe).gradient(waveform)
    found = FastAscent(DOUBLES[architecture], recipe).gradient(waveform)
    # Weights of both signs may cancel: measured against the size of what is added.
    scale = sum(
        ReferenceAscent(DOUBLES[architecture], recipe.replace(targets=(target,)))
        .gradient(waveform)[0]
        .norm()
        for target in recipe.targets
    ) / len(targets)
    assert (found[0] - expected).norm() < 1e-10 * scale
    torch.testing.assert_close(found[1], response)


@pytest.mark.parametrize("samples", [441_000, 220_501])
def test_long_sounds_agree(samples):
    recipe = recipe_for("model2", (3, 1), seconds=samples / 44_100)
    assert max(compare_gradients(recipe, noise(samples))) < 1e-10


def test_a_scale_of_zero_in_batch_norm_is_no_obstacle():
    model = make_model("model1").double()
    model.normalisations[0].weight[:5] = 0
    recipe, waveform = recipe_for("model1", (2, 3)), noise(50_000)
    expected, response = ReferenceAscent(model, recipe).gradient(waveform)
    found = FastAscent(model, recipe).gradient(waveform)
    assert distance(found[0], expected) < 1e-10
    torch.testing.assert_close(found[1], response)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"padding": "circular", "max_offset": 500, "smoothing_kernel": 17},
        {"smoothing_kernel": 1, "cutoff_hz": 440.0},
        {"smoothing_kernel": 255, "smoothing_coefficient": 10.0},
        {"low_pass": "butterworth", "low_pass_order": 2, "cutoff_hz": 3000.0},
        {"low_pass": "off", "normalisation": "rms"},
        {"low_pass": "off", "normalisation": "none"},
        {"smoothing": "off", "normalisation": "none", "learning_rate": 0.2},
        {"unroll": True, "max_offset": 64},
        {"tap": "after swish", "smoothing": "off", "padding": "circular", "normalisation": "rms"},
        {"seconds": 1.1337},
    ],
    ids=str,
)
@pytest.mark.parametrize("offset", [0, 1, -1, 40_000])
def test_one_step_is_the_references(changes, offset):
    recipe = recipe_for("model1", (1, 3), (0, 2, 0.5), **changes)
    ascents = [kind(DOUBLES["model1"], recipe) for kind in (ReferenceAscent, FastAscent)]
    start = noise(recipe.samples, batch=2) * 0.5
    waveform = ascents[1].prepare(start)
    torch.testing.assert_close(waveform, ascents[0].prepare(start))
    before = waveform.clone()
    expected, found = (ascent.step(waveform, 6, offset) for ascent in ascents)
    torch.testing.assert_close(waveform, before)
    assert distance(found.waveform, expected.waveform) < 1e-10
    assert found.objective == pytest.approx(expected.objective, rel=1e-10)
    assert found.gradient_sd == pytest.approx(expected.gradient_sd, rel=1e-10)


@pytest.mark.parametrize(
    ("architecture", "layer"), [("model1", 0), ("model1", 3), ("model2", 1), ("model2", 8)]
)
def test_trajectories_stay_together_within_rounding(architecture, layer):
    recipe = recipe_for(architecture, (layer, 3), max_offset=30)
    for kind, limit in ((torch.float64, 1e-9), (torch.float32, 1e-4)):
        model = MODELS[architecture] if kind == torch.float32 else DOUBLES[architecture]
        ascents = [ReferenceAscent(model, recipe), FastAscent(model, recipe)]
        ends = []
        for ascent in ascents:
            waveform = ascent.prepare(noise(44_100, dtype=kind))
            for iteration in range(10):
                waveform = ascent.step(waveform, iteration, iteration - 4).waveform
            ends.append(waveform)
        assert distance(ends[1], ends[0]) < limit
        responses = [ascent.objective(ends[0]) for ascent in ascents]
        torch.testing.assert_close(*responses, rtol=1e-5, atol=0)


def test_trained_models_dream_the_same_with_both_engines():
    shipped = available_models()
    if not shipped:
        pytest.skip("there are no trained models")
    for entry in shipped:
        dataset, architecture = entry.name.rsplit("-", 1)
        model = load_model(dataset, architecture)
        recipe = recipe_for(architecture, (1, 3), dataset=dataset, stop_after=4)
        slow, fast = (dream(model, recipe, engine=engine) for engine in ("reference", "fast"))
        assert (slow.engine, fast.engine) == ("reference", "fast")
        assert distance(torch.from_numpy(fast.audio), torch.from_numpy(slow.audio)) < 1e-5


@pytest.mark.parametrize("tap", TAPS)
def test_every_sound_of_a_batch_may_have_targets_of_its_own(tap):
    # The same layer, other layers, several targets, all maps: each as if it were alone.
    choices = [[Target(2, 5)], [Target(2, 1), Target(0, 3, 0.5)], [Target(1, 4)], [Target(2)]]
    for model in DOUBLES.values():
        name = model.architecture.name
        waveform = noise(47_000, batch=len(choices))
        recipe = recipe_for(name, (0, 0), seconds=47_000 / 44_100, tap=tap)
        together = FastAscent(model, recipe, choices).step(waveform, 2, 3)
        for sound, targets in enumerate(choices):
            alone = ReferenceAscent(model, recipe.replace(targets=tuple(targets)))
            expected = alone.step(waveform[sound : sound + 1], 2, 3)
            assert distance(together.waveform[sound], expected.waveform[0]) < 1e-10
            assert together.objective[sound] == pytest.approx(expected.objective[0], rel=1e-10)


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("architecture", list(MODELS))
def test_the_response_is_the_same_with_and_without_a_gradient(architecture, tap):
    recipe = recipe_for(architecture, (0, 1), (2, None), (3, 5, -0.5), tap=tap)
    waveform = noise(44_100, batch=2)
    ascent = FastAscent(DOUBLES[architecture], recipe)
    _, response = ascent.gradient(waveform)
    torch.testing.assert_close(ascent.objective(waveform), response)
    expected = ReferenceAscent(DOUBLES[architecture], recipe).objective(waveform)
    torch.testing.assert_close(response, expected)


@pytest.mark.parametrize(("architecture", "layer"), [("model1", 3), ("model2", 7)])
def test_many_maps_at_once_are_as_one_by_one(architecture, layer):
    targets = [(Target(layer, sound % 7),) for sound in range(9)]
    waveform = noise(44_100, batch=9, dtype=torch.float32)
    recipe = recipe_for(architecture, (layer, 0))
    model = MODELS[architecture]
    together, _ = FastAscent(model, recipe, targets).gradient(waveform)
    alone = [
        FastAscent(model, recipe, [own]).gradient(waveform[[sound]])[0][0]
        for sound, own in enumerate(targets)
    ]
    assert distance(together, torch.stack(alone)) < 1e-5


@pytest.mark.parametrize(("gain", "kind"), [(1e-14, torch.float32), (1e14, torch.float32)])
def test_very_small_and_very_large_gradients_are_standardised_like_the_references(gain, kind):
    model = make_model("model1")
    model.convolutions[0].weight *= gain
    recipe = recipe_for("model1", (0, 3))
    waveform = noise(44_100, dtype=kind)
    expected, found = (
        engine(model, recipe).step(waveform, 0, 0) for engine in (ReferenceAscent, FastAscent)
    )
    assert math.isfinite(found.gradient_sd[0])
    assert distance(found.waveform, expected.waveform) < 1e-5
    assert found.gradient_sd == pytest.approx(expected.gradient_sd, rel=1e-4)


def test_silence_and_vanishing_gradients_are_left_alone():
    recipe = recipe_for("model1", (1, 3))
    model = make_model("model1")
    model.convolutions[1].weight[3] = 0
    step = FastAscent(model, recipe).step(noise(44_100, dtype=torch.float32), 0, 0)
    assert step.gradient_sd == [0]
    still = FastAscent(model, recipe).step(torch.zeros(1, 44_100), 0, 0)
    assert not still.waveform.any()


@pytest.mark.parametrize("size", [1, 9, 31])
def test_kernels_of_all_iterations_are_those_of_the_reference(size):
    recipe = recipe_for("model1", (0, 0), smoothing_kernel=size, iterations=50)
    for iteration, kernel in enumerate(cascade_kernels(recipe)):
        sigma = signal.smoothing_sigma(iteration, 50, recipe.smoothing_coefficient)
        torch.testing.assert_close(kernel, signal.cascade_kernel(sigma, size, torch.float64))


def test_steps_do_not_write_into_what_was_handed_out():
    ascent = FastAscent(MODELS["model1"], recipe_for("model1", (1, 3)))
    waveform = ascent.prepare(noise(44_100, dtype=torch.float32))
    first = ascent.step(waveform, 0, 1)
    gradient, _ = ascent.gradient(waveform)
    kept = first.waveform.clone(), gradient.clone()
    ascent.step(first.waveform, 1, 1)
    for now, then in zip((first.waveform, gradient), kept, strict=True):
        torch.testing.assert_close(now, then, rtol=0, atol=0)


def test_auto_takes_the_fast_engine_and_says_why_where_it_cannot(caplog):
    model = MODELS["model1"]
    recipe = recipe_for("model1", (1, 3), stop_after=1)
    assert dream(model, recipe).engine == "fast"
    assert dream(model, recipe, engine="reference").engine == "reference"
    assert dream(model, recipe.replace(tap="after swish")).engine == "fast"
    training = make_model("model1").train()
    with caplog.at_level(logging.INFO):
        assert dream(training, recipe).engine == "reference"
    assert "evaluation mode" in caplog.text
    with pytest.raises(ParameterError, match=r"evaluation mode.*engine='auto'"):
        dream(training, recipe, engine="fast")


def test_reasons_are_named():
    recipe = recipe_for("model1", (1, 3))
    assert unsupported_reason(MODELS["model1"], recipe) is None
    assert "evaluation mode" in unsupported_reason(make_model("model1").train(), recipe)
    assert "float16" in unsupported_reason(make_model("model1").half(), recipe)
    with torch.device("meta"):
        assert "on 'meta'" in unsupported_reason(
            type(MODELS["model1"])("model1", ["a", "b"]).eval(), recipe
        )


def test_memory_grows_with_the_sound_and_not_faster():
    def values(seconds, batch):
        ascent = FastAscent(MODELS["model2"], recipe_for("model2", (6, 0), seconds=seconds))
        ascent.gradient(noise(round(44_100 * seconds), batch, dtype=torch.float32))
        layers = ascent.backpropagation.layers
        tensors = [part for layer in layers for part in (layer.input, layer.output, layer.gradient)]
        return sum(part.untyped_storage().nbytes() for part in tensors)

    one = values(1.0, 1)
    assert values(5.0, 1) < 5.2 * one
    assert values(1.0, 5) < 5.2 * one
    assert 64 * one < 2**28


def test_same_recipe_same_bytes_with_the_fast_engine():
    recipe = recipe_for("model2", (4, 2), max_offset=100)
    first, again = (dream(MODELS["model2"], recipe, engine="fast").audio for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_dreams_side_by_side_give_the_same_bytes_as_alone():
    changes = {"iterations": 40, "max_offset": 9}
    recipes = [
        recipe_for("model1", (1, 3), **changes),
        recipe_for("model2", (2, 5), **changes),
        recipe_for("model1", (0, 7), seconds=1.5, **changes),
    ] * 2

    def dreamed(recipe):
        return dream(MODELS[recipe.architecture], recipe, engine="fast").audio

    with ThreadPoolExecutor(len(recipes)) as pool:
        together = list(pool.map(dreamed, recipes))
    for recipe, found in zip(recipes, together, strict=True):
        np.testing.assert_array_equal(found, dreamed(recipe))
