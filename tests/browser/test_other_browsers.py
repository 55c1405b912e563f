"""A short visit with Firefox and with WebKit: open, dream, play live.

Chromium has all other tests. These two show that nothing leans on what only Chromium does.
"""

import pytest

from tests.browser import other_browsers
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def driver(request, tmp_path_factory):
    lacking = other_browsers.missing(request.param)
    if lacking:
        pytest.skip(f"Not here: {lacking}. STUDIO_BROWSERS=all ./test installs them.")
    with other_browsers.opened(request.param, tmp_path_factory.mktemp(request.param)) as driver:
        yield driver


def wait(driver, condition):
    until(lambda: driver.js(f"Boolean({condition})"))


@pytest.fixture
def page(driver, server):
    driver.goto(f"{server}/")
    driver.js("localStorage.setItem('studio-tour', 'true')")
    driver.goto(f"{server}/")
    wait(driver, "document.querySelector('#dream')?.dataset.ready === 'true'")
    yield driver
    assert driver.errors == []


def test_a_click_on_dream_is_heard(page):
    page.click("#dream-button")
    wait(page, "studio.player.playing && studio.player.level() > 0.003")
    wait(page, "document.querySelector('#dream').dataset.state === 'idle' && studio.stage.take")
    assert page.js("studio.stage.after.samples.length") == 44_100
    assert page.js("Math.max(...studio.stage.after.samples)") > 0.05


def test_live_plays_and_a_change_is_heard(page):
    page.js(
        "[...document.querySelectorAll('[role=tab]')]"
        ".find(t => t.innerText.trim() === 'Live').click()"
    )
    wait(page, "document.querySelector('#live')?.dataset.ready === 'true'")
    page.click("#live-start")
    wait(page, "studioLive.stream.seconds > 1")
    page.js("studioLive.state.set({cutoff_hz: 900})")
    wait(page, "studioLive.stream.latencies.length > 0")
    assert page.js("studioLive.stream.counts.blocks") > 10
    page.click("#live-start")
    wait(page, "document.querySelector('#live').dataset.state === 'idle'")
