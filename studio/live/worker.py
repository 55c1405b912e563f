"""Run a live engine ahead of the play head: one thread per listener.

The listener says up to where samples are wanted and where its play head is. The worker computes
that far and no further. A change is applied a little ahead of the play head, and what had been
computed beyond is given anew. Where time is short, excerpts end before all their iterations are
done: the sound never waits for the dream.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from studio.errors import StudioError
from studio.live.engine import LiveEngine
from studio.live.settings import MARGIN_SECONDS, MOST_AHEAD
from studio.sound import SAMPLE_RATE, features

log = logging.getLogger(__name__)

BLOCK = SAMPLE_RATE // 10
"""Samples that are handed over at a time: 0.1 s."""

IDLE_SECONDS = 60.0
"""A worker from which nobody wanted anything for so long ends by itself."""

_SAFE = 0.06
"""Seconds of sound that are kept in hand when iterations are dropped."""

_SHARE = 0.75
"""Share of the time that an excerpt's dreaming may take."""

_MOST_WAITING = 256
_MEASURED = 8192
_UNEXPECTED = "Something unexpected happened here. Press Start once more."


class Listener(Protocol):
    """Where the sound goes; called from the worker's thread."""

    def sound(self, position: int, samples: np.ndarray) -> None:
        """Take samples that play from ``position`` on, instead of any given for then before."""
        ...

    def tell(self, message: dict[str, Any]) -> None:
        """Take news: a plain dict with a ``type``."""
        ...

    def is_full(self) -> bool:
        """Tell whether what was given has not been taken yet."""
        ...


