"""A short visit with Firefox and with WebKit: open, dream, play live.

Chromium has all other tests. These two show that nothing leans on what only Chromium does.
"""

import numpy as np
import pytest
from studio_page import StudioPage

from tests.browser import other_browsers
from tests.browser.live_page import LivePage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def driver(request, tmp_path_factory):
    lacking = other_browsers.missing(request.param)
    if lacking:
        pytest.skip(f"Not here: {lacking}. STUDIO_BROWSERS=all ./test installs them.")
    with other_browsers.opened(request.param, tmp_path_factory.mktemp(request.param)) as driver:
        yield driver


@pytest.fixture
def page(driver, server):
    driver.goto(f"{server}/")
    driver.wait_for_selector("#dream[data-ready=true]")
    if driver.evaluate("Boolean(document.querySelector('#tour'))"):  # the first visit
        driver.click("#tour .skip")
    yield driver
    assert driver.errors == []


def open_tab(page, name):
    page.evaluate(
        "[...document.querySelectorAll('[role=tab]')]"
        f".find(tab => tab.innerText.trim() === '{name}').click()"
    )


def test_every_tab_opens(page):
    for name, root in (
        ("Gallery", "gallery"),
        ("Your sounds", "own"),
        ("Models", "inside"),
        ("Experiments", "experiments"),
    ):
        open_tab(page, name)
        page.wait_for_selector(f"#{root}[data-ready=true]")


def test_a_click_on_dream_is_heard(page):
    studio = StudioPage(page)
    studio.press_dream()
    studio.wait("studio.player.playing && studio.player.level() > 0.003")
    studio.wait_until_done()
    sound = studio.samples("after")
    assert sound.size == 44_100 and np.abs(sound).max() > 0.05


def test_live_plays_and_a_change_is_heard(page):
    open_tab(page, "Live")
    live = LivePage(page, follow_link=True)
    live.start()
    live.play(1)
    live.set(cutoff_hz=900.0)
    assert live.brightness_becomes(lambda hz: hz < 1800)
    assert live.counts["blocks"] > 10
    live.stop()
