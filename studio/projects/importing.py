"""Sounds come into a project: single files, a folder or a ZIP with a subfolder per class."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from studio.datasets.folder import SOUND_FILES
from studio.errors import AudioError, ParameterError, SaveError
from studio.projects.checks import remarks
from studio.projects.cutting import cut
from studio.projects.project import Clip, checked_name, editing, new_id
from studio.projects.sounds import store
from studio.sound import SAMPLE_RATE
from studio.text import plain_name

MOST_FILES, MOST_UNPACKED_BYTES = 10_000, 4 << 30
_OTHER = "sounds"
"""The class of files that lie in no folder."""

_IGNORED = ("__MACOSX", ".")


@dataclass(slots=True)
class Imported:
    """What came of an import: how many clips, and what was left out, each with its reason."""

    clips: int = 0
    problems: list[str] = field(default_factory=list)


def new_clips(folder: Path, source: Path, name: str, at_silences: bool = False) -> list[Clip]:
    """Store a sound file and return its clips: the whole, or the pieces between silences."""
    sound, audio = store(folder, source)
    pieces = cut(audio) if at_silences else []
    clips = []
    for start, seconds in pieces or [(0.0, len(audio) / SAMPLE_RATE)]:
        part = audio[round(start * SAMPLE_RATE) : round((start + seconds) * SAMPLE_RATE)]
        clips.append(Clip(new_id(), sound, start, seconds, name, False, remarks(part, seconds)))
    return clips


def add_file(
    slug: str, folder: Path, into: str, source: Path, name: str, at_silences: bool = False
) -> list[Clip]:
    """Add a sound file to a class, made where there is none; return its clips."""
    into = checked_name(into)
    clips = new_clips(folder, source, plain_name(name), at_silences)
    with editing(slug) as project:
        project.add(into, clips)
    return clips


def add_folder(slug: str, folder: Path, source: Path) -> Imported:
    """Add every sound of a folder, each subfolder a class."""
    found = sorted(path for path in source.rglob("*") if path.is_file())
    return _add(slug, folder, ((path, path.relative_to(source).parts) for path in found))


def add_zip(slug: str, folder: Path, source: Path) -> Imported:
    """Add every sound of a ZIP, each folder in it a class; nothing is unpacked by its own name.

    Raises
    ------
    ParameterError
        If it is no ZIP, or holds too much.
    """
    try:
        with (
            zipfile.ZipFile(source) as archive,
            tempfile.TemporaryDirectory(dir=folder) as temporary,
        ):
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise ParameterError(
                    f"{len(members):,} files are too many: {MOST_FILES:,} is the most."
                )
            if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
                raise ParameterError(
                    f"Unpacked, this is more than {MOST_UNPACKED_BYTES >> 30} GB. Split it."
                )

            def unpacked() -> Iterable[tuple[Path, tuple[str, ...]]]:
                for number, member in enumerate(members):
                    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                    if not parts:  # a member without a name
                        continue
                    path = Path(temporary, f"{number}{PurePosixPath(parts[-1]).suffix[:8]}")
                    if _is_wanted(parts):
                        with archive.open(member) as packed, path.open("wb") as file:
                            shutil.copyfileobj(packed, file)
                    yield path, parts
                    path.unlink(missing_ok=True)

            return _add(slug, folder, unpacked())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ParameterError(
            "This is no ZIP that can be unpacked here: it is damaged or encrypted. Pack it anew."
        ) from error


def _is_wanted(parts: tuple[str, ...]) -> bool:
    return not any(part.startswith(_IGNORED) and part not in ("..", ".") for part in parts)


def _add(slug: str, folder: Path, files: Iterable[tuple[Path, tuple[str, ...]]]) -> Imported:
    imported = Imported()
    gathered: dict[str, list[Clip]] = {}
    for path, parts in files:
        if not _is_wanted(parts):
            continue
        names = [name for name in map(plain_name, parts) if name not in ("", ".", "..", "/")]
        if not names:
            continue
        into = checked_name(names[-2]) if len(names) > 1 else _OTHER
        if Path(names[-1]).suffix.lower() not in SOUND_FILES:
            imported.problems.append(f"{'/'.join(names[-2:])}: no sound file")
            continue
        try:
            clips = new_clips(folder, path, names[-1])
        except SaveError:
            raise
        except AudioError as error:
            reason = str(error).replace(f"'{path.name}'", "it")
            imported.problems.append(f"{'/'.join(names[-2:])}: {reason}")
            continue
        gathered.setdefault(into, []).extend(clips)
        imported.clips += len(clips)
    with editing(slug) as project:
        for into, clips in gathered.items():
            project.add(into, clips)
    return imported
