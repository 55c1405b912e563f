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


def open_tab(page, name):
    page.js(
        "[...document.querySelectorAll('[role=tab]')]"
        f".find(tab => tab.innerText.trim() === '{name}').click()"
    )
    wait(page, f"document.querySelector('#{name.lower()}')?.dataset.ready === 'true'")


def test_every_tab_opens(page):
    for name in ("Live", "Gallery", "Models", "Experiments"):
        open_tab(page, name)


def test_a_click_on_dream_is_heard(page):
    page.click("#dream-button")
    wait(page, "studio.player.playing && studio.player.level() > 0.003")
    wait(page, "document.querySelector('#dream').dataset.state === 'idle' && studio.stage.take")
    assert page.js("studio.stage.after.samples.length") == 44_100
    assert page.js("Math.max(...studio.stage.after.samples)") > 0.05


def test_live_plays_and_a_change_is_heard(page):
    open_tab(page, "Live")
    page.click("#live-start")
    wait(page, "studio.live.stream.seconds > 1")
    page.js("studio.live.state.set({cutoff_hz: 900})")
    wait(page, "studio.live.stream.latencies.length > 0")
    assert page.js("studio.live.stream.counts.blocks") > 10
    page.click("#live-start")
    wait(page, "document.querySelector('#live').dataset.state === 'idle'")
