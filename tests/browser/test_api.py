"""The endpoints for programs, called with gradio_client as docs/api.md says."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
import soundfile
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from studio import describe
from studio.dreaming import wav
from studio.dreaming.recipe import DATASETS, Recipe
from studio.dreaming.sources import initial_sound
from studio.networks.architectures import ARCHITECTURES
from studio.sound import files as sound_files
from tests.browser.conftest import ROOT
from tests.waiting import until

pytestmark = pytest.mark.browser

RECIPE = {"dataset": "speech", "architecture": "model2", "targets": [[0, 1, 1]], "iterations": 5}


@pytest.fixture(scope="module")
def client(server, gallery, tmp_path_factory):
    return Client(server, verbose=False, download_files=str(tmp_path_factory.mktemp("api")))


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "my tone.wav"
    return sound_files.write(path, 0.5 * initial_sound(Recipe(initial="tone", seconds=2)))


def test_every_endpoint_is_named_and_explained(client):
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(endpoints) == {"/dream", "/features", "/gallery_alike", "/gallery_search", "/models"}
    assert all(endpoint["description"] for endpoint in endpoints.values())
    names = [item["parameter_name"] for item in endpoints["/dream"]["parameters"]]
    assert names == ["recipe", "recording", "guide"]


def test_a_program_dreams_in_stages_towards_a_guide(client, recording):
    wanted = {**RECIPE, "targets": [[1, None, 1, "guide"]], "stages": [{"iterations": 2}]}
    path, recipe = client.predict(wanted, guide=handle_file(recording), api_name="/dream")
    assert recipe["guide"].startswith("my tone.wav (sha256 ")
    assert recipe["stages"] == [{"iterations": 2}]
    assert wav.read_recipe(path).to_dict() == recipe
    with pytest.raises(AppError, match="give a guide sound"):
        client.predict(wanted, api_name="/dream")


def test_a_program_dreams_on_from_a_recording(client, recording):
    path, recipe = client.predict(RECIPE, handle_file(recording), api_name="/dream")
    sound, rate = soundfile.read(path)
    assert (sound.size, rate) == (44_100, 44_100)
    assert recipe["initial"].startswith("my tone.wav (sha256 ")
    assert wav.read_recipe(path).to_dict() == recipe


def test_a_program_measures_a_sound(client, recording):
    told = client.predict(handle_file(recording), api_name="/features")
    expected = describe(sound_files.read(recording))
    assert told["brightness_mean"] == pytest.approx(expected["brightness_mean"], rel=1e-5)
    assert {"burst_share", "synchrony", "pitchedness"} <= set(told)
    with pytest.raises(AppError, match="60"):
        client.predict(handle_file(recording), 0, 61, api_name="/features")


def test_a_program_lists_the_models(client):
    models = client.predict(api_name="/models")
    shipped = {f"{data}-{net}" for data in DATASETS for net in ARCHITECTURES}
    assert shipped <= {model["name"] for model in models}
    assert all(len(model["channels"]) in (4, 8) and model["classes"] for model in models)


def test_a_program_searches_the_gallery(client, recording):
    words = "speech model2 layer3"
    found = client.predict(words, "brightness_mean", True, 3, api_name="/gallery_search")
    assert [(sound["dataset"], sound["layer"]) for sound in found] == [("speech", 3)] * 3
    brightness = [sound["brightness_mean"] for sound in found]
    assert brightness == sorted(brightness, reverse=True)
    assert Recipe.from_dict(found[0]["recipe"]).targets[0].layer == 3
    alike = client.predict(handle_file(recording), 0, 5, api_name="/gallery_alike")
    assert len({sound["row"] for sound in alike}) == 5
    with pytest.raises(AppError, match="sort_by"):
        client.predict("", "colour", api_name="/gallery_search")


def test_the_example_in_the_documentation_runs(server, capsys):
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    exec(code.replace("http://localhost:7860", server).replace(": 100,", ": 5,"), {})
    path, brightness, again = capsys.readouterr().out.split("\n")[-4:-1]
    assert wav.read_recipe(path.rsplit(" ", 1)[0]).iterations == 5
    assert 20 < float(brightness) < 22_050
    assert wav.read_recipe(again).initial.startswith("sound.wav (sha256 ")


LONG = {**RECIPE, "iterations": 10_000, "seconds": 10, "stages": [{"iterations": 10_000}]}


def dreaming(server):
    with urllib.request.urlopen(f"{server}/healthz") as answer:
        return json.load(answer)["load"]["dream"]["running"]


@pytest.fixture
def idle(server):
    """The server, once nobody dreams there any more."""
    until(lambda: dreaming(server) == 0)
    return server


def test_a_dream_ends_when_its_program_cancels(client, idle):
    job = client.submit(LONG, api_name="/dream")
    until(lambda: dreaming(idle) == 1)
    job.cancel()
    until(lambda: dreaming(idle) == 0)


def test_a_dream_ends_when_its_program_is_gone(idle):
    """Killed while it listens: before, it would be waited for (`listeners.BEGIN_SECONDS`)."""
    program = f"""if True:
        from gradio_client import Client
        from gradio_client.utils import Status
        from tests.waiting import until
        job = Client({idle!r}, verbose=False).submit({LONG!r}, api_name="/dream")
        until(lambda: job.status().code == Status.PROCESSING)
        print("it listens", flush=True)
        job.result()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "it listens\n"
    assert dreaming(idle) == 1
    process.kill()
    process.communicate()
    until(lambda: dreaming(idle) == 0)
