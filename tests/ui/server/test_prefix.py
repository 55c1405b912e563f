"""A studio under a prefix, behind proxies that take it away and proxies that do not."""

import pytest
from gradio.routes import App
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

from studio.ui import build_studio
from studio.ui.server.admission import Admission
from studio.ui.server.guard import Guard
from studio.ui.server.prefix import Prefix
from studio.ui.shell_routes import CLOSED_ROUTES


async def own(request: Request):
    return JSONResponse("own")


async def gradio(request: Request):
    return JSONResponse("gradio")


async def socket(websocket):
    await websocket.accept()
    await websocket.send_text("own")
    await websocket.close()


OWN = [
    Route("/healthz", own),
    WebSocketRoute("/studio/live/socket", socket),
    Mount("/studio/static", Starlette(routes=[Route("/js/dream/tab.js", own)])),
]
GRADIO = [
    Route("/", gradio),
    Route("/gradio_api/info", gradio),
    Route("/gradio_api/proxy={address}", gradio),
    Route("/assets/index.js", gradio),
]


def client(prefix):
    guard = Middleware(Guard, admission=Admission(), closed=CLOSED_ROUTES)
    middleware = [Middleware(Prefix, own=OWN), guard]
    return TestClient(Starlette(routes=OWN + GRADIO, middleware=middleware), root_path=prefix)


@pytest.mark.parametrize("prefix", ["/studio", "/studio/", "/music", "/sounds/studio", "/gradio"])
@pytest.mark.parametrize("stripped", [True, False], ids=["taken away", "left"])
def test_every_route_is_found(prefix, stripped):
    before = "" if stripped else prefix.rstrip("/")
    for path in ("/healthz", "/studio/static/js/dream/tab.js"):
        assert client(prefix).get(before + path).json() == "own"
    for path in ("/", "/gradio_api/info", "/assets/index.js"):
        assert client(prefix).get(before + path).json() == "gradio"
    with client(prefix).websocket_connect(before + "/studio/live/socket") as live:
        assert live.receive_text() == "own"


@pytest.mark.parametrize("prefix", ["", "/studio", "/music", "/gradio"])
def test_closed_doors_stay_closed(prefix):
    for before in {"", prefix}:
        assert client(prefix).get(before + "/gradio_api/proxy=x").status_code == 404
    assert client(prefix).get("/gradio_api/info").status_code == 200


def test_the_studio_itself_is_whole_under_a_prefix():
    built = build_studio()
    built.page.root_path = "/studio"  # as its launch does
    app_kwargs = built.options["app_kwargs"]
    studio = TestClient(App.create_app(built.page, app_kwargs=app_kwargs))
    for path in ("/healthz", "/studio/static/js/dream/tab.js", "/gradio_api/info"):
        assert studio.get(path).status_code == 200
    assert studio.get("/gradio_api/proxy=x").status_code == 404
