import numpy as np
import pytest

from studio.live.limiter import CEILING, Limited, limit
from studio.live.ring import EXCERPT, QUANTUM, Ring, faded, looped, window
from studio.live.settings import LiveSettings


def limited(sound):
    state, out = Limited(np.zeros(QUANTUM, dtype=np.float32)), []
    for block in sound.astype(np.float32).reshape(-1, QUANTUM):
        done, state = limit(state, block)
        out.append(done)
    return np.concatenate(out)


def test_a_quiet_sound_passes_the_limiter_untouched_one_block_later(rng):
    sound = rng.uniform(-0.9, 0.9, 20 * QUANTUM).astype(np.float32)
    assert np.array_equal(limited(sound)[QUANTUM:], sound[:-QUANTUM])


@pytest.mark.parametrize("peak", [1.0, 2.0, 100.0, 1e30])
def test_no_sound_passes_above_the_ceiling_and_none_jumps(peak):
    time = np.arange(100 * QUANTUM)
    growth = np.clip((time - 30 * QUANTUM) / (25 * QUANTUM), 0, 1)
    sound = np.sin(time / 50) * 0.3 * (peak / 0.3) ** growth
    out = limited(sound)
    assert np.abs(out).max() <= CEILING
    assert np.abs(out[60 * QUANTUM :]).max() > 0.5
    assert np.abs(np.diff(out)).max() < 0.05


def test_what_is_no_number_comes_out_as_silence():
    sound = np.full(4 * QUANTUM, np.nan)
    sound[QUANTUM : 2 * QUANTUM] = np.inf
    assert not limited(sound).any()


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
def test_a_fade_keeps_the_power_of_like_and_unlike_sounds(rng, likeness):
    one, other = rng.standard_normal((2, EXCERPT)).astype(np.float32)
    other = likeness * one + np.sqrt(1 - likeness**2, dtype=np.float32) * other
    mixed = faded(one, other.astype(np.float32), window(22_050, 22_050))
    powers = np.square(mixed).reshape(10, -1).mean(axis=1)
    assert powers.min() > 0.9
    assert powers.max() < 1.1


def test_a_write_can_be_taken_back_to_the_last_bit(rng):
    ring = Ring(rng.standard_normal(2 * EXCERPT).astype(np.float32))
    before = ring.dream.copy()
    writes = ring.writes
    ring.write(EXCERPT + 5000, rng.standard_normal(EXCERPT).astype(np.float32), window(882, 882))
    ring.resize(EXCERPT, ring.source[:EXCERPT], 3 * EXCERPT)
    ring.replace(rng.standard_normal(3 * EXCERPT).astype(np.float32), 441)
    ring.write(5, rng.standard_normal(EXCERPT).astype(np.float32), window(22_050, 22_050))
    ring.take_back(writes)
    assert np.array_equal(ring.dream, before)


def test_a_short_recording_repeats_without_a_jump():
    short = np.ones(10_000)
    sound = looped(short, EXCERPT)
    assert len(sound) == EXCERPT
    assert np.abs(np.diff(sound)).max() < 0.01


def test_settings_survive_their_dictionary():
    second = {"dataset": "speech", "architecture": "model1", "targets": [[2, None, 0.5], [0, 1, 1]]}
    settings = LiveSettings().change(second=second, morph=0.25, cutoff_hz=3000, freeze=True)
    assert LiveSettings.from_dict(settings.to_dict()) == settings
    assert settings.second.to_dict() == {**second, "targets": [[2, None, 0.5], [0, 1, 1.0]]}


def test_the_way_between_settings_keeps_every_number_in_its_range():
    one = LiveSettings().change(
        iterations=1,
        smoothing_kernel=1,
        max_offset=0,
        cutoff_hz=20,
        learning_rate=1.0,
        level_db=-60,
    )
    other = LiveSettings().change(
        iterations=200, smoothing_kernel=255, max_offset=22_050, cutoff_hz=22_050, level_db=6
    )
    for share in np.linspace(0, 1, 37):
        there = one.towards(other, float(share))
        back = other.towards(one, float(1 - share))
        assert there.recipe.cutoff_hz == pytest.approx(back.recipe.cutoff_hz)
        assert there.recipe.smoothing_kernel % 2 == 1
    assert one.towards(other, 1.0) == other
