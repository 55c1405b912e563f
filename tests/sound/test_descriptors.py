import numpy as np
import pytest

from studio.sound.descriptors import burst_share, measure, pitchedness, synchrony
from studio.sound.features import describe


def tone(frequency_hz, samples=44_100):
    return np.sin(2 * np.pi * frequency_hz * np.arange(samples) / 44_100)


def test_an_even_sound_has_a_fifth_of_its_energy_in_its_loudest_fifth():
    assert burst_share(np.full(87, 0.3)) == pytest.approx(0.2)
    assert burst_share(np.zeros(87)) == 0.2


def test_a_burst_has_it_all():
    loudness = np.zeros(100)
    loudness[40:50] = 1
    assert burst_share(loudness) == pytest.approx(1)
    loudness[50:80] = 1
    assert burst_share(loudness) == pytest.approx(0.5)


def test_pitchedness_tells_a_tone_from_noise(rng):
    assert pitchedness(tone(1000)) == pytest.approx(1)
    assert pitchedness(tone(1000) + tone(2000)) == pytest.approx(0.5, abs=0.01)
    # White noise: the widest band is the highest, from 17,959 Hz to half the sample rate.
    noise = rng.standard_normal(44_100)
    assert pitchedness(noise) == pytest.approx((22_050 - 17_959) / 22_050, abs=0.01)
    assert pitchedness(np.zeros(44_100)) == 0


def test_synchrony_is_one_where_spectrum_and_level_change_together():
    loudness = np.array([0, 1, 3, 4, 8, 3, 3.5])
    change = np.abs(np.diff(loudness))
    assert synchrony(change * 2, loudness) == pytest.approx(1)
    assert synchrony(change.max() - change, loudness) == pytest.approx(-1)
    assert synchrony(np.zeros(6), loudness) == 0


def test_the_papers_features_are_those_of_describe(rng):
    sound = rng.standard_normal(44_100).astype(np.float32)
    measured = measure(sound)
    assert {name: measured[name] for name in describe(sound)} == describe(sound)
