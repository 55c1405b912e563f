import numpy as np
import pytest

from studio.errors import ParameterError, StudioError
from studio.live.limiter import CEILING
from studio.live.ring import QUANTUM
from studio.sound import SAMPLE_RATE
from studio.sound.features import describe


def tone(hz, seconds=2.0):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def test_the_same_seed_and_moves_give_the_same_samples_whatever_is_asked_for_at_a_time(start):
    def play(*blocks):
        live = start(seed=7)
        sound = [live.render(block) for block in blocks]
        live.apply({"cutoff_hz": 3000.0}, glide_seconds=0.5)
        return np.concatenate([*sound, live.render(SAMPLE_RATE)])

    whole = play(2 * SAMPLE_RATE)
    assert np.array_equal(whole, play(1000, 1, 0, 440, 43_218, 2 * SAMPLE_RATE - 44_659))
    assert not np.array_equal(whole[:SAMPLE_RATE], start(seed=8).render(SAMPLE_RATE))


def test_a_seamless_tone_stays_free_of_clicks_while_it_dreams(start):
    """A click is a step that a sound without treble cannot take: measured above the cut-off."""
    live = start(tone(441), initial="tone", cutoff_hz=2000.0, learning_rate=0.04, max_offset=64)
    sound = live.render(4 * SAMPLE_RATE)[QUANTUM * 5 :]
    live.apply({"targets": [(2, 1)]})
    sound = np.concatenate([sound, live.render(2 * SAMPLE_RATE)])
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    above = 10 * np.log10(spectrum[hz > 4000].sum() / spectrum.sum())
    assert above < -50


