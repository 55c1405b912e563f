import json
import logging
import os

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.errors import CheckpointError, ParameterError
from studio.networks.checkpoints import as_stored, available_models, load_model, save_model
from studio.networks.classifier import WaveformClassifier
from studio.networks.listing import survey
from tests.conftest import make_model


@pytest.fixture
def saved(tmp_path):
    model = make_model("model1", classes=3)
    model.card = {"dataset": "bells", "epochs": 7}
    return model, save_model(model, tmp_path)


def test_a_saved_model_comes_back_the_same(saved, tmp_path):
    model, path = saved
    loaded = load_model("bells", "model1", tmp_path)
    waveform = torch.rand(2, 44_100) * 2 - 1
    with as_stored(model):
        expected = model(waveform)
    assert torch.equal(loaded(waveform), expected)
    assert loaded.classes == model.classes
    assert loaded.card["epochs"] == 7 and loaded.card["parameters"] == 233_411
    assert not loaded.training
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert torch.equal(load_model(path, "model1")(waveform), expected)
    assert torch.equal(load_model(tmp_path / "bells", "model1")(waveform), expected)


def test_as_stored_leaves_a_model_as_it_was(model):
    waveform = torch.rand(1, 44_100)
    before = model(waveform)
    with as_stored(model):
        assert not torch.equal(model(waveform), before)
    assert torch.equal(model(waveform), before)


def test_loading_leaves_the_random_numbers_alone(saved, tmp_path):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    load_model("bells", "model1", tmp_path)
    assert torch.equal(torch.rand(1), expected)


def test_two_loaded_models_share_no_memory(saved, tmp_path):
    first, second = (load_model("bells", "model1", tmp_path) for _ in range(2))
    first.convolutions[0].weight.zero_()
    assert second.convolutions[0].weight.any()


def test_other_channels_than_the_usual_are_kept(tmp_path):
    model = WaveformClassifier("model2", ["a", "b"], (2, 3, 4, 5, 6, 7, 8), {"dataset": "small"})
    save_model(model, tmp_path)
    assert load_model("small", "model2", tmp_path).channels == (2, 3, 4, 5, 6, 7, 8, 2)


def test_folders_in_the_environment_are_added_and_the_first_of_a_name_is_taken(
    saved, tmp_path, monkeypatch
):
    shipped, trained, added = (tmp_path / name for name in ("shipped", "home", "added"))
    monkeypatch.setattr("studio.places.shipped", lambda: shipped)
    monkeypatch.setenv("STUDIO_HOME", str(trained))
    monkeypatch.setenv("STUDIO_MODELS", os.pathsep.join([str(added), str(tmp_path)]))
    for folder, datasets in {
        shipped / "models": ["drums", "gongs", "voices"],
        trained / "models": ["drums", "gongs"],
        added: ["drums"],
    }.items():
        folder.mkdir(parents=True)
        for dataset in datasets:
            model = make_model("model1", classes=2)
            model.card = {"dataset": dataset, "place": folder.name}
            save_model(model, folder)
    places = {model.name: model.path.parent for model in available_models()}
    assert places == {
        "bells-model1": tmp_path,
        "drums-model1": added,
        "gongs-model1": trained / "models",
        "voices-model1": shipped / "models",
    }
    assert load_model("drums", "model1").card["place"] == "added"
    assert load_model("voices", "model1", shipped / "models").card["dataset"] == "voices"


def test_a_model_that_is_nowhere_is_told_where_one_would_be_found(home, only_models, tmp_path):
    only_models(tmp_path)
    with pytest.raises(CheckpointError, match="there are none") as told:
        load_model("bells", "model1")
    assert str(home / "models") in str(told.value)


def spoil(path, how):
    card = path.with_suffix(".json")
    if how == "missing":
        path.unlink()
    elif how == "cut off":
        path.write_bytes(path.read_bytes()[:5000])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("not a model")
    elif how == "no card":
        card.unlink()
    elif how == "broken card":
        card.write_text("{")
    elif how == "card of a list":
        card.write_text("[1]")
    elif how == "card without classes":
        fields = json.loads(card.read_text())
        del fields["classes"]
        card.write_text(json.dumps(fields))
    elif how == "card with other channels":
        card.write_text(json.dumps(json.loads(card.read_text()) | {"hidden_channels": [1, 2, 3]}))
    elif how == "card with too few channels":
        card.write_text(json.dumps(json.loads(card.read_text()) | {"hidden_channels": [1]}))
    elif how == "other weights":
        save_file({key: value + 1 for key, value in load_file(path).items()}, path)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("missing", "There is no model"),
        ("cut off", "cut off or not a safetensors file"),
        ("empty", "cut off or not a safetensors file"),
        ("text", "cut off or not a safetensors file"),
        ("no card", "model card .* is missing"),
        ("broken card", "not readable JSON"),
        ("card of a list", "lacks"),
        ("card without classes", "lacks classes"),
        ("card with other channels", "has shape .* is expected"),
        ("card with too few channels", "does not add up"),
        ("other weights", "do not belong together"),
    ],
)
def test_a_damaged_model_ends_in_a_sentence(saved, tmp_path, how, sentence):
    spoil(saved[1], how)
    with pytest.raises(CheckpointError, match=sentence):
        load_model("bells", "model1", tmp_path)


