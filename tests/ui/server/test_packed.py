"""Files of the page: compressed once, kept by the browser, never stale."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from studio.ui.server.packed import FreshFiles
from studio.ui.static_files import STATIC

PLOTLY = STATIC / "vendor" / "plotly-basic.min.js"


@pytest.fixture
def client(tmp_path):
    (tmp_path / "a.js").write_text("let many = 0;\n" * 100)
    (tmp_path / "a.woff2").write_bytes(bytes(1000))
    return TestClient(Starlette(routes=[Mount("/", FreshFiles(directory=tmp_path))]))


def test_text_comes_compressed_to_those_who_read_it(client):
    answer = client.get("/a.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 100
    assert answer.text == "let many = 0;\n" * 100
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = client.get("/a.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == answer.text


@pytest.mark.parametrize("name", ["a.js", "a.woff2"])
def test_who_has_a_file_asks_and_is_not_sent_it_again(client, name):
    first = client.get(f"/{name}")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(f"/{name}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_a_file_that_changes_is_sent_anew(client, tmp_path):
    tag = client.get("/a.js").headers["etag"]
    (tmp_path / "a.js").write_text("let few = 1;")
    answer = client.get("/a.js", headers={"if-none-match": tag})
    assert answer.status_code == 200 and answer.text == "let few = 1;"


def test_the_plotly_that_is_kept_is_small_and_has_its_licence():
    assert PLOTLY.stat().st_size <= 1_200_000
    assert len(gzip.compress(PLOTLY.read_bytes())) < 420_000
    assert "Licensed under the MIT license" in PLOTLY.read_text(encoding="utf-8")[:200]
    assert "Permission is hereby granted" in (PLOTLY.parent / "plotly-LICENSE.txt").read_text()
