import json

import numpy as np
import pytest

from studio.errors import ParameterError
from studio.live.log import read_log
from studio.live.replay import replay
from studio.sound import SAMPLE_RATE


def play_wildly(live, seconds, chance):
    """Play as a page does: ahead of the play head, and back a little with every change."""
    heard = np.zeros(0, dtype=np.float32)
    layers = len(live._dreamer.models("events", "model1").channels)
    while len(heard) < seconds * SAMPLE_RATE:
        heard = np.concatenate([heard, live.render(int(chance.integers(1, 20_000)))])
        if chance.random() < 0.6:
            kept = live.rewind(max(0, len(heard) - int(chance.integers(1, 30_000))))
            assert kept <= len(heard)
            heard = heard[:kept]
        match chance.integers(8):
            case 0:
                live.apply({"cutoff_hz": float(chance.integers(500, 16_000))}, glide_seconds=0.7)
            case 1:
                live.apply({"targets": [[int(chance.integers(layers)), 3]]})
            case 2:
                live.apply({"seconds": float(chance.choice([1.0, 1.7, 3.0]))})
            case 3:
                live.apply({"input_level": 0.7, "feedback": 0.5})
            case 4:
                live.apply({"freeze": bool(chance.integers(2)), "level_db": -3.0})
            case _:
                live.feed((chance.standard_normal(9000) * 3000).astype(np.int16))
    return heard


@pytest.mark.parametrize("seed", range(3))
def test_a_log_gives_the_same_sound_again_to_the_last_bit(start, models, seed):
    chance = np.random.default_rng(seed)
    live = start(rewindable=True)
    live._go_on = lambda position, done: done < 2 + position // 4410 % 2  # short of time, at times
    heard = play_wildly(live, 4, chance)
    assert live.report.dropped > 0
    log = read_log(json.dumps(live.log.to_dict(len(heard))))
    assert np.array_equal(np.concatenate(list(replay(log, models))), heard)
    part = {**log, "begin": 50_001, "samples": 60_000}
    assert np.array_equal(np.concatenate(list(replay(part, models))), heard[50_001:110_001])


def test_an_excerpt_that_ran_out_of_time_and_ran_away_is_replayed_too(start, models):
    second = {"dataset": "events", "architecture": "model1", "targets": [(0, 5)]}
    wild = {"normalisation": "none", "low_pass": "off", "learning_rate": 1.0, "iterations": 60}
    live = start(**wild, second=second, morph=0.3)
    live._go_on = lambda position, done: done < 40 + position // 4410 % 2
    sound = live.render(SAMPLE_RATE)
    assert live.report.restored > 0 and live.report.dropped > 0
    live.apply({"normalisation": "peak", "learning_rate": 0.04, "iterations": 3})
    sound = np.concatenate([sound, live.render(SAMPLE_RATE)])
    log = read_log(json.dumps(live.log.to_dict(len(sound))))
    assert np.array_equal(np.concatenate(list(replay(log, models))), sound)


@pytest.mark.parametrize("ahead", [1, 200, 10 * SAMPLE_RATE])
def test_a_rewind_to_what_is_not_computed_yet_loses_nothing(start, ahead):
    """A change that comes late: the play head has passed all that was computed."""
    straight, back = start(rewindable=True), start(rewindable=True)
    expected = straight.render(3000)
    sound = back.render(1000)  # 118 samples into a quantum
    assert back.rewind(1000 + ahead) == back.position == 1000
    assert np.array_equal(np.concatenate([sound, back.render(2000)]), expected)


def test_a_rewound_engine_goes_on_as_if_nothing_had_been_computed(start):
    straight, back = start(rewindable=True), start(rewindable=True)
    expected = straight.render(2 * SAMPLE_RATE)
    back.render(2 * SAMPLE_RATE - 100)
    at = back.rewind(SAMPLE_RATE)
    assert at == SAMPLE_RATE
    assert np.array_equal(back.render(SAMPLE_RATE), expected[SAMPLE_RATE:])


def test_nothing_goes_back_behind_a_change(start):
    live = start(rewindable=True)
    live.render(SAMPLE_RATE)
    live.apply({"max_offset": 5})
    live.render(SAMPLE_RATE)
    assert live.rewind(0) == SAMPLE_RATE


def test_going_back_works_only_as_far_as_is_remembered(start):
    live = start(rewindable=True, iterations=1)
    live.render(6 * SAMPLE_RATE)
    assert live.rewind(0) >= 4 * SAMPLE_RATE - 441
    still = start(iterations=1)
    still.render(SAMPLE_RATE)
    assert still.rewind(0) == SAMPLE_RATE


@pytest.mark.parametrize("limit", ["MOST_ENTRIES", "MOST_INPUT_SAMPLES"])
def test_a_log_that_grew_too_long_says_so_and_takes_no_more_memory(start, monkeypatch, limit):
    monkeypatch.setattr(f"studio.live.log.{limit}", 20)
    live = start()
    for _ in range(30):
        live.apply({"level_db": -3.0})
        live.feed(np.ones(1, dtype=np.int16))
    assert live.log.entries == []
    assert not live.log.complete
    with pytest.raises(ParameterError, match="ended before"):
        read_log(json.dumps(live.log.to_dict(100)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not the log"),
        ("[" * 5000, "not the log"),
        ("{}", "not the log"),
        ('{"format": "deep-dream-live 1"}', "ended before"),
        ('{"format": "deep-dream-live 1", "complete": true, "moves": [3]}', "damaged"),
        ('{"format": "deep-dream-live 1", "complete": true, "moves": []}', "damaged"),
    ],
)
def test_what_is_no_log_is_refused(text, reason):
    with pytest.raises(ParameterError, match=reason):
        read_log(text)
