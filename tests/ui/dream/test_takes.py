"""Takes, links and presets, asked for as the page asks."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.dreaming import wav
from studio.dreaming.recipe import Recipe
from studio.dreaming.wav import read_recipe
from studio.sound.material import loudness_lufs
from studio.ui.dream.routes import routes
from studio.ui.dream.take_routes import take_routes
from studio.ui.dream.takes import TakeService
from studio.ui.server.admission import Admission
from studio.ui.server.exports import Exports
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.waiting import until

RATE = 44_100
RECIPE = Recipe(seed=99, iterations=5, seconds=1.0)


@pytest.fixture
def sounds():
    store = SoundStore()
    yield SoundService(store)
    store.close()


@pytest.fixture
def client(sounds):
    admission = Admission()
    takes = TakeService(sounds, Exports(sounds.store, admission))
    own = [*routes(sounds, ModelCache(), admission), *take_routes(takes, admission)]
    return TestClient(Starlette(routes=own))


@pytest.fixture
def tone():
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype("float32")


def upload(client, path):
    headers = {"x-file-name": path.name}
    return client.post("/studio/uploads", content=path.read_bytes(), headers=headers).json()


def test_a_page_learns_which_of_its_takes_are_still_here(client, sounds, tone):
    token = sounds.add_sound(sounds.store.new(), tone, RECIPE, None)["token"]
    other = sounds.store.new().token  # an entry without a sound
    answer = client.post("/studio/takes/here", json={"tokens": [token, other, "guess", 7]})
    assert answer.json() == {"here": [token]}


def test_a_page_learns_which_recordings_of_its_takes_are_still_here(client, tone, tmp_path):
    soundfile.write(tmp_path / "guide.wav", tone, RATE)
    token = upload(client, tmp_path / "guide.wav")["token"]
    answer = client.post("/studio/takes/here", json={"tokens": ["gone", token]})
    assert answer.json() == {"here": [token]}


def file_of(client, takes, options=None):
    """Return name and content of an exported file."""
    job = client.post("/studio/takes/files", json={"takes": takes, "options": options}).json()

    def ended():
        job.update(client.get(f"/studio/takes/files/{job['token']}").json())
        return job["state"] not in ("waiting", "dreaming")

    until(ended)
    assert job["state"] == "done" and job["done"] == job["of"], job
    return job, client.get(f"/studio/takes/files/{job['token']}/download").content


def test_a_file_of_takes_holds_the_sounds_and_all_recipes(client, sounds, tone):
    token = sounds.add_sound(sounds.store.new(), tone, RECIPE, tone)["token"]
    gone = RECIPE.replace(seed=3)
    take = {"token": token, "name": "Bell / tower", "star": True, "recipe": RECIPE.to_dict()}
    lost = {"token": "gone", "name": "=1+1", "star": False, "recipe": gone.to_dict()}
    job, content = file_of(client, [take, lost, take])
    assert job["missing"] == 1 and job["name"] == "dream-takes-2-sounds.zip"
    archive = zipfile.ZipFile(io.BytesIO(content))
    rows = list(csv.DictReader(io.StringIO(archive.read("sounds.csv").decode())))
    assert [row["file"] for row in rows] == ["instruments-model1-L0-m0-Bell-tower-s99.wav", ""]
    assert rows[0]["star"] == "1" and not rows[1]["label"].startswith("=")
    assert Recipe.from_json(rows[1]["recipe"]) == gone
    sound, _ = soundfile.read(io.BytesIO(archive.read(rows[0]["file"])), dtype="float32")
    np.testing.assert_array_equal(sound, tone)


def test_a_take_is_exported_as_it_is_heard_and_an_untitled_one_says_nothing_twice(
    client, sounds, tone
):
    token = sounds.add_sound(sounds.store.new(), 0.01 * tone, RECIPE, None)["token"]
    take = {"token": token, "name": "", "recipe": RECIPE.to_dict()}
    job, content = file_of(client, [take], {})
    assert job["name"] == "instruments-model1-L0-m0-s99.wav"
    heard, _ = soundfile.read(io.BytesIO(content))
    assert soundfile.info(io.BytesIO(content)).subtype == "PCM_24"
    assert loudness_lufs(heard) == pytest.approx(-18, abs=0.1)


def test_a_kit_of_takes_plays_seeds_in_turn(client, sounds, tone):
    takes = []
    for seed in (1, 2):
        recipe = RECIPE.replace(seed=seed)
        token = sounds.add_sound(sounds.store.new(), tone, recipe, None)["token"]
        takes.append({"token": token, "name": "", "recipe": recipe.to_dict()})
    job, content = file_of(client, takes, {"kit": "pads", "name": "Töne"})
    assert job["name"] == "Töne-2-sounds.zip"
    assert "seq_length=2" in zipfile.ZipFile(io.BytesIO(content)).read("Töne.sfz").decode()


def test_a_sound_made_here_becomes_a_take_again(client, sounds, tone, tmp_path):
    made = upload(client, wav.write(tmp_path / "made.wav", tone, RECIPE))
    answer = client.post(f"/studio/takes/restore/{made['token']}").json()
    take = answer["take"]
    assert take["recipe"] == RECIPE.to_dict() and take["before"] is True
    assert answer["trace"]["iteration"] == [5]
    assert answer["trace"]["loudness"][0] == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    saved = sounds.store.find(take["token"]).folder / "sound.wav"
    assert read_recipe(saved) == RECIPE
    np.testing.assert_allclose(soundfile.read(saved)[0], tone, atol=1e-6)
    for name in ("heard.wav", "before.wav", "sound.wav"):
        assert client.get(f"/studio/sounds/{take['token']}/{name}").status_code == 200


def test_what_a_recording_led_to_comes_back_without_the_recording(client, tone, tmp_path):
    recipe = RECIPE.replace(initial="door.wav (sha256 0123456789abcdef)")
    made = upload(client, wav.write(tmp_path / "made.wav", tone, recipe))
    take = client.post(f"/studio/takes/restore/{made['token']}").json()["take"]
    assert take["before"] is False and take["recipe"]["initial"] == recipe.initial


def test_the_recipe_of_a_link_is_completed_and_checked(client):
    answer = client.post("/studio/recipe", json={"dataset": "speech", "targets": [[2, 3]]})
    assert answer.json() == Recipe.from_dict({"dataset": "speech", "targets": [[2, 3]]}).to_dict()
    for wrong in ({"speed": 3}, {"seconds": 1e9}, {"targets": "all"}, [1], "text"):
        answer = client.post("/studio/recipe", content=json.dumps(wrong))
        assert answer.status_code == 422 and answer.json()["message"].endswith(".")


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("takes/here", {"tokens": "all"}, 422),
        ("takes/here", {"tokens": ["a"] * 1000}, 422),
        ("takes/files", {"takes": []}, 422),
        ("takes/files", {"takes": [{"token": "a", "recipe": {}}]}, 410),
        ("takes/files", {"takes": [{"token": "a", "recipe": {}}], "options": {"kit": "x"}}, 422),
        ("takes/files", {"takes": ["a"]}, 422),
        ("takes/files", {"takes": [{"token": "a", "recipe": {"seed": -1}}]}, 422),
        ("takes/restore/guess", {}, 410),
        ("takes/here", {"tokens": ["x" * (1 << 21)]}, 413),
    ],
)
def test_wrong_questions_get_a_sentence(client, path, content, status):
    answer = client.post(f"/studio/{path}", json=content)
    assert answer.status_code == status
    assert answer.json()["message"].endswith(".") and len(answer.json()["message"]) < 200


def test_a_recording_that_was_not_made_here_is_no_take(client, tone, tmp_path):
    soundfile.write(tmp_path / "own.wav", tone, RATE)
    token = upload(client, tmp_path / "own.wav")["token"]
    answer = client.post(f"/studio/takes/restore/{token}")
    assert answer.status_code == 422 and "recipe" in answer.json()["message"]
    assert client.get("/studio/takes/files/guess").status_code == 410
