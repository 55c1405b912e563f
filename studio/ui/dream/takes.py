"""Takes of a session: list, ZIP, and restoring a WAV made here."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.errors import AudioError, ParameterError
from studio.ui.server.sounds import GONE, SoundService

MOST_TAKES = 200
MOST_ZIP_BYTES = 512 << 20
ABOUT = (
    "takes.csv lists the sounds in this file with their recipes; every WAV holds its recipe, too.\n"
    "Drop a WAV on the studio's page and it is back. A take without a WAV was no longer on the\n"
    "server; its recipe makes it again.\n"
)
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

    def here(self, tokens: Any) -> list[str]:
        """Return those of ``tokens`` whose sounds are here: takes, or recordings that were sent."""
        if not isinstance(tokens, list) or len(tokens) > MOST_TAKES:
            raise ParameterError(f"tokens must be a list of at most {MOST_TAKES}.")
        return [str(token) for token in tokens if self._known(str(token))]

    def pack(self, takes: Any) -> dict[str, Any]:
        """Make a ZIP of takes; return its token, name and how many of them are not here any more.

        Raises
        ------
        ParameterError
            If there are none, too many, too large ones, or not takes at all.
        """
        listed = _listed(takes)
        paths = [self._sound(take.token) for take in listed]
        there = [path for path in paths if path is not None]
        if sum(path.stat().st_size for path in there) > MOST_ZIP_BYTES:
            raise ParameterError(
                f"These takes are larger than {MOST_ZIP_BYTES >> 20} MB together. Delete some of "
                "them, or save the long ones one by one."
            )
        entry = self.sounds.store.new()
        path = entry.folder / f"dream-takes-{len(listed)}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            names = []
            for number, (take, sound) in enumerate(zip(listed, paths, strict=True), 1):
                name = f"{number:03d}-{_plain(take.name)}.wav" if sound else ""
                if sound:
                    archive.write(sound, name)  # as it is: noise does not compress
                names.append(name)
            archive.writestr("takes.csv", _table(listed, names), zipfile.ZIP_DEFLATED)
            archive.writestr("about.txt", ABOUT)
        entry.facts["takes"] = path
        return {"token": entry.token, "name": path.name, "missing": len(listed) - len(there)}

    def file(self, token: str) -> Path:
        """Return a ZIP that was made.

        Raises
        ------
        AudioError
            If it is not there (any more).
        """
        entry = self.sounds.store.find(token)
        if entry is None or "takes" not in entry.facts:
            raise AudioError("This file is no longer here. Please ask for it again.")
        return entry.facts["takes"]

    def restore(self, upload: str) -> dict[str, Any]:
        """Turn an upload that was made here into a take again.

        Returns
        -------
        dict
            As at the end of a dream (`Runs.updates`): ``take``, and a ``trace`` of one row. The
            take's ``before`` tells whether the sound it started from is there; a recording is not.

        Raises
        ------
        AudioError
            If the upload is gone or holds no recipe.
        """
        from studio.dreaming import wav
        from studio.dreaming.sources import initial_sound
        from studio.sound import features
        from studio.sound import files as sound_files

        entry = self.sounds.store.find(upload)
        if entry is None or "upload" not in entry.facts:
            raise AudioError(GONE)
        path = entry.facts["upload"]
        recipe = wav.read_recipe(path)
        sound = sound_files.read(path)
        before = initial_sound(recipe) if recipe.initial in BUILT_IN_SOUNDS else None
        take = self.sounds.add_sound(
            self.sounds.store.new(), sound, recipe, before, wav.read_origin(path)
        )
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


def _listed(takes: Any) -> list[Listed]:
    if not isinstance(takes, Sequence) or not 1 <= len(takes) <= MOST_TAKES:
        raise ParameterError(f"A file holds between 1 and {MOST_TAKES} takes.")
    if not all(isinstance(take, Mapping) for take in takes):
        raise ParameterError("Every take must be an object with token, name and recipe.")
    return [
        Listed(
            str(take.get("token", "")),
            str(take.get("name", ""))[:120],
            bool(take.get("star")),
            Recipe.from_dict(take.get("recipe", ())),
        )
        for take in takes
    ]


def _plain(name: str) -> str:
    """Return a take's name as a part of a file's name."""
    return re.sub(r"[^\w-]+", "-", name).strip("-_")[:60] or "take"


def _table(takes: Sequence[Listed], names: Sequence[str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["wav", "name", "star", "recipe"])
    for take, name in zip(takes, names, strict=True):
        # A spreadsheet takes what begins with one of these for a formula.
        shown = f"'{take.name}" if take.name[:1] in ("=", "+", "-", "@") else take.name
        writer.writerow([name, shown, int(take.star), json.dumps(take.recipe.to_dict())])
    return file.getvalue()
