"""Who dreams when, and what those who wait are told."""

import threading

import pytest

from studio.errors import StudioError
from studio.ui.server.queue import DreamQueue
from tests.waiting import PATIENCE


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return DreamQueue(slots=2, most_waiting=3, clock=clock)


def has_slot(queue, entry):
    return queue.wait(entry, 0)


def test_slots_go_to_those_who_came_first(queue):
    first, second, third, fourth = (queue.join(name, 1) for name in "abcd")
    assert has_slot(queue, first) and has_slot(queue, second)
    assert not has_slot(queue, third)
    assert (queue.standing(third).ahead, queue.standing(fourth).ahead) == (0, 1)
    queue.leave(first)
    assert has_slot(queue, third) and not has_slot(queue, fourth)


def test_a_session_never_holds_two_slots_and_holds_up_nobody(queue):
    mine, again, other = queue.join("me", 1), queue.join("me", 1), queue.join("you", 1)
    assert has_slot(queue, mine) and not has_slot(queue, again) and has_slot(queue, other)
    queue.leave(mine)
    assert has_slot(queue, again)


def test_too_many_are_sent_away_with_a_sentence(queue):
    for name in "abcde":
        queue.join(name, 1)
    with pytest.raises(StudioError, match=r"3 dreams are waiting.*try again"):
        queue.join("f", 1)


def test_the_wait_is_unknown_until_somebodys_pace_is_known(queue, clock):
    running = [queue.join("a", 100), queue.join("b", 100)]
    waiting = queue.join("c", 100)
    assert queue.standing(waiting).seconds is None
    clock.now, running[0].share, running[1].share = 10.0, 0.5, 0.25
    # a: 10 s to go; b: 30 s to go.
    assert queue.standing(waiting).seconds == pytest.approx(10)


def test_the_wait_counts_those_ahead(queue, clock):
    running = [queue.join("a", 100), queue.join("b", 100)]
    queue.join("c", 200)
    last = queue.join("d", 1)
    clock.now = 10.0
    for entry in running:
        entry.share = 0.5
    # c takes a's place after 10 s; d takes b's, at the same moment.
    assert queue.standing(last).seconds == pytest.approx(10)
    later = queue.join("e", 1)
    # 0.2 s for one unit of work: d is done 0.2 s later.
    assert queue.standing(later).seconds == pytest.approx(10.2)


def test_a_pace_is_remembered(queue, clock):
    gone = queue.join("a", 100)
    clock.now, gone.share = 20.0, 1.0
    queue.leave(gone)
    for name in "bc":
        queue.join(name, 50)
    assert queue.standing(queue.join("d", 1)).seconds == pytest.approx(10)


def test_leaving_twice_does_no_harm(queue):
    first, _, third = (queue.join(name, 1) for name in "abc")
    queue.give_up(first)
    assert has_slot(queue, first) and not has_slot(queue, third)
    queue.give_up(third)
    queue.leave(third)
    queue.leave(first)
    queue.leave(first)
    assert len(queue) == 0


def test_a_slot_is_given_back_when_its_dream_fails(queue):
    with pytest.raises(ZeroDivisionError), queue.slot("a", 1):
        raise ZeroDivisionError
    with queue.slot("a", 1) as entry:
        assert has_slot(queue, entry)


def test_one_who_waits_is_woken(queue):
    held = [queue.join(name, 1) for name in "ab"]
    entered = threading.Event()

    def enter():
        with queue.slot("c", 1):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    assert not entered.wait(0.05)
    queue.leave(held[0])
    assert entered.wait(PATIENCE)
    thread.join(PATIENCE)
