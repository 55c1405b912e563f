"""Changes to a project that a page or program asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from studio.errors import DataNotFoundError, ParameterError
from studio.projects.checks import remarks
from studio.projects.cutting import GAP_SECONDS, QUIETER_DB, SHORTEST_SECONDS, cut
from studio.projects.project import Clip, Project, checked_name, editing, new_id
from studio.projects.sounds import stretch
from studio.sound import SAMPLE_RATE
from studio.text import shown


def change(slug: str, kind: str, asked: dict[str, Any]) -> Project:
    """Change a project and return it as it is then.

    Parameters
    ----------
    slug : str
    kind : str
        A name of `CHANGES`.
    asked : dict
        What it takes.

    Raises
    ------
    ParameterError, DataNotFoundError
        If there is no such change, or nothing of that name.
    """
    if kind not in CHANGES:
        raise ParameterError(f"There is no change {shown(kind)}; there are {', '.join(CHANGES)}.")
    try:
        with editing(slug) as project:
            CHANGES[kind](project, asked)
            return project
    except (KeyError, TypeError) as error:
        raise ParameterError(f"The change {kind} lacks {error}.") from error


def add_class(project: Project, asked: dict[str, Any]) -> None:
    """Make an empty class called ``name``."""
    project.make_class(asked["name"])


def rename(project: Project, asked: dict[str, Any]) -> None:
    """Call the class ``name`` ``to``; where there is one, both become one."""
    to = checked_name(asked["to"])
    found = project.find_class(asked["name"])
    other = next((each for each in project.classes if each.name == to and each is not found), None)
    if other is None:
        found.name = to
        return
    other.clips += found.clips
    project.classes.remove(found)


def delete_class(project: Project, asked: dict[str, Any]) -> None:
    """Remove the class ``name`` and its clips."""
    project.classes.remove(project.find_class(asked["name"]))


def move(project: Project, asked: dict[str, Any]) -> None:
    """Move ``clips`` (ids) into the class ``to``, made where there is none."""
    moved = _take(project, asked["clips"])
    project.add(asked["to"], moved)


def delete_clips(project: Project, asked: dict[str, Any]) -> None:
    """Remove ``clips`` (ids)."""
    _take(project, asked["clips"])


def mute(project: Project, asked: dict[str, Any]) -> None:
    """Leave ``clips`` (ids) out of training, or, where ``muted`` is false, take them in again."""
    wanted = set(asked["clips"])
    for _, clip in project.clips():
        if clip.id in wanted:
            clip.muted = bool(asked.get("muted", True))


def cut_clip(project: Project, asked: dict[str, Any]) -> None:
    """Replace the clip ``clip`` by its pieces between silences; see `preview_cut`."""
    owner, clip = _find(project, asked["clip"])
    audio = stretch(project.folder, clip.sound, clip.start, clip.seconds)
    pieces = _pieces(audio, asked)
    if not pieces:
        raise ParameterError("Nothing would be left. Count less of it as silence.")
    place = owner.clips.index(clip)
    owner.clips[place : place + 1] = [
        Clip(
            new_id(),
            clip.sound,
            clip.start + start,
            seconds,
            clip.name,
            clip.muted,
            remarks(
                audio[round(start * SAMPLE_RATE) : round((start + seconds) * SAMPLE_RATE)], seconds
            ),
        )
        for start, seconds in pieces
    ]


def preview_cut(project: Project, asked: dict[str, Any]) -> list[tuple[float, float]]:
    """Return the pieces that a clip would be cut into, in seconds from its beginning."""
    _, clip = _find(project, asked["clip"])
    return _pieces(stretch(project.folder, clip.sound, clip.start, clip.seconds), asked)


def find_clip(project: Project, clip_id: str) -> Clip:
    """Return a clip by its id."""
    return _find(project, clip_id)[1]


def _pieces(audio: Any, asked: dict[str, Any]) -> list[tuple[float, float]]:
    def number(name: str, default: float) -> float:
        value = asked.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParameterError(f"{name}={shown(value)} must be a number.")
        return float(value)

    return cut(
        audio,
        number("quieter_db", QUIETER_DB),
        number("gap_seconds", GAP_SECONDS),
        number("shortest_seconds", SHORTEST_SECONDS),
    )


def _find(project: Project, clip_id: Any) -> tuple[Any, Clip]:
    for owner, clip in project.clips():
        if clip.id == clip_id:
            return owner, clip
    raise DataNotFoundError("This clip is not here any more.")


def _take(project: Project, ids: Sequence[str]) -> list[Clip]:
    """Take clips out of their classes and return them in the order of the project."""
    wanted = set(ids)
    taken = [clip for _, clip in project.clips() if clip.id in wanted]
    for each in project.classes:
        each.clips = [clip for clip in each.clips if clip.id not in wanted]
    return taken


CHANGES: dict[str, Callable[[Project, dict[str, Any]], None]] = {
    "add-class": add_class,
    "rename": rename,
    "delete-class": delete_class,
    "move": move,
    "delete-clips": delete_clips,
    "mute": mute,
    "cut": cut_clip,
}
