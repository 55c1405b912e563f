import numpy as np
import pytest
import torch

from studio import Recipe, describe, dream
from studio.dreaming import sources
from studio.dreaming.loop import _every
from studio.errors import AudioError, DreamError, ParameterError


def quick(**changes):
    return Recipe(targets=[(1, 3)], iterations=6, learning_rate=0.05).replace(**changes)


def test_the_same_recipe_gives_the_same_bytes(model1):
    first, again = (dream(model1, quick()).audio for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert dream(model1, quick(seed=2)).audio.tobytes() != first.tobytes()


def test_a_dream_is_a_sound_with_a_trace(model1):
    told = []
    made = dream(model1, quick(seconds=1.5, iterations=12), on_step=told.append)
    assert made.audio.shape == (66_150,)
    assert made.audio.dtype == np.float32
    assert np.isfinite(made.audio).all()
    assert 0.5 < np.abs(made.audio).max() < 1.5
    assert made.message is None
    assert list(made.trace.columns) == [
        *("iteration", "objective", "loudness", "brightness", "noisiness", "roughness")
    ]
    assert made.trace.iteration.tolist() == [0, 3, 6, 9, 12]
    assert made.trace.objective.iloc[-1] > made.trace.objective.iloc[0]
    assert made.trace.brightness.iloc[-1] == describe(made.audio)["brightness_mean"]
    assert [step.iteration for step in told] == list(range(1, 13))
    np.testing.assert_array_equal(told[-1].audio, made.audio)


@pytest.mark.parametrize(
    ("iterations", "deepest", "rows"),
    [(1, 0, 2), (12, 0, 5), (300, 0, 6), (300, 3, 10), (300, 8, 19), (2000, 0, 26), (2000, 8, 60)],
)
def test_longer_and_deeper_dreams_have_more_rows(iterations, deepest, rows):
    recorded = range(0, iterations, _every(iterations, deepest))
    assert len(recorded) + 1 == rows


def test_stopping_keeps_the_sound_and_a_recipe_that_makes_it_again(model1):
    stopped = dream(model1, quick(), on_step=lambda step: step.iteration < 3)
    assert stopped.recipe.stop_after == 3
    assert stopped.trace.iteration.iloc[-1] == 3
    again = dream(model1, stopped.recipe)
    assert again.audio.tobytes() == stopped.audio.tobytes()


def test_every_engine_option_runs(model):
    name = model.architecture.name
    for changes in (
        {"targets": [(0, None), (model.layers, 2, 3.0)]},
        {"tap": "after swish", "smoothing": "off", "padding": "circular"},
        {"low_pass": "butterworth", "normalisation": "rms", "unroll": True},
        {"low_pass": "off", "normalisation": "none"},
        {"max_offset": 0},
    ):
        made = dream(model, quick(architecture=name, iterations=2, **changes))
        assert made.message is None
        assert np.isfinite(made.audio).all()


def test_numbers_that_run_away_end_in_a_sentence_and_the_last_good_sound(model1):
    with torch.no_grad():
        model1.convolutions[0].weight *= 1e25
    made = dream(model1, quick())
    assert "ran away at iteration 0" in made.message
    np.testing.assert_array_equal(made.audio, made.initial)


def test_running_away_later_keeps_what_was_good(model1):
    # Without normalisation the sound grows until its square overflows.
    recipe = quick(normalisation="none", learning_rate=1.0)
    with torch.no_grad():
        model1.convolutions[0].weight *= 2e16
    made = dream(model1, recipe.replace(targets=((0, 3),), iterations=5000))
    assert "last good sound" in made.message
    assert np.isfinite(made.audio).all()
    assert made.recipe.stop_after > 0


def test_a_gradient_that_vanishes_ends_in_a_sentence(model1):
    with torch.no_grad():
        model1.convolutions[1].weight[3] = 0
    made = dream(model1, quick())
    assert "Nothing in this choice responds" in made.message
    np.testing.assert_array_equal(made.audio, made.initial)


def test_recordings_are_cut_or_padded_to_the_recipes_length(model1, rng):
    recording = rng.standard_normal(100_000).astype("f4") * 0.1
    made = dream(model1, quick(seconds=1.0, low_pass="off"), initial=recording)
    expected = recording[:44_100] / np.abs(recording[:44_100]).max()
    np.testing.assert_allclose(made.initial, expected, rtol=1e-6)
    short = dream(model1, quick(seconds=2.0), initial=recording[:30_000])
    assert short.audio.shape == (88_200,)


@pytest.mark.parametrize("name", ["white noise", "silence", "tone", "impulse"])
def test_built_in_sounds_are_what_they_are_called(model1, name):
    sound = sources.initial_sound(quick(initial=name))
    assert sound.shape == (44_100,)
    assert np.abs(sound).max() == (0 if name == "silence" else pytest.approx(1))
    described = describe(sound)
    if name == "tone":
        assert described["brightness_mean"] == pytest.approx(sources.TONE_HZ, rel=0.2)
    if name == "white noise":
        assert described["noisiness_mean"] > 0.5
    assert np.isfinite(dream(model1, quick(initial=name, iterations=2)).audio).all()


def test_offsets_are_even_over_their_range_and_follow_the_seed():
    drawn = sources.offsets(quick(iterations=10_000, max_offset=2))
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [-2, -1, 0, 1, 2]
    assert counts.min() > 1800
    assert (sources.offsets(quick(seed=5)) != sources.offsets(quick(seed=6))).any()


@pytest.mark.parametrize(
    ("recording", "sentence"),
    [
        (np.zeros((2, 44_100)), "one channel"),
        (np.zeros(0), "empty"),
        (np.full(44_100, np.nan), "NaN"),
    ],
)
def test_what_is_no_recording_is_refused(model1, recording, sentence):
    with pytest.raises(AudioError, match=sentence):
        dream(model1, quick(), initial=recording)


def test_recipes_that_do_not_fit_are_refused(model1):
    with pytest.raises(ParameterError, match="load the model that the recipe names"):
        dream(model1, quick(architecture="model2"))
    with pytest.raises(ParameterError, match="layer=5"):
        dream(model1, quick(targets=[(5, 0)]))
    with pytest.raises(ParameterError, match="engine='magic'"):
        dream(model1, quick(), engine="magic")
    with pytest.raises(DreamError, match=r"starts from 'voice\.wav"):
        dream(model1, quick(initial="voice.wav (sha256 12)"))
