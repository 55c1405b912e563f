"""The studio inside another site's page, as on a Space."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from studio_page import StudioPage

from tests.waiting import PATIENCE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def outer(server):
    """The address of another site's page with the studio in a frame."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            style = "width: 100%; height: 850px"
            self.wfile.write(f"<iframe name=studio src={server} style='{style}'>".encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/"
        site.shutdown()


@pytest.fixture(scope="module")
def framed(browser, outer):
    """The studio in that frame, in a browser that blocks what other sites store."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(
            "if (self !== top) for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])"
            "  Object.defineProperty(self, name, { get() { throw new DOMException('blocked'); } });"
        )
        page, troubles = context.new_page(), []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(outer)
        studio = StudioPage(page.frame(name="studio"))
        studio.page.wait_for_selector("#dream[data-ready=true]", state="attached")
        studio.js("() => { navigator.clipboard.writeText = async text => studio.copied = text; }")
        yield studio
        assert not troubles, "\n".join(troubles)


def copied(page):
    page.page.click("#settings-link")
    page.wait("studio.copied")
    link = page.js("studio.copied")
    page.js("studio.copied = null")
    return link


def test_it_dreams_and_says_that_nothing_can_be_kept(framed):
    take = framed.dream(iterations=2, seconds=1)
    assert take["recipe"]["iterations"] == 2
    assert "a reload loses these takes" in framed.toast("note")


def test_links_lead_to_the_spaces_page_or_to_the_studio_itself(framed, server):
    assert copied(framed).startswith(f"{server}/?recipe=")
    framed.js(
        "document.head.insertAdjacentHTML('beforeend', '<meta name=studio-space content=me/it>')"
    )
    assert copied(framed).startswith("https://huggingface.co/spaces/me/it?recipe=")
