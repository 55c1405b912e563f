"""A project's clips as the table that every training reads."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from studio.datasets.clips import ClipTable, clip_table
from studio.errors import ParameterError
from studio.projects.project import Project

FEWEST_CLASSES, FEWEST_CLIPS = 2, 6


def rows(project: Project) -> pd.DataFrame:
    """Return what will be trained on: clips that are not muted and not silent.

    Clips of one recording stay on one side of the split. Where all clips of a class come from one
    recording, there would be no test: then each clip counts by itself.

    Raises
    ------
    ParameterError
        If there are fewer than two classes or six clips, or a class of a single clip.
    """
    used = [
        (each.name, clip)
        for each, clip in project.clips()
        if not clip.muted and not any(remark.startswith("silent") for remark in clip.remarks)
    ]
    counts = Counter(name for name, _ in used)
    if len(counts) < FEWEST_CLASSES or len(used) < FEWEST_CLIPS:
        raise ParameterError(
            f"Training needs {FEWEST_CLASSES} classes and {FEWEST_CLIPS} clips or more; here are "
            f"{len(counts)} with {len(used)}. Add sounds, or cut long ones at their silences."
        )
    single = [name for name, count in counts.items() if count < 2]
    if single:
        raise ParameterError(
            f"The class {single[0]} has a single clip. Add one more, or move it to another class."
        )
    recordings: dict[str, set[str]] = {}
    for name, clip in used:
        recordings.setdefault(name, set()).add(clip.sound)
    return pd.DataFrame(
        [
            {
                "path": f"sounds/{clip.sound}.flac",
                "start_seconds": clip.start,
                "duration_seconds": clip.seconds,
                "label": name,
                "recording": clip.sound if len(recordings[name]) > 1 else clip.id,
            }
            for name, clip in used
        ]
    )


def table_of(project: Project, clips: pd.DataFrame, seed: int = 0) -> ClipTable:
    """Return the clip table of rows that `rows` gave, divided into training and test."""
    table = clip_table(project.slug, project.folder, clips.astype({"recording": str}))
    return table.with_split(seed=seed)
