"""What stands before every request."""

import asyncio
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.ui.server import guard as guard_module
from studio.ui.server.guard import MOST_BODY_BYTES, Guard
from studio.ui.server.temporary import files_in, make_room
from studio.ui.shell import CLOSED_ROUTES, UPLOAD_ROUTES


async def size(request: Request):
    return JSONResponse(len(await request.body()))


async def page(request: Request):
    return JSONResponse("page")


def client(room=None):
    routes = [
        Route("/gradio_api/queue/join", size, methods=["POST"]),
        Route("/studio/uploads", size, methods=["POST"]),
        Route("/{path:path}", page),
    ]
    guard = Middleware(Guard, room=room, closed=CLOSED_ROUTES, uploads=UPLOAD_ROUTES)
    return TestClient(Starlette(routes=routes, middleware=[guard]))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/studio/uploads"])
def test_other_sites_pages_can_change_nothing(path, headers, status):
    assert client().post(path, content=b"x", headers=headers).status_code == status


def test_other_sites_may_link_here():
    assert client().get("/", headers={"sec-fetch-site": "cross-site"}).json() == "page"


def test_large_bodies_are_refused_whether_they_say_so_or_not():
    fits, large = bytes(MOST_BODY_BYTES), bytes(MOST_BODY_BYTES + 1)
    assert client().post("/gradio_api/queue/join", content=fits).json() == MOST_BODY_BYTES
    parts = (large[begin : begin + 65_536] for begin in range(0, len(large), 65_536))
    for content in (large, parts):
        answer = client().post("/gradio_api/queue/join", content=content)
        assert answer.status_code == 413 and answer.json()["message"].endswith(".")


def test_recordings_may_be_larger_than_messages():
    assert client().post("/studio/uploads", content=bytes(MOST_BODY_BYTES * 2)).status_code == 200


def test_a_body_that_does_not_end_is_given_up(monkeypatch):
    now = iter(range(0, 1000, 100))  # 100 s pass between looks at the clock; 300 s are allowed
    monkeypatch.setattr(guard_module, "time", SimpleNamespace(monotonic=lambda: next(now)))
    answers, arrived = [], []

    async def receive():
        arrived.append(b"x")
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        answers.append(message)

    async def read_all(scope, receive, send):
        while (await receive())["more_body"]:
            pass

    scope = {"type": "http", "method": "POST", "path": "/studio/uploads", "headers": []}
    # In a thread of its own: Playwright leaves a running loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(Guard(read_all)(scope, receive, send))).result()
    assert answers[0]["status"] == 408 and len(arrived) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=https://example.org/",
        "/gradio_api/file=https://example.org/",
        "/gradio_api/file=HTTP://example.org/",
        "/gradio_api/deep_link?session_hash=a",
        "/pwa_icon/100000",
        "/monitoring",
    ],
)
def test_doors_that_nobody_needs_are_closed(path):
    assert client().get(path).status_code == 404


def test_no_browser_guesses_what_a_file_is():
    assert client().get("/").headers["x-content-type-options"] == "nosniff"


def test_an_upload_needs_room():
    assert client(room=lambda: False).post("/studio/uploads", content=b"x").status_code == 507
    assert client(room=lambda: True).post("/studio/uploads", content=b"x").status_code == 200


def test_more_uploads_than_the_studio_takes_at_once_are_asked_to_wait(monkeypatch):
    monkeypatch.setattr(guard_module, "MOST_UPLOADS", 0)
    answer = client().post("/studio/uploads", content=b"x")
    assert answer.status_code == 503 and answer.json()["message"].endswith(".")


def test_room_is_made_of_the_oldest_files_that_nobody_uses(tmp_path):
    now = time.time()
    for name, age in (("old", 900), ("older", 1000), ("new", 5)):
        path = tmp_path / name / "a.wav"
        path.parent.mkdir()
        path.write_bytes(bytes(100))
        os.utime(path, (now - age, now - age))
    assert make_room(tmp_path, most_bytes=250)
    assert sorted(path.parent.name for path in tmp_path.rglob("*.wav")) == ["new", "old"]
    assert not make_room(tmp_path, most_bytes=50)
    assert [path.parent.name for path in tmp_path.rglob("*.wav")] == ["new"]


def test_files_that_go_while_they_are_listed_are_left_out(tmp_path):
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wav").write_bytes(bytes(100))
    listed = files_in(tmp_path)
    path, facts = next(listed)
    assert facts.st_size == 100
    for folder in tmp_path.iterdir():
        if folder != path.parent:
            shutil.rmtree(folder)
    assert list(listed) == []
