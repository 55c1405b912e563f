"""The tab "Your sounds", asked as a browser asks it."""

import io
import zipfile
from urllib.parse import quote

import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.ui.own.routes import own_routes
from studio.ui.own.service import OwnService
from studio.ui.server.admission import Admission
from tests.projects.conftest import RATE, clips, here, home, tone  # noqa: F401

RIGHT_TO_LEFT = "\u202egnp.wav"


def studio(hosted=False):
    return TestClient(Starlette(routes=own_routes(OwnService(hosted), Admission())))


@pytest.fixture
def client(home):  # noqa: F811
    return studio()


def sound(pitch=300, seconds=0.2):
    file = io.BytesIO()
    soundfile.write(file, tone(pitch, seconds), RATE, format="WAV")
    return file.getvalue()


def send(client, slug, content, name, into="tapes", **query):
    headers = {"x-file-name": quote(name), "x-class": quote(into)}
    return client.post(
        f"/studio/own/uploads/{slug}", content=content, headers=headers, params=query
    )


def create(client, title="Mine"):
    return client.post("/studio/own/projects", json={"title": title}).json()["slug"]


def test_sounds_and_a_zip_are_sorted_and_heard(client, clips):  # noqa: F811
    slug = create(client)
    view = send(client, slug, sound(), "Größe/../one.wav", "Körper <b>").json()
    assert [each["name"] for each in view["classes"]] == ["Körper <b>"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(clips.rglob("*.*")):
            archive.write(path, path.relative_to(clips))
    view = send(client, slug, packed.getvalue(), "all.zip").json()
    assert view["added"] == 12 and len(view["problems"]) == 3 and len(view["classes"]) == 4
    clip = view["classes"][1]["clips"][0]
    wav = client.get(f"/studio/own/projects/{slug}/clips/{clip['id']}.wav")
    heard, _ = soundfile.read(io.BytesIO(wav.content))
    assert len(heard) == pytest.approx(0.2 * RATE, abs=2) and abs(heard).max() > 0.05
    cut = client.get(f"/studio/own/projects/{slug}/clips/{clip['id']}/cut.json?quieter_db=20")
    assert len(cut.json()["pieces"]) == 1
    moved = {"clips": [clip["id"]], "to": "Körper <b>"}
    view = client.post(f"/studio/own/projects/{slug}/change/move", json=moved).json()
    assert len(view["classes"][0]["clips"]) == 2
    assert client.get("/studio/own/projects.json").json()["projects"][0]["clips"] == 13


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.wav", "'empty.wav' is empty"),
        (b"hello", "notes.txt", "'notes.txt' is not a sound"),
        (b"hello", RIGHT_TO_LEFT, "'gnp.wav' is not a sound"),
        (b"PK", "x.zip", "no ZIP"),
    ],
)
def test_what_is_no_sound_is_told_by_its_name_and_leaves_nothing(client, content, name, sentence):
    slug = create(client)
    answer = send(client, slug, content, name)
    assert answer.status_code == 422 and sentence in answer.json()["message"]
    assert client.get(f"/studio/own/projects/{slug}.json").json()["classes"] == []


def test_a_network_is_trained_heard_and_deleted(client, clips, here):  # noqa: F811
    slug = create(client, "Tapes")
    base = f"/studio/own/projects/{slug}"
    assert client.post(f"{base}/train", json={}).status_code == 422
    for folder in sorted(clips.iterdir()):
        for path in sorted(folder.glob("[0-9].wav")):
            send(client, slug, path.read_bytes(), path.name, folder.name)
    assert client.get(f"{base}/dream.wav").status_code == 404
    told = client.post(f"{base}/train", json={"size": "small", "minutes": 0.05}).json()
    assert told["state"] == "done" and told["model"] == "tapes-model1"
    wav, _ = soundfile.read(io.BytesIO(client.get(f"{base}/dream.wav").content))
    assert len(wav) == RATE
    assert client.get(f"{base}/training.json").json()["dream"]["number"] > 0
    left = client.post(f"{base}/delete", json={"models": True}).json()
    assert left["projects"] == []
    assert client.get(f"{base}.json").status_code == 404
    from studio.networks.listing import available_models

    assert "tapes-model1" not in [model.name for model in available_models()]


@pytest.mark.parametrize("path", ["..%2F..%2Fetc.json", "nobody.json", "nobody/training.json"])
def test_projects_are_found_by_name_only(client, path):
    assert client.get(f"/studio/own/projects/{path}").status_code == 404


def test_a_shared_studio_says_why_it_has_none(home):  # noqa: F811
    client = studio(hosted=True)
    assert "own machine" in client.get("/studio/own/projects.json").json()["closed"]
    answer = client.post("/studio/own/projects", json={"title": "x"})
    assert answer.status_code == 422 and "own machine" in answer.json()["message"]
    assert not (home / "projects").exists()
