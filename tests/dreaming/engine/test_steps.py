"""Whole iterations of the engine against the reference, and what an ascent promises."""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from studio.dreaming.engine.ascent import EngineAscent, unsupported_reason
from studio.dreaming.engine.plan import Network
from studio.dreaming.reference import ReferenceAscent
from studio.errors import ParameterError
from studio.networks.architectures import Convolution
from tests.conftest import make_model
from tests.dreaming.engine.networks import DOUBLES, MODELS, distance, doubled, noise, recipe_for


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
        {"seconds": 1.1337},  # 49,996 samples: a prime factor of 431
        {"seconds": 1.1337, "low_pass": "butterworth"},
        {"seconds": 2.3},
        {"closeness": 5.0, "learning_rate": 0.1},
        {"cutoff_hz": 22_050.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("offset", [0, 1, -1, 40_000])
def test_one_step_is_the_references(changes, offset):
    recipe = recipe_for("model1", (1, 3), (0, 2, 0.5), **changes)
    reference = ReferenceAscent(DOUBLES["model1"], recipe)
    ascent = EngineAscent(MODELS["model1"], recipe)
    start = noise(recipe.samples) * np.float32(0.5)
    sound = ascent.prepare(start)
    assert distance(sound, reference.prepare(doubled(start))) < 2e-6
    before = sound.copy()
    near = noise(recipe.samples, 7) if recipe.closeness else None
    expected = reference.step(doubled(sound), 6, offset, None if near is None else doubled(near))
    found = ascent.step(sound, 6, offset, near)
    np.testing.assert_array_equal(sound, before)
    assert distance(found.waveform, expected.waveform) < 2e-6
    assert found.objective == pytest.approx(expected.objective[0], rel=1e-5)
    assert found.gradient_sd == pytest.approx(expected.gradient_sd[0], rel=1e-5)


@pytest.mark.parametrize("samples", [44_101, 44_103, 50_653, 65_536, 88_200, 99_991, 132_300])
@pytest.mark.parametrize("kind", ["hard cut", "butterworth"])
def test_the_low_pass_serves_every_length(samples, kind):
    # A prime, twice a prime … a power of two, the default's multiples.
    recipe = recipe_for("model1", (0, 0), cutoff_hz=5000, low_pass=kind, normalisation="none")
    recipe = recipe.replace(seconds=samples / 44_100)
    start = noise(samples)
    found = EngineAscent(MODELS["model1"], recipe, samples=samples).prepare(start)
    spectrum = np.fft.rfft(start.astype(np.float64))
    frequency = np.fft.rfftfreq(samples, d=1 / 44_100)
    gain = frequency <= 5000 if kind == "hard cut" else 1 / (1 + (frequency / 5000) ** 8)
    assert distance(found, np.fft.irfft(spectrum * gain, samples)) < 2e-6


@pytest.mark.parametrize(
    ("architecture", "layer"), [("model1", 0), ("model1", 3), ("model2", 1), ("model2", 8)]
)
def test_trajectories_stay_with_the_references(architecture, layer):
    recipe = recipe_for(architecture, (layer, 3), max_offset=30)
    reference = ReferenceAscent(DOUBLES[architecture], recipe)
    ascent = EngineAscent(MODELS[architecture], recipe)
    offsets = np.arange(10) - 4
    expected = reference.prepare(doubled(noise(44_100)))
    for iteration, offset in enumerate(offsets):
        expected = reference.step(expected, iteration, int(offset)).waveform
    course = ascent.run(ascent.prepare(noise(44_100)), 0, offsets)
    assert course.done == len(course.objective) == len(course.gradient_sd) == 10
    assert distance(course.waveform, expected) < 1e-4


def test_many_iterations_in_one_call_are_single_ones():
    recipe = recipe_for("model1", (1, 3), closeness=3.0, learning_rate=0.05)
    ascent = EngineAscent(MODELS["model1"], recipe)
    start = ascent.prepare(noise(44_100))
    offsets = [3, -700, 0, 44_000, 5]
    course = ascent.run(start, 2, offsets, start)
    sound, near = start, start
    for number, offset in enumerate(offsets):
        step = ascent.step(sound, 2 + number, offset, near)
        assert step.objective == course.objective[number]
        assert step.gradient_sd == course.gradient_sd[number]
        sound, near = step.waveform, np.roll(near, offset)
    np.testing.assert_array_equal(sound, course.waveform)


@pytest.mark.parametrize("gain", [1e-14, 1e14])
def test_very_small_and_very_large_gradients_are_standardised_like_the_references(gain):
    models = [make_model("model1"), make_model("model1").double()]
    for model in models:
        model.convolutions[0].weight *= gain
    recipe = recipe_for("model1", (0, 3))
    expected = ReferenceAscent(models[1], recipe).step(doubled(noise(44_100)), 0, 0)
    found = EngineAscent(models[0], recipe).step(noise(44_100), 0, 0)
    assert math.isfinite(found.gradient_sd)
    assert distance(found.waveform, expected.waveform) < 1e-5
    assert found.gradient_sd == pytest.approx(expected.gradient_sd[0], rel=1e-4)


def test_silence_and_vanishing_gradients_are_left_alone():
    recipe = recipe_for("model1", (1, 3))
    model = make_model("model1")
    model.convolutions[1].weight[3] = 0
    step = EngineAscent(model, recipe).step(noise(44_100), 0, 0)
    assert step.gradient_sd == 0
    np.testing.assert_array_equal(step.waveform, noise(44_100))
    silence = np.zeros(44_100, dtype=np.float32)
    assert not EngineAscent(model, recipe).prepare(silence).any()


def test_where_the_numbers_ran_away_it_ends_and_can_go_on_with_another_sound():
    recipe = recipe_for("model2", (4, 2), low_pass="off", normalisation="none")
    ascent = EngineAscent(MODELS["model2"], recipe)
    start = noise(44_100)
    expected = ascent.run(start, 0, [1, 2, 3])
    course = ascent.run(start * np.float32(1e38), 0, [1, 2, 3])
    assert course.done == 0
    assert not math.isfinite(course.objective[0] + course.gradient_sd[0])
    np.testing.assert_array_equal(course.waveform, start * np.float32(1e38))
    again = ascent.run(start, 0, [1, 2, 3])
    assert again.waveform.tobytes() == expected.waveform.tobytes()


def test_it_can_be_stopped_from_another_thread():
    recipe = recipe_for("model1", (2, 3))
    ascent = EngineAscent(MODELS["model1"], recipe)
    threading.Timer(0.2, ascent.stop).start()
    began = time.perf_counter()
    course = ascent.run(noise(44_100), 0, np.zeros(1_000_000, dtype=np.int32))
    assert 0 < course.done < 1_000_000
    assert len(course.objective) == course.done
    assert time.perf_counter() - began < 30


def test_ascents_side_by_side_give_the_same_bytes_as_alone():
    recipes = [
        recipe_for("model1", (1, 3)),
        recipe_for("model2", (2, 5)),
        recipe_for("model1", (0, 7)),
    ]

    def dreamed(recipe):
        ascent = EngineAscent(MODELS[recipe.architecture], recipe)
        return ascent.run(ascent.prepare(noise(44_100)), 0, np.arange(40)).waveform.tobytes()

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(dreamed, recipes * 2))
    assert together == [dreamed(recipe) for recipe in recipes] * 2


