"""FIFO queue for dreams, with wait estimates."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from studio.errors import StudioError

PLACES = 2
"""Dreams that are computed at the same time."""

MOST_WAITING = 24
"""More are refused: each one that waits keeps a thread of the server busy."""

_SURE = 0.02
"""The part of a dream after which its pace tells how long it will take."""


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
        When a place became free for it, on the line's clock.
    share : float
        How much of it is done, 0 to 1; whoever computes it says so.
    """

    session: str
    work: float
    begun: float | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone stands in the line: dreams ahead that wait, too, and seconds left to wait.

    ``seconds`` is None as long as nobody's pace is known.
    """

    ahead: int
    seconds: float | None


class DreamQueue:
    """Gives places to those who came first; a session never holds two at a time.

    Parameters
    ----------
    places : int
        How many dream at the same time.
    most_waiting : int
        How many may wait.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        places: int = PLACES,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.places = places
        self.most_waiting = most_waiting
        self._clock = clock
        self._waiting: list[QueueEntry] = []
        self._dreaming: list[QueueEntry] = []
        self._moved = threading.Condition()
        self._pace: float | None = None

    def join(self, session: str, work: float) -> QueueEntry:
        """Stand in line, or take a place at once where one is free.

        Raises
        ------
        StudioError
            If too many wait already.
        """
        with self._moved:
            if len(self._waiting) >= self.most_waiting:
                raise StudioError(
                    f"{len(self._waiting)} dreams are waiting here already. Please try again in a "
                    "few minutes."
                )
            ticket = QueueEntry(session, work)
            self._waiting.append(ticket)
            self._move_up()
            return ticket

    def wait(self, ticket: QueueEntry, seconds: float) -> bool:
        """Wait for a place for so long at most; return whether there is one."""
        with self._moved:
            return self._moved.wait_for(lambda: ticket.begun is not None, timeout=seconds)

    def leave(self, ticket: QueueEntry) -> None:
        """Give up a place, or one's turn."""
        with self._moved:
            if ticket in self._dreaming:
                self._dreaming.remove(ticket)
                pace = self._pace_of(ticket)
                if pace is not None:
                    self._pace = pace if self._pace is None else (self._pace + pace) / 2
            elif ticket in self._waiting:
                self._waiting.remove(ticket)
            self._move_up()

    def give_up(self, ticket: QueueEntry) -> None:
        """Leave the line; nothing happens to one that dreams already."""
        with self._moved:
            if ticket in self._waiting:
                self._waiting.remove(ticket)

    @contextmanager
    def place(self, session: str, work: float) -> Iterator[QueueEntry]:
        """Wait as long as it takes, and hold a place."""
        ticket = self.join(session, work)
        try:
            while not self.wait(ticket, 60.0):
                pass
            yield ticket
        finally:
            self.leave(ticket)

    def standing(self, ticket: QueueEntry) -> Standing:
        """Return how many are ahead in the line and how long it may take."""
        with self._moved:
            if ticket not in self._waiting:
                return Standing(0, 0.0)
            ahead = self._waiting[: self._waiting.index(ticket)]
            paces = [pace for pace in map(self._pace_of, self._dreaming) if pace is not None]
            pace = sum(paces) / len(paces) if paces else self._pace
            if pace is None:
                return Standing(len(ahead), None)
            free = [self._left(other, pace) for other in self._dreaming]
            free += [0.0] * (self.places - len(free))
            heapq.heapify(free)
            for other in ahead:
                heapq.heapreplace(free, free[0] + other.work * pace)
            return Standing(len(ahead), free[0])

    def __len__(self) -> int:
        return len(self._waiting)

    def _move_up(self) -> None:
        """Give free places away; the caller holds the lock."""
        for ticket in list(self._waiting):
            if len(self._dreaming) >= self.places:
                break
            if any(other.session == ticket.session for other in self._dreaming):
                continue
            self._waiting.remove(ticket)
            self._dreaming.append(ticket)
            ticket.begun = self._clock()
        self._moved.notify_all()

    def _pace_of(self, ticket: QueueEntry) -> float | None:
        """Return the seconds that one unit of work takes, or None as long as that is a guess."""
        if ticket.begun is None or ticket.share < _SURE or not ticket.work:
            return None
        return (self._clock() - ticket.begun) / (ticket.work * ticket.share)

    def _left(self, ticket: QueueEntry, pace: float) -> float:
        own = self._pace_of(ticket)
        return ticket.work * (1 - ticket.share) * (pace if own is None else own)
