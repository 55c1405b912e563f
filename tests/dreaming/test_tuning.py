"""Tuned dreams: the stride grid lies on the note, and everything else keeps its meaning."""

import numpy as np
import pytest
import soundfile

from studio import load_model
from studio.dreaming import wav
from studio.dreaming.loop import dream
from studio.dreaming.looping import loop_unit
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.sources import start_from
from studio.dreaming.tuning import Tuning, grid_hz
from studio.errors import ParameterError

RECIPE = Recipe(dataset="instruments", architecture="model1", targets=(Target(0, 0),))


def test_the_grid_is_the_finest_step_rate_that_has_a_pitch():
    assert [grid_hz("model1", layer) for layer in range(5)] == [900, 36, 36, 36, 36]
    assert [grid_hz("model2", layer) for layer in range(5)] == [6300, 900, 180, 36, 36]


@pytest.mark.parametrize("tune_hz", [1e-300, 20.0, 110.0, 440.0, 466.16, 1234.5, 5000.0])
@pytest.mark.parametrize("layer", [0, 1])
def test_the_rate_puts_the_grid_on_an_octave_of_the_note(tune_hz, layer):
    recipe = RECIPE.replace(tune_hz=tune_hz, targets=(Target(layer, 0),))
    tuning = Tuning.of(recipe)
    octaves = np.log2(grid_hz("model1", layer) * tuning.ratio) - np.log2(tune_hz)
    assert abs(octaves - round(octaves)) < 1e-9
    assert 0.7 < tuning.ratio < 1.42 and tuning.recipe.samples >= 44_100
    wanted = max(44_100, recipe.samples * tuning.ratio)  # a network needs a second
    assert tuning.recipe.samples == pytest.approx(wanted, abs=1)


def test_frequencies_keep_their_meaning_in_every_stage():
    recipe = RECIPE.replace(
        tune_hz=1000.0, cutoff_hz=5000.0, stages=[{"cutoff_hz": 2000.0, "iterations": 3}]
    )
    tuning = Tuning.of(recipe)
    first, second = tuning.recipe.each_stage
    assert first.cutoff_hz * tuning.ratio == pytest.approx(5000)
    assert second.cutoff_hz * tuning.ratio == pytest.approx(2000)


def test_the_partials_of_a_tuned_dream_lie_within_five_cents_of_the_note():
    note = 466.16  # B flat; the grid of layer 0 lies at 900 Hz, so at its octave
    recipe = RECIPE.replace(tune_hz=note, iterations=60, learning_rate=0.05, seconds=2.0)
    made = dream(load_model("instruments", "model1"), recipe)
    assert len(made.audio) == recipe.samples
    power = np.abs(np.fft.rfft(made.audio * np.hanning(len(made.audio)), 1 << 20)) ** 2
    frequency = np.fft.rfftfreq(1 << 20, 1 / 44_100)
    found = []
    for partial in (1, 2, 3, 4):
        wanted = 2 * note * partial
        near = np.abs(1200 * np.log2(np.maximum(frequency, 1) / wanted)) < 60
        peak = frequency[near][np.argmax(power[near])]
        if power[near].max() > 30 * np.median(power[near]):
            found.append(1200 * np.log2(peak / wanted))
    assert len(found) >= 2 and np.abs(found).max() < 5, found


@pytest.mark.parametrize("tune_hz", [float("nan"), -440.0, 5001.0, "A4"])
def test_what_is_no_frequency_is_refused(tune_hz):
    with pytest.raises(ParameterError, match="tune_hz"):
        RECIPE.replace(tune_hz=tune_hz)


@pytest.mark.parametrize("tune_hz", [261.63, 466.16])
@pytest.mark.parametrize("seconds", [1.0, 3.0])
def test_a_tuned_loop_fits_the_strides_and_stays_as_long_as_it_can(tune_hz, seconds):
    recipe = RECIPE.replace(
        tune_hz=tune_hz, padding="loop", targets=(Target(2, 0),), seconds=seconds
    )
    tuning = Tuning.of(recipe)
    unit = loop_unit("model1", 2)
    assert tuning.recipe.samples % unit == 0 and tuning.recipe.samples >= 44_100
    assert abs(tuning.samples * tuning.ratio - tuning.recipe.samples) <= tuning.ratio
    wanted = max(seconds * tuning.ratio, 1.0)
    assert abs(tuning.recipe.seconds - wanted) <= unit / 2 / 44_100 + 1e-9


def test_a_tuned_loop_has_no_seam():
    recipe = RECIPE.replace(tune_hz=466.16, padding="loop", iterations=20, learning_rate=0.1)
    sound = dream(load_model("instruments", "model1"), recipe).audio
    jumps = np.abs(np.diff(np.concatenate([sound, sound[:1]]).astype(np.float64), n=1))
    assert jumps[-1] <= np.quantile(jumps, 0.999)


def test_what_gets_too_long_by_tuning_is_told_the_longest():
    recipe = RECIPE.replace(tune_hz=900 * 2**0.25, seconds=60.0)
    with pytest.raises(ParameterError, match=r"50\.5 s is the most"):
        Tuning.of(recipe)
    assert Tuning.of(recipe.replace(seconds=50.4)).recipe.seconds <= 60


@pytest.mark.parametrize("rate", [11_025, 22_050, 37_123, 96_000])
def test_a_recording_of_an_odd_rate_starts_a_tuned_loop(rate, tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate), rate)
    recipe = RECIPE.replace(tune_hz=466.16, padding="loop", iterations=1)
    chosen, start = start_from(recipe, path)
    tuning = Tuning.of(chosen)
    inside = tuning.inward(start)
    assert len(start) == 44_100 and len(inside) == tuning.recipe.samples
    back = tuning.outward(inside)
    assert len(back) == tuning.samples
    strongest = np.argmax(np.abs(np.fft.rfft(back))) * 44_100 / len(back)
    assert strongest == pytest.approx(440, abs=2)


def test_a_tuned_stereo_loop_comes_back_from_its_file_bit_for_bit(tmp_path):
    recipe = RECIPE.replace(tune_hz=261.63, padding="loop", stereo_width=0.5, iterations=2)
    model = load_model("instruments", "model1")
    made = dream(model, recipe)
    path = wav.write(tmp_path / "loop.wav", made.audio, made.recipe)
    assert wav.read_recipe(path) == recipe
    again = dream(model, wav.read_recipe(path)).audio
    np.testing.assert_array_equal(soundfile.read(path, dtype="float32")[0], again)
