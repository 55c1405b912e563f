"""The studio ends tidily, whatever is going on."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from studio.networks.checkpoints import save_model
from tests.browser.conftest import wait_for_health
from tests.conftest import make_model
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def studio(tmp_path):
    """A studio of its own with a model that has learned nothing, and where its sounds lie."""
    model = make_model("model1", classes=5)
    model.card = {"dataset": "instruments"}
    save_model(model, tmp_path / "models")
    (tmp_path / "tmp").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GRADIO_TEMP_DIR"},
        "PORT": str(port),
        "TMPDIR": str(tmp_path / "tmp"),
        "STUDIO_MODELS": str(tmp_path / "models"),
    }
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(address, process, log)
        yield process, address, log, tmp_path / "tmp"
    finally:
        process.kill()
        process.wait()


def dreaming(address):
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        return json.load(answer)["load"]["dream"]["running"]


def begin_a_long_dream(address):
    """Ask for it as a program does, and return the answer that is listened to."""
    recipe = {"dataset": "instruments", "targets": [[0, 3]], "iterations": 10_000, "seconds": 5}
    request = urllib.request.Request(
        f"{address}/gradio_api/call/dream",
        json.dumps({"data": [recipe, None, None]}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        event = json.load(answer)["event_id"]
    listened = f"{address}/gradio_api/call/dream/{event}"
    return urllib.request.urlopen(listened, timeout=PATIENCE)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_studio_that_is_asked_to_end_stops_its_dreams_and_leaves_nothing(studio, sent, code):
    process, address, log, folder = studio
    listening = begin_a_long_dream(address)
    until(lambda: dreaming(address) == 1)
    assert any(folder.iterdir())
    process.send_signal(sent)
    assert process.wait(PATIENCE) == code, log.read_text()
    assert "terminate" not in log.read_text() and "Traceback" not in log.read_text()
    assert list(folder.iterdir()) == []
    listening.close()