def test_the_wrong_architecture_is_named(saved, tmp_path):
    (tmp_path / "bells-model2.safetensors").write_bytes(saved[1].read_bytes())
    (tmp_path / "bells-model2.json").write_text(saved[1].with_suffix(".json").read_text())
    with pytest.raises(CheckpointError, match="holds a model1, not a model2"):
        load_model("bells", "model2", tmp_path)
    with pytest.raises(ParameterError, match="no architecture 'model3'"):
        load_model("bells", "model3", tmp_path)


def test_a_listing_leaves_out_what_is_broken_and_says_so(saved, tmp_path, caplog):
    (tmp_path / "lone-model1.safetensors").write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        (found,) = available_models(tmp_path)
    assert (found.name, found.dataset, found.architecture) == ("bells-model1", "bells", "model1")
    assert "lone-model1" in caplog.text
    assert available_models(tmp_path / "nowhere") == []


def test_a_full_disk_leaves_the_old_model_whole(saved, tmp_path, monkeypatch):
    model, _ = saved
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CheckpointError, match="No space left on device"):
        save_model(model.requires_grad_(True), tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


BAD_CARDS = {
    "classes": [None, [], ["only one"], [1, 2], {"a": 1}, "ab"],
    "hidden_channels": [None, [1], [1, 2, "3"], [1, 2, -3], [1, 2, 10**12], 3],
    "architecture": [None, "model3", ["model1"]],
    "curve": [[1], {"epoch": 3}, {"epoch": ["x"]}],
    "test": [[], {"middle second": 3}, {"middle second": {"accuracy": "high"}}],
    "paper": ["good", {"test_accuracy": [1]}],
    "data": ["mine", {"title": 3}],
    "training": [3, {"seed": "x"}],
    "parameters": ["many", -1],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD_CARDS.items() for value in values]
)
def test_one_bad_card_leaves_out_that_model_only_and_names_it(saved, tmp_path, field, value):
    card = json.loads(saved[1].with_suffix(".json").read_text())
    (tmp_path / "bad-model1.safetensors").write_bytes(saved[1].read_bytes())
    (tmp_path / "bad-model1.json").write_text(json.dumps(card | {field: value}))
    found, left_out = survey(tmp_path)
    assert [model.name for model in found] == ["bells-model1"]
    assert "bad-model1" in left_out["bad-model1"] and field.split("_")[0] in left_out["bad-model1"]
    with pytest.raises(CheckpointError):
        load_model("bad", "model1", tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 100_000, '{"a": ' * 100_000, "[1]", "null", '"x"', "\ufeff", "{" + "x" * 100),
        '{"classes": NaN}',
        '{"classes": 1e999}',
        '{"parameters": ' + "9" * 5000 + "}",
        json.dumps({"data": [[]]})[:-2] + "[" * 500 + "]" * 500 + "]}",
    ],
    ids=range(11),
)
def test_a_card_that_is_no_card_gets_a_sentence(saved, tmp_path, text):
    saved[1].with_suffix(".json").write_text(text)
    assert available_models(tmp_path) == []
    with pytest.raises(CheckpointError) as caught:
        load_model("bells", "model1", tmp_path)
    assert len(str(caught.value)) < 600


def test_the_words_of_a_card_cannot_steer_a_terminal(saved, tmp_path):
    path = saved[1].with_suffix(".json")
    card = json.loads(path.read_text())
    card |= {"summary": "\x1b[2Jbells", "data": {"title": "a\x07b"}, "classes": ["\x9bx", "y", "z"]}
    path.write_text(json.dumps(card))
    (found,) = available_models(tmp_path)
    assert found.card["summary"] == "[2Jbells" and found.card["data"] == {"title": "ab"}
    assert found.card["classes"] == ["x", "y", "z"]


def test_a_kill_between_weights_and_card_loses_neither_the_old_model_nor_the_new(tmp_path):
    old, new = make_model("model1", classes=3, seed=1), make_model("model1", classes=4, seed=2)
    for model in (old, new):
        model.card = {"dataset": "bells"}
    save_model(old, tmp_path / "models")
    save_model(new, tmp_path / "elsewhere")
    ready = tmp_path / "models" / ".bells-model1.ready"
    ready.mkdir()
    for ending in ("json", "safetensors"):
        name = f"bells-model1.{ending}"
        (ready / name).write_bytes((tmp_path / "elsewhere" / name).read_bytes())
    (ready / "bells-model1.json").replace(tmp_path / "models" / "bells-model1.json")  # the kill
    assert load_model("bells", "model1", tmp_path / "models").classes == new.classes
    assert not ready.exists()
