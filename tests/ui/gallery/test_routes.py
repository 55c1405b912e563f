"""What the Gallery tab is told by its routes."""

import asyncio
import dataclasses
import io
import json
import shutil
import threading
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from studio.cli import app
from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe
from studio.dreaming.wav import read_recipe
from studio.ui.dream.routes import routes
from studio.ui.gallery.bundles import Bundles
from studio.ui.gallery.routes import gallery_routes
from studio.ui.gallery.service import GalleryService, table_for_page
from studio.ui.server.admission import Admission
from studio.ui.server.dreams import Dreams
from studio.ui.server.exports import Exports
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.ui.streams import LOOP
from tests.waiting import PATIENCE, until


@pytest.fixture
def ask(built, models, only_models):
    """Return a client of a studio with the small gallery, or with that of another folder."""
    only_models(models)
    store = SoundStore()

    def client(folder=built[0].folder, most=24):
        sounds = SoundService(store)
        model_cache = ModelCache()
        gallery = GalleryService(sounds, folder)
        admission = Admission()
        dreams, exports = Dreams(sounds, model_cache, admission), Exports(store, admission)
        bundles = Bundles(gallery, dreams, exports, most)
        listed = [
            *routes(sounds, model_cache, admission),
            *gallery_routes(gallery, bundles, admission),
        ]
        return TestClient(Starlette(routes=listed))

    yield client
    store.close()


@pytest.fixture
def table(built):
    return built[0].table


def test_the_table_comes_whole_small_and_compressed(ask, table):
    answer = ask().get("/studio/gallery.json")
    assert answer.headers["content-encoding"] == "gzip"
    told = answer.json()
    assert sum(group["count"] for group in told["groups"]) == len(table) == told["made"]
    np.testing.assert_allclose(
        told["columns"]["brightness_mean"], table["brightness_mean"], rtol=1e-3
    )
    assert told["columns"]["map"] == table["map"].tolist()
    labels = [label for group in told["groups"] for label in group["labels"] or []]
    assert labels == table.query("label != ''")["label"].tolist()
    assert {"iterations", "learning_rate"} <= set(told["recipe"])
    assert "targets" not in told["recipe"]
    assert len(answer.content) / len(table) < 170  # 600 kB for all 3,492 sounds of six models
    again = ask().get("/studio/gallery.json", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_a_browser_without_gzip_is_served_too(ask):
    answer = ask().get("/studio/gallery.json", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.json() == ask().get("/studio/gallery.json").json()


def test_one_sound_is_fetched_alone(ask, table):
    row = table.iloc[4]
    last = row["offset_bytes"] + row["bytes"] - 1
    answer = ask().get(
        f"/studio/gallery/sounds/{row['file']}",
        headers={"range": f"bytes={row['offset_bytes']}-{last}"},
    )
    assert answer.status_code == 206 and len(answer.content) == row["bytes"]
    assert "immutable" in answer.headers["cache-control"]
    sound, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == 44_100 and sound.size >= row["seconds"] * rate


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-9", 206),
        ("bytes=5-", 206),
        ("bytes=-7", 206),
        ("bytes=0-999999999", 206),
        ("bytes=9-5", 400),
        ("bytes=99999999-999999999", 416),
        ("", 200),
    ],
)
def test_any_range_is_answered_as_browsers_expect(ask, built, table, asked, status):
    name = table["file"].iloc[0]
    whole = (built[0].folder / name).read_bytes()
    headers = {"range": asked} if asked else {}
    answer = ask().get(f"/studio/gallery/sounds/{name}", headers=headers)
    assert answer.status_code == status
    if answer.status_code == 206:
        first, last = answer.headers["content-range"].split()[1].split("/")[0].split("-")
        assert answer.content == whole[int(first) : int(last) + 1]
        assert answer.headers["content-range"].endswith(f"/{len(whole)}")
    elif answer.status_code == 200:
        assert answer.content == whole


@pytest.mark.parametrize("name", ["index.csv", "..%2Findex.csv", "nothing.mp3", "manifest.json"])
def test_only_sounds_are_served(ask, name):
    answer = ask().get(f"/studio/gallery/sounds/{name}")
    assert answer.status_code == 404


