"""Sounds made of known parts are heard as such."""

import numpy as np
import pytest

from studio.analysis.listening import cut, hop_seconds, listen
from studio.errors import AudioError, ParameterError
from studio.sound import SAMPLE_RATE
from tests.analysis.known import tone


def test_the_class_changes_where_the_sound_does(two_ears):
    heard = listen(two_ears, np.concatenate([tone(2000, 3), tone(500, 3)]))
    early, late = heard.times < 2.3, heard.times > 3.7
    answers = heard.probabilities.argmax(axis=1)
    assert (answers[early] == 0).all() and (answers[late] == 1).all()
    assert early.sum() > 10 and late.sum() > 10
    assert heard.probabilities.sum(axis=1) == pytest.approx(np.ones(len(heard.times)), abs=1e-5)
    changes = np.flatnonzero(np.diff(answers))
    assert heard.times[changes[0]] == pytest.approx(3.0, abs=0.3)
    assert len(heard.strongest_classes(8)) == 2


def test_maps_respond_while_their_tone_lasts(two_ears):
    heard = listen(two_ears, np.concatenate([tone(2000, 2), tone(500, 2)]))
    high, low = heard.responses[0][:, 0], heard.responses[0][:, 1]
    assert high[0] > 10 * high[-1] and low[-1] > 10 * low[0]
    assert heard.strengths(0)[0] == pytest.approx(high.mean())


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
