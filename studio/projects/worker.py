"""The process that trains a project: ``python -m studio.projects.worker PROJECT_FOLDER``.

It runs at the lowest priority, so that dreams stay answerable, looks for a wish after every epoch,
and writes how it stands.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from filelock import FileLock, Timeout

from studio.datasets.recordings import decode
from studio.errors import StudioError
from studio.files import write_text
from studio.gallery import own
from studio.places import own_models
from studio.projects.learning_dream import LearningDream
from studio.projects.project import load
from studio.projects.table import table_of
from studio.projects.training import (
    lock_of,
    read_progress,
    read_run,
    read_wish,
    write_progress,
)
from studio.training.automatic import automatic
from studio.training.cards import fill_card, wilson_interval
from studio.training.log import export_model
from studio.training.supervised import Training, TrainingPlan

log = logging.getLogger(__name__)

_TIMED_EPOCHS = 2
"""The first epoch also warms up; the second tells how long one takes."""

_SHARE_OF_EPOCHS = 0.75
"""Of the time asked for: the rest goes into tests and dreams."""

_FEWEST_EPOCHS, _MOST_EPOCHS = 4, 1000
_TESTS = 12
_WRITTEN_EVERY_SECONDS = 0.5
_STEPS_BEFORE_A_DREAM = 8
"""Of the first epoch: enough for batch norm to have an idea of its statistics."""


def main(project_folder: Path) -> int:
    """Train until the end, a pause or a failure; return the exit status."""
    folder = project_folder / "training"
    with contextlib.suppress(OSError, AttributeError):
        os.nice(19)
    try:
        with FileLock(lock_of(folder), timeout=0):
            return _work(project_folder, folder)
    except Timeout:
        return 3  # another one is at it


def _work(project_folder: Path, folder: Path) -> int:
    try:
        outcome = Worker(project_folder, folder).run()
    except Exception as error:
        log.exception("the training failed")
        said = str(error) if isinstance(error, StudioError) else _unexpected(error)
        with contextlib.suppress(OSError):
            write_progress(folder, {**read_progress(folder), "state": "failed", "error": said})
        return 1
    if outcome == "discard":
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _unexpected(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"A file could not be written ({error.strerror}). Free some space, then go on."
    return "Something unexpected went wrong; worker.log in the project's folder says what."


class Worker:
    """One training of a project.

    Parameters
    ----------
    project_folder, folder : Path
        The project, and its ``training``.
    """

    def __init__(self, project_folder: Path, folder: Path) -> None:
        self.folder = folder
        self.project = load(project_folder.name)
        self.asked = read_run(folder)
        torch.set_num_threads(self.asked.threads or max(1, (os.cpu_count() or 2) - 1))
        self.told: dict[str, Any] = {
            **read_progress(folder),
            "state": "training",
            "title": self.project.title,
        }
        self.told.pop("error", None)
        self.written = self.dreamed = 0.0
        self.dreams = LearningDream(folder, self.project.slug)

    def run(self) -> str:
        """Train; return ``done``, ``pause`` or ``discard``."""
        training = self._begin()
        while self.asked.epochs == 0 or training.epoch < self.asked.epochs:
            wish = read_wish(self.folder)
            if wish == "keep" and training.epoch:
                break
            if wish in ("pause", "discard"):
                self._tell(state="paused")
                (self.folder / "wish").unlink(missing_ok=True)
                return wish
            self.dreamed = 0.0
            training.run_epoch(lambda step, steps: self._tell_step(training, step, steps))
            if self.asked.epochs == 0 and training.epoch >= _TIMED_EPOCHS:
                self._fix_epochs(training)
            self._tell_epoch(training)
        self._finish(training)
        return "done"

    def _begin(self) -> Training:
        clips = pd.read_csv(
            self.folder / "clips.csv", dtype={"label": str, "recording": str}, keep_default_na=False
        )
        table = table_of(self.project, clips)
        recordings = decode(table, self.folder)
        recordings = replace(recordings, table=recordings.table.with_split())
        trained = (recordings.table.clips["split"] == "train").to_numpy()
        chosen = automatic(recordings.lengths[trained])
        plan = TrainingPlan(
            epochs=_MOST_EPOCHS,
            batch_size=chosen.batch_size,
            seconds_per_excerpt=chosen.seconds_per_excerpt,
            hidden_channels=self.asked.hidden_channels,
            drop_every=_MOST_EPOCHS,
            evaluate_every=_MOST_EPOCHS,
        )
        training = Training.start(
            recordings, self.asked.architecture, plan, folder=self.folder / "state"
        )
        if self.asked.epochs:
            training.plan = _planned(plan, self.asked.epochs)
        self._tell(
            classes=list(table.classes),
            clips=len(recordings),
            left_out=list(recordings.table.problems),
            batch_size=chosen.batch_size,
            steps=len(training.batches(0)),
            epoch=training.epoch,
            seconds_left=round(60 * self.asked.minutes),
        )
        return training

    def _fix_epochs(self, training: Training) -> None:
        """Let the time that an epoch took decide how many there are."""
        seconds = max(1e-3, training.history[-1]["seconds"] - self.dreamed)
        wanted = round(60 * self.asked.minutes * _SHARE_OF_EPOCHS / seconds)
        epochs = int(np.clip(wanted, _FEWEST_EPOCHS, _MOST_EPOCHS))
        self.asked = replace(self.asked, epochs=epochs)
        write_text(self.folder / "run.json", json.dumps(asdict(self.asked)))
        training.plan = _planned(training.plan, epochs)

    def _finish(self, training: Training) -> None:
        """Keep the model where everything finds it."""
        self._tell(state="finishing", seconds_left=0)
        training.plan = replace(training.plan, epochs=max(training.epoch, 1))
        about = {"title": self.project.title, "sources": "own recordings"}
        card, _ = fill_card(training, about)
        path = export_model(training, own_models(), about, f"size {self.asked.size}")
        self._measure(training, path)
        (self.folder / "wish").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "recordings", ignore_errors=True)
        self._tell(state="done", model=path.stem, **_results(card))
        own.start(path.stem)

    def _measure(self, training: Training, path: Path) -> None:
        """Write what it mixes up and how its maps respond beside the model, for the Models tab."""
        from studio.analysis.measuring import keep, measure
        from studio.networks.checkpoints import load_model

        if not len(training.side("test")):
            return
        try:
            model = load_model(path, training.architecture)
            keep(path, model, measure(model, training.recordings))
        except StudioError as error:
            log.warning("not measured: %s", error)

    def _tell_step(self, training: Training, step: int, steps: int) -> None:
        if self.dreams.is_due() and (training.epoch or step >= _STEPS_BEFORE_A_DREAM):
            began = time.monotonic()
            self._tell(dream=self.dreams.renew(training.model, training.epoch))
            self.dreamed += time.monotonic() - began
        if time.monotonic() - self.written >= _WRITTEN_EVERY_SECONDS:
            self._tell(epoch=training.epoch, part=round(step / steps, 3))

    def _tell_epoch(self, training: Training) -> None:
        row = training.history[-1]
        curve = {
            key: [each.get(key) for each in training.history]
            for key in ("epoch", "loss", "train_accuracy", "test_accuracy_five")
        }
        seen = len(np.concatenate(training.batches(0)))
        low, high = wilson_interval(round(row["train_accuracy"] * seen), seen)
        changes: dict[str, Any] = {
            "epoch": training.epoch,
            "part": 0,
            "epochs": self.asked.epochs,
            "train_accuracy": row["train_accuracy"],
            "train_interval": [low, high],
            "curve": curve,
        }
        if self.asked.epochs:
            one = max(0.0, row["seconds"] - self.dreamed)
            left = (self.asked.epochs - training.epoch) * one / _SHARE_OF_EPOCHS
            changes["seconds_left"] = round(left)
        if "test_accuracy" in row:
            changes |= _results(fill_card(training)[0])
        self._tell(**changes)

    def _tell(self, **changes: Any) -> None:
        self.told |= changes
        write_progress(self.folder, self.told)
        self.written = time.monotonic()


def _planned(plan: TrainingPlan, epochs: int) -> TrainingPlan:
    """Return the plan with the rate falling after two thirds, and a dozen tests."""
    return replace(
        plan,
        epochs=epochs,
        drop_every=max(1, -(-2 * epochs // 3)),
        evaluate_every=max(1, epochs // _TESTS),
    )


def _results(card: dict[str, Any]) -> dict[str, Any]:
    """Return what the tests of a card say: accuracies with interval, and what is mixed up."""
    return {
        "test": card.get("test", {}),
        "confused": card.get("most_confused", []),
        "chance": card["chance"],
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(main(Path(sys.argv[1])))