def test_a_missing_gallery_is_said_and_how_to_build_it(ask, tmp_path):
    told = ask(tmp_path / "nowhere").get("/studio/gallery.json").json()
    assert told == {"missing": "The gallery is not built yet.", "build": "studio gallery build"}
    assert ask(tmp_path / "nowhere").get("/studio/gallery/alike?row=0").status_code == 404


def test_a_damaged_gallery_is_said(ask, built, tmp_path):
    folder = shutil.copytree(built[0].folder, tmp_path / "copy")
    (folder / "vectors.npy").write_bytes(b"no vectors")
    told = ask(folder).get("/studio/gallery.json").json()
    assert "Build it again" in told["missing"]


def test_a_gallery_that_is_built_anew_is_read_anew(ask, built, tmp_path):
    folder = tmp_path / "late"
    client = ask(folder)
    assert "missing" in client.get("/studio/gallery.json").json()
    shutil.copytree(built[0].folder, folder)
    assert client.get("/studio/gallery.json").json()["made"] == len(built[0].table)


def test_alike_are_the_nearest(ask, built):
    rows = ask().get("/studio/gallery/alike?row=3&count=5").json()["rows"]
    distance = np.linalg.norm(built[0].vectors - built[0].vectors[3], axis=1)
    assert rows == [row for row in np.argsort(distance, kind="stable") if row != 3][:5]


def test_a_recording_is_most_like_itself(ask, built, table):
    row = table.iloc[7]
    data = (built[0].folder / row["file"]).read_bytes()
    data = data[row["offset_bytes"] : row["offset_bytes"] + row["bytes"]]
    client = ask()
    sent = client.post("/studio/uploads", content=data, headers={"x-file-name": "mine.mp3"})
    token = sent.json()["token"]
    told = client.get(f"/studio/gallery/alike?upload={token}&count=4").json()
    assert told["name"] == "mine.mp3" and told["rows"][0] == 7 and len(told["rows"]) == 4


def sound_of(built, row):
    """Return the samples of a row of the gallery."""
    begin = row["offset_bytes"]
    made = (built[0].folder / row["file"]).read_bytes()[begin : begin + row["bytes"]]
    return soundfile.read(io.BytesIO(made), dtype="float32")[0]


def test_the_most_alike_of_every_layer_are_told_of_a_recording_that_begins_silent(
    ask, built, table
):
    pause = np.zeros(100_000, dtype=np.float32)
    late = io.BytesIO()
    sound = np.concatenate([pause, sound_of(built, table.iloc[7]), pause])
    soundfile.write(late, sound, 44_100, format="WAV")
    client = ask()
    sent = client.post(
        "/studio/uploads", content=late.getvalue(), headers={"x-file-name": "late.wav"}
    ).json()
    asked = f"/studio/gallery/alike?upload={sent['token']}&each=layer&count=2"
    rows = client.get(asked).json()["rows"]
    layer = ["dataset", "architecture", "layer"]
    assert rows[0] == 7
    assert table.iloc[rows].groupby(layer).size().to_list() == [2] * table.groupby(layer).ngroups
    distance = np.linalg.norm(built[0].vectors[rows] - built[0].vectors[7], axis=1)
    assert np.corrcoef(distance, np.arange(len(rows)))[0, 1] > 0.8


def test_a_take_is_listened_to_where_it_lies(built, table):
    sounds = SoundService(SoundStore())
    gallery = GalleryService(sounds, built[0].folder)
    entry = sounds.store.new()
    recipe = Recipe.from_dict(gallery.recipe(7))
    sounds.add_sound(entry, sound_of(built, table.iloc[7]), recipe, None)
    told = gallery.alike_take(entry.token, 3)
    sounds.store.close()
    assert told["rows"][0] == 7 and len(told["rows"]) == 3


@pytest.mark.parametrize(
    "question",
    ["row=-1", "row=100000", "row=1.5", "row=x", "row=nan", "", "upload=guess", "take=guess"],
)
def test_wrong_questions_get_a_sentence(ask, question):
    answer = ask().get(f"/studio/gallery/alike?{question}")
    assert answer.status_code == (410 if "guess" in question else 422)
    assert answer.json()["message"].endswith(".")


