"""What is said beside a clip or class that will not train well."""

from __future__ import annotations

from collections import Counter

import numpy as np

from studio.datasets.check import FEW_CLIPS, SECOND
from studio.projects.project import Project

_SILENT, _CLIPPED = 1e-4, 0.999
_CLIPPED_RUN = 4


def remarks(audio: np.ndarray, seconds: float) -> list[str]:
    """Return what is wrong with a clip, in words: too short, silent, clipped."""
    found = []
    if seconds < SECOND:
        found.append("shorter than a second: padded with silence")
    peak = float(np.abs(audio).max(initial=0.0))
    if peak < _SILENT:
        found.append("silent: left out")
    elif _is_clipped(audio, peak):
        found.append("clipped: recorded too loud")
    return found


def _is_clipped(audio: np.ndarray, peak: float) -> bool:
    """Tell whether several samples in a row stand at the peak: a wave does not rest there."""
    flat = np.abs(audio) >= _CLIPPED * peak
    if np.count_nonzero(flat) < _CLIPPED_RUN:
        return False
    runs = np.convolve(flat, np.ones(_CLIPPED_RUN), "valid")
    level = np.diff(audio, prepend=audio[:1]) == 0
    return bool((runs == _CLIPPED_RUN).any() and np.count_nonzero(flat & level) >= _CLIPPED_RUN)


def clip_remarks(project: Project) -> dict[str, list[str]]:
    """Return the remarks of each clip by its id, duplicates among them."""
    places = Counter((clip.sound, clip.start) for _, clip in project.clips())
    told = {}
    for _, clip in project.clips():
        twice = places[clip.sound, clip.start] > 1
        told[clip.id] = [*clip.remarks, *(["there twice"] if twice else [])]
    return told


def class_remarks(project: Project) -> dict[str, list[str]]:
    """Return what is to be said of each class, by its name."""
    told = {}
    for each in project.classes:
        usable = [clip for clip in each.clips if not clip.muted]
        told[each.name] = [f"fewer than {FEW_CLIPS} clips"] if len(usable) < FEW_CLIPS else []
    return told
