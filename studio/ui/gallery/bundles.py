"""ZIP files of gallery sounds, dreamed again losslessly from their recipes."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import Recipe
from studio.errors import GoneError, ParameterError
from studio.stopping import Stopped
from studio.ui.gallery.service import GalleryService
from studio.ui.server.admission import Permit
from studio.ui.server.downloads import Member
from studio.ui.server.dreams import Dreams, Run, Wish
from studio.ui.server.messages import error_update
from studio.ui.server.store import Entry

if TYPE_CHECKING:
    import pandas as pd

    from studio.dreaming.loop import Dream

MOST_SOUNDS = 24
ABANDONED_SECONDS = 90.0
"""A page asks twice a second how far its file is; browsers let one in the background ask once a
minute. After so long it is gone."""

_SESSION = "files of gallery sounds"
"""All files share a session in the queue: no two of their sounds are dreamed at the same time."""

_LOOKED_EVERY_SECONDS = 0.25
_SPARE_BYTES = 1 << 16
GONE = "This file is no longer here (files are kept for some hours). Please ask for it again."
ABOUT = (
    "These sounds were dreamed again from their recipes, which stand in sounds.csv and inside\n"
    "every WAV file. On another kind of processor, rounding may make tiny differences to the\n"
    "sounds of the gallery. The measured columns are those of the gallery.\n"
)
_NOT_FOR_PEOPLE = ("file", "offset_seconds", "offset_bytes", "bytes")


@dataclass(slots=True, eq=False)
class Bundle:
    """Some sounds on their way into a file."""

    rows: tuple[int, ...]
    entry: Entry
    permit: Permit
    done: int = 0
    state: str = "waiting"
    error: dict[str, str] | None = None
    name: str | None = None
    members: tuple[Member, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    asked: float = field(default_factory=time.monotonic)

    @property
    def given_up(self) -> bool:
        """Whether somebody has stopped it, or nobody asks for it any more."""
        return self.stop.is_set() or time.monotonic() - self.asked > ABANDONED_SECONDS


class Bundles:
    """Makes files of the gallery's sounds, one at a time, each sound in its turn among the dreams.

    Parameters
    ----------
    gallery : GalleryService
        Where recipes and features come from.
    dreams : Dreams
        What dreams the sounds again.
    """

    def __init__(self, gallery: GalleryService, dreams: Dreams) -> None:
        self.gallery = gallery
        self.dreams = dreams
        self.store = dreams.sounds.store
        self._making: set[threading.Thread] = set()
        self._begun: set[Bundle] = set()

    def start(self, rows: Any) -> dict[str, Any]:
        """Begin a file: a WAV of one sound, a ZIP of several.

        Raises
        ------
        ParameterError
            If there are none, too many, or rows that do not exist.
        BusyError
            If too many files are being made already.
        """
        wanted = self._checked(rows)
        permit = self.dreams.admission.enter("bundle")
        try:
            samples = sum(self._recipe(row).samples for row in wanted)
            entry = self.store.new(4 * samples + _SPARE_BYTES * len(wanted))
        except BaseException:
            permit.leave()
            raise
        bundle = Bundle(wanted, entry, permit)
        entry.facts["bundle"] = bundle
        self._begun.add(bundle)
        permit.granted.add_done_callback(lambda _: self._begin(bundle))
        return self.progress(entry.token)

    def progress(self, token: str) -> dict[str, Any]:
        """Return how far a file is."""
        bundle = self._find(token)
        bundle.asked = time.monotonic()
        return {
            "token": token,
            "state": bundle.state,
            "done": bundle.done,
            "of": len(bundle.rows),
            "name": bundle.name,
            **(bundle.error or {"code": None, "message": None}),
        }

    def stop(self, token: str) -> None:
        """Give a file up."""
        self._find(token).stop.set()

    def file(self, token: str) -> tuple[str, tuple[Member, ...]]:
        """Return the name of a finished file and what it holds.

        Raises
        ------
        GoneError
            If it is not there (any more).
        """
        bundle = self._find(token)
        if bundle.name is None:
            raise GoneError(GONE)
        return bundle.name, bundle.members

    def close(self, seconds: float) -> bool:
        """Give all files up; return whether none is being made after so long at most."""
        for bundle in list(self._begun):
            bundle.stop.set()
        deadline = time.monotonic() + seconds
        for thread in list(self._making):
            thread.join(max(0.0, deadline - time.monotonic()))
        return not self._making

    def _find(self, token: str) -> Bundle:
        entry = self.store.find(token)
        if entry is None or "bundle" not in entry.facts:
            raise GoneError(GONE)
        return entry.facts["bundle"]

    def _recipe(self, row: int) -> Recipe:
        return Recipe.from_dict(self.gallery.recipe(row))

    def _checked(self, rows: Any) -> tuple[int, ...]:
        if not isinstance(rows, Sequence) or not all(isinstance(row, int) for row in rows):
            raise ParameterError("rows must be a list of row numbers.")
        wanted = tuple(dict.fromkeys(self.gallery.row(row) for row in rows))
        if not 1 <= len(wanted) <= MOST_SOUNDS:
            raise ParameterError(
                f"{len(wanted)} sounds are too {'many' if wanted else 'few'} for a file: keep "
                f"between 1 and {MOST_SOUNDS}."
            )
        return wanted

    def _begin(self, bundle: Bundle) -> None:
        thread = threading.Thread(target=self._work, args=(bundle,), name="bundle", daemon=True)
        self._making.add(thread)
        thread.start()

    def _work(self, bundle: Bundle) -> None:
        try:
            bundle.state = "dreaming"
            self._make(bundle)
            bundle.state = "done"
        except Stopped:
            bundle.state = "stopped"
            self.store.drop(bundle.entry.token)
        except BaseException as error:
            bundle.error, bundle.state = error_update(error), "error"
        finally:
            self._begun.discard(bundle)
            self._making.discard(threading.current_thread())
            bundle.permit.leave()

    def _make(self, bundle: Bundle) -> None:
        """Dream every sound again; raises `Stopped` when the file is given up."""
        from studio.dreaming import wav

        table = self.gallery.gallery().table
        made: list[tuple[Path, Recipe]] = []
        for row in bundle.rows:
            recipe = self._recipe(row)
            run = self.dreams.begin(_SESSION, Wish(recipe), admitted=True)
            sound = self._dreamed(bundle, run)
            path = bundle.entry.folder / f"{file_name(table.iloc[row].to_dict())}.wav"
            wav.write(path, sound.audio, recipe, origin=sound.origin)
            made.append((path, recipe))
            bundle.done += 1
        self.store.settle(bundle.entry)
        bundle.members = _members(bundle, made, table)
        several = f"dream-gallery-{len(made)}-sounds.zip"
        bundle.name = made[0][0].name if len(made) == 1 else several

    def _dreamed(self, bundle: Bundle, run: Run) -> Dream:
        while not bundle.given_up:
            try:
                return run.finished.result(_LOOKED_EVERY_SECONDS)
            except FutureTimeout:
                if run.finished.done():  # the dream itself has run out of time
                    raise
        self.dreams.abandon(run)
        raise Stopped


def file_name(sound: Mapping[Any, Any]) -> str:
    """Return a name for a sound (a row of the gallery's table) that says where it comes from."""
    name = f"{sound['dataset']}-{sound['architecture']}-layer{sound['layer']}-map{sound['map']}"
    named = f"{name}-{sound['label']}" if sound["label"] else name
    return re.sub(r"[^A-Za-z0-9-]+", "-", named).strip("-")[:90]


def _members(
    bundle: Bundle, made: list[tuple[Path, Recipe]], table: pd.DataFrame
) -> tuple[Member, ...]:
    """Return what a file holds: sounds, and where they are several a table of them."""
    sounds = tuple(Member(path.name, path) for path, _ in made)
    if len(made) == 1:
        return sounds
    facts = table.iloc[list(bundle.rows)].drop(columns=list(_NOT_FOR_PEOPLE), errors="ignore")
    facts.insert(0, "wav", [path.name for path, _ in made])
    facts["recipe"] = [json.dumps(recipe.to_dict()) for _, recipe in made]
    about = Member("about.txt", ABOUT)
    return (*sounds, Member("sounds.csv", facts.to_csv(index=False)), about)
