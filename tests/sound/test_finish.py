"""A finished sound is as loud as asked, never above its ceiling, and begins and ends at zero."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE, material
from studio.sound.finish import UNTOUCHED, Finish, finish

TIME = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
TONE = (0.1 * np.sin(2 * np.pi * 441 * TIME)).astype(np.float32)


def noise(seed, seconds=2.0, spread=1.0):
    drawn = np.random.default_rng(seed).standard_normal(round(seconds * SAMPLE_RATE))
    return (drawn * spread).astype(np.float32)


def test_untouched_is_untouched():
    assert finish(noise(1), UNTOUCHED).tobytes() == noise(1).tobytes()


@pytest.mark.parametrize("wanted", [-30.0, -23.0, -18.0])
def test_the_loudness_is_that_asked_for(wanted):
    done = finish(TONE, Finish(loudness_lufs=wanted))
    assert material.loudness_lufs(done) == pytest.approx(wanted, abs=0.3)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 99),
    spread=st.floats(0.01, 30),
    ceiling=st.floats(-12, 0),
    loops=st.booleans(),
    stereo=st.booleans(),
)
def test_no_true_peak_passes_the_ceiling(seed, spread, ceiling, loops, stereo):
    sound = noise(seed, 0.4, spread)
    sound[5000] *= 20
    if stereo:
        sound = np.stack([sound, sound[::-1]], axis=1)
    done = finish(sound, Finish(loudness_lufs=-10.0, ceiling_db=ceiling), loops)
    for channel in done.reshape(len(done), -1).T:
        heard = np.tile(channel, 3) if loops else channel
        assert material.true_peak_db(heard) <= ceiling + 0.02


def test_a_peak_is_brought_to_the_ceiling():
    done = finish(TONE, Finish(level="peak", ceiling_db=-3.0))
    assert material.true_peak_db(done) == pytest.approx(-3.0, abs=0.05)


def test_the_low_cut_takes_infrasound_and_leaves_the_tone():
    rumble = (0.5 * np.sin(2 * np.pi * 6 * TIME)).astype(np.float32)
    done = finish(TONE + rumble, Finish(level="none", low_cut_hz=25.0))
    assert material.energy_share(done, high_hz=20.0) < 0.01
    assert np.abs(done[20_000:-20_000] - TONE[20_000:-20_000]).max() < 2e-3


def test_fades_begin_and_end_at_zero_without_a_step():
    sound = np.cos(2 * np.pi * 300 * TIME).astype(np.float32)  # begins at full scale
    done = finish(
        sound, Finish(level="none", low_cut_hz=0, ceiling_db=0, fade_in_ms=5, fade_out_ms=20)
    )
    assert material.edge_shares(done) == (pytest.approx(0, abs=1e-3), pytest.approx(0, abs=1e-3))
    assert len(sound) - len(done) < 2 * 0.01 * SAMPLE_RATE
    assert np.abs(np.diff(done)).max() <= 1.1 * np.abs(np.diff(sound)).max()


def test_a_loop_keeps_its_length_and_its_seam():
    loop = np.tile(noise(4, 0.25), 1)
    done = finish(loop, Finish(fade_in_ms=20, fade_out_ms=20), loops=True)
    assert len(done) == len(loop)
    turned = finish(np.roll(loop, 4000), Finish(), loops=True)
    np.testing.assert_allclose(np.roll(done, 4000), turned, atol=2e-3)


def test_stereo_keeps_its_balance():
    sound = np.stack([TONE, 0.25 * TONE], axis=1)
    done = finish(sound, Finish())
    np.testing.assert_allclose(done[:, 1], 0.25 * done[:, 0], atol=1e-6)


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(1), np.zeros(44_100), np.ones(30)])
def test_odd_sounds_are_finished_too(sound):
    done = finish(sound, Finish(fade_in_ms=10, fade_out_ms=10))
    assert np.isfinite(done).all()


@pytest.mark.parametrize(
    "wrong",
    [{"level": "loud"}, {"ceiling_db": 3}, {"fade_in_ms": 80}, {"low_cut_hz": float("nan")}],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        Finish(**wrong)
