"""A model as one file goes to another studio and works there; anything else gets a sentence."""

import json
import struct

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from studio.errors import CheckpointError, StudioError, TooLargeError
from studio.networks import exchange
from studio.networks.architectures import name_of
from studio.networks.checkpoints import load_model, save_model
from studio.networks.classifier import WaveformClassifier
from studio.networks.weights import fingerprint

OWN = name_of([(65, 30), (33, 15)])


@pytest.fixture
def one_file(tmp_path, monkeypatch):
    """A small model of one's own as a file, and an empty folder for models to take it into."""
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "first"))
    torch.manual_seed(1)
    card = {"dataset": "täpes", "summary": "of mine <b>"}
    model = WaveformClassifier(OWN, ["tick", "<i>tock", "\u202exyz"], [4], card)
    save_model(model.eval(), tmp_path / "first" / "models")
    content = exchange.pack_model("täpes", OWN)
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "second"))
    return content, tmp_path / "second" / "models"


def changed(content, **changes):
    """The same file with another card."""
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + size])
    card = json.loads(header["__metadata__"]["card"]) | changes
    header["__metadata__"]["card"] = json.dumps(card)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content[8 + size :]


def test_it_arrives_with_the_same_bytes_and_its_card(one_file, tmp_path, monkeypatch):
    content, folder = one_file
    assert exchange.take_in(content, folder) == f"täpes-{OWN}"
    model = load_model("täpes", OWN)
    assert model.classes == ("tick", "<i>tock", "xyz") and model.card["summary"] == "of mine <b>"
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "first"))
    assert fingerprint(load_model("täpes", OWN).card) == fingerprint(model.card)


def test_a_second_one_gets_another_name(one_file):
    content, folder = one_file
    exchange.take_in(content, folder)
    assert exchange.take_in(content, folder) == f"täpes_2-{OWN}"
    name = exchange.take_in(changed(content, dataset="../../events"), folder)
    assert name == f"events-{OWN}" and (folder / f"{name}.safetensors").is_file()


@pytest.mark.parametrize(
    "how",
    ["empty", "text", "cut off", "no card", "other classes", "model1", "pickle", "endless header"],
)
def test_what_is_no_model_is_told_and_not_kept(one_file, how):
    content, folder = one_file
    broken = {
        "empty": b"",
        "text": b"this is no model at all, only text",
        "cut off": content[:-50],
        "no card": save({"a": np.zeros(3)}),
        "other classes": changed(content, classes=["one", "two"]),
        "model1": changed(content, architecture="model1", hidden_channels=[1, 2, 3]),
        "pickle": b"\x80\x04\x95" + b"0" * 50,
        "endless header": struct.pack("<Q", 1 << 60) + content[8:],
    }[how]
    with pytest.raises(CheckpointError) as raised:
        exchange.take_in(broken, folder)
    assert "/tmp" not in str(raised.value)
    assert not folder.exists() or not list(folder.iterdir())


def test_one_that_is_huge_is_refused(one_file, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_MODEL_BYTES", 100)
    with pytest.raises(TooLargeError):
        exchange.take_in(one_file[0], one_file[1])


def test_numbers_that_are_none_are_refused(one_file, tmp_path):
    content, folder = one_file
    with pytest.raises(StudioError):
        exchange.take_in(content[:-64] + b"\xff" * 64, folder)