def test_the_most_different_of_some_rows_stand_for_all(ask, table):
    client = ask()
    rows = list(range(0, len(table), 2))

    def asked(rows, count):
        answer = client.post("/studio/gallery/different", json={"rows": rows, "count": count})
        return answer.json().get("rows", answer.status_code)

    found = asked(rows, 3)
    assert len(found) == 3 and set(found) < set(rows)
    assert asked(rows, 10**6) == rows
    for wrong in (asked([], 3), asked(rows, 0), asked(["a"], 1), asked([10**6], 1), asked(3, 1)):
        assert wrong == 422


def wait_for(client, job):
    def ended():
        job.update(client.get(f"/studio/gallery/files/{job['token']}").json())
        return job["state"] not in ("waiting", "dreaming")

    until(ended)
    return job


def test_several_sounds_come_as_a_zip_with_recipes_and_features(ask, table, tmp_path):
    client = ask()
    rows = [5, 0]
    job = wait_for(client, client.post("/studio/gallery/files", json={"rows": rows}).json())
    assert job["state"] == "done" and job["done"] == job["of"] == 2
    answer = client.get(f"/studio/gallery/files/{job['token']}/download")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    listed = pd.read_csv(io.BytesIO(archive.read("sounds.csv")), keep_default_na=False)
    assert set(archive.namelist()) == {*listed["file"], "sounds.csv", "about.txt"}
    assert listed["map"].tolist() == table["map"].iloc[rows].tolist()
    assert listed["loudness_mean"].tolist() == pytest.approx(
        table["loudness_mean"].iloc[rows].tolist(), rel=1e-4
    )
    assert not {"offset_seconds", "offset_bytes"} & set(listed.columns)
    for _, row in listed.iterrows():
        path = tmp_path / row["file"]
        path.write_bytes(archive.read(row["file"]))
        assert read_recipe(path) == Recipe.from_json(row["recipe"])


def test_one_sound_comes_as_the_very_wav_that_its_recipe_makes(ask, table, tmp_path):
    client = ask()
    job = wait_for(client, client.post("/studio/gallery/files", json={"rows": [2]}).json())
    answer = client.get(f"/studio/gallery/files/{job['token']}/download")
    path = tmp_path / job["name"]
    path.write_bytes(answer.content)
    sound, _ = soundfile.read(path, dtype="float32")
    recipe = read_recipe(path)
    assert recipe.targets[0][:2] == (table["layer"].iloc[2], table["map"].iloc[2])
    assert recipe.seed == table["seed"].iloc[2]
    model = ModelCache().get(recipe.dataset, recipe.architecture)
    np.testing.assert_array_equal(sound, dream(model, recipe).audio)


