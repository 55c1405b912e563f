"""What stands before every request."""

import asyncio
import errno
import json
import os
import shutil
import time

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from studio.ui.server import guard as guard_module
from studio.ui.server.admission import Admission, Room
from studio.ui.server.guard import MOST_BODY_BYTES, Guard
from studio.ui.server.origins import is_local_name
from studio.ui.server.temporary import files_in, make_room
from studio.ui.shell_routes import CLOSED_ROUTES, UPLOAD_ROUTES
from tests.ui.streams import LOOP


async def size(request: Request):
    return JSONResponse(len(await request.body()))


async def read_all(scope, receive, send):
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def sent_to(app, parts):
    """Return what an application answers to an upload in parts."""
    answers = []

    async def receive():
        try:
            return {"type": "http.request", "body": await anext(parts), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/studio/uploads", "headers": []}
    await app(scope, receive, send)
    return answers


async def page(request: Request):
    return JSONResponse("page")


def client(room=None, admission=None, **options):
    routes = [
        Route("/gradio_api/queue/join", size, methods=["POST"]),
        Route("/studio/uploads", size, methods=["POST"]),
        Route("/{path:path}", page),
    ]
    options |= {"room": room, "admission": admission or Admission()}
    options |= {"closed": CLOSED_ROUTES, "uploads": UPLOAD_ROUTES}
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Guard, **options)]))


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
    monkeypatch.setattr(guard_module, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(guard_module, "LEAST_BYTES_A_SECOND", 1)

    async def endless():
        while True:
            await asyncio.sleep(0.02)
            yield bytes(100)

    answers = LOOP.run(sent_to(Guard(read_all, Admission()), endless()))
    assert answers[0]["status"] == 408


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
    assert client(room=lambda: False).post("/studio/uploads", content=b"x").status_code == 503
    assert client(room=lambda: True).post("/studio/uploads", content=b"x").status_code == 200


def test_more_uploads_than_the_studio_takes_at_once_are_asked_to_come_again():
    admission = Admission({"upload": Room(1, 0, "Many recordings arrive.", 20.0)})
    permit = admission.enter("upload")
    answer = client(admission=admission).post("/studio/uploads", content=b"x")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "20"
    assert answer.json() == {"code": "busy", "message": "Many recordings arrive."}
    permit.leave()
    assert client(admission=admission).post("/studio/uploads", content=b"x").status_code == 200


@pytest.mark.parametrize(
    ("seconds_each", "parts", "status"), [(0.2, 10, 408), (0.02, 40, 200), (0.0, 1, 200)]
)
def test_an_upload_that_drips_is_ended_and_a_slow_one_is_not(
    monkeypatch, seconds_each, parts, status
):
    monkeypatch.setattr(guard_module, "SLOW_SECONDS", 0.3)
    monkeypatch.setattr(guard_module, "LEAST_BYTES_A_SECOND", 1000)
    part = bytes(10) if status == 408 else bytes(100)

    async def dripping():
        for _ in range(parts):
            await asyncio.sleep(seconds_each)
            yield part

    answers = LOOP.run(sent_to(Guard(read_all, Admission()), dripping()))
    assert answers[0]["status"] == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:7860", 200),
        ("127.0.0.1:7860", 200),
        ("evil.example", 403),
        ("evil.example:7860", 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/studio/uploads"])
def test_a_name_of_the_internet_is_no_name_of_a_studio_at_home(host, status, path):
    # As a page of evil.example would ask once its name points at this machine.
    headers = {"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"}
    home = client(is_known_host=is_local_name)
    method = "GET" if path == "/" else "POST"
    answer = home.request(method, path, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "stranger"


def test_a_websocket_of_a_rebound_name_is_refused():
    async def accept(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def asked(host):
        said = []

        async def send(message):
            said.append(message["type"])

        scope = {"type": "websocket", "path": "/", "headers": [(b"host", host)]}
        await Guard(accept, Admission(), is_known_host=is_local_name)(scope, None, send)
        return said

    assert LOOP.run(asked(b"evil.example")) == ["websocket.close"]
    assert LOOP.run(asked(b"localhost")) == ["websocket.accept"]


def test_a_full_disk_is_told_without_a_path(caplog):
    async def full(scope, receive, send):
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/secret/a.wav")

    answers = LOOP.run(sent_to(Guard(full, Admission()), None))
    assert answers[0]["status"] == 507
    told = json.loads(answers[1]["body"])
    assert told["code"] == "disk_full" and "/" not in told["message"]
    assert "/srv/secret/a.wav" in caplog.text


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
