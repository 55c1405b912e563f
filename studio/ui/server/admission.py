"""The one admission controller: what this studio computes and receives at a time, and who waits.

Every kind of work has a few slots, given to those who came first, and so many may wait for one; all
others are answered `BusyError` (503 with Retry-After). Waiting costs no thread. Dreams have a queue
of their own, which knows sessions and estimates waiting times.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

from studio.errors import BusyError
from studio.stopping import Stopped, stoppable
from studio.ui.server.allocator import trim_soon
from studio.ui.server.queue import DreamQueue, pending

T = TypeVar("T")

_CLOSING = "The studio is closing. Please try again in a minute."


@dataclass(frozen=True, slots=True)
class Room:
    """How much of one kind of work is let in.

    Attributes
    ----------
    slots, waiting : int
        How many go on at the same time; how many may wait.
    full : str
        What those are told who are refused.
    retry_after : float
        Seconds after which they may try again.
    computes : bool
        Whether it needs a thread that computes.
    """

    slots: int
    waiting: int
    full: str
    retry_after: float
    computes: bool = False


ROOMS = {
    "sound": Room(2, 16, "Many sounds are being read just now. Try again soon.", 5.0, True),
    "table": Room(2, 32, "Many results are being read just now. Try again soon.", 5.0, True),
    "measurement": Room(
        1, 8, "Many sounds are being listened to just now. Try again in a minute.", 30.0, True
    ),
    "bundle": Room(1, 8, "Many files are being made just now. Please try again soon.", 60.0),
    "takes": Room(1, 16, "Many files are being made just now. Please try again soon.", 15.0),
    "download": Room(4, 16, "Many files are being sent just now. Please try again soon.", 30.0),
    "upload": Room(8, 16, "Many recordings arrive just now. Try again in a minute.", 30.0),
    "live": Room(
        4,
        0,
        "All 4 places for live dreams are taken here. Try again when somebody has pressed Stop.",
        60.0,
    ),
}
"""The kinds of work beside dreams. A recording of five minutes takes 230 MB while it is read."""


class Permit:
    """A slot, or a turn to have one: give it back with `leave`.

    Attributes
    ----------
    granted : Future
        Done once there is a slot.
    """

    def __init__(self, gate: _Gate) -> None:
        self.granted: Future[None] = pending()
        self._gate = gate

    def leave(self) -> None:
        """Give the slot back; safe to call twice and from any thread."""
        self._gate.leave(self)


class _Gate:
    """The slots of one kind of work."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.running: set[Permit] = set()
        self.waiting: deque[Permit] = deque()
        self._lock = threading.Lock()

    def enter(self) -> Permit:
        room, permit = self.room, Permit(self)
        with self._lock:
            if len(self.running) < room.slots:
                self.running.add(permit)
                permit.granted.set_result(None)
            elif len(self.waiting) < room.waiting:
                self.waiting.append(permit)
            else:
                raise BusyError(room.full, room.retry_after)
        return permit

    def leave(self, permit: Permit) -> None:
        with self._lock:
            if permit in self.waiting:
                self.waiting.remove(permit)
            self.running.discard(permit)
            while self.waiting and len(self.running) < self.room.slots:
                following = self.waiting.popleft()
                self.running.add(following)
                following.granted.set_result(None)


class Admission:
    """Lets work in, a little at a time.

    Parameters
    ----------
    rooms : dict
        By default `ROOMS`.
    dreams : DreamQueue, optional
        The queue of dreams.
    """

    def __init__(self, rooms: Mapping[str, Room] = ROOMS, dreams: DreamQueue | None = None) -> None:
        self.dreams = DreamQueue() if dreams is None else dreams
        self._gates = {kind: _Gate(room) for kind, room in rooms.items()}
        threads = sum(room.slots for room in rooms.values() if room.computes)
        self._threads = ThreadPoolExecutor(max(1, threads), "computing")
        self._stops: set[threading.Event] = set()

    def enter(self, kind: str) -> Permit:
        """Return a permit: a slot, or a turn to have one.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        return self._gates[kind].enter()

    @asynccontextmanager
    async def turn(self, kind: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it."""
        permit = self.enter(kind)
        try:
            await asyncio.wrap_future(permit.granted)
            yield
        finally:
            permit.leave()

    async def compute(self, kind: str, function: Callable[..., T], *arguments: object) -> T:
        """Return what ``function`` returns, computed in its turn, in a thread.

        Where this is cancelled, the function ends at its next `checkpoint`, and its slot is taken
        until then.
        """
        permit, stop = self.enter(kind), threading.Event()
        try:
            await asyncio.wrap_future(permit.granted)
        except BaseException:
            permit.leave()
            raise

        def work() -> T:
            try:
                with stoppable(stop):
                    return function(*arguments)
            finally:
                permit.leave()
                self._stops.discard(stop)
                trim_soon()

        self._stops.add(stop)
        try:
            working = self._threads.submit(copy_context().run, work)
        except RuntimeError:  # the studio closes
            permit.leave()
            self._stops.discard(stop)
            raise BusyError(_CLOSING, 60.0) from None
        awaited = asyncio.wrap_future(working)
        awaited.add_done_callback(_heed)
        try:
            return await asyncio.shield(awaited)
        except Stopped:
            raise BusyError(_CLOSING, 60.0) from None
        finally:
            stop.set()

    def load(self) -> dict[str, dict[str, int]]:
        """Return how much of each kind goes on and waits."""
        told = {"dream": {"running": self.dreams.dreaming, "waiting": len(self.dreams)}}
        for kind, gate in self._gates.items():
            told[kind] = {"running": len(gate.running), "waiting": len(gate.waiting)}
        return told

    def close(self, seconds: float) -> bool:
        """Give up what is being computed; return whether it has ended after so long at most."""
        for stop in list(self._stops):
            stop.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        deadline = time.monotonic() + seconds
        while self._stops and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self._stops


def _heed(future: asyncio.Future) -> None:
    """Look at the outcome of work that nobody waits for any more: it is of no interest."""
    if not future.cancelled():
        future.exception()
