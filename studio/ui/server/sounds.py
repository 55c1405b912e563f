"""Sound files of a session: uploads, previews, finished dreams, downloads."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.dreaming import sources
from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.errors import AudioError, GoneError, ParameterError
from studio.export.names import sound_name
from studio.text import file_name, shown
from studio.ui.server.store import Entry, SoundStore

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream
    from studio.dreaming.origin import Origin

GONE = "This sound is no longer here (sounds are kept for some hours). Dream or upload it again."
_PEAKS = 900
_PREVIEWS_KEPT = 2
"""A page fetches the latest one; one of 60 s takes 5 MB."""

_SMALL_BYTES = 1 << 16
_NAME = re.compile(r"(heard|before|sound)\.wav|recipe\.json")


class SoundService:
    """Turns sounds into files that a page may fetch, and uploads into sounds.

    What reads or encodes takes memory and time: call it by way of `Admission`.
    """

    def __init__(self, store: SoundStore) -> None:
        self.store = store

    # -- into the studio

    def new_upload(self, name: str) -> tuple[Entry, Path]:
        """Return a new entry and where its upload is to be written."""
        entry = self.store.new()
        return entry, entry.folder / safe_name(name)

    def accept_upload(self, entry: Entry, path: Path) -> dict[str, Any]:
        """Check an uploaded file and return what the page shows of it.

        Raises
        ------
        AudioError
            If it is no sound that the studio can use; the upload is then dropped. A recipe that
            cannot be read costs no sound: ``unread`` says what is wrong with it.
        """
        from studio.dreaming import wav
        from studio.sound import files as sound_files

        try:
            facts = sound_files.probe(path)
            sound = sound_files.read(path)
        except Exception:
            self.store.drop(entry.token)
            raise
        recipe = unread = None
        try:
            recipe = wav.read_recipe(path).to_dict()
        except AudioError as error:
            unread = str(error) if isinstance(error, wav.UnreadRecipeError) else None
        entry.facts["upload"] = path
        self.store.settle(entry)
        return {
            "token": entry.token,
            "name": facts.name,
            "seconds": facts.duration_seconds,
            "sample_rate": facts.sample_rate,
            "channels": facts.channels,
            "peaks": peaks(sound, _PEAKS),
            "recipe": recipe,
            "unread": unread,
        }

    def part(self, token: str, start_seconds: float, seconds: float) -> tuple[str, np.ndarray]:
        """Return name and samples of a part of an upload.

        Raises
        ------
        AudioError
            If the upload is gone or the part is silent.
        """
        path = self.uploaded(token)
        return path.name, self.read(path, start_seconds, seconds)

    def read(
        self,
        path: Path,
        start_seconds: float = 0.0,
        seconds: float | None = None,
        stereo: bool = False,
    ) -> np.ndarray:
        """Return the samples of a part of a sound file that somebody sent, by default of all.

        ``stereo``: both channels, (T, 2), where it has two.

        Raises
        ------
        AudioError
            If it is no sound that the studio can use, or the part is silent.
        """
        from studio.sound import files as sound_files

        seconds = sound_files.LONGEST_SECONDS if seconds is None else seconds
        longest = sound_files.LONGEST_SECONDS
        if not (abs(start_seconds) <= longest and 0 < seconds <= longest):
            raise ParameterError("The part must start and last within the recording.")
        return sound_files.read(path, max(0.0, start_seconds), seconds, stereo)

    def uploaded(self, token: str) -> Path:
        """Return the file of an upload.

        Raises
        ------
        GoneError
            If it is gone.
        """
        entry = self.store.find(token)
        if entry is None or "upload" not in entry.facts:
            raise GoneError(GONE)
        return entry.facts["upload"]

    # -- out of the studio

    def part_wav(self, token: str, start_seconds: float, seconds: float) -> bytes:
        """Return a part of an upload as it is listened to."""
        return heard_bytes(self.part(token, start_seconds, seconds)[1])

    def initial_wav(self, initial: str, seconds: float, seed: float) -> bytes:
        """Return a built-in sound as it is listened to."""
        if initial not in BUILT_IN_SOUNDS:
            raise ParameterError(
                f"There is no built-in sound {shown(initial)}; choose {', '.join(BUILT_IN_SOUNDS)}."
            )
        recipe = Recipe(initial=initial, seconds=seconds, seed=int(seed))
        return heard_bytes(sources.initial_sound(recipe))

    def add_preview(self, entry: Entry, number: int, audio: np.ndarray) -> str:
        """Keep a preview, forget the former ones, return its path on the server."""
        previews = entry.facts.setdefault("previews", OrderedDict())
        previews[number] = heard_bytes(audio)
        while len(previews) > _PREVIEWS_KEPT:
            previews.popitem(last=False)
        return f"studio/sounds/{entry.token}/previews/{number}.wav"

    def preview(self, token: str, number: int) -> bytes:
        """Return a preview of a dream that goes on.

        Raises
        ------
        GoneError
            If it is not there any more.
        """
        entry = self.store.find(token)
        found = entry.facts.get("previews", {}).get(number) if entry is not None else None
        if found is None:
            raise GoneError(GONE)
        return found

    def new_take(self, samples: int) -> Entry:
        """Return an entry with room for a sound of so many samples, those of all channels.

        Raises
        ------
        BusyError
            If there is no room now.
        """
        # As float32, and for listening with what it started from: 4 + 2 + 2 bytes a sample.
        return self.store.new(8 * samples + _SMALL_BYTES)

    def add_take(self, entry: Entry, dream: Dream) -> dict[str, Any]:
        """Write a finished dream and return what the page needs to play, show and save it."""
        return self.add_sound(entry, dream.audio, dream.recipe, dream.initial, dream.origin)

    def add_sound(
        self,
        entry: Entry,
        sound: np.ndarray,
        recipe: Recipe,
        before: np.ndarray | None,
        origin: Origin | None = None,
    ) -> dict[str, Any]:
        """Write a sound with its recipe, and ``before``, what it started from, if that is known.

        ``origin``: by what it was dreamed, if that is known.
        """
        from studio.dreaming import wav
        from studio.sound import SAMPLE_RATE

        wav.write(entry.folder / "sound.wav", sound, recipe, origin=origin)
        (entry.folder / "heard.wav").write_bytes(heard_bytes(sound, recipe.padding == "loop"))
        if before is not None:
            (entry.folder / "before.wav").write_bytes(heard_bytes(before))
        (entry.folder / "recipe.json").write_text(
            json.dumps(recipe.to_dict(), indent=1) + "\n", encoding="utf-8"
        )
        entry.facts["recipe"], entry.facts["origin"] = recipe, origin
        entry.facts.pop("previews", None)
        self.store.settle(entry)
        return {
            "token": entry.token,
            "folder": f"studio/sounds/{entry.token}/",
            "recipe": recipe.to_dict(),
            "seconds": len(sound) / SAMPLE_RATE,
            "before": before is not None,
            "measured": measured_facts(sound, recipe),
        }

    def file(self, token: str, name: str) -> tuple[Path, str]:
        """Return a file of an entry and the name under which it is saved.

        Raises
        ------
        GoneError
            If it is not there (any more).
        """
        entry = self.store.find(token)
        path = entry.folder / name if entry is not None and _NAME.fullmatch(name) else None
        if entry is None or path is None or not path.is_file():
            raise GoneError(GONE)
        return path, _title(entry) + (".json" if name == "recipe.json" else ".wav")


def _title(entry: Entry) -> str:
    recipe = entry.facts.get("recipe")
    return sound_name(recipe) if recipe else "preview"


def safe_name(name: str) -> str:
    """Return a file name without folders and control characters, not too long, never empty."""
    name = file_name(name)
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[:60]}.{ending[:8]}" if dot else name[:60]
    return name or "recording"


def measured_facts(sound: np.ndarray, recipe: Recipe) -> dict[str, float | None]:
    """Return what the page shows of a finished sound beside its faders.

    Shares 0 … 1, ``loudness_lufs`` (None: silence), and ``seam_db`` where the sound is made to
    follow itself (else None).
    """
    from studio.sound import material

    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    loudness = material.loudness_lufs(sound)
    seam = material.seam_db(mono) if recipe.padding == "loop" else None
    return {
        "active_share": round(material.active_share(mono), 4),
        "below_20_hz": round(material.energy_share(mono, high_hz=20.0), 4),
        "above_4_khz": round(material.energy_share(mono, low_hz=4000.0), 4),
        "loudness_lufs": round(loudness, 1) if np.isfinite(loudness) else None,
        "seam_db": round(seam, 1) if seam is not None and np.isfinite(seam) else None,
    }


def peaks(sound: np.ndarray, columns: int) -> list[list[float]]:
    """Return the smallest and largest sample of every column of a drawn waveform."""
    edges = np.linspace(0, len(sound), min(columns, len(sound)) + 1).astype(int)[:-1]
    scale = float(np.abs(sound).max(initial=0.0)) or 1.0
    low = np.minimum.reduceat(sound, edges) / scale
    high = np.maximum.reduceat(sound, edges) / scale
    return [np.round(low, 3).tolist(), np.round(high, 3).tolist()]


def heard_bytes(sound: np.ndarray, loops: bool = False) -> bytes:
    """Return a sound at listening level as the bytes of a 16-bit WAV; ``loops``: its ends join."""
    from studio.sound.files import encode
    from studio.sound.levels import listening_level

    return encode(listening_level(sound, loops), "16-bit")
