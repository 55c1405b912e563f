import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import soundfile

from studio import Recipe
from studio.cli import main
from studio.datasets.catalogue import open_dataset
from studio.datasets.recordings import decode
from studio.errors import ParameterError
from studio.experiments.classes import ClassesPlan, chosen_classes, run, with_classes
from studio.figures.classes import classes_figure
from studio.training.supervised import TrainingPlan


@pytest.fixture
def recordings(tmp_path, monkeypatch, rng):
    """Five classes of tones, five recordings each."""
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "tones"
    for number in range(5):
        folder = root / f"tone {number}"
        folder.mkdir(parents=True)
        for take in range(5):
            time_seconds = np.arange(22_050) / 22_050
            sound = np.sin(2 * np.pi * 200 * (number + 1) * time_seconds + take)
            noise = rng.standard_normal(22_050) * 0.05
            soundfile.write(folder / f"take {take}.wav", 0.5 * sound + noise, 22_050)
    recordings = decode(open_dataset(root, name="tones"))
    return replace(recordings, table=recordings.table.with_split())


PLAN = ClassesPlan(
    counts=(2, 3),
    training=TrainingPlan(epochs=1, batch_size=8),
    maps=2,
    recipe=Recipe(iterations=2),
)


def test_smaller_choices_are_part_of_larger_ones():
    classes = tuple("abcdefgh")
    for seed in range(5):
        choices = [set(chosen_classes(classes, count, seed)) for count in (2, 5, 8)]
        assert choices[0] < choices[1] < choices[2] == set(classes)


def test_fewer_classes_share_the_samples_of_the_same_clips(recordings):
    some = with_classes(recordings, ["tone 1", "tone 3"])
    assert some.table.classes == ("tone 1", "tone 3")
    assert some.samples is recordings.samples
    rows = recordings.table.clips["label"].isin(some.table.classes)
    np.testing.assert_array_equal(some.starts, recordings.starts[rows])
    assert set(some.table.clips["recording"]) == set(
        recordings.table.clips["recording"][rows.to_numpy()]
    )


def test_a_small_run_fills_both_tables_and_is_taken_up(recordings, tmp_path):
    told = []
    accuracies, sounds = run(
        recordings, PLAN, tmp_path / "out", lambda what, done, of: told.append((what, done))
    )
    assert accuracies["classes"].tolist() == [2, 3, 5]
    assert (accuracies["low"] <= accuracies["test_accuracy"]).all()
    assert (accuracies["test_accuracy"] <= accuracies["high"]).all()
    assert len(sounds) == 3 * 4 * 2
    assert sounds[sounds["layer"] == 3].groupby("classes")["map"].max().tolist() == [1, 2, 4]
    assert np.isfinite(sounds.to_numpy(float)).all()
    assert ("training, 5 classes", 1) in told

    # What was lost is made again with the same result; what is there is not.
    path = tmp_path / "out" / "sounds.csv"
    pd.read_csv(path).iloc[:-3].to_csv(path, index=False)
    told.clear()
    _, again = run(
        recordings, PLAN, tmp_path / "out", lambda what, done, of: told.append((what, done))
    )
    pd.testing.assert_frame_equal(again, sounds)
    assert not any(what.startswith("training") for what, _ in told)

    figure = classes_figure(accuracies, sounds)
    assert list(figure.data[0].y) == accuracies["test_accuracy"].tolist()
    assert len(figure.data) == 2 + 4 * 4


def test_other_settings_need_another_folder(recordings, tmp_path):
    run(recordings, replace(PLAN, counts=(5,), maps=1), tmp_path / "out")
    with pytest.raises(ParameterError, match="choose another --output"):
        run(recordings, replace(PLAN, counts=(5,), maps=2), tmp_path / "out")


@pytest.mark.parametrize("counts", [(), (1,), (6,)])
def test_impossible_numbers_of_classes_are_refused(recordings, tmp_path, counts):
    with pytest.raises(ParameterError, match="counts="):
        run(recordings, replace(PLAN, counts=counts), tmp_path / "out")


def test_the_terminal_runs_it_and_tells_the_accuracies(recordings, tmp_path, monkeypatch, capsys):
    root, output = str(recordings.table.root), str(tmp_path / "out")
    words = ["experiment", "classes", "--dataset", "tones", "--root", root, "--output", output]
    words += ["--counts", "2", "--epochs", "1", "--maps", "1", "--iterations", "2"]
    monkeypatch.setattr(sys, "argv", ["studio", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "2 classes: test accuracy" in told
    assert "5 classes: test accuracy" in told
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        *("accuracies.csv", "sounds.csv", "manifest.json", "figure.html")
    }
