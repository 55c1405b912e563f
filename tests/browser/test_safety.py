"""What a stranger might try, tried on the real studio over real connections."""

import http.client
import io
import json
import socket
from urllib.parse import quote, urlsplit

import pytest
import soundfile

from studio.dreaming.recipe import Recipe
from studio.dreaming.sources import initial_sound
from studio.ui.server.security import CONTENT_SECURITY_POLICY
from studio.ui.shell import FETCHES_NOTHING
from tests.browser.conftest import ROOT
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.browser


@pytest.fixture
def ask(server):
    def ask(path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    return ask


@pytest.fixture
def store(server, tmp_path_factory):
    """Where the server keeps sounds."""
    (folder,) = tmp_path_factory.getbasetemp().glob("server0/deep-dream-studio-*")
    return folder


def wav():
    file = io.BytesIO()
    soundfile.write(file, initial_sound(Recipe(initial="tone")), 44_100, format="WAV")
    return file.getvalue()


def upload(ask, name="a.wav", **headers):
    status, answer = ask("/studio/uploads", "POST", wav(), x_file_name=name, **headers)
    return status, json.loads(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=app.py",
        f"/gradio_api/file={ROOT}/models/speech-model2.json",
        "/gradio_api/file=%2e%2e/%2e%2e/etc/passwd",
        "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/file=http://127.0.0.1/",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/file/etc/passwd",
        "/studio/static/../server.py",
        "/studio/static/%2e%2e/server.py",
        "/studio/static/..%2f..%2f..%2fapp.py",
        "/studio/gallery/sounds/..%2f..%2fREADME.md",
        "/static/../../routes.py",
        "/assets/..%2f..%2f..%2froutes.py",
    ],
)
def test_no_path_leads_out(ask, path):
    status, answer = ask(path)
    assert 400 <= status < 500
    assert b"root:" not in answer and b"import" not in answer and b"classes" not in answer


def test_a_file_that_was_not_uploaded_cannot_be_named(ask):
    for path in ("/etc/passwd", f"{ROOT}/app.py", "http://127.0.0.1/", "../app.py"):
        file = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
        body = json.dumps({"data": [file, 0, 1]})
        status, answer = ask(
            "/gradio_api/call/features", "POST", body, content_type="application/json"
        )
        if status == 200:
            event = json.loads(answer)["event_id"]
            status, answer = ask(f"/gradio_api/call/features/{event}")
            assert b"event: error" in answer and b"complete" not in answer
        assert b"root:" not in answer and b"import" not in answer


@pytest.mark.parametrize("endpoint", ["features", "dream"])
def test_nothing_is_fetched_from_an_address(ask, endpoint):
    address = "https://example.org/large.wav"
    file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    data = [file, 0, 1] if endpoint == "features" else [{"iterations": file}, None, None]
    call, body = f"/gradio_api/call/{endpoint}", json.dumps({"data": data})
    event = json.loads(ask(call, "POST", body, content_type="application/json")[1])["event_id"]
    assert json.dumps(FETCHES_NOTHING).encode() in ask(f"{call}/{event}")[1]


def test_nobody_reaches_anothers_sounds(ask, store):
    status, mine = upload(ask)
    assert status == 200
    (file,) = (store / mine["token"]).iterdir()
    for path in (f"/gradio_api/file={file}", f"/gradio_api/file={quote(str(store))}"):
        assert ask(path)[0] == 403
    for token in ("..", ".", "%2e%2e", mine["token"][:-1], mine["token"] + "x", "*"):
        assert ask(f"/studio/uploads/{token}/part.wav")[0] in (404, 410, 422)
    assert ask(f"/studio/sounds/{mine['token']}/a.wav")[0] == 410
    assert ask(f"/studio/uploads/{mine['token']}/part.wav")[0] == 200


def test_a_name_leads_nowhere(ask, store):
    for name in ("..%2f..%2fescaped.wav", "%2fetc%2fescaped.wav", "..%5cescaped.wav"):
        status, facts = upload(ask, name)
        assert status == 200 and facts["name"] == "escaped.wav"
        assert (store / facts["token"] / "escaped.wav").is_file()


def test_other_sites_cannot_use_the_visitors_browser(ask):
    assert upload(ask, sec_fetch_site="cross-site")[0] == 403
    assert upload(ask, origin="https://elsewhere.example")[0] == 403
    joining = ("/gradio_api/queue/join", "POST", "{}")
    assert ask(*joining, origin="https://elsewhere.example")[0] == 403
    rows = ("/studio/gallery/files", "POST", '{"rows": [0]}')
    assert ask(*rows, origin="https://elsewhere.example")[0] == 403


def test_a_page_elsewhere_cannot_read_answers(server):
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE)
    connection.request("GET", "/studio/models.json", headers={"origin": "https://else.example"})
    answer = connection.getresponse()
    assert answer.getheader("access-control-allow-origin") is None
    connection.close()


def test_what_says_it_is_too_large_is_not_even_read(ask):
    assert ask("/studio/uploads", "POST", b"", content_length=str(1 << 40))[0] == 413
    assert ask("/gradio_api/queue/join", "POST", b"", content_length=str(1 << 30))[0] == 413


def test_a_visitor_who_leaves_while_sending_leaves_nothing(server, store):
    before = set(store.iterdir())
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as half:
        half.sendall(
            f"POST /studio/uploads HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Content-Length: 100000\r\n\r\n".encode()
        )
        half.sendall(bytes(50_000))
        until(lambda: set(store.iterdir()) - before)
    until(lambda: not set(store.iterdir()) - before)


def test_the_browser_is_told_to_load_nothing_from_elsewhere(browser, server):
    """That the page itself keeps to it, every browser test watches: breaches are script errors."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    connection.request("GET", "/")
    policy = connection.getresponse().headers["content-security-policy"]
    connection.close()
    assert policy == CONTENT_SECURITY_POLICY
    assert "http" not in policy and "*" not in policy and "object-src 'none'" in policy
    page = browser.new_page()
    page.goto(server)
    blocked = page.evaluate(
        """async () => {
            const told = new Promise(resolve => {
                document.addEventListener('securitypolicyviolation',
                    event => resolve(event.effectiveDirective));
                setTimeout(() => resolve('nothing was blocked'), 5000);
            });
            const frame = document.createElement('object');
            frame.data = 'studio/static/favicon.svg';
            document.body.append(frame);
            return told;
        }"""
    )
    page.close()
    assert blocked == "object-src"


def test_the_manifest_names_an_icon_that_is_there(ask):
    status, manifest = ask("/manifest.json")
    assert status == 200
    for icon in json.loads(manifest)["icons"]:
        status, content = ask(icon["src"])
        assert status == 200 and b"<svg" in content
    assert ask("/pwa_icon/100000")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/studio/static/%00.js",
        "/studio/experiments/%00.csv",
        "/studio/experiments/a%00b.csv",
        "/gradio_api/file=%00",
        "/gradio_api/file=" + "x" * 5000,
        "/studio/static/" + "x" * 5000,
        "/studio/experiments/" + "x" * 300 + ".csv",
        "/studio/sounds/x/" + "%F0%9F%98%80" * 100,
        "/static/%1b%5b2J",
        "/%ED%A0%80",
    ],
)
def test_paths_that_nothing_can_have_are_not_there(ask, path):
    assert ask(path)[0] in (404, 410)
