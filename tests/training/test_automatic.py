"""Settings that follow from the data: about as many steps, whatever its size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from typer.testing import CliRunner

from studio.cli import app
from studio.datasets.folder import read_folder
from studio.networks.checkpoints import load_model
from studio.training.automatic import STEPS, automatic, is_the_papers
from studio.training.supervised import TrainingPlan
from tests.training.test_supervised import corpus  # noqa: F401


@given(clips=some.integers(5, 5000), seconds=some.floats(0.1, 20))
def test_the_number_of_steps_hardly_depends_on_the_size_of_the_data(clips, seconds):
    chosen = automatic(np.full(clips, int(seconds * 44100) + 1))
    assert 8 <= chosen.batch_size <= 128
    steps = chosen.epochs * chosen.steps_an_epoch
    assert STEPS / 2 <= steps <= 2 * STEPS or chosen.epochs in (10, 1000)
    assert TrainingPlan(epochs=chosen.epochs, batch_size=chosen.batch_size)


def test_few_clips_give_small_batches_and_more_excerpts():
    few, many = automatic(np.full(6, 66150)), automatic(np.full(5000, 66150))
    assert few.batch_size == 8 and few.seconds_per_excerpt < 2
    assert many.batch_size == 128 and many.seconds_per_excerpt == 2
    assert automatic(np.full(75, 66150), batch_size=32).batch_size == 32


def test_the_papers_datasets_keep_the_papers_settings():
    assert is_the_papers("events") and is_the_papers("aishell3")
    assert not is_the_papers("tapes")


def test_the_terminal_says_what_it_chose_and_where_the_model_is(corpus, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))
    words = ["train", "--root", str(corpus), "--dataset", "tapes", "--epochs", "1"]
    output = CliRunner().invoke(app, words).output
    chosen = automatic(np.full(len(read_folder(corpus).clips), 0))
    assert f"batches of {chosen.batch_size}" in output and "follows from the sounds" in output
    monkeypatch.chdir(tmp_path)
    assert load_model("tapes", "model1").classes == ("high", "low", "middle")


def test_a_model_that_is_missing_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_MODELS", str(tmp_path / "more"))
    with pytest.raises(Exception, match="no model tapes-model1") as raised:
        load_model("tapes", "model1")
    for part in (tmp_path / "home", tmp_path / "more", "events-model1"):
        assert str(part) in str(raised.value)
