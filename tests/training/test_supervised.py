"""A whole training on a corpus of three pitches: the loop, its state, its model and card."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from studio.cli import app
from studio.cli.train import command_line
from studio.datasets.folder import read_folder
from studio.datasets.recordings import decode
from studio.errors import CheckpointError, ParameterError, StudioError
from studio.networks.checkpoints import load_model
from studio.training.cards import fill_card, paper_accuracy, wilson_interval
from studio.training.log import export_model, write_log
from studio.training.supervised import Training, TrainingPlan
from tests.waiting import until

PLAN = TrainingPlan(epochs=3, batch_size=16, evaluate_every=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Three classes by pitch, ten recordings each, 0.3 to 2.6 seconds."""
    root = tmp_path_factory.mktemp("corpus")
    rng = np.random.default_rng(1)
    for name, pitch in (("low", 200), ("middle", 900), ("high", 4000)):
        (root / name).mkdir()
        for number in range(10):
            time = np.arange(int(44100 * rng.uniform(0.3, 2.6))) / 44100
            tone = np.sin(2 * np.pi * pitch * rng.uniform(0.9, 1.1) * time)
            soundfile.write(root / name / f"{number}.wav", 0.3 * tone, 44100)
    return root


@pytest.fixture(scope="module")
def recordings(corpus, tmp_path_factory):
    decoded = decode(read_folder(corpus, "pitches"), tmp_path_factory.mktemp("cache"))
    return replace(decoded, table=decoded.table.with_split())


def start(recordings, folder, **changes):
    return Training.start(recordings, "model1", replace(PLAN, **changes), folder=folder)


def finish(training):
    while training.epoch < training.plan.epochs:
        training.run_epoch()
    return training


def what_counts(history):
    return [{key: value for key, value in row.items() if key != "seconds"} for row in history]


def same(first, second):
    one, other = load_file(first / "state.safetensors"), load_file(second / "state.safetensors")
    assert one.keys() == other.keys()
    return all(torch.equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_three_pitches_are_learned(recordings, tmp_path, precision):
    training = finish(start(recordings, tmp_path, epochs=6, precision=precision))
    assert training.history[-1]["loss"] < training.history[0]["loss"] / 2
    assert training.history[-1]["test_accuracy"] > 0.6
    assert (
        "test_accuracy_five" in training.history[1] and "test_accuracy" not in training.history[0]
    )


def test_an_interrupted_training_ends_with_the_same_bits(recordings, tmp_path):
    whole = finish(start(recordings, tmp_path / "whole"))

    def interrupt(step, _):
        if step == 2:
            raise KeyboardInterrupt

    start(recordings, tmp_path / "broken").run_epoch()
    with pytest.raises(KeyboardInterrupt):
        start(recordings, tmp_path / "broken").run_epoch(interrupt)
    taken_up = finish(start(recordings, tmp_path / "broken"))
    assert same(tmp_path / "whole", tmp_path / "broken")
    assert what_counts(taken_up.history) == what_counts(whole.history)


def test_statistics_are_settled_before_a_test_and_nothing_else_is(recordings, tmp_path):
    training = start(recordings, tmp_path)
    training.run_epoch()
    before = {key: value.clone() for key, value in training.model.state_dict().items()}
    training.settle()
    first = {key: value.clone() for key, value in training.model.state_dict().items()}
    training.settle()
    for key, value in training.model.state_dict().items():
        if "running" in key:
            assert not torch.equal(first[key], before[key])
            assert torch.equal(value, first[key])
        elif "batches" not in key:
            assert torch.equal(value, before[key])
    assert all(norm.momentum == 0.1 for norm in training.model.normalisations)


def test_no_resume_begins_anew(recordings, tmp_path):
    start(recordings, tmp_path).run_epoch()
    anew = Training.start(recordings, "model1", PLAN, folder=tmp_path, resume=False)
    assert anew.epoch == 0


def test_another_seed_trains_differently(recordings, tmp_path):
    for seed in (0, 1):
        start(recordings, tmp_path / str(seed), seed=seed).run_epoch()
    assert not same(tmp_path / "0", tmp_path / "1")


def test_an_epoch_gives_an_excerpt_per_started_two_seconds(recordings, tmp_path):
    training = start(recordings, tmp_path)
    drawn = np.concatenate(training.batches(0))
    counts = np.bincount(drawn, minlength=len(recordings))
    for clip, length in enumerate(recordings.lengths):
        trained = recordings.table.clips["split"].iloc[clip] == "train"
        assert counts[clip] == (int(np.ceil(length / 88200)) if trained else 0)
    assert not np.array_equal(drawn, np.concatenate(training.batches(1)))
    assert max(len(batch) for batch in training.batches(0)) <= PLAN.batch_size


def test_the_rate_falls_as_the_paper_says():
    rates = [TrainingPlan().rate(epoch) for epoch in (0, 99, 100, 199)]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-4, 1e-4])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"epochs": 0}, "epochs=0 must be 1 or more"),
        ({"batch_size": 1}, "batch norm compares"),
        ({"learning_rate": 0.0}, "learning_rate=0.0 must be greater than 0"),
        ({"precision": "float8"}, "precision=float8 must be one of"),
    ],
)
def test_an_impossible_plan_is_refused(changes, sentence):
    with pytest.raises(ParameterError, match=sentence):
        TrainingPlan(**changes)


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_state(recordings, tmp_path):
    training = start(recordings, tmp_path)
    training.run_epoch()
    before = (tmp_path / "state.safetensors").read_bytes()
    with torch.no_grad():
        training.model.convolutions[0].weight.fill_(float("nan"))
    with pytest.raises(StudioError, match="not a number any more after epoch 2"):
        training.run_epoch()
    assert (tmp_path / "state.safetensors").read_bytes() == before


