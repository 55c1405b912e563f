"""Running dreams: one per session, streamed to the page, stopped on request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.stopping import Stopped
from studio.ui.server.dreams import TRACED, Dreams, Run, Wish
from studio.ui.server.messages import error_update
from studio.ui.server.queue import Standing
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream, Progress
    from studio.ui.server.store import Entry

MOST_AT_ONCE = 16
"""Most dreams of a batch."""

UPDATE_SECONDS = 0.09
WAITING_SECONDS = 0.5
PREVIEW_SECONDS = 0.6
FIRST_PREVIEW_SECONDS = 0.35


class Runs:
    """Streams the dreams of pages.

    Parameters
    ----------
    sounds : SoundService
        Where previews and results are put.
    dreams : Dreams
        What lets them dream.
    """

    def __init__(self, sounds: SoundService, dreams: Dreams) -> None:
        self.sounds = sounds
        self.dreams = dreams
        self._running: dict[str, Run] = {}

    def stop(self, session: str, run_id: str | None = None) -> None:
        """Stop a session's dream (only the one called ``run_id``, if given) and keep its sound.

        The page names the run: its wish may arrive when the session's next dream has begun.
        """
        run = self._running.get(session)
        if run is not None and run_id in (None, run.id):
            self.dreams.stop(run)

    def leave(self, session: str) -> None:
        """End the dream of a page that was closed."""
        run = self._running.get(session)
        if run is not None:
            self.dreams.abandon(run)

    async def updates(
        self, session: str, request: Mapping[str, Any]
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Dream what a page asks for and yield what it shows, about ten times a second.

        Where others dream, it waits in the queue and tells twice a second where it stands.

        Parameters
        ----------
        session : str
            Whose dream it is; a new dream stops the session's former one.
        request : dict
            ``run`` (an id that the page chose), ``recipe``, and for a recording ``upload`` (its
            token), and for a guide sound ``guide`` (its token). ``recipes`` instead of ``recipe``:
            a batch, dreamed one after the other on one admission; its updates tell ``part`` and
            ``parts``, and a stop ends it all.
        """
        run_id, run = str(request.get("run", ""))[:64], None
        try:
            recipes = self._recipes(request)
        except Exception as error:
            yield _failed(run_id, error)
            return
        try:
            for part, recipe in enumerate(recipes):
                place = {"part": part, "parts": len(recipes)} if "recipes" in request else {}
                try:
                    wish = await self._wish(recipe, request)
                    if run is not None and run.stop.is_set():
                        yield {"run": run_id, "state": "left", **place}
                        return
                    if run is None:
                        self.stop(session)
                    run = self.dreams.begin(session, wish, run_id, admitted=part > 0)
                except Exception as error:
                    yield {**_failed(run_id, error), **place}
                    return
                self._running[session] = run
                state = ""
                try:
                    async with aclosing(self._stream(run)) as stream:
                        async for update in stream:
                            state = update["state"]
                            yield {**update, **place}
                finally:
                    if not run.finished.done():
                        self.dreams.abandon(run)
                if run.stop.is_set() or state != "done":
                    return
        finally:
            if run is not None and self._running.get(session) is run:
                del self._running[session]

    def _recipes(self, request: Mapping[str, Any]) -> list[Recipe]:
        """Return the recipes that a page asks for, within the limits."""
        asked = request.get("recipes", [request.get("recipe", ())])
        if not isinstance(asked, list) or not 1 <= len(asked) <= MOST_AT_ONCE:
            raise ParameterError(f"recipes must be a list of 1 to {MOST_AT_ONCE} recipes.")
        recipes = [Recipe.from_dict(recipe) for recipe in asked]
        self.dreams.limits.check_together(recipes)
        for recipe in recipes:
            self.dreams.limits.check(recipe)
        return recipes

    async def _wish(self, recipe: Recipe, request: Mapping[str, Any]) -> Wish:
        """Return one of them with its recordings: those of a batch are never read all at once."""
        guide = self._upload(request, "guide") if recipe.needs_guide else None
        return await self.dreams.wish(recipe, self._upload(request, "upload"), guide)

    def _upload(self, request: Mapping[str, Any], name: str) -> Path | None:
        token = str(request.get(name) or "")
        return self.sounds.uploaded(token) if token else None

    async def _stream(self, run: Run) -> AsyncGenerator[dict[str, Any], None]:
        ended = asyncio.wrap_future(run.finished)
        ended.add_done_callback(lambda future: future.cancelled() or future.exception())
        granted = asyncio.wrap_future(run.entry.granted)
        while not run.begun and not ended.done():
            yield _waiting(run, self.dreams.queue.standing(run.entry))
            await asyncio.wait(
                {granted, ended}, timeout=WAITING_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        if not run.begun:
            yield {"run": run.id, "state": "left"}
            return
        try:
            entry = self.sounds.new_take(run.recipe.samples * run.recipe.channels)
        except Exception as error:
            yield _failed(run.id, error)
            return
        kept = False
        try:
            async with aclosing(self._grow(run, ended, entry)) as updates:
                async for update in updates:
                    yield update
            last = await run_in_threadpool(self._last, run, ended.result(), entry)
            kept = True
            yield last
        except Stopped:  # nobody listens any more
            return
        except Exception as error:
            yield _failed(run.id, error)
        finally:
            if not kept:
                self.sounds.store.drop(entry.token)

    async def _grow(
        self, run: Run, ended: asyncio.Future[Dream], entry: Entry
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Tell about a dream until it has ended."""
        number, preview, due = 0, None, time.monotonic() + FIRST_PREVIEW_SECONDS
        while not (await asyncio.wait({ended}, timeout=UPDATE_SECONDS))[0]:
            step = run.latest_step(want_another=time.monotonic() >= due)
            if step is not None and run.iteration > 0:
                number += 1
                took = time.monotonic()
                preview = await run_in_threadpool(self._preview, entry, number, step)
                now = time.monotonic()
                due = now + max(PREVIEW_SECONDS, 4 * (now - took))
            yield _update(run, preview)

    def _preview(self, entry: Entry, number: int, step: Progress) -> str:
        return self.sounds.add_preview(entry, number, step.audio)

    def _last(self, run: Run, dream: Dream, entry: Entry) -> dict[str, Any]:
        take = self.sounds.add_take(entry, dream)
        last = dream.trace.iloc[-1]
        for key in TRACED:
            run.trace[key].append(float(f"{last[key]:.5g}"))
        stopped = run.stop.is_set() and run.iteration < run.planned
        return {
            **_update(run, None),
            "state": "stopped" if stopped else "done",
            "message": dream.message,
            "take": take,
        }


def _failed(run_id: str, error: BaseException) -> dict[str, Any]:
    return {"run": run_id, "state": "error", **error_update(error)}


def _update(run: Run, preview: str | None) -> dict[str, Any]:
    left = None
    if run.started is not None and run.iteration >= 5:
        pace = (time.monotonic() - run.started) / run.iteration
        left = round(pace * (run.planned - run.iteration), 1)
    with run.lock:
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
