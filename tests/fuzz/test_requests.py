"""Whatever is asked of the studio's routes and live sockets, no request ends in a traceback."""

import json
import logging
import struct
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from studio.ui.contract import contract_routes
from studio.ui.dream.routes import routes
from studio.ui.dream.take_routes import take_routes
from studio.ui.dream.takes import TakeService
from studio.ui.experiments.routes import experiment_routes
from studio.ui.gallery.bundles import Bundles
from studio.ui.gallery.routes import gallery_routes
from studio.ui.gallery.service import GalleryService
from studio.ui.live.routes import live_routes
from studio.ui.live.sessions import Sessions
from studio.ui.models.routes import model_routes
from studio.ui.models.service import ModelsService
from studio.ui.server.admission import Admission
from studio.ui.server.dreams import Dreams
from studio.ui.server.exports import Exports
from studio.ui.server.guard import Guard
from studio.ui.server.limits import Limits
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.conftest import make_model
from tests.fuzz.strategies import (
    any_text,
    anything,
    hostile_text,
    live_messages,
    mutated,
    numbers,
    query_values,
    recipe_dicts,
    search,
)
from tests.fuzz.test_texts_and_files import encoded


class Models(ModelCache):
    """One small model, whatever is asked for."""

    def get(self, dataset, architecture):
        return make_model("model1")


@pytest.fixture(scope="module")
def studio():
    store, admission, models = SoundStore(), Admission(), Models()
    sounds = SoundService(store)
    gallery = GalleryService(sounds)
    dreams = Dreams(sounds, models, admission, Limits())
    sessions = Sessions(sounds, models, admission)
    exports = Exports(store, admission)
    own = [
        *contract_routes(Limits()),
        *routes(sounds, models, admission),
        *take_routes(TakeService(sounds, exports), admission),
        *gallery_routes(gallery, Bundles(gallery, dreams, exports), admission),
        *model_routes(ModelsService(sounds, models), admission),
        *experiment_routes(admission),
        *live_routes(sessions, admission),
    ]
    app = Starlette(routes=own, middleware=[Middleware(Guard, admission=admission)])
    with TestClient(app) as client:
        client.store = store
        yield client
    dreams.close(5)
    exports.close(5)
    admission.close(5)
    store.close()


@pytest.fixture(scope="module")
def upload(studio):
    sound = encoded("WAV", "PCM_16")
    return studio.post("/studio/uploads", content=sound).json()["token"]


GETS = {
    "/studio/curve.json": ("shape", "seconds", "number", "count", "tempo", "seed"),
    "/studio/initial.wav": ("initial", "seconds", "seed"),
    "/studio/uploads/{token}/part.wav": ("start", "seconds"),
    "/studio/sounds/{token}/{name}": ("download",),
    "/studio/sounds/{token}/previews/{name}.wav": (),
    "/studio/takes/files/{token}": (),
    "/studio/gallery/sounds/{name}": (),
    "/studio/gallery/alike": ("row", "count", "each", "take", "upload", "start"),
    "/studio/gallery/files/{token}": (),
    "/studio/inside/{name}/layers/{layer}.json": (),
    "/studio/inside/{name}/confusion.json": (),
    "/studio/inside/{name}/heard.json": ("upload", "initial", "start", "seconds"),
    "/studio/experiments/{name}": (),
    "/studio/static/{name}": (),
    "/studio/live/{token}/moves": ("begin", "samples"),
}
texts = query_values | st.sampled_from(["events-model1", "white noise", "1", "0.5", "a.csv"])


def quoted(text):
    return quote(text, safe="", errors="replace")


@st.composite
def gets(draw):
    """Return a path with its query, and whether the upload that is there is meant."""
    path = draw(st.sampled_from(sorted(GETS)))
    names = GETS[path]
    for place in ("token", "name", "layer"):
        given_name = draw(texts) if f"{{{place}}}" in path else ""
        path = path.replace(f"{{{place}}}", quoted(given_name) or "x")
    query = draw(st.dictionaries(st.sampled_from(names), texts)) if names else {}
    if "upload" in query and draw(st.booleans()):
        query["upload"] = "UPLOAD"
    return f"{path}?{urlencode(query, errors='replace')}" if query else path


def answered(answer):
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code >= 400 and answer.headers["content-type"].startswith("application/json"):
        assert 0 < len(answer.json()["message"]) < 1000
    return answer


