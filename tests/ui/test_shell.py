"""What the page relies on in Gradio, so that a new version cannot change it unnoticed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest
from gradio import processing_utils
from gradio.routes import App
from starlette.testclient import TestClient

from studio.ui import build_studio, shell, shell_routes


@pytest.fixture(scope="module")
def studio():
    """Return the page and what it is served with, as a launch makes it."""
    made = build_studio()
    yield made.page, made.options, App.create_app(made.page, app_kwargs=made.options["app_kwargs"])
    made.close()


def in_a_thread(coroutine):
    """Return what a coroutine returns; Playwright may have left a running loop in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def paths_of(routes):
    """Yield the paths of routes and of the routers among them."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is None and not getattr(route, "path", None):
            raise AssertionError(f"{route} hides its routes: teach this test to look into it")
        yield from paths_of(inner) if inner is not None else [route.path]


def test_every_route_of_gradio_is_known_as_open_or_closed(studio):
    _, options, app = studio
    own = options["app_kwargs"]["routes"]
    paths = list(paths_of(route for route in app.routes if route not in own))
    assert "/gradio_api/queue/join" in paths and "/gradio_api/proxy={url_path:path}" in paths
    unknown = {
        path
        for path in paths
        if not path.startswith(shell_routes.CLOSED_ROUTES)
        and (path.rstrip("/") or "/") not in shell_routes.OPEN_ROUTES
    }
    assert not unknown, "add each to CLOSED_ROUTES, or to OPEN_ROUTES if it is wanted or harmless"


def test_closed_routes_are_not_found_and_open_ones_are(studio):
    client = TestClient(studio[2])
    for path in shell_routes.CLOSED_ROUTES:
        assert client.get(path).json()["message"] == "There is nothing here."
        assert client.post(path).status_code == 404
    for path in ("/config", "/gradio_api/info", "/robots.txt"):
        assert client.get(path).status_code == 200


def test_uploads_of_gradio_are_limited_as_ours_are(studio):
    client = TestClient(studio[2])
    too_long = {"content-length": str(300 << 20)}
    for path in (*shell_routes.UPLOAD_ROUTES, "/studio/uploads"):
        answer = client.post(path, headers=too_long)
        assert answer.status_code == 413 and "200 MB" in answer.json()["message"]


def test_the_pages_events_and_endpoints_are_those_that_we_made(studio):
    events, named = {}, {}
    for entry in studio[0].config["dependencies"]:
        if entry["api_visibility"] == "public":
            named[entry["api_name"]] = (len(entry["inputs"]), len(entry["outputs"]))
        else:
            events[entry["targets"][0][1]] = entry
    assert named == {
        "dream": (3, 2),
        "features": (3, 1),
        "gallery_alike": (3, 1),
        "gallery_search": (4, 1),
        "models": (0, 1),
    }
    assert set(events) == {"dream", "stop", "unload"}
    assert not events["stop"]["queue"] and not events["stop"]["outputs"]
    parts = {part["props"].get("elem_id"): part["id"] for part in studio[0].config["components"]}
    assert events["dream"]["outputs"] == [parts["dream-tab"]]


def test_a_panel_hands_on_the_session_and_what_was_sent():
    heard = []

    async def updates(session, sent):
        yield {"session": session, "sent": sent}

    async def all_of(answers):
        return [answer async for answer in answers]

    with shell.page("A page") as page:
        made = shell.panel("part", "<p></p>", "part.js", events=("begin", "halt"))
        made.stream("begin", updates)
        made.listen("halt", lambda session, sent: heard.append((session, sent)))
    begin, halt = page.fns.values()
    request = gr.Request(session_hash="me")
    answers = all_of(begin.fn(gr.EventData(None, {"run": "a"}), request))
    assert in_a_thread(answers) == [{"session": "me", "sent": {"run": "a"}}]
    halt.fn(gr.EventData(None, None), request)
    assert heard == [("me", {})]
    script = made.component.js_on_load
    assert "script('part.js')" in script and '"begin" "halt"' in script and "trigger(" in script


def test_no_file_is_fetched_for_a_visitor(studio):
    with pytest.raises(gr.Error, match="fetches nothing"):
        in_a_thread(processing_utils.async_ssrf_protected_get("https://example.org/a.wav"))


def test_no_setting_of_gradio_opens_its_tools_for_language_models(studio, monkeypatch):
    monkeypatch.setenv("GRADIO_MCP_SERVER", "true")
    assert studio[1]["mcp_server"] is False
