"""The first click counts: what is done before the scripts are there is done when they are."""

import pytest

from tests.browser.live_page import LivePage

pytestmark = pytest.mark.browser

DELAY_MS = 400
"""Of every script: import by import, the page then waits for seconds."""


@pytest.fixture
def slow(browser, server):
    """Open the page with scripts that come late; return it as soon as a part can be seen."""
    contexts, troubles = [], []

    def open_page(selector, tab=None, seen=True):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        contexts.append(context)
        if seen:
            context.add_init_script("localStorage.setItem('studio-tour', 'true')")
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        held = []

        def late(route):
            held.append(route.request.url)
            page.wait_for_timeout(DELAY_MS)
            route.continue_()

        # One after the other: Playwright answers routes in turn.
        page.route("**/studio/static/js/**", late)
        page.goto(server, wait_until="commit")
        if tab:
            page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_selector(f"[data-waiting] {selector}", state="visible")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def test_dream_is_pressed_before_its_script_is_there(slow):
    page = slow("#dream-button")
    page.click("#dream-button")
    assert page.get_attribute("#dream-button", "aria-busy") == "true"
    page.click("#dream-button")  # from impatience: still one dream
    page.wait_for_selector("html[data-dreams='1']", state="attached")
    page.wait_for_function("Number(document.documentElement.dataset.soundAfter) > 0")
    assert page.get_attribute("#dream-button", "aria-busy") is None


def test_a_start_is_chosen_before_the_script_is_there(slow):
    page = slow("#starts")
    page.click("#starts label:has([value=tone])")
    page.wait_for_function("window.studio?.state?.recipe.initial === 'tone'")


def test_live_is_started_before_its_script_is_there(slow):
    page = slow("#live-start", tab="Live")
    page.click("#live-start")
    live = LivePage(page)
    live.wait("studio.live.stream.head > 0")
    live.stop()


def test_the_gallery_is_asked_for_its_list_before_its_script_is_there(slow, gallery):
    page = slow("#list-toggle", tab="Gallery")
    page.click("#list-toggle")
    page.wait_for_selector("#gallery-list:not([hidden])")
    assert page.get_attribute("#list-toggle", "aria-pressed") == "true"


def test_a_click_in_models_waits_for_its_script(slow):
    page = slow("h1 >> text=Inside the models", tab="Models")
    page.wait_for_selector("#inside[data-ready=true]")
    assert page.locator("#inside[data-waiting]").count() == 0


def test_the_tour_is_asked_for_before_the_script_is_there(slow):
    page = slow("#tour-again", tab="About")
    page.click("#tour-again")
    page.wait_for_selector("#tour")


def test_the_theme_is_changed_before_the_script_is_there(slow):
    page = slow("#theme-toggle")
    page.click("#theme-toggle")
    page.wait_for_selector("html[data-theme=light]", state="attached")


def test_who_has_no_sound_output_is_told_so(visit):
    page = visit()
    live = LivePage(page)
    page.evaluate(
        "AudioContext.prototype.resume = () => new Promise(() => {});"
        "Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' })"
    )
    page.click("#live-start")
    assert "no sound output" in live.toast()
    assert page.inner_text("#live-start") == "Start"


def test_a_part_whose_script_does_not_come_says_so(browser, server):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/studio/static/js/about/tab.js", lambda route: route.abort())
    page.goto(server)
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("tab", name="About").click()
    assert "Reload" in page.wait_for_selector("#about-tab .broken").inner_text()
    context.close()
