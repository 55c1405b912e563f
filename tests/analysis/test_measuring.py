"""A network is tested on its recordings, and what was found is kept beside its weights."""

import json
import sys

import numpy as np
import pytest

from studio.analysis.confusion import confusion_path, matrix, read_confusion
from studio.analysis.measuring import keep, measure, test_recordings
from studio.analysis.typical import read_typical, typical_path
from studio.cli import main
from studio.datasets.folder import read_folder
from studio.errors import DataNotFoundError, ParameterError
from studio.networks.checkpoints import load_model
from tests.analysis.known import ears


@pytest.fixture
def studio(monkeypatch, capsys):
    def run(*arguments):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["studio", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, *capsys.readouterr()

    return run


def test_mistakes_are_counted_on_the_test_side_only(two_ears, corpus, own_model):
    recordings = test_recordings(read_folder(corpus, "pitches"))
    assert len(recordings) == 6
    confusion, typical = measure(two_ears, recordings)
    assert confusion.counts.tolist() == [[2, 1], [0, 3]]  # high, low
    assert typical.count == 6
    quiet, loud = 10 ** (typical.quantiles_db[0][1][[0, -1]] / 10)  # the map for 500 Hz
    assert loud > 20 * quiet


def test_without_a_given_split_the_side_is_that_of_the_training(corpus, own_model):
    lines = (corpus / "clips.csv").read_text().splitlines()
    (corpus / "clips.csv").write_text("\n".join(line.rpartition(",")[0] for line in lines))
    table = read_folder(corpus, "pitches")
    recordings = test_recordings(table, seed=3)
    assert (
        recordings.table.clips["split"].tolist() == table.with_split(seed=3).clips["split"].tolist()
    )


def test_what_was_measured_is_read_again_and_equals_a_fresh_measurement(
    two_ears, corpus, own_model
):
    model = load_model("pitches", "model1")
    recordings = test_recordings(read_folder(corpus, "pitches"))
    keep(own_model, model, measure(model, recordings))
    fresh, typical = measure(model, recordings)
    found = read_confusion(confusion_path(own_model), model.card)
    assert (matrix(found["entries"], 2).counts == fresh.counts).all()
    back = read_typical(typical_path(own_model), model, model.card["weights_sha256"])
    for kept, again in zip(back.quantiles_db, typical.quantiles_db, strict=True):
        assert np.allclose(kept, again, atol=0.13)  # half precision down to -200 dB


def test_sounds_of_other_classes_are_refused(corpus, own_model):
    recordings = test_recordings(read_folder(corpus, "pitches"))
    with pytest.raises(ParameterError, match="'high' is none of this model's 2"):
        measure(ears(bright=2000, low=500), recordings)


def test_a_corpus_without_a_test_side_is_refused(corpus, own_model):
    text = (corpus / "clips.csv").read_text()
    (corpus / "clips.csv").write_text(text.replace(",test", ",train"))
    with pytest.raises(DataNotFoundError, match="no clip for testing"):
        test_recordings(read_folder(corpus, "pitches"))


def test_the_terminal_measures_hears_and_plays_tones(studio, corpus, own_model, tmp_path):
    code, out, _ = studio("inside", "measure", "--dataset", "pitches", "--root", corpus, "--json")
    assert code == 0
    [row] = json.loads(out)
    assert (row["clips"], row["accuracy"], row["accuracy_in_card"]) == (6, 0.8333, 0.8333)
    assert all((own_model.parent / name).is_file() for name in row["files"])

    asked = ("--dataset", "pitches", "--architecture", "model1")
    code, out, _ = studio("inside", "hear", corpus / "0.wav", *asked, "--json")
    heard = json.loads(out)
    assert (code, heard["classes"][0]["name"], heard["beside"]) == (0, "high", "6 test sounds")
    code, out, _ = studio("inside", "hear", corpus / "0.wav", *asked)
    assert code == 0 and "layer 3: map" in out

    table = tmp_path / "tones.csv"
    code, out, _ = studio("inside", "tones", *asked, "--json", "--output", table)
    best = {row["map"]: row["best_hz"] for row in json.loads(out)}
    assert code == 0 and best[0] == pytest.approx(2000, rel=0.06)
    assert len(table.read_text().splitlines()) == 33
    code, out, _ = studio("inside", "tones", *asked, "--layer", 3)
    assert "Hz  high" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("measure", "--dataset", "nobody", "--root", "."), 2, "no model of the name nobody"),
        (("measure", "--dataset", "pitches", "--root", "nowhere"), 1, "nowhere is not a folder"),
        (("tones", "--dataset", "pitches", "--layer", 4), 2, "layer=4 must be"),
        (("hear", "none.wav", "--dataset", "pitches"), 1, "There is no file 'none.wav'"),
    ],
)
def test_mistakes_end_in_one_line(studio, own_model, arguments, code, words):
    ended, _, errors = studio("inside", *arguments)
    assert ended == code and words in errors and errors.count("\n") == 1


def shipped():
    from studio.networks.listing import available_models

    return [model for model in available_models() if "test" in model.card]


@pytest.mark.parametrize("model", shipped(), ids=lambda model: model.name)
def test_the_matrix_that_is_shipped_is_that_of_its_card(model):
    found = read_confusion(confusion_path(model.path), model.card)
    test = model.card["test"]["middle second"]
    assert found["clips"] == test["clips"]
    assert found["accuracy"] == pytest.approx(test["accuracy"], abs=1.5 / test["clips"])
    assert matrix(found["entries"], len(model.card["classes"])).clips == test["clips"]


@pytest.mark.parametrize("model", shipped(), ids=lambda model: model.name)
def test_the_usual_responses_that_are_shipped_belong_to_their_weights(model):
    network = load_model(model.dataset, model.architecture)
    typical = read_typical(typical_path(model.path), network, model.card["weights_sha256"])
    assert typical.count == model.card["test"]["middle second"]["clips"]
    for quantiles in typical.quantiles_db:
        assert (np.diff(quantiles, axis=1) >= 0).all()