def test_a_damaged_state_ends_in_a_sentence(recordings, tmp_path):
    (tmp_path / "state.safetensors").write_bytes(b"half a file")
    with pytest.raises(CheckpointError, match="cannot be taken up"):
        start(recordings, tmp_path)


def test_a_full_disk_leaves_the_last_state_whole(recordings, tmp_path, monkeypatch):
    training = start(recordings, tmp_path)
    training.run_epoch()
    before = (tmp_path / "state.safetensors").read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CheckpointError, match="Free some space"):
        training.run_epoch()
    assert (tmp_path / "state.safetensors").read_bytes() == before


def test_card_log_and_model_say_what_was_done(recordings, tmp_path):
    training = finish(start(recordings, tmp_path / "run", epochs=2))
    write_log(training)
    about = {"title": "Three pitches", "stand_in": True, "licence": "none needed"}
    path = export_model(training, tmp_path / "models", about, "studio train …")
    card = load_model("pitches", "model1", tmp_path / "models").card
    assert card["epochs"] == 2 and card["epochs_planned"] == 2
    assert card["data"]["licence"] == "none needed"
    assert card["data"]["clips_train"] + card["data"]["clips_test"] == 30
    assert card["split"] == "80/20 by recording, stratified by class, seed 0"
    assert card["chance"] == pytest.approx(1 / 3)
    assert card["test_accuracy"] == pytest.approx(training.history[-1]["test_accuracy"], abs=1e-4)
    for result in card["test"].values():
        assert result["interval"][0] <= result["accuracy"] <= result["interval"][1]
    assert card["curve"]["epoch"] == [1, 2] and card["curve"]["test_accuracy"][0] is None
    assert "chance is 33.3 %" in card["summary"] and "Three pitches" in card["summary"]
    assert path.with_suffix(".classes.csv").read_text().count("\n") == 4
    assert "<html" in (tmp_path / "run" / "curve.html").read_text()
    assert (tmp_path / "run" / "log.csv").read_text().count("\n") == 3


def test_a_finished_training_run_again_exports_the_same_bytes(recordings, tmp_path):
    first = export_model(finish(start(recordings, tmp_path)), tmp_path / "first")
    os.utime(tmp_path / "state.safetensors", (86_400,) * 2)
    again = [export_model(start(recordings, tmp_path), tmp_path / name) for name in ("2", "3")]
    assert {path.read_bytes() for path in again} == {first.read_bytes()}
    cards = [json.loads(path.with_suffix(".json").read_text()) for path in again]
    assert cards[0] == cards[1] and cards[0]["date"] == "1970-01-02"


