"""FIFO queue for dreams, with wait estimates."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from studio.errors import BusyError

SLOTS = 2
"""Dreams that are computed at the same time."""

MOST_WAITING = 24
"""Dreams that may wait; more are refused."""

_SURE = 0.02
"""The part of a dream after which its pace tells how long it will take."""

_RETRY_SECONDS = 120.0


def pending() -> Future[Any]:
    """Return a future that nobody who waits for it can cancel."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


@dataclass(slots=True, eq=False)
class QueueEntry:
    """Someone's turn to dream.

    Attributes
    ----------
    session : str
        Whose it is.
    work : float
        How much there is to compute: seconds of sound times iterations.
    begun : float or None
        When a slot became free for it, on the queue's clock.
    share : float
        How much of it is done, 0 to 1; whoever computes it says so.
    granted : Future
        Done once there is a slot.
    """

    session: str
    work: float
    begun: float | None = None
    share: float = 0.0
    granted: Future[None] = field(default_factory=pending)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone stands in the queue: dreams ahead that wait, too, and seconds left to wait.

    ``seconds`` is None as long as nobody's pace is known.
    """

    ahead: int
    seconds: float | None


class DreamQueue:
    """Gives slots to those who came first; a session never holds two at a time.

    Parameters
    ----------
    slots : int
        How many dream at the same time.
    most_waiting : int
        How many may wait.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        slots: int = SLOTS,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.slots = slots
        self.most_waiting = most_waiting
        self._clock = clock
        self._waiting: list[QueueEntry] = []
        self._dreaming: list[QueueEntry] = []
        self._lock = threading.RLock()
        self._pace: float | None = None

    def join(self, session: str, work: float, admitted: bool = False) -> QueueEntry:
        """Wait in the queue, or take a slot at once where one is free.

        Parameters
        ----------
        session : str
        work : float
            Seconds of sound times iterations.
        admitted : bool
            Never refused: a part of something that has been let in already.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        with self._lock:
            if len(self._waiting) >= self.most_waiting and not admitted:
                raise BusyError(
                    f"{len(self._waiting)} dreams are waiting here already. Please try again in a "
                    "few minutes.",
                    _RETRY_SECONDS,
                )
            entry = QueueEntry(session, work)
            self._waiting.append(entry)
            self._move_up()
            return entry

    def wait(self, entry: QueueEntry, seconds: float) -> bool:
        """Wait for a slot for so long at most; return whether there is one."""
        try:
            entry.granted.result(seconds)
        except FutureTimeout:
            return False
        return True

    def leave(self, entry: QueueEntry) -> None:
        """Give back a slot, or one's turn."""
        with self._lock:
            if entry in self._dreaming:
                self._dreaming.remove(entry)
                pace = self._pace_of(entry)
                if pace is not None:
                    self._pace = pace if self._pace is None else (self._pace + pace) / 2
            elif entry in self._waiting:
                self._waiting.remove(entry)
            self._move_up()

    def give_up(self, entry: QueueEntry) -> bool:
        """Leave the queue and return True; nothing happens to one that dreams already."""
        with self._lock:
            waits = entry in self._waiting
            if waits:
                self._waiting.remove(entry)
            return waits

    @contextmanager
    def slot(self, session: str, work: float) -> Iterator[QueueEntry]:
        """Wait as long as it takes, and hold a slot."""
        entry = self.join(session, work)
        try:
            entry.granted.result()
            yield entry
        finally:
            self.leave(entry)

    def standing(self, entry: QueueEntry) -> Standing:
        """Return how many are ahead in the queue and how long it may take."""
        with self._lock:
            if entry not in self._waiting:
                return Standing(0, 0.0)
            ahead = self._waiting[: self._waiting.index(entry)]
            paces = [pace for pace in map(self._pace_of, self._dreaming) if pace is not None]
            pace = sum(paces) / len(paces) if paces else self._pace
            if pace is None:
                return Standing(len(ahead), None)
            free = [self._left(other, pace) for other in self._dreaming]
            free += [0.0] * (self.slots - len(free))
            heapq.heapify(free)
            for other in ahead:
                heapq.heapreplace(free, free[0] + other.work * pace)
            return Standing(len(ahead), free[0])

    @property
    def dreaming(self) -> int:
        """How many dream."""
        return len(self._dreaming)

    def __len__(self) -> int:
        return len(self._waiting)

    def _move_up(self) -> None:
        """Give free slots away; the caller holds the lock."""
        granted = []
        for entry in list(self._waiting):
            if len(self._dreaming) >= self.slots:
                break
            if any(other.session == entry.session for other in self._dreaming):
                continue
            self._waiting.remove(entry)
            self._dreaming.append(entry)
            entry.begun = self._clock()
            granted.append(entry)
        for entry in granted:  # whoever is told may leave at once
            entry.granted.set_result(None)

    def _pace_of(self, entry: QueueEntry) -> float | None:
        """Return the seconds that one unit of work takes, or None as long as that is a guess."""
        if entry.begun is None or entry.share < _SURE or not entry.work:
            return None
        return (self._clock() - entry.begun) / (entry.work * entry.share)

    def _left(self, entry: QueueEntry, pace: float) -> float:
        own = self._pace_of(entry)
        return entry.work * (1 - entry.share) * (pace if own is None else own)
