"""ZIP files of gallery sounds, dreamed again losslessly from their recipes."""

from __future__ import annotations

import json
import re
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, ParameterError, StudioError
from studio.ui.gallery.service import GalleryService
from studio.ui.server.messages import user_message
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.store import Entry, SoundStore

if TYPE_CHECKING:
    import pandas as pd

MOST_SOUNDS = 24
MOST_WAITING = 8
GONE = "This file is no longer here (files are kept for some hours). Please ask for it again."
ABOUT = (
    "These sounds were dreamed again from their recipes, which stand in sounds.csv and inside\n"
    "every WAV file. On another kind of processor, rounding may make tiny differences to the\n"
    "sounds of the gallery. The measured columns are those of the gallery.\n"
)
_NOT_FOR_PEOPLE = ("file", "offset_seconds", "offset_bytes", "bytes")


@dataclass(slots=True)
class Bundle:
    """Some sounds on their way into a file."""

    rows: tuple[int, ...]
    entry: Entry
    done: int = 0
    state: str = "waiting"
    message: str | None = None
    path: Path | None = None
    stop: threading.Event = field(default_factory=threading.Event)


class Bundles:
    """Makes files of the gallery's sounds, one at a time, so that dreams keep their processor.

    Parameters
    ----------
    gallery : GalleryService
        Where recipes and features come from.
    model_cache : ModelCache
        Where models come from.
    store : SoundStore
        Where files are kept for some hours.
    """

    def __init__(self, gallery: GalleryService, model_cache: ModelCache, store: SoundStore) -> None:
        self.gallery = gallery
        self.model_cache = model_cache
        self.store = store
        self._turn = threading.Lock()
        self._waiting = 0
        self._counting = threading.Lock()

    def start(self, rows: Any) -> dict[str, Any]:
        """Begin a file: a WAV of one sound, a ZIP of several.

        Raises
        ------
        ParameterError
            If there are none, too many, or rows that do not exist.
        StudioError
            If too many files are being made already.
        """
        wanted = self._checked(rows)
        with self._counting:
            if self._waiting >= MOST_WAITING:
                raise StudioError("Many files are being made just now. Please try again soon.")
            self._waiting += 1
        entry = self.store.new()
        bundle = Bundle(wanted, entry)
        entry.facts["bundle"] = bundle
        threading.Thread(target=self._work, args=(bundle,), name="bundle", daemon=True).start()
        return self.progress(entry.token)

    def progress(self, token: str) -> dict[str, Any]:
        """Return how far a file is."""
        bundle = self._find(token)
        return {
            "token": token,
            "state": bundle.state,
            "done": bundle.done,
            "of": len(bundle.rows),
            "message": bundle.message,
            "name": bundle.path.name if bundle.path else None,
        }

    def stop(self, token: str) -> None:
        """Give a file up."""
        self._find(token).stop.set()

    def file(self, token: str) -> Path:
        """Return a finished file."""
        path = self._find(token).path
        if path is None or not path.is_file():
            raise AudioError(GONE)
        return path

    def _find(self, token: str) -> Bundle:
        entry = self.store.find(token)
        if entry is None or "bundle" not in entry.facts:
            raise AudioError(GONE)
        return entry.facts["bundle"]

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

    def _work(self, bundle: Bundle) -> None:
        try:
            with self._turn:
                bundle.state = "dreaming"
                bundle.path = self._make(bundle)
                bundle.state = "done" if bundle.path else "stopped"
        except BaseException as error:
            bundle.message, bundle.state = user_message(error), "error"
        finally:
            with self._counting:
                self._waiting -= 1
            if bundle.path is None and bundle.state == "stopped":
                self.store.drop(bundle.entry.token)

    def _make(self, bundle: Bundle) -> Path | None:
        """Dream every sound again; return the file, or None when it was given up."""
        from studio.dreaming import wav
        from studio.dreaming.loop import dream

        table = self.gallery.gallery().table
        made: list[tuple[Path, Recipe]] = []
        for row in bundle.rows:
            recipe = Recipe.from_dict(self.gallery.recipe(row))
            model = self.model_cache.get(recipe.dataset, recipe.architecture)
            sound = dream(model, recipe, on_step=lambda _: not bundle.stop.is_set())
            if bundle.stop.is_set():
                return None
            path = bundle.entry.folder / f"{file_name(table.iloc[row].to_dict())}.wav"
            wav.write(path, sound.audio, recipe, origin=sound.origin)
            made.append((path, recipe))
            bundle.done += 1
        if len(made) == 1:
            return made[0][0]
        return _packed(bundle, made, table)


def file_name(sound: Mapping[Any, Any]) -> str:
    """Return a name for a sound (a row of the gallery's table) that says where it comes from."""
    name = f"{sound['dataset']}-{sound['architecture']}-layer{sound['layer']}-map{sound['map']}"
    named = f"{name}-{sound['label']}" if sound["label"] else name
    return re.sub(r"[^A-Za-z0-9-]+", "-", named).strip("-")[:90]


def _packed(bundle: Bundle, made: list[tuple[Path, Recipe]], table: pd.DataFrame) -> Path:
    facts = table.iloc[list(bundle.rows)].drop(columns=list(_NOT_FOR_PEOPLE), errors="ignore")
    facts.insert(0, "wav", [path.name for path, _ in made])
    facts["recipe"] = [json.dumps(recipe.to_dict()) for _, recipe in made]
    path = bundle.entry.folder / f"dream-gallery-{len(made)}-sounds.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for wav, _ in made:
            archive.write(wav, wav.name)  # as it is: noise does not compress
        archive.writestr("sounds.csv", facts.to_csv(index=False), zipfile.ZIP_DEFLATED)
        archive.writestr("about.txt", ABOUT)
    return path
