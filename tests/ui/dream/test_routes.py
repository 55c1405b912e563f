"""The page's own routes, asked as a browser asks them."""

import io
import json
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.dreaming import wav
from studio.dreaming.recipe import Recipe
from studio.sound import files as audio
from studio.sound.files import read
from studio.ui.dream.routes import routes
from studio.ui.server.admission import Admission
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService, safe_name
from studio.ui.server.store import SoundStore

RATE = 44_100


@pytest.fixture
def sounds():
    store = SoundStore()
    yield SoundService(store)
    store.close()


@pytest.fixture
def client(sounds):
    return TestClient(Starlette(routes=routes(sounds, ModelCache(), Admission())))


def tone(seconds=1.0, rate=RATE, channels=1):
    time = np.arange(int(seconds * rate)) / rate
    return np.tile(0.3 * np.sin(2 * np.pi * 440 * time)[:, None], channels).astype("float32")


def encoded(sound, rate=RATE, kind="WAV", subtype=None):
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=kind, subtype=subtype)
    return file.getvalue()


def send(client, content, name="sound.wav"):
    return client.post("/studio/uploads", content=content, headers={"x-file-name": name})


@pytest.mark.parametrize(
    ("kind", "rate", "channels"),
    [("WAV", 8_000, 1), ("FLAC", 22_050, 2), ("OGG", 48_000, 2), ("MP3", 44_100, 1)],
)
def test_sounds_of_any_kind_are_taken(client, kind, rate, channels):
    answer = send(client, encoded(tone(2, rate, channels), rate, kind), f"a.{kind.lower()}")
    assert answer.status_code == 200
    facts = answer.json()
    assert facts["seconds"] == pytest.approx(2, abs=0.1)
    assert (facts["sample_rate"], facts["channels"]) == (rate, channels)
    assert len(facts["peaks"][0]) == 900 and max(facts["peaks"][1]) == pytest.approx(1, abs=0.01)
    part = client.get(f"/studio/uploads/{facts['token']}/part.wav?start=0.5&seconds=1")
    sound, rate = soundfile.read(io.BytesIO(part.content))
    assert rate == RATE and sound.size == pytest.approx(RATE, abs=2)


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("sound.wav", bytes(1 << 20))
    return file.getvalue()


BAD = {
    "empty": b"",
    "text": b"not a sound " * 50,
    "cut off": encoded(tone())[:5000],
    "zero seconds": encoded(tone(0)),
    "silent": encoded(tone() * 0),
    "NaN": encoded(tone() * np.nan, subtype="FLOAT"),
    "long": encoded(tone(301, 2_000), 2_000),
    "three hours": encoded(np.zeros(3 * 3600 * 1_000, "int16"), 1_000, "FLAC"),
    "a pickle": pickle.dumps({"a": 1}),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "an archive": archive(),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_used_gets_a_sentence_and_is_not_kept(client, sounds, what):
    answer = send(client, BAD[what], "strange.wav")
    assert answer.status_code == 422
    message = answer.json()["message"]
    assert "strange.wav" in message and message.endswith(".") and len(message) < 200
    assert len(sounds.store) == 0


def test_many_channels_of_a_small_file_are_mixed_a_piece_at_a_time(tmp_path):
    loud = np.zeros((20 * 44_100, 8), "int16")
    loud[:, 0] = 8_000 * np.sin(np.arange(len(loud)) * 0.06)
    path = tmp_path / "a.flac"
    path.write_bytes(encoded(loud, kind="FLAC"))
    tracemalloc.start()
    sound = read(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.allclose(sound, loud.mean(axis=1) / 32_768, atol=1e-6)
    # All eight channels as float32 would be 28 MB, one is 3.5 MB.
    assert most < 14e6


def test_more_samples_a_second_than_anyone_hears_are_refused_unread(client, monkeypatch):
    monkeypatch.setattr(audio, "_MOST_FRAMES", 600_000)
    assert send(client, encoded(tone(1, 600_000), 600_000, "FLAC"), "a.flac").status_code == 200
    answer = send(client, encoded(tone(1.1, 600_000), 600_000, "FLAC"), "a.flac")
    assert answer.status_code == 422 and "samples a second" in answer.json()["message"]


def test_large_uploads_end_early(client, sounds, monkeypatch):
    monkeypatch.setattr("studio.ui.server.receiving.MOST_UPLOAD_BYTES", 1 << 16)
    answer = send(client, bytes(1 << 18))
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"
    assert "MB" in answer.json()["message"]
    assert len(sounds.store) == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\sounds\\a.wav", "a.wav"),
        ("..", "recording"),
        ("x" * 300 + ".flac", "x" * 60 + ".flac"),
        ("töne\n.wav", "töne.wav"),
    ],
)
def test_names_of_uploads_are_tamed(name, kept):
    assert safe_name(name) == kept


