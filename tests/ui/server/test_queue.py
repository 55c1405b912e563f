"""Who dreams when, and what those who wait are told."""

import threading

import pytest

from studio.errors import StudioError
from studio.ui.server.queue import DreamQueue


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def line(clock):
    return DreamQueue(places=2, most_waiting=3, clock=clock)


def has_place(line, ticket):
    return line.wait(ticket, 0)


def test_places_go_to_those_who_came_first(line):
    first, second, third, fourth = (line.join(name, 1) for name in "abcd")
    assert has_place(line, first) and has_place(line, second)
    assert not has_place(line, third)
    assert (line.standing(third).ahead, line.standing(fourth).ahead) == (0, 1)
    line.leave(first)
    assert has_place(line, third) and not has_place(line, fourth)


def test_a_visit_never_holds_two_places_and_holds_up_nobody(line):
    mine, again, other = line.join("me", 1), line.join("me", 1), line.join("you", 1)
    assert has_place(line, mine) and not has_place(line, again) and has_place(line, other)
    line.leave(mine)
    assert has_place(line, again)


def test_too_many_are_sent_away_with_a_sentence(line):
    for name in "abcde":
        line.join(name, 1)
    with pytest.raises(StudioError, match=r"3 dreams are waiting.*try again"):
        line.join("f", 1)


def test_the_wait_is_unknown_until_somebodys_pace_is_known(line, clock):
    running = [line.join("a", 100), line.join("b", 100)]
    waiting = line.join("c", 100)
    assert line.standing(waiting).seconds is None
    clock.now, running[0].share, running[1].share = 10.0, 0.5, 0.25
    # a: 10 s to go; b: 30 s to go.
    assert line.standing(waiting).seconds == pytest.approx(10)


def test_the_wait_counts_those_ahead(line, clock):
    running = [line.join("a", 100), line.join("b", 100)]
    line.join("c", 200)
    last = line.join("d", 1)
    clock.now = 10.0
    for ticket in running:
        ticket.share = 0.5
    # c takes a's place after 10 s; d takes b's, at the same moment.
    assert line.standing(last).seconds == pytest.approx(10)
    later = line.join("e", 1)
    # 0.2 s for one unit of work: d is done 0.2 s later.
    assert line.standing(later).seconds == pytest.approx(10.2)


def test_a_pace_is_remembered(line, clock):
    gone = line.join("a", 100)
    clock.now, gone.share = 20.0, 1.0
    line.leave(gone)
    for name in "bc":
        line.join(name, 50)
    assert line.standing(line.join("d", 1)).seconds == pytest.approx(10)


def test_leaving_twice_does_no_harm(line):
    first, _, third = (line.join(name, 1) for name in "abc")
    line.give_up(first)
    assert has_place(line, first) and not has_place(line, third)
    line.give_up(third)
    line.leave(third)
    line.leave(first)
    line.leave(first)
    assert len(line) == 0


def test_a_place_is_given_back_when_its_dream_fails(line):
    with pytest.raises(ZeroDivisionError), line.place("a", 1):
        raise ZeroDivisionError
    with line.place("a", 1) as ticket:
        assert has_place(line, ticket)


def test_one_who_waits_is_woken(line):
    held = [line.join(name, 1) for name in "ab"]
    entered = threading.Event()

    def enter():
        with line.place("c", 1):
            entered.set()

    thread = threading.Thread(target=enter)
    thread.start()
    assert not entered.wait(0.05)
    line.leave(held[0])
    assert entered.wait(10)
    thread.join(10)