class LiveWorker:
    """Runs one engine for one listener.

    Parameters
    ----------
    make : callable
        ``make(go_on)`` gives the engine, or a performance of one; called in the worker's thread.
    listener : Listener
    clock : callable
        Tells the time in seconds.
    """

    def __init__(
        self,
        make: Callable[..., LiveEngine],
        listener: Listener,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.load = 0.0
        self._clock = clock
        self._make = make
        self._listener = listener
        self._wake = threading.Condition()
        self._waiting: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._stopped = False
        self._wanted = 0
        self._played, self._played_at = 0, self._clock()
        self._given = 0
        self._excerpt_began = 0.0
        self._excerpt_seconds = 0.02
        self._measured = np.zeros(_MEASURED, dtype=np.float32)
        self.engine: LiveEngine | None = None
        self.thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Begin; the first sound follows as soon as it is wanted."""
        self.thread.start()

    def stop(self) -> None:
        """End soon; safe to call twice and from any thread."""
        with self._wake:
            self._stopped = True
            self._wake.notify()

    def want(self, until: int, played: int) -> None:
        """Ask for samples up to ``until`` while the play head is at ``played``."""
        with self._wake:
            self._played, self._played_at = played, self._clock()
            self._wanted = min(until, played + MOST_AHEAD)
            self._wake.notify()

    def change(
        self,
        changes: Mapping[str, Any],
        glide_seconds: float = 0.0,
        source: np.ndarray | None = None,
        margin: float = MARGIN_SECONDS,
        told: bool = False,
    ) -> None:
        """Change settings, as soon as it can be heard; ``told`` tells the listener what changed."""
        self._do(self._change, changes, glide_seconds, source, margin, told)

    def feed(self, samples: np.ndarray) -> None:
        """Hand in what the microphone heard next, int16."""
        self._do(self._feed, samples)

    def send_log(self, begin: int, samples: int, take: Callable[[dict[str, Any]], None]) -> None:
        """Hand the log of a recording to ``take``, from the worker's thread."""
        self._do(self._send_log, begin, samples, take)

    def _do(self, task: Callable[..., None], *arguments: Any) -> None:
        with self._wake:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append((task, arguments))
            self._wake.notify()

    # -- in the worker's thread

    def _run(self) -> None:
        try:
            self.engine = engine = self._make(self._may_go_on)
            while True:
                with self._wake:
                    while not (self._stopped or self._waiting or self._behind(engine)):
                        self._wake.wait(0.05 if self._listener.is_full() else IDLE_SECONDS)
                        self._stopped |= self._clock() - self._played_at > IDLE_SECONDS
                    if self._stopped:
                        return
                    tasks = list(self._waiting)
                    self._waiting.clear()
                for task, arguments in tasks:
                    task(engine, *arguments)
                if self._behind(engine):
                    self._give(engine)
        except StudioError as error:
            ended = {"type": "ended", "code": error.code, "message": str(error)}
            self._listener.tell(ended)
        except Exception:
            log.exception("a live dream ended unexpectedly")
            ended = {"type": "ended", "code": "unexpected", "message": _UNEXPECTED}
            self._listener.tell(ended)
        finally:
            self.engine = None

    def _behind(self, engine: LiveEngine) -> bool:
        return engine.position < self._wanted and not self._listener.is_full()

    def _give(self, engine: LiveEngine) -> None:
        """Compute a block and hand it over with how it measures."""
        position, began = engine.position, self._clock()
        sound = engine.render(min(BLOCK, max(1, self._wanted - position)))
        busy = self._clock() - began
        anew = position < self._given
        self._given = position + len(sound)
        self._listener.sound(position, sound)
        if not anew:
            seconds = len(sound) / SAMPLE_RATE
            weight = min(1.0, seconds / 2)
            self.load += weight * (busy / seconds - self.load)
        self._measured = np.concatenate([self._measured, sound])[-_MEASURED:]
        report = engine.report
        self._listener.tell(
            {
                "type": "report",
                "at": self._given,
                "features": measured(self._measured),
                "load": round(self.load, 3),
                "excerpts": report.excerpts,
                "iterations": report.iterations,
                "dropped": report.dropped,
                "restored": report.restored,
                "message": report.message,
            }
        )

    def _play_head(self) -> float:
        """Return where the play head should be by now, in samples."""
        passed = self._clock() - self._played_at
        return self._played + min(passed, 1.0) * SAMPLE_RATE

    def _may_go_on(self, position: int, done: int) -> bool:
        """Tell whether there is time for another iteration of an excerpt."""
        now = self._clock()
        if done == 0:
            self._excerpt_began = now
            return True
        taken = now - self._excerpt_began
        engine = self.engine
        hop = engine.settings.hop_seconds if engine else 0.5
        in_hand = (max(position, self._given) - self._play_head()) / SAMPLE_RATE
        # Before anything plays there is no hurry; the first sound shall come soon all the same.
        if self._played == 0:
            in_hand = max(in_hand, 0.3 - taken)
        go_on = taken < _SHARE * hop and in_hand > _SAFE
        if not go_on:
            self._excerpt_seconds = taken
        return go_on

    def _change(
        self,
        engine: LiveEngine,
        changes: Mapping[str, Any],
        glide_seconds: float,
        source: np.ndarray | None,
        margin: float,
        told: bool,
    ) -> None:
        ahead = min(1.5, margin + min(0.3, 1.3 * self._excerpt_seconds))
        engine.rewind(round(self._play_head() + ahead * SAMPLE_RATE))
        before, began = engine.report.seconds, engine.report.excerpts
        try:
            engine.apply(changes, glide_seconds, source)
        except StudioError as error:
            refused = {"type": "refused", "code": error.code, "message": str(error)}
            self._listener.tell(refused)
            return
        if told:
            self._listener.tell({"type": "changed", "changes": dict(changes)})
        if engine.position < self._wanted:
            self._give(engine)
        if engine.report.excerpts > began:
            spent = engine.report.seconds - before
            self._excerpt_seconds += 0.3 * (spent - self._excerpt_seconds)

    def _feed(self, engine: LiveEngine, samples: np.ndarray) -> None:
        engine.feed(samples)

    def _send_log(
        self,
        engine: LiveEngine,
        begin: int,
        samples: int,
        take: Callable[[dict[str, Any]], None],
    ) -> None:
        with contextlib.suppress(Exception):  # nobody waits for it any more
            take(engine.log.to_dict(samples, begin) if engine.log else {})


def measured(sound: np.ndarray) -> dict[str, float]:
    """Return the mean features of the inner frames of a sound, rounded for sending."""
    edge = features.FRAME_SAMPLES // features.HOP_SAMPLES // 2 + 1
    return {
        name: float(f"{values[edge:-edge].mean():.4g}")
        for name, values in features.frames(sound).items()
    }
