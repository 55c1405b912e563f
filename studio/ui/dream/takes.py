"""Takes of a session: list, ZIP, and restoring a WAV made here."""

from __future__ import annotations

import csv
import io
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.errors import BusyError, GoneError, ParameterError, TooLargeError
from studio.export.names import safe_name, sound_name
from studio.text import plain_name
from studio.ui.server.downloads import Member
from studio.ui.server.sounds import SoundService

MOST_TAKES = 200
MOST_ZIP_BYTES = 512 << 20
ABOUT = (
    "takes.csv lists the sounds in this file with their recipes; every WAV holds its recipe, too.\n"
    "Drop a WAV on the studio's page and it is back. A take without a WAV was no longer on the\n"
    "server; its recipe makes it again.\n"
)
_LISTS_KEPT = 200
_FEATURES = ("loudness", "brightness", "noisiness", "roughness")


@dataclass(frozen=True, slots=True)
class Listed:
    """A take as a page names it, checked."""

    token: str
    name: str
    star: bool
    recipe: Recipe


class TakeService:
    """Finds takes again by the tokens that their page has kept.

    Parameters
    ----------
    sounds : SoundService
        Where sounds are kept for some hours.
    """

    def __init__(self, sounds: SoundService) -> None:
        self.sounds = sounds
        self._lists: OrderedDict[str, tuple[Listed, ...]] = OrderedDict()
        self._sending: set[str] = set()
        self._lock = threading.Lock()

    def here(self, tokens: Any) -> list[str]:
        """Return those of ``tokens`` whose sounds are here: takes, or recordings that were sent."""
        if not isinstance(tokens, list) or len(tokens) > MOST_TAKES:
            raise ParameterError(f"tokens must be a list of at most {MOST_TAKES}.")
        return [str(token) for token in tokens if self._known(str(token))]

    def pack(self, takes: Any) -> dict[str, Any]:
        """Note which takes go into a ZIP; return its token, name and how many are not here.

        Raises
        ------
        ParameterError, TooLargeError
            If there are none, too many, too large ones, or not takes at all.
        BusyError
            If some of them are being sent in another ZIP.
        """
        listed = _listed(takes)
        self._require_free(listed)
        paths = [self._sound(take.token) for take in listed]
        there = [path for path in paths if path is not None]
        if sum(path.stat().st_size for path in there) > MOST_ZIP_BYTES:
            raise TooLargeError(
                f"These takes are larger than {MOST_ZIP_BYTES >> 20} MB together. Delete some of "
                "them, or save the long ones one by one."
            )
        token = secrets.token_urlsafe(18)
        with self._lock:
            self._lists[token] = listed
            while len(self._lists) > _LISTS_KEPT:
                self._lists.popitem(last=False)
        return {"token": token, "name": _zip_name(listed), "missing": len(listed) - len(there)}

    def listed(self, token: str) -> tuple[Listed, ...]:
        """Return the takes of a ZIP that was asked for.

        Raises
        ------
        GoneError
            If that was too long ago.
        """
        try:
            return self._lists[token]
        except KeyError:
            raise GoneError("This file is no longer here. Please ask for it again.") from None

    def zip(self, listed: Sequence[Listed]) -> tuple[str, Iterator[Member]]:
        """Return the name of a ZIP of takes, and what it holds."""
        return _zip_name(listed), self._members(listed)

    def _members(self, listed: Sequence[Listed]) -> Iterator[Member]:
        names = []
        for number, take in enumerate(listed, 1):
            sound = self._sound(take.token)
            names.append(f"{number:03d}-{_file_name(take)}.wav" if sound else "")
            if sound:
                yield Member(names[-1], sound)
        yield Member("takes.csv", _table(listed, names))
        yield Member("about.txt", ABOUT)

    @contextmanager
    def sending(self, listed: Sequence[Listed]) -> Iterator[None]:
        """Hold takes while they are sent: a visitor has one ZIP at a time.

        Raises
        ------
        BusyError
            If some of them are being sent already.
        """
        tokens = {take.token for take in listed}
        with self._lock:
            self._require_free(listed)
            self._sending |= tokens
        try:
            yield
        finally:
            with self._lock:
                self._sending -= tokens

    def _require_free(self, listed: Sequence[Listed]) -> None:
        if any(take.token in self._sending for take in listed):
            raise BusyError("These takes are being saved already. Wait for that file.", 10.0)

    def restore(self, upload: str) -> dict[str, Any]:
        """Turn an upload that was made here into a take again.

        Returns
        -------
        dict
            As at the end of a dream (`Runs.updates`): ``take``, and a ``trace`` of one row. The
            take's ``before`` tells whether the sound it started from is there; a recording is not.

        Raises
        ------
        GoneError
            If the upload is gone.
        AudioError
            If it holds no recipe.
        """
        from studio.dreaming import wav
        from studio.dreaming.sources import initial_sound
        from studio.sound import features
        from studio.sound import files as sound_files

        path = self.sounds.uploaded(upload)
        recipe = wav.read_recipe(path)
        sound = sound_files.read(path)
        before = initial_sound(recipe) if recipe.initial in BUILT_IN_SOUNDS else None
        entry = self.sounds.new_take(len(sound))
        try:
            origin = wav.read_origin(path)
            take = self.sounds.add_sound(entry, sound, recipe, before, origin)
        except BaseException:
            self.sounds.store.drop(entry.token)
            raise
        done = recipe.planned_iterations
        measured = {name: [float(f"{value:.5g}")] for name, value in features.means(sound).items()}
        return {
            "take": take,
            "state": "done",
            "iterations": done,
            "trace": {"iteration": [done], **{name: measured[name] for name in _FEATURES}},
        }

    def _known(self, token: str) -> bool:
        entry = self.sounds.store.find(token)
        return entry is not None and ("upload" in entry.facts or self._sound(token) is not None)

    def _sound(self, token: str) -> Path | None:
        entry = self.sounds.store.find(token)
        path = entry.folder / "sound.wav" if entry is not None else None
        return path if path is not None and path.is_file() else None


def _listed(takes: Any) -> tuple[Listed, ...]:
    """Return takes as a page names them, each once."""
    if not isinstance(takes, Sequence) or not 1 <= len(takes) <= MOST_TAKES:
        raise ParameterError(f"A file holds between 1 and {MOST_TAKES} takes.")
    if not all(isinstance(take, Mapping) for take in takes):
        raise ParameterError("Every take must be an object with token, name and recipe.")
    listed: dict[str, Listed] = {}
    for number, take in enumerate(takes):
        token = str(take.get("token", ""))
        listed.setdefault(
            token or f"#{number}",  # a take without a sound has none
            Listed(
                token,
                plain_name(str(take.get("name", "")), 120),
                bool(take.get("star")),
                Recipe.from_dict(take.get("recipe", ())),
            ),
        )
    return tuple(listed.values())


def _zip_name(listed: Sequence[Listed]) -> str:
    return f"dream-takes-{len(listed)}.zip"


def _file_name(take: Listed) -> str:
    """Return a take's name, model, maps and seed as a part of a file's name."""
    return f"{safe_name(take.name, 60)}-{sound_name(take.recipe)}"


def _table(takes: Sequence[Listed], names: Sequence[str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["wav", "name", "star", "recipe"])
    for take, name in zip(takes, names, strict=True):
        # A spreadsheet takes what begins with one of these for a formula.
        shown = f"'{take.name}" if take.name[:1] in ("=", "+", "-", "@") else take.name
        writer.writerow([name, shown, int(take.star), json.dumps(take.recipe.to_dict())])
    return file.getvalue()
