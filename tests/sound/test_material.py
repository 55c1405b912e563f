"""Known signals measure as they must."""

import numpy as np
import pytest

from studio.sound import SAMPLE_RATE, material

TIME = np.arange(SAMPLE_RATE) / SAMPLE_RATE


def sine(hz, seconds=1.0):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def noise(seed, seconds=1.0):
    return np.random.default_rng(seed).standard_normal(round(seconds * SAMPLE_RATE))


def test_half_a_second_of_tone_is_half_active():
    assert material.active_share(sine(440)) == 1.0
    assert material.active_share(np.where(TIME < 0.5, sine(440), 0)) == pytest.approx(0.5, abs=0.02)
    assert material.active_share(np.zeros(SAMPLE_RATE)) == 0.0


def test_energy_lies_where_the_tones_are():
    sound = sine(10) + 0.5 * sine(1000) + 0.5 * sine(8000)  # energies 1, 1/4, 1/4
    assert material.energy_share(sound, high_hz=20) == pytest.approx(2 / 3)
    assert material.energy_share(sound, low_hz=4000) == pytest.approx(1 / 6)


def test_a_full_scale_sine_of_1_khz_is_at_minus_3_lufs():
    assert material.loudness_lufs(sine(1000, 2)) == pytest.approx(-3.01, abs=0.1)


def test_the_true_peak_lies_between_samples():
    quarter = np.sin(2 * np.pi * SAMPLE_RATE / 4 * TIME + np.pi / 4)  # samples at 0.707 only
    assert np.abs(quarter).max() == pytest.approx(0.7071, abs=1e-3)
    assert material.true_peak_db(quarter) == pytest.approx(0.0, abs=0.2)
    assert material.true_peak_db(np.zeros(9)) == -np.inf


def test_a_fade_at_both_ends_is_a_dip_at_the_seam():
    steady = sine(441, 2)
    assert material.seam_db(steady) == pytest.approx(0.0, abs=0.1)
    fade = np.minimum(1, np.minimum(np.arange(88_200), np.arange(88_200)[::-1]) / 4410)
    assert material.seam_db(steady * fade) < -10
    assert material.seam_db(np.roll(steady * fade, 44_100)) == pytest.approx(0.0, abs=0.1)


def test_edges_are_measured_against_the_peak():
    assert material.edge_shares(np.array([0.1, 0.5, -0.25])) == (0.2, 0.5)


def test_a_grid_is_found_and_its_detuned_control_is_not():
    comb = sum(sine(36 * k) for k in range(1, 60))
    on, off = material.grid_share(comb, 36.0)
    assert on == pytest.approx(1.0) and off < 0.25
    on, off = material.grid_share(noise(1), 36.0)
    assert on == pytest.approx(off, abs=0.03)  # white noise has no grid


def test_what_repeats_has_no_new_second_and_what_changes_has():
    assert material.new_seconds(np.tile(noise(1), 4)) == (0, 3)
    assert material.new_seconds(np.concatenate([sine(hz) for hz in (200, 2000, 200, 8000)])) == (
        2,
        3,
    )


def test_the_distance_of_a_sound_to_itself_is_none_at_any_level():
    assert material.spectral_distance_db(noise(1), 0.1 * noise(1)) == pytest.approx(0, abs=1e-9)
    assert material.spectral_distance_db(sine(200), sine(4000)) > 4


@pytest.mark.parametrize("sound", [np.zeros(SAMPLE_RATE), noise(3, 3.3), sine(50, 1.0)])
def test_all_measures_of_one_sound_are_numbers(sound):
    found = material.measure_material(sound)
    assert all(isinstance(value, float) and not np.isnan(value) for value in found.values())


def test_a_seam_is_compared_with_every_other_place_of_its_sound():
    sound = noise(5, 2)
    places = material.place_levels_db(sound)
    assert len(places) == len(sound) and places[0] == material.seam_db(sound)
    assert np.median(places) == pytest.approx(0, abs=1e-9)
    turned = material.place_levels_db(np.roll(sound, -30_000))
    assert turned[0] == pytest.approx(places[30_000])  # as if the loop began there
    dip = np.where(np.arange(len(sound)) < 1200, 0.01, 1.0) * sound
    assert (np.abs(material.place_levels_db(dip)) < abs(material.seam_db(dip))).mean() > 0.97
