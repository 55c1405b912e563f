"""A project's training as others see it: begin, wishes, progress. The worker does the work.

Everything goes through files in ``PROJECT/training``: ``run.json`` (what was asked for),
``clips.csv`` (the clips as they were then), ``wish`` (pause, keep, discard), ``progress.json``,
``dream.wav``, and the state that is written whole after every epoch. So a page may be closed, the
studio ended, the worker killed, and all goes on from the last epoch.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

import studio
from studio.errors import BusyError, DataNotFoundError, ParameterError
from studio.files import write_text
from studio.networks.architectures import find_architecture
from studio.projects.project import Project, load
from studio.projects.table import rows
from studio.text import shown

SIZES = ("small", "medium", "paper")
"""How many channels the layers have: a quarter, half, or all of the paper's."""

_SHARE = {"small": 4, "medium": 2, "paper": 1}
_FEWEST_CHANNELS = 4
MINUTES = (0.05, 240.0)
_STARTING_SECONDS = 120.0
"""Longest that a worker takes to begin, on a machine that is busy with other things."""

Wish = Literal["pause", "keep", "discard"]
WISHES: tuple[Wish, ...] = ("pause", "keep", "discard")


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked for.

    Attributes
    ----------
    architecture : str
    size : str
        One of `SIZES`.
    minutes : float
        How long to train, about; the number of epochs follows from the time of the first ones.
    epochs : int
        0 until that is known.
    threads : int
        0: all but one processor.
    """

    architecture: str = "model1"
    size: str = "small"
    minutes: float = 2.0
    epochs: int = 0
    threads: int = 0

    def __post_init__(self) -> None:
        find_architecture(self.architecture)
        if self.size not in SIZES:
            raise ParameterError(f"size={shown(self.size)} must be one of {', '.join(SIZES)}.")
        number = isinstance(self.minutes, int | float) and not isinstance(self.minutes, bool)
        if not number or not MINUTES[0] <= self.minutes <= MINUTES[1]:
            raise ParameterError(
                f"minutes={shown(self.minutes)} must lie between {MINUTES[0]:g} and {MINUTES[1]:g}."
            )

    @property
    def hidden_channels(self) -> tuple[int, ...]:
        """The channels of all layers but the last."""
        usual = find_architecture(self.architecture).hidden_channels
        return tuple(max(_FEWEST_CHANNELS, count // _SHARE[self.size]) for count in usual)


def folder_of(project: Project) -> Path:
    """Return where the training of a project lies."""
    return project.folder / "training"


def begin(slug: str, run: Run, most_clips: int | None = None) -> None:
    """Start training a project anew, in a process of its own.

    Raises
    ------
    ParameterError
        If there is too little to train on.
    BusyError
        If it is trained already.
    """
    project = load(slug)
    clips = rows(project)
    if most_clips is not None and len(clips) > most_clips:
        raise ParameterError(f"{len(clips):,} clips are more than this shared studio trains on.")
    folder = folder_of(project)
    try:
        with FileLock(lock_of(folder), timeout=0):
            if _is_starting(folder):
                raise BusyError("This project is about to be trained. Wait a moment.", 5.0)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            clips.to_csv(folder / "clips.csv", index=False)
            write_text(folder / "run.json", json.dumps(asdict(run)))
            write_progress(folder, {"state": "starting"})
    except Timeout:
        raise BusyError("This project is being trained. Stop that first.", 10.0) from None
    start_worker(folder)


def go_on(slug: str) -> None:
    """Go on with a training that was paused or killed.

    Raises
    ------
    DataNotFoundError
        If there is none.
    """
    folder = folder_of(load(slug))
    read_run(folder)
    if is_running(folder):
        (folder / "wish").unlink(missing_ok=True)
        return
    (folder / "wish").unlink(missing_ok=True)
    write_progress(folder, {**read_progress(folder), "state": "starting"})
    start_worker(folder)


def wish(slug: str, wanted: str) -> None:
    """Leave a wish for the worker; where none is at work, do what it would have done.

    ``pause`` ends the process after this epoch, ``keep`` ends the training there and keeps the
    model, ``discard`` throws the training away.
    """
    if wanted not in WISHES:
        raise ParameterError(f"wish={shown(wanted)} must be one of {', '.join(WISHES)}.")
    folder = folder_of(load(slug))
    read_run(folder)
    write_text(folder / "wish", wanted)
    if is_running(folder):
        return
    if wanted == "discard":
        shutil.rmtree(folder, ignore_errors=True)
    elif wanted == "keep":
        start_worker(folder)


def read_wish(folder: Path) -> str:
    """Return what is wished for, or nothing."""
    try:
        return (folder / "wish").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def read_run(folder: Path) -> Run:
    """Return what was asked for.

    Raises
    ------
    DataNotFoundError
        If there is no training.
    """
    try:
        return Run(**json.loads((folder / "run.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataNotFoundError("There is no training here. Press Train.") from error


def progress(slug: str) -> dict[str, Any]:
    """Return how a training stands.

    ``state`` is ``none``, ``starting``, ``training``, ``finishing``, ``paused``, ``interrupted``
    (its process was killed: it can go on), ``done`` or ``failed``.
    """
    folder = folder_of(load(slug))
    told = read_progress(folder)
    stands = told["state"] in ("training", "finishing") or (
        told["state"] == "starting" and not _is_starting(folder)
    )
    if stands and not is_running(folder):
        told["state"] = "interrupted"
    return told


def _is_starting(folder: Path) -> bool:
    """Tell whether a worker was asked for so recently that it may not have its lock yet."""
    try:
        age = time.time() - (folder / "progress.json").stat().st_mtime
    except OSError:
        return False
    return read_progress(folder)["state"] == "starting" and age < _STARTING_SECONDS


def read_progress(folder: Path) -> dict[str, Any]:
    """Return what the worker wrote last."""
    try:
        found = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) and "state" in found else {"state": "none"}


def write_progress(folder: Path, told: dict[str, Any]) -> None:
    """Write how the training stands."""
    write_text(folder / "progress.json", json.dumps(told, ensure_ascii=False))


def lock_of(folder: Path) -> Path:
    """Return the lock that a worker holds; it lies beside the folder, which may be removed."""
    return folder.with_name(".training.lock")


def is_running(folder: Path) -> bool:
    """Tell whether a worker is at it: the system releases the lock of a process that is killed."""
    try:
        with FileLock(lock_of(folder), timeout=0):
            return False
    except Timeout:
        return True


def start_worker(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that trains and outlives this one."""
    package = str(Path(studio.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "studio.projects.worker", str(folder.parent)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,
        )
