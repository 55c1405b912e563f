"""Export many sounds: finished files and, if wanted, a sampler kit, in a folder or a ZIP."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, ParameterError
from studio.export.files import FORMATS, SUBTYPES, Tags, write_sound
from studio.export.kits import MOST_SOUNDS, KitSound, decent_sampler, root_note, sfz
from studio.export.names import safe_name, sound_name, without_repeats
from studio.files import replacing, write_text
from studio.sound.finish import Finish, finish

KITS = ("none", "keys", "pads")
_SOUNDS = "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sound to export: its samples (T,) or (T, 2), and what is known of it."""

    audio: np.ndarray
    recipe: Recipe | None = None
    name: str = ""
    label: str = ""

    @property
    def loops(self) -> bool:
        """Whether its recipe made it a loop."""
        return self.recipe is not None and self.recipe.padding != "reflect"

    @property
    def title(self) -> str:
        """Its file name without ending."""
        return sound_name(self.recipe, self.label) if self.recipe else safe_name(self.name)

    @property
    def group(self) -> str:
        """What it has in common with the same recipe from other seeds."""
        return self.recipe.replace(seed=0).to_json() if self.recipe else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How sounds are exported.

    Attributes
    ----------
    finish : Finish
    form : {"wav", "flac"}
    subtype : {"16-bit", "24-bit", "float"}
    kit : {"none", "keys", "pads"}
        ``keys``: an instrument over the keyboard, every sound around its root note; ``pads``: a key
        from C2 on for every sound, untransposed. Seeds of one recipe take turns on their key.
    name : str
        Of the kit's files.
    tempo_bpm : float, optional
        20 … 400.
    """

    finish: Finish = field(default_factory=Finish)
    form: str = "wav"
    subtype: str = "24-bit"
    kit: str = "none"
    name: str = "dream-kit"
    tempo_bpm: float | None = None

    def __post_init__(self) -> None:
        for name, known in (("form", FORMATS), ("subtype", tuple(SUBTYPES)), ("kit", KITS)):
            if getattr(self, name) not in known:
                raise ParameterError(f"{name}={getattr(self, name)!r} must be {', '.join(known)}.")
        if self.tempo_bpm is not None and not 20 <= self.tempo_bpm <= 400:
            raise ParameterError(f"tempo_bpm={self.tempo_bpm} must lie between 20 and 400.")


def export_one(path: Path, source: Source, settings: Export) -> KitSound:
    """Write one finished sound and return what a kit says of it."""
    audio = finish(source.audio, settings.finish, source.loops)
    if not len(audio):
        raise AudioError(f"'{source.title}' holds no sound. Leave it out.")
    note = root_note(audio)
    tags = Tags(
        comment=source.recipe.to_json() if source.recipe else "",
        title=source.title,
        root_note=note,
        loops=source.loops,
        tempo_bpm=settings.tempo_bpm,
    )
    write_sound(path, audio, tags, settings.subtype)
    return KitSound(
        file=path.name, samples=len(audio), root_note=note, loops=source.loops, group=source.group
    )


def export_folder(
    folder: Path,
    sources: Iterable[Source],
    settings: Export,
    on_sound: Callable[[int], object] = lambda done: None,
) -> list[Path]:
    """Write sounds, and the kit's files beside them, into a folder; return the sounds' paths.

    Every file appears whole or not at all; files of other names stay.
    ``on_sound`` is told after every sound how many are done.

    Raises
    ------
    ParameterError
        If there is no sound, or there are more than a kit can hold.
    """
    inside = folder / _SOUNDS if settings.kit != "none" else folder
    inside.mkdir(parents=True, exist_ok=True)
    known: list[KitSound] = []
    paths: list[Path] = []
    taken: list[str] = []
    for source in sources:
        if settings.kit != "none" and len(known) >= MOST_SOUNDS:
            raise ParameterError(f"A kit holds at most {MOST_SOUNDS:,} sounds. Choose fewer.")
        taken.append(source.title)
        name = list(without_repeats(taken))[-1]
        path = inside / f"{name}.{settings.form}"
        sound = export_one(path, source, settings)
        known.append(replace(sound, file=f"{_SOUNDS}/{path.name}"))
        paths.append(path)
        on_sound(len(paths))
    if not paths:
        raise ParameterError("There is no sound to export. Choose at least one.")
    if settings.kit != "none":
        pads, name = settings.kit == "pads", safe_name(settings.name)
        write_text(folder / f"{name}.sfz", sfz(known, pads))
        write_text(folder / f"{name}.dspreset", decent_sampler(known, pads))
    return paths


def export_zip(
    path: Path,
    sources: Iterable[Source],
    settings: Export,
    on_sound: Callable[[int], object] = lambda done: None,
) -> Path:
    """Write what `export_folder` writes into a ZIP file, whole or not at all."""
    with (
        tempfile.TemporaryDirectory(prefix="deep-dream-export-") as name,
        replacing(path) as temporary,
    ):
        folder = Path(name)
        export_folder(folder, sources, settings, on_sound)
        try:
            with zipfile.ZipFile(temporary, "w") as archive:
                for file in sorted(folder.rglob("*")):
                    if file.is_file():  # sounds as they are: noise does not compress
                        archive.write(file, file.relative_to(folder).as_posix())
        except OSError as error:
            raise AudioError(
                f"'{path}' cannot be saved ({error}). Free some space or choose another folder."
            ) from error
    return path
