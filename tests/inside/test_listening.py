"""Sounds made of known parts are heard as such."""

import numpy as np
import pytest
import torch

from studio.architectures import SAMPLE_RATE
from studio.errors import AudioError, ParameterError
from studio.inside.listening import cut, hop_seconds, listen
from tests.conftest import make_model
from tests.inside.test_tones import sine_filter


def tone(frequency, seconds):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


@pytest.fixture
def two_ears():
    """A Model1 that is sure of class 2 when it hears 2 kHz, and of class 4 when it hears 6 kHz."""
    model = make_model("model1")
    for convolution in model.convolutions:
        with torch.no_grad():
            convolution.weight.zero_()
            convolution.bias.zero_()
    for norm in model.normalisations:
        with torch.no_grad():
            norm.running_mean.zero_(), norm.running_var.fill_(1), norm.bias.zero_()
            norm.weight.fill_(1)
    with torch.no_grad():
        for number, (frequency, name) in enumerate(((2000, 2), (6000, 4))):
            taps = torch.from_numpy(sine_filter(frequency, 85)).float()
            model.convolutions[0].weight[number, 0] = taps
            for deeper in model.convolutions[1:-1]:
                deeper.weight[number, number] = 1 / deeper.kernel_size[0]
            model.convolutions[-1].weight[name, number] = 1.0
    return model


def test_the_class_changes_where_the_sound_does(two_ears):
    heard = listen(two_ears, np.concatenate([tone(2000, 3), tone(6000, 3)]))
    early, late = heard.times < 2.3, heard.times > 3.7
    answers = heard.probabilities.argmax(axis=1)
    assert (answers[early] == 2).all() and (answers[late] == 4).all()
    assert early.sum() > 10 and late.sum() > 10
    assert heard.probabilities.sum(axis=1) == pytest.approx(np.ones(len(heard.times)), abs=1e-5)
    changes = np.flatnonzero(np.diff(answers == 4))
    assert heard.times[changes[0]] == pytest.approx(3.0, abs=0.3)
    assert set(heard.strongest_classes(2)) == {2, 4}


def test_maps_respond_while_their_tone_lasts(two_ears):
    heard = listen(two_ears, np.concatenate([tone(2000, 2), tone(6000, 2)]))
    low, high = heard.responses[0][:, 0], heard.responses[0][:, 1]
    assert low[0] > 100 * low[-1] and high[-1] > 100 * high[0]
    assert heard.strengths(0)[0] == pytest.approx(low.mean())


def test_windows_are_seconds_at_full_level_and_their_times_their_middles():
    sound = np.concatenate([0.1 * tone(440, 1), tone(440, 1)])
    times, windows = cut(sound)
    assert windows.shape == (len(times), SAMPLE_RATE)
    assert times[0] == 0.5 and times[-1] == pytest.approx(1.5)
    assert np.allclose(np.abs(windows).max(axis=1), 1, atol=1e-3)


def test_a_pause_is_not_blown_up(rng):
    hiss = 1e-5 * rng.standard_normal(2 * SAMPLE_RATE)
    _, windows = cut(np.concatenate([tone(440, 1), hiss]))
    assert np.abs(windows[-1]).max() < 0.1


def test_a_short_sound_sits_in_the_middle_of_a_second():
    times, windows = cut(np.ones(441))
    assert windows.shape == (1, SAMPLE_RATE)
    assert np.flatnonzero(windows[0])[[0, -1]].mean() == pytest.approx(SAMPLE_RATE / 2, abs=1)
    assert times == pytest.approx([0.005], abs=1e-3)


@pytest.mark.parametrize("seconds", [1, 1.05, 7.3, 25, 60])
def test_there_are_never_too_many_windows_and_the_last_ends_with_the_sound(seconds):
    times, _ = cut(tone(100, seconds))
    assert 1 <= len(times) <= 240
    assert seconds - 0.5 - times[-1] < hop_seconds(seconds) + 1e-6


@pytest.mark.parametrize(
    ("sound", "error", "words"),
    [
        (np.zeros(SAMPLE_RATE), AudioError, "silent"),
        (np.zeros(0), AudioError, "mono"),
        (np.ones((2, 100)), AudioError, "mono"),
        (np.array([1.0, np.nan]), AudioError, "mono"),
        (np.ones(60 * SAMPLE_RATE + 1), ParameterError, "60 or less"),
    ],
)
def test_what_cannot_be_listened_to_is_refused(model1, sound, error, words):
    with pytest.raises(error, match=words):
        listen(model1, sound)
