"""Export many sounds: finished files and, if wanted, a sampler kit, in a folder or a ZIP."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from studio.dreaming.origin import Origin
from studio.dreaming.recipe import Recipe
from studio.errors import AudioError, ParameterError, SaveError
from studio.export.files import Tags, write_sound
from studio.export.kits import KitSound, decent_sampler, require_room, root_note, sfz
from studio.export.names import Names, safe_name, sound_name
from studio.export.options import ExportOptions
from studio.files import folder_beside, replacing, write_text

TABLE = "sounds.csv"
_SOUNDS = "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sound to export: its samples (T,) or (T, 2), and what is known of it.

    ``facts`` stand in the table of the exported sounds.
    """

    audio: np.ndarray
    recipe: Recipe | None = None
    origin: Origin | None = None
    name: str = ""
    label: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

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
        return group_of(self.recipe) if self.recipe else self.title


def group_of(recipe: Recipe) -> str:
    """Return what a recipe has in common with itself from other seeds: one key of a kit."""
    return recipe.replace(seed=0).to_json()


class Collection:
    """A folder that fills with finished sounds, one at a time, and at last with a kit's files.

    Every file appears whole or not at all; files of other names stay.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    options : ExportOptions
    """

    def __init__(self, folder: Path, options: ExportOptions) -> None:
        self.folder = folder
        self.options = options
        self.files: list[Path] = []
        """All files so far, in the order in which they were written."""
        self._sounds: list[KitSound] = []
        self._rows: list[dict[str, object]] = []
        self._names = Names()
        self._inside = folder / _SOUNDS if options.kit != "none" else folder
        self._inside.mkdir(parents=True, exist_ok=True)

    def add(self, source: Source) -> Path:
        """Write one sound; return its path.

        Raises
        ------
        AudioError
            If it is empty or cannot be written.
        """
        name = self._names.free(source.title)
        path = self._inside / f"{name}.{self.options.format}"
        sound = export_one(path, source, self.options)
        inside = path.relative_to(self.folder).as_posix()
        self._sounds.append(replace(sound, file=inside))
        self.add_row(inside, source.label, source.recipe, source.facts)
        self.files.append(path)
        return path

    def add_row(
        self, file: str, label: str, recipe: Recipe | None, facts: Mapping[str, object]
    ) -> None:
        """Add a row to the table; ``file`` is empty where there is only a recipe."""
        told = {"file": file, "label": label, **facts}
        self._rows.append({**told, "recipe": recipe.to_json() if recipe else ""})

    def close(self) -> Sequence[Path]:
        """Write the kit's files and, of several sounds, their table; return all files.

        Raises
        ------
        ParameterError
            If there is no sound, or there are more than a kit can hold.
        """
        if not self._rows:
            raise ParameterError("There is no sound to export. Choose at least one.")
        if self.options.kit != "none":
            pads, name = self.options.kit == "pads", safe_name(self.options.name)
            self._write(f"{name}.sfz", sfz(self._sounds, pads))
            self._write(f"{name}.dspreset", decent_sampler(self._sounds, pads))
        if len(self._rows) > 1:
            self._write(TABLE, _table(self._rows))
        return self.files

    def _write(self, name: str, text: str) -> None:
        write_text(self.folder / name, text)
        self.files.append(self.folder / name)


def check_kit(options: ExportOptions, groups: Iterable[str]) -> None:
    """Say no to more sounds than a kit can hold, before any is made; see `require_room`."""
    if options.kit != "none":
        require_room(groups, options.kit == "pads")


def export_one(path: Path, source: Source, options: ExportOptions) -> KitSound:
    """Write one finished sound and return what a kit says of it."""
    from studio.sound.finish import finish

    audio = _with_channels(source.audio, options.channels)
    audio = finish(audio, options.finish, source.loops)
    if not len(audio):
        raise AudioError(f"'{source.title}' holds no sound. Leave it out.")
    note, loops = root_note(audio), source.loops and options.loop_points
    tags = Tags(
        comment=source.recipe.to_json() if source.recipe else "",
        title=source.title,
        origin=source.origin,
        root_note=note,
        loops=loops,
        tempo_bpm=options.tempo_bpm or None,
    )
    write_sound(path, audio, tags, options.subtype)
    return KitSound(
        file=path.name, samples=len(audio), root_note=note, loops=loops, group=source.group
    )


def export_folder(
    folder: Path,
    sources: Iterable[Source],
    options: ExportOptions,
    on_sound: Callable[[int], object] = lambda done: None,
) -> Sequence[Path]:
    """Write sounds, and what belongs to them, into a folder; return the files' paths.

    ``on_sound`` is told after every sound how many are done. Errors as `Collection`.
    """
    collection = Collection(folder, options)
    for done, source in enumerate(sources, 1):
        collection.add(source)
        on_sound(done)
    return collection.close()


def export_zip(
    path: Path,
    sources: Iterable[Source],
    options: ExportOptions,
    on_sound: Callable[[int], object] = lambda done: None,
) -> Path:
    """Write what `export_folder` writes into a ZIP file, whole or not at all."""
    if not path.parent.is_dir():
        raise SaveError(f"There is no folder '{path.parent}'. Create it or choose another.")
    with folder_beside(path) as folder, replacing(path) as temporary:
        files = export_folder(folder, sources, options, on_sound)
        try:
            with zipfile.ZipFile(temporary, "w") as archive:
                for file in files:  # sounds as they are: noise does not compress
                    archive.write(file, file.relative_to(folder).as_posix())
        except OSError as error:
            raise SaveError(
                f"'{path}' cannot be saved ({error}). Free some space or choose another folder."
            ) from error
    return path


def _with_channels(audio: np.ndarray, channels: str) -> np.ndarray:
    """Return a sound (T,) or (T, 2) as mono, as stereo, or as it is."""
    if channels == "mono" and audio.ndim == 2:
        return audio.mean(axis=1)
    if channels == "stereo" and audio.ndim == 1:
        return np.stack([audio, audio], axis=1)
    return audio


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row if name != "recipe"))
    file = io.StringIO()
    writer = csv.DictWriter(file, [*columns, "recipe"], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return file.getvalue()


def _cell(value: object) -> object:
    """Return a value of which no spreadsheet makes a formula."""
    formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@")
    return f"'{value}" if formula else value
