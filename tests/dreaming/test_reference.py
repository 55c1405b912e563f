"""The reference against finite differences and against the algorithm written once more in NumPy."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from studio import Recipe
from studio.dreaming.objective import objective
from studio.dreaming.reference import ReferenceAscent
from studio.dreaming.targets import check_targets
from studio.errors import ParameterError
from tests.conftest import make_model

LAYERS = [("model1", layer) for layer in range(5)] + [("model2", layer) for layer in range(9)]


def recipe_for(architecture, layer, **changes):
    return Recipe(architecture=architecture, targets=[(layer, 3)], iterations=10).replace(**changes)


def noise(rng, samples=44_100, batch=1):
    sound = rng.standard_normal((batch, samples))
    return torch.from_numpy(sound / np.abs(sound).max(axis=1, keepdims=True))


@pytest.mark.parametrize("tap", ["before swish", "after swish"])
@pytest.mark.parametrize(("architecture", "layer"), LAYERS)
def test_gradient_is_that_of_finite_differences(architecture, layer, tap, rng):
    model = make_model(architecture).double()
    recipe = recipe_for(architecture, layer, tap=tap)
    waveform = noise(rng)
    gradient, _ = ReferenceAscent(model, recipe).gradient(waveform)
    direction = torch.from_numpy(rng.standard_normal(waveform.shape))
    direction /= direction.norm()
    small = 1e-4
    ahead, behind = (
        objective(model, waveform + side * small * direction, recipe).item() for side in (1, -1)
    )
    expected = (ahead - behind) / (2 * small)
    along = (gradient * direction).sum().item()
    assert along == pytest.approx(expected, rel=1e-5, abs=1e-9 * gradient.norm().item())
    assert gradient.abs().max() > 0


def step_in_numpy(gradient, waveform, recipe, iteration, offset):
    """Section 3.4 as `dream.md` of the paper's reading decides it, without torch."""
    sigma = 2 * (iteration + 1) / recipe.iterations + recipe.smoothing_coefficient
    mode = {"reflect": "mirror", "circular": "wrap"}[recipe.padding]
    reach = recipe.smoothing_kernel // 2
    if recipe.smoothing == "cascade":
        gradient = sum(
            ndimage.gaussian_filter1d(gradient, s, mode=mode, radius=reach) / 3
            for s in (sigma / 2, sigma, 2 * sigma)
        )
    waveform = waveform + recipe.learning_rate * (gradient - gradient.mean()) / gradient.std()
    if recipe.normalisation == "peak":
        waveform = waveform / np.abs(waveform).max()
    elif recipe.normalisation == "rms":
        waveform = waveform / np.sqrt(np.mean(waveform**2))
    waveform = np.roll(waveform, offset)
    spectrum = np.fft.rfft(waveform)
    frequency = np.fft.rfftfreq(waveform.size, 1 / 44_100)
    if recipe.low_pass == "hard cut":
        spectrum[frequency > recipe.cutoff_hz] = 0
    elif recipe.low_pass == "butterworth":
        spectrum /= 1 + (frequency / recipe.cutoff_hz) ** (2 * recipe.low_pass_order)
    waveform = np.fft.irfft(spectrum, waveform.size)
    return np.roll(waveform, -offset) if recipe.unroll else waveform


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"padding": "circular", "max_offset": 500, "smoothing_kernel": 17},
        {"low_pass": "butterworth", "low_pass_order": 2, "cutoff_hz": 3000},
        {"low_pass": "off", "normalisation": "rms"},
        {"smoothing": "off", "normalisation": "none", "learning_rate": 0.2},
        {"unroll": True, "max_offset": 64, "smoothing_coefficient": 3.0},
    ],
    ids=str,
)
def test_one_step_is_the_formula(model, changes, rng):
    model = model.double()
    recipe = recipe_for(model.architecture.name, 2, **changes)
    ascent = ReferenceAscent(model, recipe)
    waveform = ascent.prepare(noise(rng))
    gradient, _ = ascent.gradient(waveform)
    offset = int(rng.integers(-recipe.max_offset, recipe.max_offset + 1))
    expected = step_in_numpy(gradient[0].numpy(), waveform[0].numpy(), recipe, 6, offset)
    before = waveform.clone()
    np.testing.assert_allclose(ascent.step(waveform, 6, offset).waveform[0], expected, atol=1e-10)
    torch.testing.assert_close(waveform, before)


@pytest.mark.parametrize(("architecture", "layer"), LAYERS)
def test_a_few_steps_raise_the_objective_of_every_layer(architecture, layer, rng):
    model = make_model(architecture)
    ascent = ReferenceAscent(model, recipe_for(architecture, layer, learning_rate=0.05))
    start = waveform = ascent.prepare(noise(rng).float())
    for iteration in range(8):
        waveform = ascent.step(waveform, iteration, 0).waveform
    assert ascent.objective(waveform) > ascent.objective(start)


def test_the_objective_is_the_mean_over_targets_of_weighted_mean_squares(model, rng):
    model = model.double()
    waveform = noise(rng, samples=60_000, batch=2)
    recipe = recipe_for(model.architecture.name, 0, targets=[(0, 3, 0.5), (2, None, -2), (1, 5)])
    activations = model.activations(waveform, 2)
    expected = (
        0.5 * activations[0][:, 3].square().mean(-1)
        - 2 * activations[2].square().mean((1, 2))
        + activations[1][:, 5].square().mean(-1)
    ) / 3
    torch.testing.assert_close(objective(model, waveform, recipe), expected)


def test_sounds_of_a_batch_do_not_influence_each_other(model, rng):
    model = model.double()
    ascent = ReferenceAscent(model, recipe_for(model.architecture.name, 1))
    both = noise(rng, batch=2)
    together = ascent.step(both, 0, 1)
    alone = ascent.step(both[1:], 0, 1)
    torch.testing.assert_close(together.waveform[1:], alone.waveform)
    assert together.objective[1:] == pytest.approx(alone.objective)


def test_the_initial_sound_is_normalised_and_low_passed(model, rng):
    ascent = ReferenceAscent(model, recipe_for(model.architecture.name, 0, cutoff_hz=1000))
    prepared = ascent.prepare(noise(rng) * 0.1)
    spectrum = torch.fft.rfft(prepared).abs()[0]
    assert spectrum[1001:].max() < 1e-9 * spectrum.max()


@pytest.mark.parametrize(
    ("target", "sentence"),
    [((9, 0), "layer=9 must lie between 0 and 4"), ((0, 32), "map=32 must lie between 0 and 31")],
)
def test_layers_and_maps_out_of_range_are_named(model1, target, sentence):
    with pytest.raises(ParameterError, match=sentence):
        check_targets(model1, Recipe(targets=[target]).targets)