def test_a_kit_from_the_page_is_what_the_terminal_makes(ask, tmp_path):
    client = ask(most=None)

    def files_of(options):
        asked = {"rows": [5, 0, 3], **options}
        job = wait_for(client, client.post("/studio/gallery/files", json=asked).json())
        answer = client.get(f"/studio/gallery/files/{job['token']}/download")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        return {name: archive.read(name) for name in archive.namelist()}

    (tmp_path / "in").mkdir()
    for name, content in files_of({}).items():
        if name.endswith(".wav"):
            (tmp_path / "in" / name).write_bytes(content)
    kit = files_of({"options": {"kit": "keys", "name": "Glöckchen", "bits": "16-bit"}})
    arguments = ["export", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    arguments += ["--kit", "keys", "--name", "Glöckchen", "--bits", "16-bit"]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    sounds = [name for name in kit if name.endswith(".wav")]
    assert len(sounds) == 3
    assert {"Glöckchen.sfz", "Glöckchen.dspreset", "sounds.csv"} < set(kit)
    for name in sounds:
        assert (tmp_path / "out" / name).read_bytes() == kit[name]


def test_a_full_disk_ends_a_file_with_a_sentence_and_leaves_none(ask, monkeypatch):
    from studio.export import collect

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(collect, "write_sound", full)
    client = ask()
    job = wait_for(client, client.post("/studio/gallery/files", json={"rows": [0, 1]}).json())
    assert job["state"] == "error" and job["code"] == "disk_full"
    assert client.get(f"/studio/gallery/files/{job['token']}/download").status_code == 410


@pytest.mark.parametrize(
    "body",
    [
        {"rows": [0], "options": {"kit": "choir"}},
        {"rows": [0], "options": 3},
        {"rows": [0], "options": {"sound": "untouched", "bits": "16-bit"}},
    ],
)
def test_wrong_options_get_a_sentence(ask, body):
    answer = ask().post("/studio/gallery/files", json=body)
    assert answer.status_code == 422 and answer.json()["message"].endswith(".")


@pytest.mark.parametrize(
    "body",
    [
        {"rows": []},
        {"rows": list(range(24 + 1))},
        {"rows": [10**6]},
        {"rows": ["one"]},
        {"rows": [True]},
        {"rows": [10**400]},
        {"rows": [-1]},
        {"rows": 3},
        {},
        [],
        "text",
    ],
)
def test_wrong_wishes_get_a_sentence(ask, body):
    answer = ask().post("/studio/gallery/files", content=json.dumps(body))
    assert answer.status_code == 422 and answer.json()["message"].endswith(".")


@pytest.mark.parametrize("most", [24, None])
def test_a_long_list_of_rows_is_refused_without_looking_at_each(ask, monkeypatch, most):
    """Ten thousand took ten seconds, beside the admission controller."""
    looked, row = [], GalleryService.row
    monkeypatch.setattr(
        GalleryService, "row", lambda self, asked: looked.append(asked) or row(self, asked)
    )
    answer = ask(most=most).post("/studio/gallery/files", json={"rows": list(range(10_000))})
    assert answer.status_code == 422 and len(looked) <= 1


def test_a_file_can_be_given_up(ask, table):
    client = ask()
    rows = list(range(24))
    job = client.post("/studio/gallery/files", json={"rows": rows}).json()
    client.delete(f"/studio/gallery/files/{job['token']}")
    answers = []

    def is_gone():
        answers.append(client.get(f"/studio/gallery/files/{job['token']}"))
        return answers[-1].status_code != 200

    until(is_gone)
    assert all(answer.json()["state"] != "done" for answer in answers[:-1])
    assert "no longer here" in answers[-1].json()["message"]


def test_what_cannot_be_measured_is_told_as_nothing(built):
    table = built[0].table.copy()
    table.loc[0, "synchrony"] = np.nan
    told = table_for_page(dataclasses.replace(built[0], table=table))
    assert told["columns"]["synchrony"][0] is None
    assert json.dumps(told, allow_nan=False)


def test_a_file_that_nobody_asks_for_is_given_up(ask, monkeypatch):
    from studio.ui.server import exports as module

    monkeypatch.setattr(module, "ABANDONED_SECONDS", 0.0)
    client = ask()
    job = client.post("/studio/gallery/files", json={"rows": list(range(24))}).json()
    address = f"/studio/gallery/files/{job['token']}"
    until(lambda: client.get(address).status_code == 410)


def hold(client, address, leave):
    """Ask for an address, and leave at once or never; return what is answered."""

    async def watch():
        sent = []

        async def receive():
            if leave:
                return {"type": "http.disconnect"}
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        scope = {
            **{"type": "http", "method": "GET", "path": address, "query_string": b""},
            **{"headers": [], "raw_path": address.encode(), "root_path": ""},
        }
        await client.app(scope, receive, send)
        return json.loads(sent[1]["body"])

    return LOOP.run(watch(), PATIENCE)


def test_a_file_whose_page_is_gone_is_given_up(ask, monkeypatch):
    from studio.ui.server import exports as module

    monkeypatch.setattr(module, "LEFT_SECONDS", 0.0)
    client = ask()
    job = client.post("/studio/gallery/files", json={"rows": list(range(24))}).json()
    address = f"/studio/gallery/files/{job['token']}"
    assert hold(client, f"{address}/presence", leave=True) == {"made": True}
    # Asking would keep it.
    until(lambda: not any(thread.name == "export" for thread in threading.enumerate()))
    assert client.get(address).status_code == 410


def test_a_page_that_comes_back_at_once_keeps_its_file(ask):
    client = ask()
    job = client.post("/studio/gallery/files", json={"rows": [0, 1]}).json()
    address = f"/studio/gallery/files/{job['token']}"
    hold(client, f"{address}/presence", leave=True)
    until(lambda: not hold(client, f"{address}/presence", leave=False)["made"])
    assert client.get(address).json()["state"] == "done"
    assert client.get("/studio/gallery/files/nothing/presence").status_code == 410
