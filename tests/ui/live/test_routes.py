import json
import struct

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from studio.errors import ParameterError
from studio.live.sequence import Sequence
from studio.live.worker import LiveWorker
from studio.sound import files as sound_files
from studio.ui.live.routes import live_routes, packed, unpacked
from studio.ui.live.sessions import MOST_MESSAGE_BYTES, Sessions
from studio.ui.server.admission import ROOMS, Admission
from studio.ui.server.origins import is_stranger
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.conftest import make_model
from tests.waiting import PATIENCE, until

SETTINGS = {"dataset": "a", "architecture": "model1", "targets": [[1, 2]], "iterations": 2}
SOCKET = "/studio/live/socket"


class Shelf:
    def __init__(self):
        self.model = make_model("model1")

    def get(self, dataset, architecture):
        if dataset != "a":  # as the real model_cache says
            raise ParameterError(f"There is no model {dataset}-{architecture} here.")
        return self.model


@pytest.fixture
def admission():
    return Admission()


@pytest.fixture
def sessions(admission):
    return Sessions(SoundService(SoundStore()), Shelf(), admission)


@pytest.fixture
def page(sessions, admission):
    with TestClient(Starlette(routes=live_routes(sessions, admission))) as client:
        yield client


def receive(socket, wanted):
    """Return the first message that ``wanted`` approves of."""
    for _ in range(200):
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        found = message.get("text") or message.get("bytes")
        found = json.loads(found) if isinstance(found, str) else found
        if wanted(found):
            return found
    raise AssertionError("it did not come")


def is_news(kind):
    return lambda message: isinstance(message, dict) and message["type"] == kind


def test_sound_comes_through_the_socket_and_the_place_is_freed_when_the_page_goes(page, sessions):
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        token = receive(socket, is_news("session"))["session"]
        assert len(sessions) == 1
        worker = sessions.find(token).worker
        socket.send_json({"type": "want", "until": 9000, "played": 0})
        sound = receive(socket, lambda message: isinstance(message, bytes))
        assert struct.unpack_from("<d", sound) == (0.0,)
        samples = np.frombuffer(sound[8:], dtype="<f4")
        assert len(samples) == 4410
        assert np.abs(samples).max() > 0.01
        assert receive(socket, is_news("report"))["load"] > 0
    worker.thread.join(PATIENCE)
    assert not worker.thread.is_alive()
    assert len(sessions) == 0


def test_sound_comes_through_posts_as_well(page, sessions):
    token = page.post("/studio/live/sessions", json={"settings": SETTINGS}).json()["session"]
    address = f"/studio/live/sessions/{token}"
    wish = [packed([json.dumps({"type": "want", "until": 9000, "played": 0}), b"\0\0" * 100])]
    messages = []

    def three_blocks_are_here():
        messages.extend(unpacked(page.post(address, content=wish.pop() if wish else b"").content))
        return sum(isinstance(m, bytes) for m in messages) >= 3

    until(three_blocks_are_here)
    samples = np.concatenate([np.frombuffer(m[8:], "<f4") for m in messages if type(m) is bytes])
    assert len(samples) == 9000
    log = page.get(address + "/log.json", params={"begin": 0, "samples": 9000}).json()
    assert log["complete"] and "input" in log["moves"][0]
    assert page.post(address + "/close").json() == {}
    assert len(sessions) == 0
    answer = page.post(address, content=b"")
    assert "ended" in answer.json()["message"]
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def test_no_more_listeners_than_there_are_places(page):
    sockets = [page.websocket_connect(SOCKET) for _ in range(ROOMS["live"].slots + 1)]
    for socket in sockets[:-1]:
        socket.__enter__()
        socket.send_json({"settings": SETTINGS})
        receive(socket, is_news("session"))
    with sockets[-1] as socket:
        socket.send_json({"settings": SETTINGS})
        ended = receive(socket, is_news("ended"))
        assert "places" in ended["message"] and ended["code"] == "busy"
    sockets[0].__exit__(None, None, None)
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        receive(socket, is_news("session"))
    for socket in sockets[1:-1]:
        socket.__exit__(None, None, None)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "no JSON",
        "[]",
        "[" * 20_000,
        '{"type": "want"}',
        '{"type": "want", "until": 1e300, "played": 0}',
        '{"type": "want", "until": -5, "played": true}',
        '{"type": "change"}',
        '{"type": "change", "changes": {"cutoff_hz": NaN}}',
        '{"type": "change", "changes": {"targets": [[99, 0]]}}',
        '{"type": "change", "changes": {"dataset": "../../etc"}}',
        '{"type": "change", "changes": {}, "glide_seconds": -1}',
        '{"type": "change", "changes": {}, "upload": "none"}',
        '{"type": "change", "changes": {"initial": "passwords.wav"}}',
        '{"type": "format", "disk": "C"}',
        b"odd",
    ],
)
def test_a_message_that_makes_no_sense_is_answered_and_the_sound_goes_on(page, message):
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        receive(socket, is_news("session"))
        send = socket.send_bytes if isinstance(message, bytes) else socket.send_text
        send(message)
        refusal = receive(socket, is_news("refused"))["message"]
        assert refusal and "Traceback" not in refusal
        socket.send_json({"type": "want", "until": 4000, "played": 0})
        receive(socket, lambda found: isinstance(found, bytes))


