"""Experiment 1 from a gallery whose sounds are known."""

import json
import sys

import numpy as np
import pandas as pd
import pytest

from studio.cli import main
from studio.experiments.findings.cells import Cells
from studio.experiments.layers import outside, run, statistics_of
from studio.experiments.wording import Words, compared
from studio.gallery.feature_maps import spread
from studio.gallery.index import COLUMNS, Gallery, write_gallery
from tests.experiments.sounds import agreeing_table, agreeing_vectors


@pytest.fixture(scope="module")
def table():
    return agreeing_table(maps=10)


@pytest.fixture
def gallery(tmp_path, table):
    vectors = agreeing_vectors(table)
    whole = table.assign(**{name: 0 for name in COLUMNS if name not in table})
    whole = whole.assign(label="", file="x.mp3", engine_version="")
    manifest = {
        "recipe": {"iterations": 2000},
        "expected": {"events-model1": 9999},
        "mean": vectors.mean(axis=0).tolist(),
        "sd": vectors.std(axis=0).tolist(),
        "versions": {},
    }
    standard = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    gallery = Gallery(tmp_path / "gallery", whole[list(COLUMNS)], standard, manifest)
    write_gallery(gallery)
    return gallery


def test_statistics_are_over_the_maps_of_a_layer(table):
    found = statistics_of(table).set_index(["dataset", "architecture", "layer", "quantity"])
    values = table.query("dataset == 'speech' and architecture == 'model2' and layer == 3")
    row = found.loc[("speech", "model2", 3, "brightness")]
    assert row["maps"] == 10
    assert row["mean"] == pytest.approx(values["brightness_mean"].mean())
    assert row["sd"] == pytest.approx(np.std(values["brightness_mean"], ddof=1))
    assert row["median"] == pytest.approx(values["brightness_mean"].median())


def test_verdicts_are_taken_outside_the_slice(table):
    channels = {key: 10 for key in table.groupby(["dataset", "architecture", "layer"]).indices}
    channels["speech", "model2", 0] = 8
    smaller = table[~((table["layer"] == 0) & (table["map"] > 7))].reset_index(drop=True)
    kept = outside(smaller, 6, channels)
    left = smaller[kept].groupby(["dataset", "architecture", "layer"])["map"].apply(list)
    assert left["events", "model1", 2] == [n for n in range(10) if n not in spread(10, 6)]
    assert left["speech", "model2", 0] == list(range(8)), "too few would be left: all are kept"


def test_a_gallery_becomes_tables_and_verdicts(gallery, tmp_path, monkeypatch, capsys):
    output = tmp_path / "out"
    arguments = ["--gallery", str(gallery.folder), "--output", str(output), "--slice-maps", "2"]
    monkeypatch.setattr(sys, "argv", ["studio", "experiment", "layers", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "L1  holds           8/8" in capsys.readouterr().out
    verdicts = pd.read_csv(output / "verdicts.csv").set_index("claim")
    assert verdicts.loc["D7", "verdict"] == "holds"
    assert verdicts.loc["D7", "verdict_all_maps"] == "holds"
    manifest = json.loads((output / "manifest.json").read_text())
    assert (manifest["sounds"], manifest["expected"]) == (360, 9999)
    assert manifest["maps_per_layer"]["speech-model1"] == [10] * 4
    assert len(pd.read_csv(output / "tables.csv")) == 48
    assert set(pd.read_csv(output / "cases.csv")["claim"]) == set(verdicts.index)


def test_a_gallery_with_one_model_says_what_is_missing(gallery, tmp_path):
    some = (gallery.table["dataset"] == "events") & (gallery.table["architecture"] == "model1")
    part = Gallery(gallery.folder, gallery.table[some], gallery.vectors[some], gallery.manifest)
    verdicts = run(part, tmp_path / "part").verdicts.set_index("claim")
    assert set(verdicts["verdict"]) == {"not measurable"}
    assert "instruments-model1, layer 0, has 0 sounds" in verdicts.loc["L1", "reason"]
    assert len(pd.read_csv(tmp_path / "part" / "statistics.csv"))


def test_words_are_true_of_what_they_say(table):
    words = Words(Cells(table, resamples=0))

    def true(word, quantity, layer, dataset="events", architecture="model2", feature="loudness"):
        return words.true(word, quantity, feature, dataset, architecture, layer)

    assert true("high", "level", 0) and not true("low", "level", 0)
    assert true("very low", "level", 1) and true("low", "level", 1)
    assert true("short bursts", "burst_share", 1) and not true("extended bursts", "burst_share", 1)
    assert true("in step", "synchrony", 2) and not true("partly in step", "synchrony", 2)
    assert true("considerably more", "noisiness", 1) and not true("slightly more", "noisiness", 1)
    assert true("slightly more", "noisiness", 3)
    assert true("less", "spread of brightness", 2) and not true("more", "spread of brightness", 2)
    assert true("increased", "roughness", 2) and not true("increased", "roughness", 1)
    assert true("similar to 5", "level", 6) and not true("similar to 0", "level", 1)
    assert true("similar to 5", "spread of brightness", 7)
    assert not true("similar to 0", "spread of brightness", 5)


def test_tables_set_words_beside_measurements(table):
    rows = compared(Cells(table, resamples=0)).set_index(["table", "layer"])
    assert rows.loc[(10, 1), "agreement"] == "agrees"
    assert rows.loc[(10, 1), "speech"] == "roughness 0.01 (low), synchrony 0.25"
    disagrees = rows.loc[(4, 1)]
    assert disagrees["agreement"] == "disagrees"
    assert "events: level high" in disagrees["differs"]
    assert disagrees["unmeasured"] == "both (i)"
    assert len(rows) == 48
