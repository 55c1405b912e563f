import json

import numpy as np
import pytest

from studio.errors import ParameterError
from studio.live.sequence import Performance, Sequence
from studio.sound import SAMPLE_RATE

SMALL = {"architecture": "model1", "targets": [[0, 1]], "seconds": 1.0, "iterations": 2}


def make(models, steps, seconds=2.0, **settings):
    sequence = Sequence.of({"seconds": seconds, "settings": {**SMALL, **settings}, "steps": steps})
    return Performance(sequence, models, keep_log=False)


def test_steps_happen_at_their_times_in_every_round_however_much_is_asked_for(models):
    steps = [
        {"at": 0.5, "change": {"level_db": -60}},
        {"at": 1.0, "change": {"level_db": 0}},
    ]
    sound = make(models, steps).render(5 * SAMPLE_RATE)
    loud = np.abs(sound.reshape(-1, SAMPLE_RATE // 20)).max(axis=1) > 0
    expected = (np.arange(100) * 0.05) % 2
    inner = np.arange(100) % 10 > 1  # away from the borders: level and limiter take 20 ms
    assert (loud == ((expected < 0.5) | (expected >= 1)))[inner].all()
    pieces = make(models, steps)
    again = np.concatenate([pieces.render(n) for n in (7, 100_000, 5 * SAMPLE_RATE - 100_007)])
    assert np.array_equal(again, sound)


def test_a_buffer_that_has_fallen_silent_is_filled_anew(models):
    live = make(models, [{"at": 0, "change": {}}], seconds=100, initial="silence", freeze=True)
    live.render(30 * SAMPLE_RATE)
    assert live.restarts == 1
    assert np.abs(live.render(SAMPLE_RATE)).max() > 0.1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "JSON object"),
        ({"seconds": 5}, "steps"),
        ({"seconds": 5, "steps": []}, "at least one step"),
        ({"seconds": 0, "steps": [{"at": 0, "change": {}}]}, "seconds=0"),
        ({"seconds": 5, "steps": [{"at": 6, "change": {}}]}, "step 1: at=6"),
        ({"seconds": 5, "steps": [{"at": 0}]}, "Step 1 must have"),
        ({"seconds": 5, "steps": [{"at": 0, "change": {"volume": 3}}]}, "Step 1: .*volume"),
        ({"seconds": 5, "steps": [{"at": 0, "change": {"cutoff_hz": 1}}]}, "Step 1: cutoff_hz"),
    ],
)
def test_a_wrong_sequence_is_refused_with_the_step_that_is_wrong(value, reason):
    with pytest.raises(ParameterError, match=reason):
        Sequence.of(value)


def test_a_layer_that_does_not_exist_is_found_before_anything_plays(models):
    with pytest.raises(ParameterError, match="layer=7"):
        make(models, [{"at": 1, "change": {"targets": [[7, 0]]}}])


def test_a_file_that_is_no_sequence_is_refused(tmp_path):
    path = tmp_path / "sequence.json"
    for text in ("", "{", "3"):
        path.write_text(text)
        with pytest.raises(ParameterError):
            Sequence.read(path)
    with pytest.raises(ParameterError, match="cannot be read"):
        Sequence.read(tmp_path / "missing.json")
    path.write_text(json.dumps({"seconds": 5, "steps": [{"at": 0, "change": {}}]}))
    assert Sequence.read(path).seconds == 5


def test_the_step_that_does_not_fit_is_named_and_the_default_it_means(models, monkeypatch):
    with pytest.raises(ParameterError, match=r"Step 1 \(at 1 s\): (?!.*default)"):
        make(models, [{"at": 1, "change": {"targets": [[1, 99999]]}}])

    def only_layer_1(self, chosen):
        if chosen.targets[0].layer != 1:
            raise ParameterError("no such map.")

    monkeypatch.setattr("studio.live.dreamer.Dreamer.check", only_layer_1)
    settings = {"dataset": "events", "architecture": "model1"}
    value = {"seconds": 4, "settings": settings, "steps": [{"at": 0, "change": {"seed": 2}}]}
    with pytest.raises(ParameterError, match=r"settings: .* default is meant: layer 3, map 4"):
        Performance(Sequence.of(value), models, keep_log=False)