def test_a_message_that_is_too_large_ends_the_conversation(page, sessions):
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        receive(socket, is_news("session"))
        socket.send_bytes(b"\0" * (MOST_MESSAGE_BYTES + 2))
        with pytest.raises(WebSocketDisconnect) as end:
            receive(socket, lambda found: False)
        assert end.value.code == 1009
    assert len(sessions) == 0
    assert page.post("/studio/live/sessions", content=b"[" * (1 << 20)).status_code == 413


def test_settings_that_make_no_sense_open_nothing(page, sessions):
    for settings in ({"cutoff_hz": 1}, [], {"volume": 1}):
        with page.websocket_connect(SOCKET) as socket:
            socket.send_json({"settings": settings})
            assert receive(socket, is_news("ended"))["message"]
    answer = page.post("/studio/live/sessions", json={"settings": {"iterations": "x"}})
    assert answer.status_code == 422
    assert "iterations" in answer.json()["message"]
    assert len(sessions) == 0


def test_a_model_that_is_not_there_ends_the_session_with_a_sentence(page):
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": {**SETTINGS, "dataset": "b"}})
        assert "no model" in receive(socket, is_news("ended"))["message"]


def test_a_strangers_page_is_refused(page, sessions):
    stranger = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDisconnect), page.websocket_connect(SOCKET, headers=stranger):
        pass
    answer = page.post("/studio/live/sessions", json={"settings": SETTINGS}, headers=stranger)
    assert answer.status_code == 403
    assert len(sessions) == 0


@pytest.mark.parametrize(
    ("headers", "proxied", "stranger"),
    [
        ({"host": "a:7860", "origin": "http://a:7860"}, False, False),
        ({"host": "a:7860"}, False, False),
        ({"host": "a:7860", "origin": "http://b:7860"}, False, True),
        ({"host": "a:7860", "origin": "null"}, True, True),
        ({"host": "in", "x-forwarded-host": "a", "origin": "https://a"}, True, False),
        ({"host": "in", "x-forwarded-host": "a", "origin": "https://a"}, False, True),
        ({"host": "a", "origin": "http://a", "sec-fetch-site": "cross-site"}, True, True),
        ({"host": "in", "origin": "http://a", "sec-fetch-site": "same-origin"}, False, False),
    ],
)
def test_who_is_a_stranger(headers, proxied, stranger):
    assert is_stranger(headers, proxied) is stranger


def test_a_change_from_elsewhere_is_told_to_every_page(page, sessions):
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        receive(socket, is_news("session"))
        sessions.change_all({"cutoff_hz": 900.0})
        assert receive(socket, is_news("changed"))["changes"] == {"cutoff_hz": 900.0}


def test_a_page_follows_the_sequence_that_the_studio_plays(page, sessions):
    sessions.sequence = Sequence.of(
        {"seconds": 1, "settings": SETTINGS, "steps": [{"at": 0.05, "change": {"morph": 0.5}}]}
    )
    assert page.get("/studio/live.json").json()["sequence"] is True
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": {}})
        assert receive(socket, is_news("changed"))["changes"]["dataset"] == "a"
        socket.send_json({"type": "want", "until": 9000, "played": 0})
        assert receive(socket, is_news("changed"))["changes"] == {"morph": 0.5}


def test_a_recording_is_started_from_and_named(page, sessions, tmp_path):
    sound = np.sin(np.arange(60_000) / 20).astype("float32")
    entry, path = sessions._sounds.new_upload("voice.wav")
    sound_files.write(path, 0.5 * sound)
    sessions._sounds.accept_upload(entry, path)
    with page.websocket_connect(SOCKET) as socket:
        socket.send_json({"settings": SETTINGS})
        session = sessions.find(receive(socket, is_news("session"))["session"])
        change = {"type": "change", "changes": {"seconds": 1.0}, "upload": entry.token}
        socket.send_json(change)
        socket.send_json({"type": "want", "until": 9000, "played": 0})
        receive(socket, lambda message: isinstance(message, bytes))
        assert session.worker.engine.settings.recipe.initial.startswith("voice.wav (sha256 ")
        assert session.recording(0, 10)["moves"][0]["change"]["initial"].startswith("voice.wav")


@pytest.mark.parametrize(
    "content", [b"t", b"x" * 8, b"t\0\0\0\xff\xff\xff\xff", b"b\0\0\0\5\0\0\0ab"]
)
def test_broken_packages_are_refused(content):
    with pytest.raises(ParameterError):
        unpacked(content)


def test_the_page_is_told_settings_and_presets_that_are_valid(page):
    from studio.live.settings import LiveSettings

    about = page.get("/studio/live.json").json()
    begun = LiveSettings.from_dict(about["settings"])
    names = [preset["name"] for preset in about["presets"]]
    assert len(set(names)) == len(names) >= 6
    for preset in about["presets"]:
        begun.change(**preset["changes"])


def test_a_worker_alone_ends_when_nobody_wants_anything(monkeypatch):
    monkeypatch.setattr("studio.live.worker.IDLE_SECONDS", 0.05)
    worker = LiveWorker(lambda go_on: None, None)
    worker._behind = lambda engine: False
    worker._listener = type("Ear", (), {"is_full": lambda self: False})()
    worker.start()
    worker.thread.join(PATIENCE)
    assert not worker.thread.is_alive()
