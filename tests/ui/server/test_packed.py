"""Files of the page: compressed once, kept by the browser, never stale."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from studio.ui.server.packed import FreshFiles, PackedPage
from studio.ui.static_files import SHEET, STATIC, head_text, style_sheet, text_of

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


def test_the_page_itself_comes_compressed_to_those_who_read_it():
    async def answer(request):
        return HTMLResponse("<p>many words</p>" * 1000)

    routes = [Route("/", answer), Route("/other", answer)]
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(PackedPage)]))
    packed = client.get("/")
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert int(packed.headers["content-length"]) < 1000
    plain = client.get("/", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == packed.text
    assert "content-encoding" not in client.get("/other").headers


def test_the_style_sheets_come_as_one_in_the_order_of_the_head():
    sheets = re.findall(r'href="studio/static/(css/\S+)"', text_of("head.html"))
    whole = style_sheet()
    places = [whole.index((STATIC / name).read_text(encoding="utf-8")) for name in sheets]
    assert len(places) > 10 and places == sorted(places)
    assert re.findall(r'href="(\S+\.css)"', head_text()) == [SHEET]
