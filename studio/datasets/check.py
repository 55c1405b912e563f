"""Survey of a folder of sounds: classes, clips, hours, and every problem by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from studio.datasets import tu_berlin
from studio.datasets.catalogue import PUBLISHED, open_dataset, recognise, tell_notes
from studio.datasets.clips import ClipTable
from studio.datasets.headers import probe
from studio.errors import AudioError, DataNotFoundError

SECOND = 1.0
"""Length of what a network hears at once, in seconds; shorter clips are padded with silence."""

FEW_CLIPS = 5
"""A class with fewer is hardly learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found.

    Attributes
    ----------
    root, dataset, title, licence, citation, address : str
        Where it lies and what it is.
    clips, recordings : int
        Usable clips, and recordings they were cut from.
    hours : float
        Sound in hours, over all usable clips.
    seconds : tuple of float
        Shortest, median and longest clip.
    classes : dict
        Clips per class, largest first.
    formats : dict
        Files per ``"rate Hz, channels"``.
    notes : tuple of str
        What is good to know.
    problems : tuple of str
        Files that will be left out, each with the reason.
    """

    root: str
    dataset: str
    title: str
    licence: str = ""
    citation: str = ""
    address: str = ""
    clips: int
    recordings: int
    hours: float
    seconds: tuple[float, float, float]
    classes: dict[str, int]
    formats: dict[str, int]
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain types, for JSON."""
        return asdict(self)


def survey(
    root: str | Path,
    dataset: str = "auto",
    *,
    on_file: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Survey:
    """Look through a folder without decoding it.

    Parameters
    ----------
    root : path
    dataset : str
        ``auto`` or the name of a layout: see `open_dataset`.
    on_file : callable, optional
        Is told ``(files done, files in all)``.
    **options
        Options of the dataset.

    Raises
    ------
    DataNotFoundError
        When the layout is incomplete or not one clip is usable.
    """
    root = Path(root)
    kind = recognise(root) if dataset == "auto" else dataset
    table = open_dataset(root, kind, **options)
    lengths, formats, problems = _measure(table, on_file)
    usable = ~np.isnan(lengths)
    if not usable.any():
        raise DataNotFoundError(
            f"Not one of the {len(table.clips)} clips of {root} can be used: {problems[0]}"
        )
    clips: Any = table.clips[usable]
    seconds = lengths[usable]
    published = PUBLISHED.get(kind)
    facts = (
        {}
        if published is None
        else {
            "licence": published.LICENCE,
            "citation": published.CITATION,
            "address": published.ADDRESS,
        }
    )
    return Survey(
        root=str(root),
        dataset=kind,
        title=_own_title(root) if published is None else published.TITLE,
        **facts,
        clips=len(clips),
        recordings=int(clips["recording"].nunique()),
        hours=float(seconds.sum() / 3600),
        seconds=(float(seconds.min()), float(np.median(seconds)), float(seconds.max())),
        classes={str(label): int(n) for label, n in clips["label"].value_counts().items()},
        formats=dict(formats.most_common()),
        notes=(*tell_notes(root, kind), *_remarks(table, usable, seconds)),
        problems=(*table.problems, *problems),
    )


def _own_title(root: Path) -> str:
    listed = (root / "clips.csv").is_file()
    return "Own sounds, listed in clips.csv" if listed else "Own sounds, a folder per class"


def _measure(
    table: ClipTable, on_file: Callable[[int, int], None] | None
) -> tuple[np.ndarray, Counter[str], list[str]]:
    """Return each clip's seconds (NaN: unusable), the formats met and what is wrong."""
    starts = table.clips["start_seconds"].to_numpy(float)
    durations = table.clips["duration_seconds"].to_numpy(float)
    lengths = np.full(len(table.clips), np.nan)
    formats: Counter[str] = Counter()
    problems: list[str] = []
    files = table.clips.groupby("path", sort=False).indices
    for number, (path, rows) in enumerate(files.items(), 1):
        try:
            file_seconds, channels, rate = _probe(table.root / str(path))
        except (AudioError, OSError) as error:
            problems.append(f"{path}: {_reason(error, table.root / str(path))}")
        else:
            formats[f"{rate:,} Hz, {channels} channel{'s' * (channels > 1)}"] += 1
            for row in rows:
                left = file_seconds - starts[row]
                if left <= 0:
                    problems.append(f"{path}: nothing at {starts[row]:.3f} s, where a clip begins")
                    continue
                lengths[row] = left if np.isnan(durations[row]) else min(durations[row], left)
                if durations[row] > left + 0.01:
                    problems.append(
                        f"{path}: the clip at {starts[row]:.3f} s is cut short, the file ends "
                        f"{durations[row] - left:.3f} s before it"
                    )
        if on_file:
            on_file(number, len(files))
    return lengths, formats, problems


def _probe(path: Path) -> tuple[float, int, int]:
    return tu_berlin.probe(path) or probe(path)


def _reason(error: Exception, path: Path) -> str:
    """Return what is wrong without naming the file a second time."""
    if isinstance(error, FileNotFoundError) or not path.exists():
        return "there is no such file"
    return str(error).removeprefix(f"{path} ")


def _remarks(table: ClipTable, usable: np.ndarray, seconds: np.ndarray) -> list[str]:
    remarks = []
    clips: Any = table.clips[usable]
    short = int((seconds < SECOND).sum())
    if short:
        remarks.append(f"{_count(short, 'clip')} shorter than a second: padded with silence.")
    recordings = clips.groupby("label")["recording"].nunique()
    single = recordings.index[recordings == 1]
    if len(single):
        remarks.append(
            f"{_count(len(single), 'class')} of a single recording ({_some(single)}): trained on, "
            "but not tested."
        )
    counts = clips["label"].value_counts()
    few = counts.index[counts < FEW_CLIPS]
    if len(few):
        remarks.append(
            f"{_count(len(few), 'class')} of fewer than {FEW_CLIPS} clips ({_some(few)})."
        )
    given = clips["split"].value_counts()
    if (clips["split"] != "").all():
        remarks.append(
            "The division comes with the data: "
            + ", ".join(f"{count:,} {side}" for side, count in given.items())
            + "."
        )
    else:
        remarks.append("The studio will divide it: 80 % training, 20 % test, by recording.")
    return remarks


def _count(number: int, noun: str) -> str:
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"


def _some(names: Any, most: int = 5) -> str:
    shown = ", ".join(str(name) for name in list(names)[:most])
    return shown + (", …" if len(names) > most else "")
