"""The one way to a dream on this server, for page, programs and files of gallery sounds alike.

A recipe and its sounds are checked against the limits, wait in the queue, and dream in a thread of
their own; whoever asked looks at the `Run`.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from studio.dreaming import sources
from studio.dreaming.recipe import Recipe
from studio.sound import FEATURES
from studio.stopping import Stopped, stoppable
from studio.ui.server.admission import Admission
from studio.ui.server.allocator import trim_soon
from studio.ui.server.limits import Limits, work
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.queue import DreamQueue, QueueEntry, pending
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    import numpy as np

    from studio.dreaming.loop import Dream, Progress

log = logging.getLogger(__name__)

TRACED = ("iteration", "objective", *FEATURES)
"""What is known of a dream at some of its iterations."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A recipe, and the recordings it starts from and is guided by, where there are any."""

    recipe: Recipe
    initial: np.ndarray | None = None
    guide: np.ndarray | None = None


@dataclass(slots=True, eq=False)
class Run:
    """One dream: what was asked for, where it is, and whether it shall stop.

    Attributes
    ----------
    stop : Event
        Set to end the dream and keep its sound as it is then.
    abandoned : Event
        Set where nobody wants the sound any more: the dream ends at its next `checkpoint`.
    finished : Future
        The finished dream, or why there is none: `Stopped` where it never began or was abandoned.
    """

    wish: Wish
    entry: QueueEntry
    id: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    abandoned: threading.Event = field(default_factory=threading.Event)
    finished: Future[Dream] = field(default_factory=pending)
    iteration: int = 0
    started: float | None = None
    trace: dict[str, list[float]] = field(default_factory=lambda: {key: [] for key in TRACED})
    lock: threading.Lock = field(default_factory=threading.Lock)
    wants_step: bool = False
    step: Progress | None = None

    @property
    def recipe(self) -> Recipe:
        """What is dreamed."""
        return self.wish.recipe

    @property
    def planned(self) -> int:
        """How many iterations the recipe asks for."""
        return self.recipe.planned_iterations

    @property
    def begun(self) -> bool:
        """Whether it has a slot, or had one."""
        return self.entry.begun is not None

    def note(self, step: Progress) -> bool:
        """Write down a step; return whether to go on."""
        with self.lock:
            self.iteration = step.iteration
            self.entry.share = step.iteration / max(1, self.planned)
            if step.features is not None:
                # Recorded features and objective are those of the sound before this step.
                row = {"iteration": step.iteration - 1, "objective": step.objective}
                for key, value in {**row, **step.features}.items():
                    self.trace[key].append(float(f"{value:.5g}"))
            if self.wants_step:
                self.step = step
                self.wants_step = False
        return not self.stop.is_set()

    def latest_step(self, want_another: bool) -> Progress | None:
        """Take the step that was asked for, if it is there; ask for another, if wanted."""
        with self.lock:
            step, self.step = self.step, None
            self.wants_step |= want_another
        return step


class Dreams:
    """Lets dreams begin when it is their turn, and ends them.

    Parameters
    ----------
    sounds : SoundService
        What reads recordings.
    model_cache : ModelCache
        Where models come from.
    admission : Admission
        Its queue says who dreams when.
    limits : Limits, optional
        What a dream may ask for; by default anything.
    """

    def __init__(
        self,
        sounds: SoundService,
        model_cache: ModelCache,
        admission: Admission,
        limits: Limits | None = None,
    ) -> None:
        self.sounds = sounds
        self.model_cache = model_cache
        self.admission = admission
        self.limits = limits or Limits()
        self._threads: dict[Run, threading.Thread] = {}
        self._closed = False

    @property
    def queue(self) -> DreamQueue:
        """Who dreams when."""
        return self.admission.dreams

    async def wish(
        self, recipe: Recipe, initial: Path | None = None, guide: Path | None = None
    ) -> Wish:
        """Return a recipe with what it starts from and is guided by, within the limits.

        Raises
        ------
        StudioError
            If it asks for too much, or a recording cannot be used.
        """
        self.limits.check(recipe)
        if initial is None and guide is None:
            return Wish(recipe)
        return await self.admission.compute("sound", self._gather, recipe, initial, guide)

    def _gather(self, recipe: Recipe, initial: Path | None, guide: Path | None) -> Wish:
        start = like = None
        if initial is not None:
            recipe, start = sources.start_from(recipe, initial, read=self.sounds.read)
        if guide is not None:
            recipe, like = sources.guided_by(recipe, guide, read=self.sounds.read)
        return Wish(recipe, start, like)

    def begin(self, session: str, wish: Wish, run_id: str = "", admitted: bool = False) -> Run:
        """Join the queue; the dream begins by itself when it is its turn.

        Parameters
        ----------
        session : str
            Whose it is; a session never dreams twice at a time.
        wish : Wish
        run_id : str
            What the run is called by whoever asked.
        admitted : bool
            See `DreamQueue.join`.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        entry = self.queue.join(session, work(wish.recipe), admitted)
        run = Run(wish, entry, run_id)
        entry.granted.add_done_callback(lambda _: self._start(run))
        return run

    def stop(self, run: Run) -> None:
        """End a dream and keep its sound; one that still waits never begins."""
        run.stop.set()
        if self.queue.give_up(run.entry):
            run.finished.set_exception(Stopped())

    def abandon(self, run: Run) -> None:
        """End a dream whose sound nobody wants."""
        run.abandoned.set()
        self.stop(run)

    def close(self, seconds: float) -> bool:
        """Abandon all dreams; return whether they have ended after so long at most."""
        self._closed = True
        running = dict(self._threads)
        for run in running:
            self.abandon(run)
        deadline = time.monotonic() + seconds
        for thread in running.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in running.values())

    def _start(self, run: Run) -> None:
        if self._closed:
            run.finished.set_exception(Stopped())
            self.queue.leave(run.entry)
            return
        thread = threading.Thread(target=self._work, args=(run,), name="dream", daemon=True)
        self._threads[run] = thread
        thread.start()

    def _work(self, run: Run) -> None:
        try:
            from studio.dreaming.loop import dream

            recipe, wish = run.recipe, run.wish
            model = self.model_cache.get(recipe.dataset, recipe.architecture)
            run.started = time.monotonic()
            with stoppable(run.abandoned):
                made = dream(model, recipe, wish.initial, on_step=run.note, guide=wish.guide)
        except BaseException as error:
            run.finished.set_exception(error)
        else:
            run.finished.set_result(made)
        finally:
            self._threads.pop(run, None)
            self.queue.leave(run.entry)  # even if nobody listens any more
            trim_soon()
