"""Networks whose filters are known respond to the tones that they must respond to."""

import numpy as np
import pytest
import torch

from studio.analysis import tones
from studio.analysis.responses import respond
from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE
from tests.analysis.known import sine_filter
from tests.conftest import make_model


@pytest.fixture
def tuned():
    """A Model1 whose maps 3 and 5 of the first layer are tuned to 2 and 6 kHz, without bias."""
    model = make_model("model1")
    first = model.convolutions[0]
    with torch.no_grad():
        first.bias.zero_()
        for number, frequency in ((3, 2000), (5, 6000)):
            first.weight[number, 0] = torch.from_numpy(sine_filter(frequency, 85)).float()
    return model


def test_the_tones_span_the_ears_range_evenly_and_have_full_scale():
    frequencies = tones.tone_frequencies()
    assert frequencies[0] == 30 and frequencies[-1] == pytest.approx(16_000)
    assert np.ptp(np.diff(np.log(frequencies))) < 1e-12
    sound = tones.tones(frequencies).numpy()
    assert sound.shape == (120, SAMPLE_RATE)
    assert np.allclose(np.abs(sound).max(axis=1), 1)
    spectrum = np.abs(np.fft.rfft(sound[60]))  # bins of 1 Hz
    assert abs(spectrum.argmax() - frequencies[60]) <= 1


def test_a_filter_that_is_a_sine_responds_most_to_its_own_frequency(tuned):
    frequencies = tones.tone_frequencies()
    responses = tones.tone_responses(tuned, frequencies)[0]
    best = tones.best_frequencies(responses, frequencies)
    assert best[3] == pytest.approx(2000, rel=0.05)
    assert best[5] == pytest.approx(6000, rel=0.05)


def test_its_spectrum_peaks_at_the_same_place(tuned):
    frequencies = tones.tone_frequencies()
    spectra = tones.filter_spectra(tuned, frequencies)
    peaks = tones.best_frequencies(spectra, frequencies)
    assert peaks[[3, 5]] == pytest.approx([2000, 6000], rel=0.05)
    taps = tones.filter_taps(tuned)
    assert taps.shape == (32, 85)
    at = np.abs(np.fft.rfft(taps, n=SAMPLE_RATE, axis=1))  # bins of 1 Hz
    whole = tones.filter_spectra(tuned, np.array([1000.0, 2000.0, 9000.0]))
    assert np.allclose(whole, at[:, [1000, 2000, 9000]], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("architecture", ["model1", "model2"])
def test_the_first_layers_response_is_the_spectrum_of_its_filter(architecture):
    model = make_model(architecture)
    # A stride of 49 samples hears some pitches as standing still: these it does not.
    frequencies = np.array([310.0, 1234.0, 5077.0])
    responses = tones.tone_responses(model, frequencies)[0]
    bias = model.convolutions[0].bias.numpy()[:, None]
    expected = tones.filter_spectra(model, frequencies) ** 2 / 2 + bias**2
    assert np.allclose(responses, expected, rtol=0.03, atol=0.002)


def test_a_deeper_map_that_hears_one_map_likes_that_maps_tone(tuned):
    with torch.no_grad():
        second = tuned.convolutions[1]
        second.weight.zero_()
        second.bias.zero_()
        second.weight[7, 3] = 1.0  # the sum over what map 3 found
        tuned.normalisations[0].bias.zero_()
        tuned.normalisations[0].running_mean.zero_()
    frequencies = np.array([500.0, 1000.0, 2000.0, 4000.0, 8000.0])
    responses = tones.tone_responses(tuned, frequencies)[1]
    assert tones.best_frequencies(responses, frequencies)[7] == 2000
    assert np.allclose(responses[6], 0)


def test_maps_are_sorted_by_their_best_frequency_and_levels_are_below_the_best():
    frequencies = np.array([100.0, 200.0, 400.0])
    responses = np.array([[1.0, 1.0, 10.0], [5.0, 0.5, 0.0], [1.0, 100.0, 1.0]])
    assert tones.by_frequency(responses, frequencies).tolist() == [1, 2, 0]
    levels = tones.below_best_db(responses)
    assert levels[0] == pytest.approx([-10, -10, 0])
    assert levels[1][2] < -150


def test_responses_are_the_mean_squares_that_a_dream_increases(model, rng):
    waveforms = torch.from_numpy(rng.uniform(-1, 1, (3, SAMPLE_RATE)).astype(np.float32))
    responses, probabilities = respond(model, waveforms)
    with torch.no_grad():
        activations = model.activations(waveforms, model.layers - 1)
        for found, activation in zip(responses, activations, strict=True):
            assert np.allclose(found, activation.square().mean(-1).numpy(), rtol=1e-5, atol=1e-9)
        assert np.allclose(probabilities, model(waveforms).exp().numpy(), atol=1e-6)


@pytest.mark.parametrize("frequency", [0.0, -5.0, 22_050.0, float("nan")])
def test_a_frequency_that_cannot_be_played_is_refused(model1, frequency):
    with pytest.raises(ParameterError, match="half the sample rate"):
        tones.tone_responses(model1, np.array([440.0, frequency]))
