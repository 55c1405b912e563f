import threading
import time

import numpy as np
import pytest

from studio.live.worker import MOST_AHEAD, LiveWorker
from studio.sound import SAMPLE_RATE


class Ear:
    """A listener that keeps everything."""

    def __init__(self):
        self.blocks, self.news = [], []
        self.full = False
        self.changed = threading.Condition()

    def sound(self, position, samples):
        with self.changed:
            self.blocks.append((position, samples))
            self.changed.notify_all()

    def tell(self, message):
        with self.changed:
            self.news.append(message)
            self.changed.notify_all()

    def is_full(self):
        return self.full

    def wait(self, condition, seconds=10):
        with self.changed:
            assert self.changed.wait_for(condition, seconds)

    @property
    def end(self):
        return max((at + len(samples) for at, samples in self.blocks), default=0)

    @property
    def heard(self):
        whole = np.zeros(self.end, dtype=np.float32)
        for at, samples in self.blocks:
            whole[at : at + len(samples)] = samples
        return whole


@pytest.fixture
def play(start):
    workers = []

    def begin(make=None, **changes):
        ear = Ear()
        worker = LiveWorker(
            make or (lambda go_on: start(rewindable=True, go_on=go_on, **changes)), ear
        )
        workers.append(worker)
        worker.start()
        return worker, ear

    yield begin
    for worker in workers:
        worker.stop()
        worker.thread.join(5)
        assert not worker.thread.is_alive()


def test_a_worker_computes_what_is_wanted_and_no_more(play):
    worker, ear = play()
    worker.want(SAMPLE_RATE, 0)
    ear.wait(lambda: ear.end >= SAMPLE_RATE)
    time.sleep(0.05)
    assert ear.end == SAMPLE_RATE
    worker.want(10**9, SAMPLE_RATE)
    ear.wait(lambda: ear.end >= SAMPLE_RATE + MOST_AHEAD)
    time.sleep(0.05)
    assert ear.end == SAMPLE_RATE + MOST_AHEAD
    report = ear.news[-1]
    assert report["features"]["brightness"] > 100
    assert 0 < report["load"] < 1


def test_a_change_is_given_anew_just_ahead_of_the_play_head(play):
    worker, ear = play()
    played = SAMPLE_RATE // 2
    worker.want(played + SAMPLE_RATE, played)
    ear.wait(lambda: ear.end >= played + SAMPLE_RATE)
    blocks = len(ear.blocks)
    worker.want(played + SAMPLE_RATE, played)
    worker.change({"targets": [(2, 1)]})
    ear.wait(lambda: len(ear.blocks) > blocks)
    at = ear.blocks[blocks][0]
    assert played < at < played + 0.25 * SAMPLE_RATE


def test_a_change_that_makes_no_sense_is_told_and_the_sound_goes_on(play):
    worker, ear = play()
    worker.change({"cutoff_hz": -1})
    worker.want(SAMPLE_RATE, 0)
    ear.wait(lambda: ear.end >= SAMPLE_RATE)
    assert any(m["type"] == "refused" and "cutoff_hz" in m["message"] for m in ear.news)


def test_iterations_are_dropped_before_the_sound_stops(play):
    worker, ear = play(iterations=200, targets=[(3, 0)], hop_seconds=0.2)
    began = time.monotonic()
    while time.monotonic() < began + 2:
        played = round((time.monotonic() - began) * SAMPLE_RATE)
        worker.want(played + round(0.4 * SAMPLE_RATE), played)
        time.sleep(0.02)
    report = [m for m in ear.news if m["type"] == "report"][-1]
    assert report["dropped"] > 0
    assert ear.end > 1.9 * SAMPLE_RATE
    assert any("done" in entry for entry in worker.engine.log.entries)


def test_a_listener_that_takes_nothing_is_given_nothing_more(play):
    worker, ear = play()
    ear.full = True
    worker.want(SAMPLE_RATE, 0)
    time.sleep(0.2)
    assert not ear.blocks
    ear.full = False
    ear.wait(lambda: ear.end >= SAMPLE_RATE)


def test_what_cannot_begin_is_told(play):
    def fail(go_on):
        raise RuntimeError("nobody foresaw this")

    worker, ear = play(fail)
    ear.wait(lambda: ear.news)
    assert ear.news[0]["type"] == "ended"
    assert "foresaw" not in ear.news[0]["message"]
    worker.thread.join(5)


def test_the_log_of_what_was_heard_gives_it_again(play, models):
    from studio.live.replay import replay

    worker, ear = play(seconds=1.0)
    for move in range(12):
        played = move * 8000
        worker.want(played + 20_000, played)
        worker.change({"cutoff_hz": 1000.0 * (move + 1)}, glide_seconds=0.3 * (move % 2))
        if move % 3 == 0:
            worker.feed(np.full(4000, 999, dtype=np.int16))
            worker.change({"input_level": 1.0})
        ear.wait(lambda played=played: ear.end >= played + 20_000)
    logs = []
    worker.send_log(0, ear.end, logs.append)
    ear.wait(lambda: True)
    deadline = time.monotonic() + 5
    while not logs and time.monotonic() < deadline:
        time.sleep(0.01)
    assert np.array_equal(np.concatenate(list(replay(logs[0], models))), ear.heard)
