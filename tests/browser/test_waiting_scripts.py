"""The first click counts: what is done before the scripts are there is done when they are."""

import pytest

from tests.browser.live_page import LivePage

pytestmark = pytest.mark.browser


class Visit:
    """A page whose scripts are on their way until they are let in."""

    def __init__(self, page):
        self.page = page
        self.held = []
        self.open = False
        page.route("**/studio/static/js/**", self._receive)

    def click(self, selector, meant=None):
        """Press something that is still waiting for its script."""
        self.page.wait_for_selector(f"[data-waiting] {selector}")
        self.page.click(selector)
        assert self.page.get_attribute(meant or selector, "aria-busy") == "true"

    def let_in(self):
        self.open = True
        for route in self.held:
            route.continue_()

    def _receive(self, route):
        if self.open:
            route.continue_()
        else:
            self.held.append(route)


@pytest.fixture
def slow(browser, server):
    """Open the page with scripts that do not come yet."""
    contexts, troubles = [], []

    def open_page(tab=None):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(60_000)
        context.add_init_script("localStorage.setItem('studio-tour', 'true')")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        visit = Visit(page)
        page.goto(server, wait_until="commit")
        if tab:
            page.get_by_role("tab", name=tab, exact=True).click()
        return visit

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def test_dream_is_pressed_before_its_script_is_there(slow):
    visit = slow()
    visit.click("#dream-button")
    visit.click("#dream-button")  # from impatience: still one dream
    visit.let_in()
    visit.page.wait_for_selector("html[data-dreams='1']", state="attached")
    visit.page.wait_for_function("Number(document.documentElement.dataset.soundAfter) > 0")
    assert visit.page.get_attribute("#dream-button", "aria-busy") is None
    assert visit.page.get_attribute("html", "data-dreams") == "1"


def test_a_sound_to_start_from_is_chosen_before_the_script_is_there(slow):
    visit = slow()
    visit.click("#starts label:has([value=tone])", meant="#starts [value=tone]")
    visit.let_in()
    visit.page.wait_for_function("window.studio?.state?.recipe.initial === 'tone'")


def test_live_is_started_before_its_script_is_there(slow):
    visit = slow("Live")
    visit.click("#live-start")
    visit.let_in()
    live = LivePage(visit.page)
    live.wait("studio.live.stream.head > 0")
    live.stop()


def test_the_gallery_is_asked_for_its_list_before_its_script_is_there(slow, gallery):
    visit = slow("Gallery")
    visit.click("#list-toggle")
    visit.let_in()
    visit.page.wait_for_selector("#gallery-list:not([hidden])")
    assert visit.page.get_attribute("#list-toggle", "aria-pressed") == "true"


@pytest.mark.parametrize(("tab", "part"), [("Models", "inside"), ("Experiments", "experiments")])
def test_a_long_page_has_nothing_to_press_before_its_script_is_there(slow, tab, part):
    visit = slow(tab)
    visit.page.wait_for_selector(f"#{part}[data-waiting]")
    pressed = f"#{part} :is(button, input, select, a)"
    assert visit.page.locator(pressed).filter(visible=True).count() == 0
    visit.let_in()
    visit.page.wait_for_selector(f"#{part}[data-ready=true]:not([data-waiting])")
    assert visit.page.locator(pressed).filter(visible=True).count() > 0


def test_the_tour_is_asked_for_before_the_script_is_there(slow):
    visit = slow("About")
    visit.click("#tour-again")
    visit.let_in()
    visit.page.wait_for_selector("#tour")


def test_the_theme_is_changed_before_the_script_is_there(slow):
    visit = slow()
    visit.click("#theme-toggle")
    visit.let_in()
    visit.page.wait_for_selector("html[data-theme=light]", state="attached")


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
