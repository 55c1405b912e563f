"""What the Models tab is told, asked as a browser asks it."""

import io
import json
from urllib.parse import quote

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.analysis.confusion import Confusion, confusion_path, write_confusion
from studio.networks.checkpoints import load_model, save_model
from studio.ui.dream.routes import routes
from studio.ui.models.routes import model_routes
from studio.ui.models.service import ModelsService
from studio.ui.server.admission import Admission
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.analysis.known import ears, tone

RATE = 44_100
CARD = {
    "dataset": "pitches",
    "data": {"title": "Two pitches", "licence": "none", "stand_in": True},
    "train_accuracy": 1.0,
    "test": {"middle second": {"accuracy": 0.75, "clips": 4}},
    "paper": {"test_accuracy": 0.27, "data": "theirs"},
    "curve": {
        "epoch": [1, 2, 3],
        "train_accuracy": [0.5, 0.8, 1.0],
        "test_accuracy": [None, 0.7, None],
    },
}


@pytest.fixture
def weights(tmp_path, only_models):
    only_models(tmp_path)
    model = ears(high=2000, low=500)
    model.card.update(CARD)
    return save_model(model, tmp_path)


@pytest.fixture
def client(weights):
    store, model_cache = SoundStore(), ModelCache()
    sounds = SoundService(store)
    admission = Admission()
    own = [
        *routes(sounds, model_cache, admission),
        *model_routes(ModelsService(sounds, model_cache), admission),
    ]
    yield TestClient(Starlette(routes=own))
    store.close()


def upload(client, sound):
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV")
    headers = {"x-file-name": "sound.wav"}
    return client.post("/studio/uploads", content=file.getvalue(), headers=headers).json()["token"]


def test_a_card_tells_what_was_learned_from_what_and_how_well(client):
    [card] = client.get("/studio/inside/models.json").json()
    assert card["name"] == "pitches-model1" and card["label"] == "Model1"
    assert card["classes"] == ["high", "low"] and card["channels"] == [32, 64, 128, 2]
    assert card["lengths"] == [900, 36, 4, 1] and card["chance"] == 0.5
    assert card["data"] == {"title": "Two pitches", "licence": "none", "stand_in": True}
    assert card["paper"]["test_accuracy"] == 0.27
    assert card["curve"] == {"train": [[1, 0.5], [2, 0.8], [3, 1.0]], "test": [[2, 0.7]]}


def test_a_card_that_says_little_is_shown_all_the_same(client, weights):
    save_model(ears(high=2000, low=500), weights.parent, "bare-model1")
    card = client.get("/studio/inside/models.json").json()[0]
    assert card["name"] == "bare-model1" and card["curve"] == {"train": [], "test": []}
    assert card["test"] is None and card["data"] == {}


def test_a_model_of_an_unknown_architecture_does_not_hide_the_others(client, weights):
    odd = weights.with_name("odd-model9.safetensors")
    odd.write_bytes(weights.read_bytes())
    card = json.loads(weights.with_suffix(".json").read_text())
    odd.with_suffix(".json").write_text(json.dumps({**card, "architecture": "model9"}))
    names = [card["name"] for card in client.get("/studio/inside/models.json").json()]
    assert names == ["pitches-model1"]


def test_a_layer_comes_with_its_maps_sorted_by_the_tone_they_like(client):
    found = client.get("/studio/inside/pitches-model1/layers/0.json").json()
    best = found["best_hz"]
    assert best[0] == pytest.approx(2000, rel=0.06) and best[1] == pytest.approx(500, rel=0.3)
    assert [best[number] for number in found["order"]] == sorted(best)
    assert len(found["levels_db"]) == 32 and max(found["levels_db"][0]) == 0
    assert len(found["taps"][0]) == 85 and len(found["spectra_db"][0]) == 120
    deeper = client.get("/studio/inside/pitches-model1/layers/3.json").json()
    assert "taps" not in deeper and len(deeper["order"]) == 2


