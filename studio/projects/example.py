"""An example project: the sounds of a cassette player, made by computation.

The paper's composer sorted recordings of old cassette players into three classes (section 6).
These are not those recordings: they are synthesised here, the same ones every time, and belong to
the project's own licence. Keys are bursts of noise that strike a few decaying modes; the motor is a
hum with wow and flutter; winding is a whirr that speeds up or slows down, with the ticks of a hub.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from studio.projects import project
from studio.projects.importing import add_folder
from studio.projects.project import Project
from studio.sound import SAMPLE_RATE, files

TITLE = "Cassette player"
CLIPS_OF_EACH = 25


def keys(rng: np.random.Generator) -> np.ndarray:
    """Return a key that is pressed and latches, about half a second."""
    sound = np.zeros(round(SAMPLE_RATE * rng.uniform(0.4, 0.8)))
    modes = rng.uniform(180, 5200, 7)
    for at, level in ((0.02, 1.0), (rng.uniform(0.06, 0.18), rng.uniform(0.3, 0.8))):
        first = round(at * SAMPLE_RATE)
        time = np.arange(len(sound) - first) / SAMPLE_RATE
        strike = rng.normal(size=len(time)) * np.exp(-time / 0.002)
        ring = sum(
            np.sin(2 * np.pi * mode * time + rng.uniform(0, 6)) * np.exp(-time * mode / 25)
            for mode in modes
        )
        sound[first:] += level * (strike + 0.25 * ring)
    return sound


def motor(rng: np.random.Generator) -> np.ndarray:
    """Return the running motor, with wow, flutter and the hiss of the tape."""
    time = _time(rng, 1.0, 2.0)
    pitch = rng.uniform(45, 62) * (
        1
        + 0.012 * np.sin(2 * np.pi * rng.uniform(0.4, 0.9) * time)
        + 0.004 * np.sin(2 * np.pi * rng.uniform(7, 12) * time)
    )
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    partials = rng.uniform(0.2, 1, 8) / np.arange(1, 9)
    hum = sum(level * np.sin(n * phase) for n, level in enumerate(partials, 1))
    hiss = np.diff(rng.normal(size=len(time) + 1))
    return hum + rng.uniform(0.02, 0.08) * hiss


def winding(rng: np.random.Generator) -> np.ndarray:
    """Return winding forward or back: a whirr whose pitch climbs or falls, with ticks."""
    time = _time(rng, 0.8, 1.8)
    ends = rng.uniform(250, 500), rng.uniform(900, 1800)
    first, last = ends if rng.random() < 0.5 else ends[::-1]
    pitch = first * (last / first) ** (time / time[-1])
    phase = np.cumsum(pitch) / SAMPLE_RATE
    whirr = np.sin(2 * np.pi * phase) + 0.5 * np.sin(4 * np.pi * phase + 1)
    ticks = np.exp(-((phase * 0.06) % 1) * 18) * rng.normal(size=len(time))
    return 0.5 * whirr * (0.7 + 0.3 * np.sin(2 * np.pi * 0.06 * phase)) + 1.2 * ticks


CLASSES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "keys": keys,
    "motor": motor,
    "winding": winding,
}


def write_clips(folder: Path, of_each: int = CLIPS_OF_EACH) -> None:
    """Write the clips, a folder for each class, the same bytes every time."""
    for number, (name, make) in enumerate(CLASSES.items()):
        (folder / name).mkdir(parents=True)
        rng = np.random.default_rng([6, number])
        for clip in range(1, of_each + 1):
            sound = make(rng)
            sound *= rng.uniform(0.3, 0.9) / np.abs(sound).max()
            files.write(folder / name / f"{name} {clip:02}.wav", sound.astype(np.float32))


def create(of_each: int = CLIPS_OF_EACH) -> Project:
    """Make the example as a new project."""
    with tempfile.TemporaryDirectory() as temporary:
        write_clips(Path(temporary), of_each)
        made = project.create(TITLE)
        add_folder(made.slug, made.folder, Path(temporary))
    return project.load(made.slug)


def _time(rng: np.random.Generator, shortest: float, longest: float) -> np.ndarray:
    return np.arange(round(SAMPLE_RATE * rng.uniform(shortest, longest))) / SAMPLE_RATE