def test_a_stand_in_says_so_and_names_the_papers_figure(recordings, tmp_path):
    named = replace(recordings, table=replace(recordings.table, name="events"))
    training = start(named, tmp_path, epochs=9)
    training.run_epoch()
    card, _ = fill_card(training, {"stand_in": True})
    assert card["paper"] == {"test_accuracy": 0.27, "data": "FSD50K, 200 classes"}
    for part in ("Not the paper's data", "Table 2 gives 27 %", "has not come to its end"):
        assert part in card["summary"]
    assert paper_accuracy("aishell3", "model2") == 0.95
    assert paper_accuracy("mine", "model2") is None


def test_the_interval_is_wilsons():
    assert wilson_interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson_interval(0, 10)[0] == pytest.approx(0, abs=1e-12)
    assert wilson_interval(0, 0) == (0, 1)


def arguments(corpus, *more):
    words = ["train", "--dataset", "pitches", "--root", corpus, "--batch-size", "8"]
    return [str(word) for word in (*words, "--epochs", "3", "--threads", "1", *more)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_a_training_killed_at_any_moment_goes_on_to_the_same_end(corpus, tmp_path, monkeypatch):
    killed, whole, home = tmp_path / "killed", tmp_path / "whole", tmp_path / "home"
    monkeypatch.setenv("STUDIO_HOME", str(home))
    environment = os.environ | {"STUDIO_CACHE": str(killed)}
    command = [sys.executable, "-m", "studio", *arguments(corpus)]
    with subprocess.Popen(command, env=environment) as process:
        until(lambda: list(killed.glob("training/*/state.safetensors")) or process.poll())
        process.send_signal(signal.SIGKILL)
    for cache, export in ((killed, ["--export", killed / "models"]), (whole, [])):
        monkeypatch.setenv("STUDIO_CACHE", str(cache))
        result = CliRunner().invoke(app, arguments(corpus, *export))
        assert result.exit_code == 0 and "pitches-model1.safetensors" in result.output
    assert same(*(next(cache.glob("training/*")) for cache in (killed, whole)))
    assert (killed / "models" / "pitches-model1.safetensors").read_bytes() == (
        home / "models" / "pitches-model1.safetensors"
    ).read_bytes()
    assert load_model("pitches", "model1").card["epochs"] == 3


def test_the_command_is_noted_without_the_folders_of_this_machine(monkeypatch, tmp_path):
    words = ["studio", "train", "--root", str(tmp_path / "my sounds"), "--stop-after", "3"]
    monkeypatch.setattr(sys, "argv", words)
    assert command_line() == "studio train --root 'my sounds'"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--channels", "8,many"], "channels=8,many must be whole numbers"),
        (["--channels", "8,16"], "needs 3 hidden channel counts"),
        (["--with", "first"], "must read name=value"),
        (["--about", "nowhere.json"], "cannot be read as JSON"),
        (["--architecture", "model3"], "no architecture 'model3'"),
        (["--device", "abacus"], "device=abacus must be cpu or cuda"),
    ],
)
def test_a_bad_option_ends_in_a_sentence(corpus, tmp_path, monkeypatch, more, sentence):
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path))
    result = CliRunner().invoke(app, arguments(corpus, *more))
    assert isinstance(result.exception, ParameterError) and sentence in str(result.exception)


def test_models_are_listed_for_people_and_for_programs(recordings, tmp_path):
    training = start(recordings, tmp_path / "run", epochs=2)
    export_model(finish(training), tmp_path, {"credit": "Nobody"})
    listing = CliRunner().invoke(app, ["models", str(tmp_path)]).output
    assert "pitches-model1" in listing and "233,411" in listing and "credit: Nobody" in listing
    (card,) = json.loads(CliRunner().invoke(app, ["models", str(tmp_path), "--json"]).output)
    assert card["class_count"] == 3 and "curve" not in card
    empty = CliRunner().invoke(app, ["models", str(tmp_path / "run" / "none")]).output
    assert "There are no models" in empty