def test_a_silent_part_gets_a_sentence(client):
    sound = np.concatenate([tone(), tone() * 0, tone()])
    token = send(client, encoded(sound)).json()["token"]
    answer = client.get(f"/studio/uploads/{token}/part.wav?start=1.1&seconds=0.8")
    assert answer.status_code == 422 and "silent" in answer.json()["message"]


def test_a_sound_made_here_tells_its_recipe(client, tmp_path):
    recipe = Recipe(seed=99, iterations=5)
    path = wav.write(tmp_path / "made.wav", tone()[:, 0], recipe)
    assert send(client, path.read_bytes()).json()["recipe"] == json.loads(recipe.to_json())
    assert send(client, encoded(tone())).json()["recipe"] is None


def test_ready_shapes_are_curves(client):
    asked = {"shape": "cross-fade", "number": 1, "count": 2}
    assert client.get("/studio/curve.json", params=asked).json() == [[0, 0], [1, 1]]
    walk = client.get("/studio/curve.json", params={"shape": "walk", "seed": 3}).json()
    assert Recipe(curves=[walk]).to_dict()["curves"] == [walk]


@pytest.mark.parametrize("initial", ["white noise", "silence", "tone", "impulse"])
def test_built_in_sounds_can_be_heard_before(client, initial):
    answer = client.get("/studio/initial.wav", params={"initial": initial, "seconds": 1.5})
    sound, _ = soundfile.read(io.BytesIO(answer.content))
    assert sound.size == 1.5 * RATE
    assert (np.abs(sound).max() > 0.05) == (initial != "silence")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/studio/initial.wav?initial=guitar", 422),
        ("/studio/initial.wav?seconds=-3", 422),
        ("/studio/initial.wav?seconds=many", 422),
        ("/studio/curve.json?shape=spiral", 422),
        ("/studio/curve.json?shape=cross-fade", 422),
        ("/studio/curve.json?shape=pulse&tempo=0", 422),
        ("/studio/curve.json?shape=cross-fade&number=2&count=2", 422),
        ("/studio/uploads/guess/part.wav", 410),
        ("/studio/sounds/guess/sound.wav", 410),
        ("/studio/sounds/guess/previews/1.wav", 410),
        ("/studio/sounds/guess/..%2F..%2Fsecret", 404),
    ],
)
def test_wrong_questions_get_a_sentence(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    if status != 404:
        assert answer.json()["code"] == ("gone" if status == 410 else "parameter")
        assert answer.json()["message"].endswith(".")


def test_the_unforeseen_is_logged_and_told_calmly(client, monkeypatch, caplog):
    monkeypatch.setattr(ModelCache, "listing", lambda self: 1 / 0)
    answer = client.get("/studio/models.json")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "division" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_the_listing_needs_no_pytorch():
    import subprocess
    import sys

    code = (
        "import sys, studio.ui.page, studio.ui.dream.routes as routes;"
        "routes.ModelCache().listing();"
        "sys.exit(any(name in sys.modules for name in ('torch', 'librosa', 'numba')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
