"""The health check tells the truth, however busy the studio is."""

import shutil
import tempfile
import threading

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.ui.server.admission import Admission
from studio.ui.server.health import health_routes
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.store import SoundStore


@pytest.fixture
def store():
    made = SoundStore()
    yield made
    made.close()


def client(store, *more):
    return TestClient(Starlette(routes=[*health_routes(store, ModelCache(), Admission()), *more]))


def test_a_studio_that_is_well_says_so_and_how_much_goes_on(store):
    answer = client(store).get("/healthz")
    assert answer.status_code == 200 and answer.json()["ok"] is True
    assert answer.json()["load"]["dream"] == {"running": 0, "waiting": 0}


def test_a_removed_folder_is_made_again(store):
    shutil.rmtree(store.folder)
    assert client(store).get("/healthz").json()["ok"] is True
    assert store.folder.is_dir()


def test_a_folder_that_cannot_be_written_is_said(store, monkeypatch, tmp_path):
    shutil.rmtree(store.folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    answer = client(store).get("/healthz")
    assert answer.status_code == 503 and answer.json()["ok"] is False
    assert str(tmp_path) not in answer.text


def test_it_answers_when_no_thread_is_free(store):
    go, begun = threading.Event(), threading.Semaphore(0)

    def hold(_):
        begun.release()
        go.wait(60)
        return Response()

    with client(store, Route("/hold", hold)) as asked:
        held = [threading.Thread(target=lambda: asked.get("/hold"), daemon=True) for _ in range(45)]
        for thread in held:
            thread.start()
        for _ in range(40):  # as many threads as the server has
            assert begun.acquire(timeout=60)
        assert asked.get("/healthz").json()["ok"] is True
        go.set()
        for thread in held:
            thread.join(60)