def test_a_sound_of_two_halves_changes_its_class_in_the_middle(client):
    token = upload(client, np.concatenate([tone(500, 2), tone(2000, 2)]))
    found = client.get(f"/studio/inside/pitches-model1/heard.json?upload={token}").json()
    curves = {one["name"]: np.array(one["over_time"]) for one in found["classes"]}
    times = np.array(found["times"])
    assert (curves["low"][times < 1.4] > 0.5).all() and (curves["high"][times > 2.6] > 0.5).all()
    assert found["seconds"] == pytest.approx(4, abs=0.01)
    assert found["beside"] == "64 seconds of white noise"
    layer = found["layers"][0]
    assert sorted(layer["order"]) == list(range(32)) and set(layer["order"][:2]) == {0, 1}
    assert layer["share"][0] == 1 and layer["over_db"][0] > 3
    assert len(layer["over_time"]) == 12 and len(layer["over_time"][0]) == len(times)


def test_only_the_part_that_is_asked_for_is_listened_to(client):
    token = upload(client, np.concatenate([tone(500, 2), tone(2000, 2)]))
    address = f"/studio/inside/pitches-model1/heard.json?upload={token}&start=2&seconds=1.5"
    found = client.get(address).json()
    assert found["seconds"] == pytest.approx(1.5, abs=0.01)
    assert found["classes"][0]["name"] == "high"


@pytest.mark.parametrize("initial", ["white noise", "tone", "impulse"])
def test_built_in_sounds_are_listened_to(client, initial):
    address = f"/studio/inside/pitches-model1/heard.json?initial={quote(initial)}"
    assert client.get(address).json()["seconds"] == 3


def test_mistakes_are_told_where_they_were_measured(client, weights):
    address = "/studio/inside/pitches-model1/confusion.json"
    found = client.get(address).json()
    assert found == {
        "missing": True,
        "command": "studio inside measure --dataset pitches --root FOLDER",
    }
    confusion = Confusion.of(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    write_confusion(confusion_path(weights), confusion, load_model("pitches", "model1").card)
    found = client.get(address).json()
    assert found["entries"] == [[0, 0, 1], [0, 1, 1], [1, 1, 2]] and found["clips"] == 4
    assert found["mistakes"] == [[0, 1, 1]]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nobody-model1/layers/0.json", "There is no model 'nobody-model1' here"),
        ("..%2F..%2Fsecret/confusion.json", "There is no model"),
        ("pitches-model1/layers/4.json", "layer=4 must be a whole number from 0 to 3"),
        ("pitches-model1/layers/-1.json", "layer=-1 must be"),
        ("pitches-model1/layers/0.5.json", "must be a whole number"),
        ("pitches-model1/layers/nan.json", "must be a number"),
        ("pitches-model1/layers/inf.json", "must be a number"),
        ("pitches-model1/layers/x.json", "must be a number"),
        ("pitches-model1/heard.json", "Say what to listen to"),
        ("pitches-model1/heard.json?upload=gone", "no longer here"),
        ("pitches-model1/heard.json?initial=silence", "no built-in sound 'silence'"),
        ("pitches-model1/heard.json?upload=gone&seconds=61", "at most 60"),
        ("pitches-model1/heard.json?upload=gone&seconds=nan", "must be a number"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(client, path, words):
    answer = client.get(f"/studio/inside/{path}")
    if "nobody" in path or ".." in path:
        assert answer.status_code == 404
    elif words == "no longer here":
        assert answer.status_code == 410
    else:
        assert answer.status_code == 422
    if ".." not in path:
        assert words in answer.json()["message"]


def test_silence_is_said_to_be_silent(client):
    sound = np.concatenate([tone(500, 1), np.zeros(2 * RATE)])
    token = upload(client, sound)
    address = f"/studio/inside/pitches-model1/heard.json?upload={token}&start=1.5&seconds=1"
    answer = client.get(address)
    assert answer.status_code == 422 and "silent" in answer.json()["message"]
