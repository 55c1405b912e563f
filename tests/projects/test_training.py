"""A project is trained in a process of its own, which can be paused, killed and taken up."""

import os
import signal
import sys
from dataclasses import replace

import pytest
import soundfile

from studio.errors import BusyError, DataNotFoundError, ParameterError
from studio.networks.checkpoints import load_model
from studio.projects import training, worker
from studio.projects.editing import change
from studio.projects.training import Run
from tests.waiting import until

QUICK = Run(minutes=0.05, threads=1)


def test_a_project_becomes_a_model_that_everything_finds(made, here, tmp_path, monkeypatch):
    found, _ = made
    training.begin(found.slug, QUICK)
    told = training.progress(found.slug)
    assert told["state"] == "done", told
    assert told["epoch"] == told["epochs"] == 4 and len(told["curve"]["epoch"]) == 4
    low, high = told["train_interval"]
    assert low <= told["train_accuracy"] <= high
    assert told["test"]["middle second"]["clips"] == 3
    heard, rate = soundfile.read(training.folder_of(found) / "dream.wav")
    assert rate == 44_100 and len(heard) == 44_100 and abs(heard).max() > 0.05
    monkeypatch.chdir(tmp_path)
    model = load_model(found.slug, "model1")
    assert model.classes == ("<b>high", "Größe", "mid")
    assert model.channels == (8, 16, 32, 3)


def test_a_wish_pauses_and_it_goes_on_with_the_clips_it_began_with(made, here, monkeypatch):
    found, _ = made
    folder = training.folder_of(found)
    wanted = []

    def wish_once(_):
        wanted.append(len(wanted))
        return "pause" if len(wanted) == 2 else ""

    monkeypatch.setattr(worker, "read_wish", wish_once)
    training.begin(found.slug, QUICK)
    assert training.progress(found.slug)["state"] == "paused"
    assert training.read_progress(folder)["epoch"] == 1
    change(found.slug, "delete-class", {"name": "mid"})
    training.go_on(found.slug)
    told = training.progress(found.slug)
    assert told["state"] == "done" and told["epoch"] == 4 and len(told["classes"]) == 3


def test_keeping_early_and_throwing_away(made, here, monkeypatch):
    found, _ = made
    wishes = iter(["", "keep", "discard"])
    monkeypatch.setattr(worker, "read_wish", lambda _: next(wishes))
    training.begin(found.slug, QUICK)
    told = training.progress(found.slug)
    assert told["state"] == "done" and told["epoch"] == 1
    training.begin(found.slug, QUICK)
    assert training.progress(found.slug)["state"] == "none"
    assert not training.folder_of(found).exists()


def test_a_failure_is_told_in_a_sentence(made, here, monkeypatch):
    found, _ = made

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker, "export_model", full)
    training.begin(found.slug, QUICK)
    told = training.progress(found.slug)
    assert told["state"] == "failed" and "Free some space" in told["error"]
    monkeypatch.undo()


def test_two_trainings_asked_for_at_once_are_one(made, monkeypatch):
    found, _ = made
    started = []
    monkeypatch.setattr(training, "start_worker", started.append)
    training.begin(found.slug, QUICK)
    with pytest.raises(BusyError, match="about to be trained"):
        training.begin(found.slug, QUICK)
    assert len(started) == 1
    assert training.progress(found.slug)["state"] == "starting"
    monkeypatch.setattr(training, "_STARTING_SECONDS", 0.0)
    assert training.progress(found.slug)["state"] == "interrupted"


def test_wishes_and_runs_that_cannot_be_are_refused(made):
    found, _ = made
    with pytest.raises(DataNotFoundError, match="no training"):
        training.go_on(found.slug)
    with pytest.raises(ParameterError, match="wish="):
        training.wish(found.slug, "explode")
    for changes in ({"size": "huge"}, {"minutes": True}, {"minutes": 1e9}, {"architecture": "x"}):
        with pytest.raises(ParameterError):
            replace(QUICK, **changes)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_a_killed_worker_loses_an_epoch_at_most_and_two_never_run_at_once(made, monkeypatch):
    found, _ = made
    folder = training.folder_of(found)
    workers = []
    start = training.start_worker
    monkeypatch.setattr(training, "start_worker", lambda folder: workers.append(start(folder)))
    training.begin(found.slug, Run(minutes=5, threads=1))
    until(lambda: training.read_progress(folder).get("epoch", 0) >= 2)
    with pytest.raises(BusyError, match="being trained"):
        training.begin(found.slug, QUICK)
    os.kill(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    before = training.progress(found.slug)
    assert before["state"] == "interrupted"
    training.go_on(found.slug)
    until(lambda: training.read_progress(folder)["state"] == "training")
    assert training.read_progress(folder)["epoch"] >= before["epoch"]
    training.wish(found.slug, "keep")
    workers[1].wait()
    assert training.progress(found.slug)["state"] == "done"
    training.wish(found.slug, "discard")
    assert not folder.exists()
