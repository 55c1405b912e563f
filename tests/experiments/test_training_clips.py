"""Measuring the sounds that a network learned from."""

import sys

import numpy as np
import pandas as pd
import pytest
import soundfile

from studio.cli import main
from studio.datasets.catalogue import open_dataset
from studio.errors import DataNotFoundError
from studio.experiments.findings.training_clips import measured

RATE = 44_100


@pytest.fixture
def corpus(tmp_path):
    """Three seconds a file: loud noise, a soft tone of 1 kHz, loud noise; the test side is silent
    but for a click. One clip is shorter than a second."""
    rng = np.random.default_rng(1)
    root = tmp_path / "corpus"
    root.mkdir()
    noise = rng.standard_normal(RATE) / 5
    tone = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    click = np.zeros(3 * RATE)
    click[50] = 0.9
    rows = []
    for number in range(6):
        soundfile.write(root / f"{number}.wav", np.concatenate([noise, tone, noise]), RATE)
        soundfile.write(root / f"test {number}.wav", click, RATE)
        rows += [(f"{number}.wav", f"tone {number % 2}", "train")]
        rows += [(f"test {number}.wav", f"tone {number % 2}", "test")]
    soundfile.write(root / "short.wav", tone[: RATE // 4], RATE)
    rows.append(("short.wav", "tone 0", "train"))
    table = pd.DataFrame(rows, columns=["path", "label", "split"])
    table.assign(start_seconds=0, duration_seconds="", recording=table["path"]).to_csv(
        root / "clips.csv", index=False
    )
    return root


def test_the_middle_second_of_training_clips_is_measured_at_full_scale(corpus):
    found = measured(open_dataset(corpus, name="speech").with_split(), count=400)
    assert len(found) == 7 and set(found["dataset"]) == {"speech"}
    long, short = found[found["burst_share"] < 0.5], found[found["burst_share"] > 0.5]
    assert len(long) == 6 and len(short) == 1
    assert long["loudness_mean"].to_numpy() == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert long["brightness_mean"].to_numpy() == pytest.approx(1000, rel=0.1)
    assert short["loudness_mean"].iloc[0] == pytest.approx(np.sqrt(0.5) / 4, rel=0.1)


def test_the_sample_is_seeded(corpus):
    table = open_dataset(corpus, name="speech").with_split()
    pd.testing.assert_frame_equal(measured(table, 3, seed=2), measured(table, 3, seed=2))
    assert len(measured(table, 3)) == 3


def test_a_corpus_without_training_clips_is_refused(corpus):
    table = open_dataset(corpus, name="speech").with_split()
    table.clips["split"] = "test"
    with pytest.raises(DataNotFoundError, match="no training clips"):
        measured(table)


def test_the_command_writes_one_table_of_all_corpora(corpus, tmp_path, monkeypatch, capsys):
    output = tmp_path / "out"
    roots = [f"--{name}={corpus}" for name in ("events", "instruments", "speech")]
    arguments = [*roots, "--count=4", f"--output={output}"]
    monkeypatch.setattr(sys, "argv", ["studio", "experiment", "training-clips", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    clips = pd.read_csv(output / "training-clips.csv")
    assert clips["dataset"].value_counts().to_dict() == {"events": 4, "instruments": 4, "speech": 4}
    assert "4 of events" in capsys.readouterr().out
