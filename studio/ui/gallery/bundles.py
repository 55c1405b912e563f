"""Files of gallery sounds, dreamed again from their recipes and finished as a person chose."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import Recipe
from studio.errors import GoneError, ParameterError
from studio.export.names import safe_name
from studio.export.options import ExportOptions
from studio.stopping import Stopped
from studio.ui.gallery.service import GalleryService
from studio.ui.server.admission import Permit
from studio.ui.server.downloads import Member
from studio.ui.server.dreams import Dreams, Run, Wish
from studio.ui.server.messages import error_update
from studio.ui.server.store import Entry

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream

HOSTED_SOUNDS = 40
"""Of one file where strangers share the studio: each is dreamed again."""

_MOST_BYTES_A_SAMPLE = 8
ABANDONED_SECONDS = 90.0
"""A page asks twice a second how far its file is; browsers let one in the background ask once a
minute. After so long it is gone."""

LEFT_SECONDS = 0.7
"""The same of a page whose connection has closed: it may come back over another one."""

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
    options: ExportOptions
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
    most : int, optional
        Sounds of one file; by default any number.
    """

    def __init__(self, gallery: GalleryService, dreams: Dreams, most: int | None = None) -> None:
        self.most = most
        self.gallery = gallery
        self.dreams = dreams
        self.store = dreams.sounds.store
        self._making: set[threading.Thread] = set()
        self._begun: set[Bundle] = set()

    def start(self, rows: Any, options: Any = None) -> dict[str, Any]:
        """Begin a file: a single sound, or a ZIP of several or of a kit.

        Without ``options`` (as `ExportOptions.from_dict` takes them) sounds are untouched.

        Raises
        ------
        ParameterError
            If there are none, too many (for the studio or for a kit), rows that do not exist, or
            wrong options.
        BusyError
            If too many files are being made already.
        """
        from studio.export.collect import check_kit, group_of

        chosen = ExportOptions.from_dict({"sound": "untouched"} if options is None else options)
        wanted = self._checked(rows)
        recipes = [self._recipe(row) for row in wanted]
        check_kit(chosen, map(group_of, recipes))
        permit = self.dreams.admission.enter("bundle")
        try:
            samples = sum(recipe.samples for recipe in recipes)
            entry = self.store.new(_MOST_BYTES_A_SAMPLE * samples + _SPARE_BYTES * len(wanted))
        except BaseException:
            permit.leave()
            raise
        bundle = Bundle(wanted, chosen, entry, permit)
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

    def is_made(self, token: str) -> bool:
        """Tell whether a file is being made or waits for that; somebody is here who waits for it.

        Raises
        ------
        GoneError
            If it is not there (any more).
        """
        return self.progress(token)["state"] in ("waiting", "dreaming")

    def leave(self, token: str) -> None:
        """Note that who waited is gone: the file is given up unless it is asked for soon."""
        asked = time.monotonic() - ABANDONED_SECONDS + LEFT_SECONDS
        self._find(token).asked = asked

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
        if not isinstance(rows, Sequence) or not all(type(row) is int for row in rows):
            raise ParameterError("rows must be a list of row numbers.")
        wanted = tuple(dict.fromkeys(rows))
        if not wanted:
            raise ParameterError("There is no sound to export. Choose at least one.")
        if self.most is not None and len(wanted) > self.most:
            raise ParameterError(
                f"{len(wanted):,} sounds are too many for this shared studio: choose {self.most} "
                "or fewer. On your own machine there is no such limit."
            )
        count = len(self.gallery.gallery().table)
        for row in wanted:
            if not 0 <= row < count:
                self.gallery.row(row)  # says so
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
        from studio.export.collect import Collection, Source

        table = self.gallery.gallery().table
        collection = Collection(bundle.entry.folder, bundle.options)
        for row in bundle.rows:
            recipe = self._recipe(row)
            run = self.dreams.begin(_SESSION, Wish(recipe), admitted=True)
            sound = self._dreamed(bundle, run)
            facts = table.iloc[row].drop([*_NOT_FOR_PEOPLE, "label"], errors="ignore").to_dict()
            label = str(table.iloc[row]["label"])
            collection.add(
                Source(
                    audio=sound.audio,
                    recipe=recipe,
                    origin=sound.origin,
                    label=label,
                    facts={str(name): fact for name, fact in facts.items()},
                )
            )
            bundle.done += 1
        files = collection.close()
        self.store.settle(bundle.entry)
        bundle.members, bundle.name = _packed(bundle, files)

    def _dreamed(self, bundle: Bundle, run: Run) -> Dream:
        while not bundle.given_up:
            try:
                return run.finished.result(_LOOKED_EVERY_SECONDS)
            except FutureTimeout:
                if run.finished.done():  # the dream itself has run out of time
                    raise
        self.dreams.abandon(run)
        raise Stopped


def _packed(bundle: Bundle, files: Sequence[Path]) -> tuple[tuple[Member, ...], str]:
    """Return what a file holds, and its name."""
    inside = [path.relative_to(bundle.entry.folder).as_posix() for path in files]
    members = tuple(Member(name, path) for name, path in zip(inside, files, strict=True))
    if len(members) == 1:
        return members, inside[0]
    kind = safe_name(bundle.options.name) if bundle.options.kit != "none" else "dream-gallery"
    about = Member("about.txt", ABOUT)
    return (*members, about), f"{kind}-{len(bundle.rows)}-sounds.zip"
