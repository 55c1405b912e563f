"""How much goes on at a time, who waits, and what is given up."""

import asyncio
import threading
import time

import pytest

from studio.errors import BusyError
from studio.stopping import checkpoint
from studio.ui.server.admission import Admission, Room
from tests.ui.streams import LOOP
from tests.waiting import PATIENCE, until


def rooms(slots=1, waiting=1):
    return {"sound": Room(slots, waiting, "Come again.", 7.0, computes=True)}


@pytest.fixture
def admission():
    made = Admission(rooms())
    yield made
    made.close(PATIENCE)


def waits(permit):
    return not permit.granted.done()


def test_slots_go_to_those_who_came_first_and_the_rest_is_refused():
    admission = Admission(rooms(slots=2, waiting=2))
    one, two, three, four = (admission.enter("sound") for _ in range(4))
    assert [waits(permit) for permit in (one, two, three, four)] == [False, False, True, True]
    with pytest.raises(BusyError, match=r"Come again\.") as refused:
        admission.enter("sound")
    assert refused.value.retry_after == 7
    assert admission.load()["sound"] == {"running": 2, "waiting": 2}
    two.leave()
    assert not waits(three) and waits(four)
    four.leave()
    one.leave(), one.leave()  # twice does no harm
    three.leave()
    assert admission.load()["sound"] == {"running": 0, "waiting": 0}


def test_no_more_is_computed_at_a_time_than_there_are_slots(admission):
    running, most = [], []

    def task(number):
        running.append(number)
        most.append(len(running))
        time.sleep(0.05)
        running.remove(number)
        return number

    async def ask():
        asked = [admission.compute("sound", task, number) for number in range(5)]
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = LOOP.run(ask())
    assert answers[:2] == [0, 1] and max(most) == 1
    assert all(isinstance(answer, BusyError) for answer in answers[2:])


def test_errors_come_through(admission):
    def fail():
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        LOOP.run(admission.compute("sound", fail))
    assert admission.load()["sound"]["running"] == 0


def test_what_nobody_waits_for_ends_at_its_next_checkpoint_and_keeps_its_slot_until_then(admission):
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def endless():
        begun.set()
        go_on.wait(PATIENCE)
        try:
            while True:
                checkpoint()
                time.sleep(0.001)
        finally:
            ended.set()

    asked = LOOP.begin(admission.compute("sound", endless))
    assert begun.wait(PATIENCE)
    asked.cancel()
    time.sleep(0.05)
    assert admission.load()["sound"]["running"] == 1
    go_on.set()
    assert ended.wait(PATIENCE)
    assert LOOP.run(admission.compute("sound", lambda: 3)) == 3


def test_one_who_waits_and_leaves_gives_up_the_turn(admission):
    held = admission.enter("sound")
    asked = LOOP.begin(admission.compute("sound", lambda: 3))
    until(lambda: admission.load()["sound"]["waiting"])
    asked.cancel()
    until(lambda: not admission.load()["sound"]["waiting"])
    held.leave()
    assert admission.load()["sound"] == {"running": 0, "waiting": 0}


def test_closing_ends_what_is_computed(admission):
    begun = threading.Event()

    def endless():
        begun.set()
        while True:
            checkpoint()
            time.sleep(0.001)

    asked = LOOP.begin(admission.compute("sound", endless))
    assert begun.wait(PATIENCE)
    assert admission.close(PATIENCE)
    with pytest.raises(BusyError, match="closing"):
        asked.result(PATIENCE)
    with pytest.raises(BusyError, match="closing"):
        LOOP.run(admission.compute("sound", lambda: 3))


def test_without_anybody_who_may_give_up_a_checkpoint_does_nothing():
    checkpoint()
