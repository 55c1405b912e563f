"""Errors as JSON: a code, a sentence, an honest status."""

import asyncio
import errno
import json
import threading
import time

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from studio import errors
from studio.errors import AudioError, BusyError, GoneError, StudioError
from studio.stopping import checkpoint
from studio.ui.server.admission import Admission, Room
from studio.ui.server.answers import STATUS, computed, errors_as_json, failed, json_body
from studio.ui.server.messages import DISK_FULL
from tests.ui.streams import LOOP
from tests.waiting import PATIENCE, until


def subclasses(kind):
    return {kind, *(found for each in kind.__subclasses__() for found in subclasses(each))}


def told(error):
    answer = failed(error)
    return answer.status_code, json.loads(answer.body)


def test_every_code_has_a_status_and_belongs_to_one_kind_of_error():
    import studio.ui.server.guard

    kinds = [kind for kind in subclasses(StudioError) if "studio" in kind.__module__]
    codes = [kind.code for kind in kinds if "code" in vars(kind)]
    assert len(set(codes)) == len(codes) and set(codes) <= set(STATUS)
    assert {"ParameterError", "GoneError", "BusyError"} <= set(vars(errors))
    assert studio.ui.server.guard.SlowError in kinds


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.ParameterError("No."), 422, "parameter"),
        (AudioError("No."), 422, "sound"),
        (GoneError("No."), 410, "gone"),
        (errors.DataNotFoundError("No."), 404, "not_found"),
        (errors.TooLargeError("No."), 413, "too_large"),
        (BusyError("No.", 12.3), 503, "busy"),
        (MemoryError(), 503, "memory"),
        (OSError(errno.ENOSPC, "full", "/srv/a"), 507, "disk_full"),
        (KeyError("secret"), 500, "unexpected"),
    ],
)
def test_an_error_has_its_status_and_code(error, status, code):
    found, content = told(error)
    assert found == status and content["code"] == code
    assert content["message"].endswith(".") and "secret" not in content["message"]


def test_one_who_is_refused_is_told_when_to_come_again():
    assert failed(BusyError("No.", 12.3)).headers["retry-after"] == "13"


def test_a_disk_that_was_full_further_down_is_told_without_a_path(caplog):
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise AudioError("'/srv/secret/sound.wav' cannot be saved.") from error
    except AudioError as error:
        assert told(error) == (507, {"code": "disk_full", "message": DISK_FULL})
    assert "/srv/secret/sound.wav" in caplog.text


def client(endpoint, admission=None, kind="sound"):
    admission = admission or Admission({"sound": Room(1, 1, "Come again.", 7.0, computes=True)})
    return TestClient(Starlette(routes=[Route("/", computed(admission, kind, endpoint))]))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_pages_let_nothing_be_computed(site):
    ran = []

    def endpoint(_):
        ran.append(1)
        return JSONResponse({})

    answer = client(endpoint).get("/", headers={"sec-fetch-site": site})
    assert answer.status_code == 403 and answer.json()["code"] == "stranger" and not ran
    for own in ({}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        assert client(endpoint).get("/", headers=own).status_code == 200


def test_more_than_may_wait_are_told_to_come_again():
    go = threading.Event()
    asked = client(lambda _: go.wait(PATIENCE) and JSONResponse({}))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(asked.get("/"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    until(lambda: len(answers) >= 4)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503, 503, 503]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert all(answer.headers["retry-after"] == "7" for answer in refused)


def test_what_a_visitor_has_left_is_computed_no_longer():
    begun, ended = threading.Event(), threading.Event()

    def endless(_):
        begun.set()
        try:
            while True:
                checkpoint()
                time.sleep(0.001)
        finally:
            ended.set()

    admission = Admission({"sound": Room(1, 1, "Come again.", 7.0, computes=True)})
    left = asyncio.Event()

    async def ask():
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive():
            message = next(messages, None)
            if message is None:
                await left.wait()
                return {"type": "http.disconnect"}
            return message

        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        return await computed(admission, "sound", endless)(Request(scope, receive))

    asked = LOOP.begin(ask())
    assert begun.wait(PATIENCE)
    LOOP.loop.call_soon_threadsafe(left.set)
    assert ended.wait(PATIENCE)
    assert asked.result(PATIENCE).status_code == 400
    assert admission.load()["sound"]["running"] == 0


@pytest.mark.parametrize(
    ("content", "status"), [(b"[]", 422), (b"x", 422), (b"[" * 5000, 422), (b" " * 2000, 413)]
)
def test_a_body_is_a_json_object_of_bounded_size(content, status):
    async def endpoint(request):
        return JSONResponse(await json_body(request, 1000 if status == 413 else 10_000))

    from studio.ui.server.answers import errors_as_json_async

    routes = [Route("/", errors_as_json_async(endpoint), methods=["POST"])]
    assert TestClient(Starlette(routes=routes)).post("/", content=content).status_code == status


def test_no_traceback_reaches_a_page():
    def endpoint(_):
        raise RuntimeError("inside")

    routes = [Route("/", errors_as_json(endpoint))]
    answer = TestClient(Starlette(routes=routes)).get("/")
    assert answer.status_code == 500 and "inside" not in answer.text