def test_a_change_of_the_cut_off_is_heard_at_once(start):
    live = start(cutoff_hz=16_000.0, iterations=5)
    live.render(SAMPLE_RATE)
    before = describe(live.render(SAMPLE_RATE // 2))["brightness_mean"]
    live.apply({"cutoff_hz": 1500.0})
    live.render(5 * QUANTUM)  # 50 ms
    assert describe(live.render(SAMPLE_RATE // 4))["brightness_mean"] < 0.4 * before


@pytest.mark.parametrize("hop_seconds", [0.1, 0.35, 0.5, 0.75])
def test_nothing_that_was_not_dreamed_is_heard(start, hop_seconds):
    """What is above the cut-off can only be the noise of the beginning."""
    live = start(cutoff_hz=3000.0, hop_seconds=hop_seconds, seconds=3.0)
    sound = live.render(3 * SAMPLE_RATE)[10 * QUANTUM :]
    live.apply({"targets": [(0, 0)]})
    sound = np.concatenate([sound, live.render(SAMPLE_RATE)])
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    assert 10 * np.log10(spectrum[hz > 4000].sum() / spectrum.sum()) < -35


def test_another_map_changes_the_sound_within_a_few_hundredths_of_a_second(start):
    one, other = start(), start()
    for live in (one, other):
        live.render(SAMPLE_RATE + 12_345)
    other.apply({"targets": [(2, 5)]})
    at = other._state.position
    here, there = one.render(SAMPLE_RATE // 2), other.render(SAMPLE_RATE // 2)
    first = int(np.flatnonzero(here != there)[0])
    assert first + other.position - SAMPLE_RATE // 2 - at < 0.05 * SAMPLE_RATE


def test_frozen_it_goes_round_unchanged(start):
    live = start(seconds=1.0)
    live.render(SAMPLE_RATE)
    live.apply({"freeze": True})
    live.render(SAMPLE_RATE)
    assert np.array_equal(live.render(SAMPLE_RATE), live.render(SAMPLE_RATE))


def test_without_feedback_the_source_stays_in_the_sound(start):
    far, near = (
        start(tone(441), initial="a tone", feedback=feedback, learning_rate=0.1)
        for feedback in (1.0, 0.0)
    )

    def share(live):
        live.render(6 * SAMPLE_RATE)
        sound = live.render(SAMPLE_RATE)
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        return spectrum[438:445].sum() / spectrum.sum()

    assert share(near) > 2 * share(far)


def test_the_middle_between_two_sets_answers_to_both(start, models):
    import torch

    from studio.dreaming.objective import response
    from studio.dreaming.recipe import Target

    second = {"dataset": "events", "architecture": "model1", "targets": [(0, 5)]}

    def answers(morph):
        live = start(
            targets=[(0, 2)], second=second, morph=morph, seconds=1.0, iterations=10,
            learning_rate=0.05,
        )  # fmt: skip
        live.render(6 * SAMPLE_RATE)
        sound = torch.from_numpy(live.render(SAMPLE_RATE))[None]
        found = models("events", "model1").activations(sound / sound.std(), 0)
        return [float(response(found, [target])) for target in (Target(0, 2), Target(0, 5))]

    a, middle, b = answers(0.0), answers(0.5), answers(1.0)
    assert a[0] > middle[0] > b[0]
    assert a[1] < middle[1] < b[1]


def test_a_glide_arrives_and_takes_its_time(start):
    live = start(cutoff_hz=1000.0)
    live.render(QUANTUM)
    live.apply({"cutoff_hz": 16_000.0}, glide_seconds=2.0)
    live.render(SAMPLE_RATE)
    assert live._now().recipe.cutoff_hz == pytest.approx(4000.0, rel=0.05)
    live.render(SAMPLE_RATE)
    assert live._now().recipe.cutoff_hz == 16_000.0


def test_what_runs_away_is_put_back_and_told(start):
    live = start(normalisation="none", low_pass="off", learning_rate=1.0, iterations=200)
    live._ring.dream *= 50
    sound = live.render(3 * SAMPLE_RATE)
    assert live.report.restored > 0
    assert np.isfinite(sound).all()
    assert "put back" in live.report.message
    live.apply({"normalisation": "peak", "learning_rate": 0.04, "iterations": 3})
    live.render(2 * SAMPLE_RATE)
    assert live.report.message is None
    assert 0.3 < np.abs(live.render(SAMPLE_RATE)).max() <= CEILING


def test_a_network_that_answers_with_nan_leaves_the_sound_as_it_was(start, models):
    from tests.conftest import make_model

    live = start(seconds=1.0)
    live.render(SAMPLE_RATE)
    before = live._ring.dream.copy()
    broken = make_model("model1")
    broken.convolutions[0].weight.mul_(1e38)  # finite, but nothing that comes of it is
    models.made["broken", "model1"] = broken
    live.apply({"dataset": "broken"})
    live.render(SAMPLE_RATE)
    assert live.report.restored >= 2
    assert np.array_equal(live._ring.dream, before)


def test_nothing_ever_exceeds_full_scale(start):
    live = start(normalisation="rms", level_db=6.0)
    assert np.abs(live.render(4 * SAMPLE_RATE)).max() <= CEILING


def test_a_level_of_minus_60_db_is_silence(start):
    live = start(level_db=-60.0)
    assert not live.render(SAMPLE_RATE).any()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"targets": [(9, 0)]}, "layer=9"),
        ({"targets": [(1, 999)]}, "map=999"),
        ({"cutoff_hz": 5}, "cutoff_hz=5"),
        ({"feedback": "much"}, "feedback='much'"),
        ({"freeze": 1}, "freeze=1"),
        ({"level_db": float("nan")}, "level_db"),
        ({"iterations": 5000}, "iterations=5000"),
        ({"volume": 1}, "no setting 'volume'"),
        ({"recipe": None}, "no setting 'recipe'"),
        ({"second": {"targets": []}}, "nothing to dream of"),
        ({"second": [1]}, "second"),
        ({"second": {"seed": 3}}, "second"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_leaves_no_trace(start, changes, reason):
    live = start()
    live.render(QUANTUM)
    before = live.settings
    with pytest.raises(StudioError, match=reason):
        live.apply(changes)
    assert live.settings is before
    assert live.log.entries == []


def test_a_glide_without_end_is_refused(start):
    with pytest.raises(ParameterError, match="glide_seconds"):
        start().apply({"morph": 1.0}, glide_seconds=float("nan"))


def test_a_longer_round_keeps_what_is_heard_and_its_end_leads_to_its_beginning(start):
    live = start(tone(441), initial="a tone", iterations=1, learning_rate=0.0001, cutoff_hz=1000.0)
    live.render(SAMPLE_RATE // 2 + QUANTUM)
    for seconds in (3.0, 1.5, 1.0, 2.0):
        live.apply({"seconds": seconds, "freeze": True})
        sound = live.render(4 * SAMPLE_RATE)
        assert len(live._ring) == round(seconds * SAMPLE_RATE)
        assert np.abs(np.diff(sound)).max() < 0.08  # a full-scale tone of 441 Hz takes 0.063


def test_another_recording_takes_over_without_a_click(start):
    live = start(tone(441), initial="a", iterations=1, learning_rate=0.0001, cutoff_hz=1000.0)
    live.render(SAMPLE_RATE + 10 * QUANTUM)
    live.apply({"initial": "b"}, source=tone(882))
    sound = live.render(SAMPLE_RATE // 2)
    assert np.abs(np.diff(sound)).max() < 0.16
    spectrum = np.abs(np.fft.rfft(sound[4410:15_435]))
    assert np.argmax(spectrum) * 4 == 880