def test_what_cannot_be_planned_is_a_sentence():
    model = make_model("model1")
    rows = (Convolution(9, 3, 0), Convolution(9, 3, 0))
    network = Network(rows, (2, 2), np.zeros(2 * 9 + 10 + 4 * 9 + 2, dtype=np.float32))
    with pytest.raises(ParameterError, match="too short"):
        EngineAscent(network, recipe_for("model1", (1, 0)), samples=20)
    with pytest.raises(ParameterError, match="more memory"):
        large = Network((Convolution(3, 1, 1),), (16_384,), np.zeros(4 * 16_384, dtype=np.float32))
        EngineAscent(large, recipe_for("model1", (0, 0)))
    with pytest.raises(ParameterError, match="lies outside"):
        EngineAscent(model, recipe_for("model1", (0, 5000)))
    model.convolutions[0].bias[2] = math.nan
    with pytest.raises(ParameterError, match="not finite"):
        EngineAscent(model, recipe_for("model1", (0, 0)))
    with pytest.raises(ValueError, match="44100 samples"):
        EngineAscent(MODELS["model1"], recipe_for("model1", (0, 0))).prepare(noise(50))


def test_reasons_are_named():
    assert unsupported_reason(MODELS["model1"]) is None
    assert "evaluation mode" in unsupported_reason(make_model("model1").train())
    with torch.device("meta"):
        model = type(MODELS["model1"])("model1", ["a", "b"]).eval()
    assert "on 'meta'" in unsupported_reason(model)


def test_memory_grows_with_the_sound_and_not_faster():
    def size(seconds):
        recipe = recipe_for("model2", (6, 0), seconds=seconds)
        return EngineAscent(MODELS["model2"], recipe).plan.memory.size

    assert size(30.0) - size(1.0) < 30 * 2**21
    network = Network.of(MODELS["model2"])
    assert network.weights.nbytes < size(1.0)
