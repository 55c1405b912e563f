"""Builds and models reach the page whole, once, and by their names only."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.dreaming.engine.targets import TARGETS
from studio.networks.listing import available_models
from studio.ui.server.engine_files import engine_routes

MODEL = available_models()[0]
FILES = {
    "/studio/engine/relaxed.wasm": TARGETS["wasm-relaxed"].path,
    "/studio/engine/plain.wasm": TARGETS["wasm-plain"].path,
    f"/studio/engine/models/{MODEL.name}.safetensors": MODEL.path,
}


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=engine_routes()))


@pytest.mark.parametrize("address", FILES)
def test_a_file_comes_whole_and_then_no_more(client, address):
    first = client.get(address)
    assert first.content == FILES[address].read_bytes()
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_a_build_has_the_type_that_browsers_compile(client):
    answer = client.get("/studio/engine/plain.wasm")
    assert answer.headers["content-type"].startswith("application/wasm")
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "address",
    [
        "/studio/engine/linux-x86_64-v3.wasm",
        "/studio/engine/models/nobody.safetensors",
        "/studio/engine/models/..%2Fmodels%2Fspeech-model1.safetensors",
    ],
)
def test_nothing_else_is_given_out(client, address):
    assert client.get(address).status_code == 404
