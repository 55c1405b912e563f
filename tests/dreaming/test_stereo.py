"""Stereo from two dreams: what a mono player hears, how loud both channels are, what is kept."""

import numpy as np
import pytest
import soundfile

from studio import load_model
from studio.dreaming import wav
from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.sources import notes_on, start_from
from studio.dreaming.stereo import side_seed, widen
from studio.sound import files
from studio.sound.levels import LISTENING_PEAK, listening_level

RECIPE = Recipe(dataset="speech", architecture="model2", targets=(Target(0, 1),), iterations=4)


def power(sound):
    return float(np.mean(sound.astype(np.float64) ** 2))


@pytest.fixture(scope="module")
def model():
    return load_model("speech", "model2")


@pytest.mark.parametrize("width", [0.25, 0.5, 1.0])
def test_both_channels_are_equally_loud_and_add_up_to_the_middle(rng, width):
    middle, other = rng.normal(size=(2, 4000)).astype(np.float32)
    middle /= np.abs(middle).max()
    both = widen(middle, other + 0.3 * middle, width)
    left, right = both.T
    assert power(left) == pytest.approx(power(right), rel=1e-4)
    mono = left + right
    assert np.corrcoef(mono, middle)[0, 1] > 1 - 1e-6
    assert 10 * np.log10(power(mono) / 2 / power(left)) > -1e-3  # a mono sum loses nothing
    assert np.abs(both).max() == pytest.approx(1.0)


def test_full_width_leaves_the_channels_uncorrelated_and_none_makes_them_the_same(rng):
    middle, other = rng.normal(size=(2, 4000)).astype(np.float32)
    assert abs(np.corrcoef(widen(middle, other, 1.0).T)[0, 1]) < 1e-3
    none = widen(middle, other, 0.0)
    assert np.array_equal(none[:, 0], middle) and np.array_equal(none[:, 1], middle)


def test_two_equal_dreams_and_silence_stay_what_they_are(rng):
    middle = rng.normal(size=1000).astype(np.float32)
    for sound in (middle, np.zeros(1000, np.float32)):
        assert np.allclose(widen(sound, sound, 1.0), sound[:, None], atol=1e-5)


def test_the_middle_of_a_stereo_dream_is_the_mono_dream(model, tmp_path):
    mono = dream(model, RECIPE)
    wide = dream(model, RECIPE.replace(stereo_width=0.8))
    assert mono.audio.ndim == 1 and wide.audio.shape == (44_100, 2)
    assert np.corrcoef(wide.middle, mono.audio)[0, 1] > 1 - 1e-6
    assert power(wide.audio[:, 0]) == pytest.approx(power(wide.audio[:, 1]), rel=1e-3)
    written = wav.write(tmp_path / "wide.wav", wide.audio, wide.recipe)
    assert np.array_equal(files.read_channels(written), wide.audio)
    assert wav.read_recipe(written).stereo_width == 0.8
    assert side_seed(side_seed(RECIPE.seed)) == RECIPE.seed != side_seed(RECIPE.seed)


def test_stopping_a_stereo_dream_stops_both_and_says_where(model):
    told = []

    def stop(step):
        told.append(step.audio.shape)
        return step.iteration < 2

    stopped = dream(model, RECIPE.replace(stereo_width=0.5), on_step=stop)
    whole = dream(model, RECIPE.replace(stereo_width=0.5, stop_after=2))
    assert stopped.recipe.stop_after == 2 and told == [(44_100, 2)] * 2
    assert np.array_equal(stopped.audio, whole.audio)


def test_listening_level_turns_both_channels_alike(rng):
    sound = rng.normal(size=(44_100, 2)).astype(np.float32) * [1.0, 0.25]
    heard = listening_level(sound)
    assert heard.shape == sound.shape and np.abs(heard).max() <= LISTENING_PEAK * 1.001
    assert heard[:, 0].std() / heard[:, 1].std() == pytest.approx(4, rel=0.05)


def test_stereo_is_heard_as_loud_as_mono(rng):
    mono = rng.normal(size=44_100).astype(np.float32) * 0.05
    both = np.stack([mono, mono], axis=1)
    heard = np.stack([listening_level(mono)] * 2, axis=1)
    assert np.allclose(listening_level(both), heard, atol=2e-3)


def test_a_recipe_without_width_is_written_as_before():
    assert not {"stereo_width", "tune_hz"} & set(RECIPE.to_dict())


def test_a_stereo_recording_starts_middle_and_side_and_a_mono_dream_from_its_mean(model, rng):
    left, right = rng.uniform(-0.5, 0.5, (2, 44_100)).astype(np.float32)
    sound = np.stack([left, right], axis=1)
    wide = RECIPE.replace(stereo_width=1.0, max_offset=0, iterations=1, learning_rate=1e-4)
    made = dream(model, wide, sound)
    middle, side = made.audio.sum(axis=1), made.audio[:, 0] - made.audio[:, 1]
    for found, start in ((middle, left + right), (side, left - right)):
        low_passed = np.fft.irfft(np.fft.rfft(start)[:12_000], 44_100)
        assert np.corrcoef(found, low_passed)[0, 1] > 0.99
    mono = dream(model, wide.replace(stereo_width=0.0), sound).audio
    assert np.array_equal(mono, dream(model, wide.replace(stereo_width=0.0), sound.mean(1)).audio)


def test_both_channels_of_a_file_are_kept_where_the_recipe_is_stereo(tmp_path, rng):
    sound = rng.uniform(-0.5, 0.5, (30_000, 2)).astype(np.float32)
    path, same = tmp_path / "wide.wav", tmp_path / "same.wav"
    soundfile.write(path, sound, 30_000, subtype="FLOAT")
    soundfile.write(same, sound[:, [0, 0]], 30_000, subtype="FLOAT")
    mono, start = start_from(RECIPE, path)
    wide, both = start_from(RECIPE.replace(stereo_width=0.5), path)
    assert start.shape == (44_100,) and both.shape == (44_100, 2)
    np.testing.assert_allclose(both.mean(axis=1), start, atol=1e-6)
    assert mono.initial != wide.initial  # another sound, another fingerprint
    assert start_from(RECIPE.replace(stereo_width=0.5), same)[1].shape == (44_100,)
    assert notes_on(mono, path)[0].endswith("mixed down to one; a stereo width above 0 keeps both.")
    assert notes_on(wide, path) == []


def test_a_part_that_runs_past_the_end_is_told(tmp_path):
    path = tmp_path / "short.wav"
    soundfile.write(path, np.ones(66_150) * 0.1, 44_100)
    assert notes_on(RECIPE.replace(start_seconds=0.5), path) == []
    notes = notes_on(RECIPE.replace(start_seconds=1.0, seconds=2.0), path)
    assert notes == ["'short.wav' ends after 0.50 s of this part: silence follows up to 2 s."]
