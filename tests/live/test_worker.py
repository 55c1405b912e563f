import threading

import numpy as np
import pytest

from studio.live.replay import replay
from studio.live.settings import MARGIN_SECONDS, MOST_AHEAD
from studio.live.worker import LiveWorker
from studio.sound import SAMPLE_RATE
from tests.waiting import PATIENCE


class Clock:
    """Time that passes only when told to: no test depends on how fast the machine is."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += seconds


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

    def wait(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)

    def wait_until(self, end):
        """Wait until the latest block ends at ``end``: nothing has still to be given anew."""
        self.wait(lambda: self.blocks and self.blocks[-1][0] + len(self.blocks[-1][1]) == end)

    @property
    def end(self):
        return max((at + len(samples) for at, samples in self.blocks), default=0)

    @property
    def heard(self):
        whole = np.full(self.end, np.nan, dtype=np.float32)
        for at, samples in self.blocks:
            whole[at : at + len(samples)] = samples
        return whole


class Player(Ear):
    """A page that plays what it is given while the clock goes on, and asks for what comes next."""

    AHEAD = 0.4

    def __init__(self, clock, seconds):
        super().__init__()
        self.clock, self.seconds = clock, seconds
        self.worker, self.began = None, None
        self.in_hand = []

    def sound(self, position, samples):
        super().sound(position, samples)
        end = self.end / SAMPLE_RATE
        if self.began is None:
            self.began = self.clock()
        self.in_hand.append(end - (self.clock() - self.began))
        # Where there is enough in hand, nothing happens until more is wanted.
        self.clock.now = max(self.clock.now, self.began + end - self.AHEAD)
        played = self.clock() - self.began
        until = min(played + self.AHEAD + 0.01, self.seconds)
        self.worker.want(round(until * SAMPLE_RATE), round(played * SAMPLE_RATE))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def play(start, clock):
    workers = []

    def begin(make=None, ear=None, iteration_seconds=0.0, **changes):
        """Start a worker on whose clock an iteration takes as long as is said."""

        def engine(go_on):
            def timed(position, done):
                allowed = go_on(position, done)
                clock.pass_(iteration_seconds if allowed else 0)
                return allowed

            return start(rewindable=True, go_on=timed, **changes)

        ear = ear or Ear()
        worker = LiveWorker(make or engine, ear, clock)
        workers.append(worker)
        worker.start()
        return worker, ear

    yield begin
    for worker in workers:
        worker.stop()
        worker.thread.join(PATIENCE)
        assert not worker.thread.is_alive()


def log_of(worker, samples):
    """Return the log, when all that was asked of the worker before is done."""
    logs, came = [], threading.Event()
    worker.send_log(0, samples, lambda log: (logs.append(log), came.set()))
    assert came.wait(PATIENCE)
    return logs[0]


def settle(worker):
    """Let the worker go through its loop twice: sound that it owed would have been given."""
    for _ in range(2):
        log_of(worker, 0)


def test_a_worker_computes_what_is_wanted_and_no_more(play):
    worker, ear = play()
    worker.want(SAMPLE_RATE, 0)
    ear.wait_until(SAMPLE_RATE)
    settle(worker)
    assert ear.end == SAMPLE_RATE
    worker.want(10**9, SAMPLE_RATE)
    ear.wait_until(SAMPLE_RATE + MOST_AHEAD)
    settle(worker)
    assert ear.end == SAMPLE_RATE + MOST_AHEAD


def test_a_report_says_how_the_sound_measures_and_how_busy_it_keeps_the_machine(play):
    """Excerpts of 3 iterations of 0.05 s, every 0.5 s; the load is a running mean of blocks."""
    worker, ear = play(iteration_seconds=0.05, hop_seconds=0.5)
    for played in range(0, 10 * SAMPLE_RATE, SAMPLE_RATE):
        worker.want(played + 2 * SAMPLE_RATE, played)
        ear.wait_until(played + 2 * SAMPLE_RATE)
    ear.wait(lambda: ear.news[-1]["at"] == ear.end)
    report = ear.news[-1]
    assert report["features"]["brightness"] > 100
    assert report["load"] == pytest.approx(3 * 0.05 / 0.5, rel=0.3)
    assert report["dropped"] == 0


def test_a_change_is_given_anew_just_ahead_of_the_play_head(play):
    worker, ear = play()
    played = SAMPLE_RATE // 2
    worker.want(played + SAMPLE_RATE, played)
    ear.wait_until(played + SAMPLE_RATE)
    blocks = len(ear.blocks)
    worker.change({"targets": [(2, 1)]})
    ear.wait(lambda: len(ear.blocks) > blocks)
    at = ear.blocks[blocks][0]
    assert played + MARGIN_SECONDS * SAMPLE_RATE <= at < played + 2 * MARGIN_SECONDS * SAMPLE_RATE


def test_a_change_that_comes_late_leaves_no_gap(play, clock):
    """The play head has passed all that is there, and a block ended within a quantum."""
    worker, ear = play()
    worker.want(20_000, 0)
    ear.wait_until(20_000)
    clock.pass_(0.7)
    worker.change({"cutoff_hz": 3000.0})
    worker.want(40_000, 30_000)
    ear.wait_until(40_000)
    assert not np.isnan(ear.heard).any()


def test_a_change_that_makes_no_sense_is_told_and_the_sound_goes_on(play):
    worker, ear = play()
    worker.change({"cutoff_hz": -1})
    worker.want(SAMPLE_RATE, 0)
    ear.wait_until(SAMPLE_RATE)
    assert any(m["type"] == "refused" and "cutoff_hz" in m["message"] for m in ear.news)


@pytest.mark.parametrize("iteration_seconds", [0.002, 0.01, 0.05])
def test_iterations_are_dropped_before_the_sound_stops(play, clock, iteration_seconds):
    player = Player(clock, seconds=3.0)
    worker, _ = play(
        ear=player, iteration_seconds=iteration_seconds, iterations=200, hop_seconds=0.2
    )
    player.worker = worker
    worker.want(round(0.4 * SAMPLE_RATE), 0)
    player.wait_until(3 * SAMPLE_RATE)
    player.wait(lambda: player.news[-1]["at"] == player.end)
    assert min(player.in_hand) > 0
    report = player.news[-1]
    assert report["dropped"] > 0
    assert report["iterations"] >= report["excerpts"]
    log = log_of(worker, player.end)
    assert sum("done" in entry for entry in log["moves"]) > 1


def test_a_listener_that_takes_nothing_is_given_nothing_more(play):
    worker, ear = play()
    ear.full = True
    worker.want(SAMPLE_RATE, 0)
    settle(worker)
    assert not ear.blocks
    ear.full = False
    ear.wait_until(SAMPLE_RATE)


def test_what_cannot_begin_is_told(play):
    def fail(go_on):
        raise RuntimeError("nobody foresaw this")

    worker, ear = play(fail)
    ear.wait(lambda: ear.news)
    assert ear.news[0]["type"] == "ended"
    assert "foresaw" not in ear.news[0]["message"]
    worker.thread.join(PATIENCE)


def test_the_log_of_what_was_heard_gives_it_again(play, clock, models):
    """Some changes come in time, some when the play head has passed what is there."""
    worker, ear = play(seconds=1.0)
    for move in range(12):
        played, wanted = move * 8000, move * 8000 + 20_000
        worker.want(wanted, played)
        if move % 4 == 3:
            ear.wait_until(wanted)
            clock.pass_(0.9)
        worker.change({"cutoff_hz": 1000.0 * (move + 1)}, glide_seconds=0.3 * (move % 2))
        if move % 3 == 0:
            worker.feed(np.full(4000, 999, dtype=np.int16))
            worker.change({"input_level": 1.0})
        settle(worker)  # the changes are made
        ear.wait_until(wanted)
    log = log_of(worker, ear.end)
    assert np.array_equal(np.concatenate(list(replay(log, models))), ear.heard)
