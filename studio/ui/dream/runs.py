"""Running dreams: one per session, streamed to the page, stopped on request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import Recipe
from studio.errors import StudioError
from studio.ui.server.limits import Limits, work
from studio.ui.server.messages import user_message
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.queue import DreamQueue, QueueEntry, Standing
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    import numpy as np

    from studio.dreaming.loop import Dream, Progress

log = logging.getLogger(__name__)

UPDATE_SECONDS = 0.09
WAITING_SECONDS = 0.5
PREVIEW_SECONDS = 0.6
FIRST_PREVIEW_SECONDS = 0.35
_TRACED = ("iteration", "objective", "loudness", "brightness", "noisiness", "roughness")


@dataclass(slots=True)
class Run:
    """One dream: what was asked for, where it is, and whether it shall stop."""

    id: str
    recipe: Recipe
    stop: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    iteration: int = 0
    started: float | None = None
    trace: dict[str, list[float]] = field(default_factory=lambda: {key: [] for key in _TRACED})
    sound: np.ndarray | None = None
    wants_sound: bool = False
    dream: Dream | None = None
    error: BaseException | None = None
    ticket: QueueEntry | None = None

    @property
    def planned(self) -> int:
        """How many iterations the recipe asks for."""
        return self.recipe.planned_iterations

    @property
    def over(self) -> bool:
        """Whether the dream has ended, well or not."""
        return self.dream is not None or self.error is not None


class Runs:
    """Starts, streams and stops dreams.

    Parameters
    ----------
    sounds : SoundService
        Where previews and results are put.
    model_cache : ModelCache
        Where models come from.
    line : DreamQueue, optional
        Who dreams when.
    limits : Limits, optional
        What a dream may ask for; by default anything.
    """

    def __init__(
        self,
        sounds: SoundService,
        model_cache: ModelCache,
        line: DreamQueue | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.sounds = sounds
        self.model_cache = model_cache
        self.line = line or DreamQueue()
        self.limits = limits or Limits()
        self._running: dict[str, Run] = {}

    def stop(self, session: str, run_id: str | None = None) -> None:
        """Stop a session's dream (only the one called ``run_id``, if given) and keep its sound.

        The page names the run: its wish may arrive when the session's next dream has begun.
        """
        run = self._running.get(session)
        if run is not None and run_id in (None, run.id):
            run.stop.set()
            if run.ticket:
                self.line.give_up(run.ticket)

    def updates(self, session: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Dream what a page asks for and yield what it shows, about ten times a second.

        Where others dream, it waits in line and tells twice a second where it stands.

        Parameters
        ----------
        session : str
            Whose dream it is; a new dream stops the session's former one.
        request : dict
            ``run`` (an id that the page chose), ``recipe``, and for a recording ``upload`` (its
            token), and for a guide sound ``guide`` (its token).
        """
        run_id = str(request.get("run", ""))[:64]
        try:
            recipe = Recipe.from_dict(request.get("recipe", ()))
            self.limits.check(recipe)
            recipe, sound = self.recording(str(request.get("upload") or ""), recipe)
            recipe, guide = self.guide(str(request.get("guide") or ""), recipe)
        except Exception as error:
            yield {"run": run_id, "state": "error", "message": user_message(error)}
            return
        self.stop(session)
        run = Run(run_id, recipe)
        self._running[session] = run
        try:
            yield from self._in_turn(session, run, sound, guide)
        finally:
            run.stop.set()
            if self._running.get(session) is run:
                del self._running[session]

    def _in_turn(
        self, session: str, run: Run, sound: np.ndarray | None, guide: np.ndarray | None
    ) -> Iterator[dict[str, Any]]:
        """Wait for a place, then dream."""
        try:
            ticket = run.ticket = self.line.join(session, work(run.recipe))
        except StudioError as error:
            yield {"run": run.id, "state": "error", "message": user_message(error)}
            return
        try:
            while not self.line.wait(ticket, WAITING_SECONDS):
                if run.stop.is_set():
                    yield {"run": run.id, "state": "left"}
                    return
                yield _waiting(run, self.line.standing(ticket))
            target, arguments = self._work, (run, sound, guide)
            threading.Thread(target=target, args=arguments, name="dream", daemon=True).start()
            yield from self._stream(run)
        finally:
            run.stop.set()
            self.line.leave(ticket)

    def recording(self, token: str, recipe: Recipe) -> tuple[Recipe, np.ndarray | None]:
        """Return the recipe with its recording named, and the part it starts from.

        Without an upload's token these are the recipe as it is, and None.
        """
        if not token:
            return recipe, None
        return self.sounds.start_from(self.sounds.uploaded(token), recipe)

    def guide(self, token: str, recipe: Recipe) -> tuple[Recipe, np.ndarray | None]:
        """Return the recipe with its guide sound named, and that sound, if it is an upload."""
        if not token or not recipe.needs_guide:
            return recipe, None
        return self.sounds.like(self.sounds.uploaded(token), recipe)

    def _work(self, run: Run, sound: np.ndarray | None, guide: np.ndarray | None) -> None:
        try:
            from studio.dreaming.loop import dream

            model = self.model_cache.get(run.recipe.dataset, run.recipe.architecture)
            run.started = time.monotonic()
            done = dream(
                model,
                run.recipe,
                sound,
                on_step=lambda step: self._note(run, step),
                guide=guide,
            )
            with run.changed:
                run.dream = done
                run.changed.notify_all()
        except BaseException as error:
            with run.changed:
                run.error = error
                run.changed.notify_all()
        finally:
            if run.ticket:  # even if nobody listens any more
                self.line.leave(run.ticket)

    @staticmethod
    def _note(run: Run, step: Progress) -> bool:
        with run.changed:
            run.iteration = step.iteration
            if run.ticket:
                run.ticket.share = step.iteration / max(1, run.planned)
            if step.features is not None:
                # Recorded features and objective are those of the sound before this step.
                before = step.iteration - 1
                row = {**step.features, "iteration": before, "objective": step.objective}
                for key in _TRACED:
                    run.trace[key].append(float(f"{row[key]:.5g}"))
            if run.wants_sound:
                run.sound = step.audio
                run.wants_sound = False
        return not run.stop.is_set()

    def _stream(self, run: Run) -> Iterator[dict[str, Any]]:
        entry = self.sounds.store.new()
        began = time.monotonic()
        number, preview, due = 0, None, began + FIRST_PREVIEW_SECONDS
        while True:
            with run.changed:
                run.changed.wait_for(lambda: run.over, timeout=UPDATE_SECONDS)
                sound, over = run.sound, run.over
                run.sound = None
                if not over and time.monotonic() >= due:
                    run.wants_sound = True
            if over:
                break
            if sound is not None and run.iteration > 0:
                number += 1
                took = time.monotonic()
                preview = self.sounds.add_preview(entry, number, sound)
                now = time.monotonic()
                due = now + max(PREVIEW_SECONDS, 4 * (now - took))
            yield self._update(run, preview)
        if run.error is not None:
            self.sounds.store.drop(entry.token)
            yield {"run": run.id, "state": "error", "message": user_message(run.error)}
            return
        yield self._last(run, entry)

    def _last(self, run: Run, entry: Any) -> dict[str, Any]:
        assert run.dream is not None
        try:
            take = self.sounds.add_take(entry, run.dream)
        except Exception as error:
            return {"run": run.id, "state": "error", "message": user_message(error)}
        last = run.dream.trace.iloc[-1]
        for key in _TRACED:
            run.trace[key].append(float(f"{last[key]:.5g}"))
        stopped = run.stop.is_set() and run.iteration < run.planned
        return {
            **self._update(run, None),
            "state": "stopped" if stopped else "done",
            "message": run.dream.message,
            "take": take,
        }

    @staticmethod
    def _update(run: Run, preview: str | None) -> dict[str, Any]:
        left = None
        if run.started is not None and run.iteration >= 5:
            pace = (time.monotonic() - run.started) / run.iteration
            left = round(pace * (run.planned - run.iteration), 1)
        with run.changed:
            trace = {key: list(values) for key, values in run.trace.items()}
        return {
            "run": run.id,
            "state": "loading" if run.iteration == 0 else "dreaming",
            "iteration": run.iteration,
            "iterations": run.planned,
            "seconds_left": left,
            "trace": trace,
            "preview": preview,
        }


def _waiting(run: Run, standing: Standing) -> dict[str, Any]:
    return {
        "run": run.id,
        "state": "waiting",
        "ahead": standing.ahead,
        "wait_seconds": None if standing.seconds is None else round(standing.seconds, 1),
        "iterations": run.planned,
    }
