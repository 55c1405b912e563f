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

    def open_tab(self, name):
        self.page.get_by_role("tab", name=name, exact=True).click()

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
def slow(visitors, server):
    """Open the page with scripts that do not come yet."""
    lent, troubles = [], []

    def note(error):
        troubles.append(str(error))

    def open_page(tab=None):
        kind, page = visitors.come({"width": 1440, "height": 900}, tour=False, options={})
        lent.append((kind, page))
        page.on("pageerror", note)
        visit = Visit(page)
        page.goto(server, wait_until="commit")
        if tab:
            visit.open_tab(tab)
        return visit

    yield open_page
    for kind, page in lent:
        page.remove_listener("pageerror", note)
        page.unroute_all()
        visitors.go(kind, page)
    assert not troubles, "\n".join(troubles)


def test_dream_and_the_theme_are_pressed_before_their_scripts_are_there(slow):
    visit = slow()
    visit.click("#dream-button")
    visit.click("#dream-button")  # from impatience: still one dream
    visit.click("#theme-toggle")
    visit.let_in()
    visit.page.wait_for_selector("html[data-dreams='1'][data-theme=light]", state="attached")
    visit.page.wait_for_function("Number(document.documentElement.dataset.soundAfter) > 0")
    assert visit.page.get_attribute("#dream-button", "aria-busy") is None
    assert visit.page.get_attribute("html", "data-dreams") == "1"


def test_a_sound_to_start_from_and_the_gallerys_list_are_chosen_before(slow, gallery):
    visit = slow()
    visit.click("#starts label:has([value=tone])", meant="#starts [value=tone]")
    visit.open_tab("Gallery")
    visit.click("#list-toggle")
    visit.let_in()
    visit.page.wait_for_function("window.studio?.state?.recipe.initial === 'tone'")
    visit.page.wait_for_selector("#gallery-list:not([hidden])")
    assert visit.page.get_attribute("#list-toggle", "aria-pressed") == "true"


def test_live_is_started_before_its_script_is_there(slow):
    visit = slow("Live")
    visit.click("#live-start")
    visit.let_in()
    live = LivePage(visit.page)
    live.wait("studio.live.stream.head > 0")
    live.stop()


def test_a_long_page_has_nothing_to_press_before_its_script_is_there(slow):
    visit = slow()
    parts = {"Models": "inside", "Experiments": "experiments"}
    pressed = {
        part: visit.page.locator(f"#{part} :is(button, input, select, a)").filter(visible=True)
        for part in parts.values()
    }
    for tab, part in parts.items():
        visit.open_tab(tab)
        visit.page.wait_for_selector(f"#{part}[data-waiting]")
        assert pressed[part].count() == 0
    visit.let_in()
    for tab, part in parts.items():
        visit.open_tab(tab)
        visit.page.wait_for_selector(f"#{part}[data-ready=true]:not([data-waiting])")
        assert pressed[part].count() > 0


def test_the_tour_is_asked_for_before_the_script_is_there(slow):
    visit = slow("About")
    visit.click("#tour-again")
    visit.let_in()
    visit.page.wait_for_selector("#tour")


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