@search
@given(path=gets())
@example(path="/studio/initial.wav?seed=nan")
@example(path="/studio/initial.wav?initial=" + "9" * 5000)
@example(path="/studio/inside/" + "x" * 2000 + "/layers/1.json")
@example(path="/studio/inside/events-model1/heard.json?initial=" + "9" * 2000)
@example(path="/studio/initial.wav?seed=inf&seconds=1")
@example(path="/studio/gallery/alike?row=0&count=nan")
@example(path="/studio/live/x/moves?begin=%C2%B2&samples=1")
@example(path="/studio/inside/events-model1/layers/1e300.json")
@example(path="/studio/experiments/%00.csv")
@example(path="/studio/static/" + "x" * 300)
def test_any_question_is_answered(studio, upload, path):
    answered(studio.get(path.replace("UPLOAD", upload)))


takes = st.lists(
    mutated(
        st.fixed_dictionaries(
            {"token": any_text, "name": any_text | hostile_text, "recipe": recipe_dicts}
        )
    ),
    max_size=2,
)
posts = st.one_of(
    st.tuples(st.just("/studio/recipe"), recipe_dicts | anything),
    st.tuples(st.just("/studio/takes/here"), st.fixed_dictionaries({"tokens": anything})),
    st.tuples(st.just("/studio/takes/files"), st.fixed_dictionaries({"takes": takes | anything})),
    st.tuples(st.just("/studio/gallery/files"), st.fixed_dictionaries({"rows": anything})),
    st.tuples(
        st.just("/studio/gallery/files"),
        st.fixed_dictionaries({"rows": st.lists(numbers, min_size=1, max_size=3)}).filter(
            lambda asked: not all(type(row) is int and 0 <= row < 4000 for row in asked["rows"])
        ),
    ),
    st.tuples(st.just("/studio/live/x"), anything),
)


@search
@given(post=posts)
@example(post=("/studio/recipe", {"initial": "\ud800"}))
@example(post=("/studio/takes/files", {"takes": [{"token": "x", "name": "\ud800", "recipe": {}}]}))
@example(post=("/studio/recipe", {"seed": 10**400}))
@example(post=("/studio/gallery/files", {"rows": [10**400]}))
def test_any_message_is_answered(studio, post):
    path, content = post
    answered(studio.post(path, content=json.dumps(content)))


@search
@given(name=query_values, content=st.binary(max_size=200))
@example(name="%00.csv", content=b"RIFF")
@example(name="😀" * 300 + ".wav", content=b"RIFF")
def test_any_upload_is_answered_and_leaves_nothing(studio, name, content):
    before = len(studio.store)
    header = {"x-file-name": quoted(name)[:4000]}
    answer = answered(studio.post("/studio/uploads", content=content, headers=header))
    assert len(studio.store) == before + (answer.status_code == 200)


SETTINGS = {"dataset": "a", "architecture": "model1", "targets": [[1, 2]], "iterations": 1}


@search
@given(messages=st.lists(live_messages | anything, min_size=1, max_size=6))
@example(messages=[{"type": "change", "changes": {"level_db": 10**400}}])
@example(messages=[{"type": "change", "changes": {}, "glide_seconds": 10**400}])
@example(messages=[{"type": "want", "until": 10**400, "played": 0}])
@example(messages=[{"type": "\ud800"}])
def test_no_message_drops_a_live_socket(studio, messages, caplog):
    with studio.websocket_connect("/studio/live/socket") as socket:
        socket.send_json({"settings": SETTINGS})
        caplog.clear()
        for message in messages:
            socket.send_text(json.dumps(message)[:60_000])
        socket.send_json({"type": "no such thing"})
        while True:
            told = socket.receive()
            assert told["type"] == "websocket.send", told
            if told.get("bytes") is not None:
                assert len(told["bytes"]) >= struct.calcsize("<d")
                continue
            news = json.loads(told["text"])
            assert news["type"] != "ended", news
            if news["type"] == "refused" and "no such thing" in news["message"]:
                break
        assert not [entry for entry in caplog.records if entry.levelno >= logging.ERROR]


@search
@given(first=anything | st.fixed_dictionaries({"settings": recipe_dicts}))
def test_a_live_dream_that_cannot_begin_says_why(studio, first):
    with studio.websocket_connect("/studio/live/socket") as socket:
        socket.send_text(json.dumps(first)[:60_000])
        told = socket.receive()
        assert told["type"] == "websocket.send", told
        assert json.loads(told["text"])["type"] in ("session", "ended")
