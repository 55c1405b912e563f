"""A project on disk: ``project.json`` and the sounds that it names.

A clip is a stretch of a stored sound; classes are lists of clips. Editing never touches a sound:
a training that is under way keeps what it began with.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from studio.errors import BusyError, DataNotFoundError, ParameterError
from studio.files import write_text
from studio.places import projects
from studio.text import plain_name, shown

_LOCK_SECONDS = 20.0
_LONGEST_SLUG = 60
MOST_CLASSES, MOST_CLIPS = 200, 20_000
_RESERVED = ("events", "instruments", "speech", "fsd50k", "tu-berlin", "aishell3")
_SOUND = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Clip:
    """A stretch of a sound.

    Attributes
    ----------
    id : str
        Unique in its project.
    sound : str
        Content hash of the stored sound, its file's stem.
    start, seconds : float
        In seconds.
    name : str
        The file it came from, as people read it.
    muted : bool
        Kept, but not trained on.
    remarks : list of str
        What is wrong with it, in words; see `studio.projects.checks`.
    """

    id: str
    sound: str
    start: float
    seconds: float
    name: str = ""
    muted: bool = False
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SoundClass:
    """A class: a name and its clips."""

    name: str
    clips: list[Clip] = field(default_factory=list)


@dataclass(slots=True)
class Project:
    """A project as `project.json` holds it.

    Attributes
    ----------
    slug : str
        Name of its folder; models trained on it have it as their dataset.
    title : str
        As people read it.
    classes : list of SoundClass
    """

    slug: str
    title: str
    classes: list[SoundClass] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return projects() / self.slug

    def clips(self) -> Iterator[tuple[SoundClass, Clip]]:
        """Yield every clip and the class it is in."""
        for each in self.classes:
            for clip in each.clips:
                yield each, clip

    def find_class(self, name: str) -> SoundClass:
        """Return a class by name."""
        for each in self.classes:
            if each.name == name:
                return each
        raise DataNotFoundError(f"There is no class {shown(name)} here any more.")

    def make_class(self, name: str) -> SoundClass:
        """Return the class of that name, made where there is none."""
        name = checked_name(name)
        for each in self.classes:
            if each.name == name:
                return each
        if len(self.classes) >= MOST_CLASSES:
            raise ParameterError(f"{MOST_CLASSES} classes are the most. Merge some first.")
        self.classes.append(SoundClass(name))
        return self.classes[-1]

    def add(self, into: str, clips: list[Clip]) -> None:
        """Put clips into a class, made where there is none."""
        if sum(1 for _ in self.clips()) + len(clips) > MOST_CLIPS:
            raise ParameterError(f"{MOST_CLIPS:,} clips are the most of a project.")
        self.make_class(into).clips.extend(clips)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain types."""
        return asdict(self)


def checked_name(name: Any) -> str:
    """Return the name of a class or project as it is kept: one line, no control characters."""
    cleaned = plain_name(name, 80) if isinstance(name, str) else ""
    if not cleaned:
        raise ParameterError("A class needs a name.")
    return cleaned


def new_id() -> str:
    """Return the name of a new clip."""
    return secrets.token_hex(6)


def slug_of(title: str) -> str:
    """Return what a title becomes as the name of a folder and of models: letters of all scripts."""
    slug = re.sub(r"[^\w]+", "_", plain_name(title).lower()).strip("_")[:_LONGEST_SLUG]
    return slug or "sounds"


def create(title: str) -> Project:
    """Make a new, empty project; a name that is taken gets a number."""
    title = checked_name(title)
    base = slug_of(title)
    for number in range(1, 1000):
        slug = base if number == 1 else f"{base}_{number}"
        if slug in _RESERVED:
            continue
        try:
            (projects() / slug).mkdir(parents=True)
        except FileExistsError:
            continue
        project = Project(slug, title)
        _write(project)
        return project
    raise ParameterError(f"There are too many projects called {shown(title)}. Choose another name.")


def load(slug: str) -> Project:
    """Return a project.

    Raises
    ------
    DataNotFoundError
        If there is none of that name, or its file is damaged.
    """
    path = _folder(slug) / "project.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        classes = [
            SoundClass(
                checked_name(each["name"]),
                [clip for clip in (Clip(**values) for values in each["clips"]) if _fits(clip)],
            )
            for each in found["classes"]
        ]
        return Project(slug, checked_name(found["title"]), classes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataNotFoundError(
            f"The project {shown(slug)} cannot be read ({type(error).__name__}). Look at {path}."
        ) from error


def listing() -> list[dict[str, Any]]:
    """Return slug, title and number of clips of every readable project, by title."""
    told = []
    for path in projects().glob("*/project.json"):
        try:
            project = load(path.parent.name)
        except DataNotFoundError:
            continue
        clips = sum(len(each.clips) for each in project.classes)
        told.append({"slug": project.slug, "title": project.title, "clips": clips})
    return sorted(told, key=lambda each: each["title"].lower())


@contextmanager
def editing(slug: str) -> Iterator[Project]:
    """Give a project to change; it is written when all went well. One editor at a time.

    Raises
    ------
    BusyError
        If another process holds it too long.
    """
    try:
        with FileLock(_folder(slug) / ".lock", timeout=_LOCK_SECONDS):
            project = load(slug)
            yield project
            _write(project)
    except Timeout:
        raise BusyError("This project is being changed elsewhere. Try again.", 5.0) from None


def delete(slug: str) -> None:
    """Remove a project and all its sounds."""
    folder = _folder(slug)
    (folder / "project.json").unlink(missing_ok=True)  # from here on it is gone
    shutil.rmtree(folder, ignore_errors=True)


def _folder(slug: str) -> Path:
    if not slug or slug != re.sub(r"[^\w]+", "", slug) or not (projects() / slug).is_dir():
        raise DataNotFoundError(f"There is no project {shown(slug)}.")
    return projects() / slug


def _fits(clip: Clip) -> bool:
    times = isinstance(clip.start, int | float) and isinstance(clip.seconds, int | float)
    named = isinstance(clip.sound, str) and bool(_SOUND.fullmatch(clip.sound))
    return named and times and clip.start >= 0 and clip.seconds > 0


def _write(project: Project) -> None:
    text = json.dumps(project.to_dict(), ensure_ascii=False, indent=1)
    write_text(project.folder / "project.json", text)
