"""Every tab for those who do not see, or do not use a mouse: axe, width, keyboard, stillness."""

from pathlib import Path

import axe_playwright_python
import pytest
from studio_page import StudioPage

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TABS = {
    "Dream": "#dream[data-ready=true] #maps .tile",
    "Live": "#live[data-ready=true] button",
    "Gallery": "#gallery[data-ready=true] button",
    "Models": "#inside[data-ready=true] button",
    "Experiments": "#experiments[data-ready=true] figure",
    "About": "#about-tab a",
}
"""Each tab, and what is there once it is."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_tab(page, name):
    page.locator("#studio-tabs").get_by_role("tab", name=name, exact=True).first.click()
    page.locator(f"{TABS[name]}:visible").first.wait_for()


def violations(page):
    """Return what axe finds, as lines, but for what it calls minor or moderate."""
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    assert len(found["passes"]) > 10, "axe looked at hardly anything"
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("width", "themes"), [(1440, ("dark", "light")), (375, ("dark",))])
def test_axe_finds_nothing_serious_in_any_tab_or_theme(visit, gallery, width, themes):
    page = StudioPage(visit(width=width)).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for theme in themes:
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        for name in TABS:
            open_tab(page, name)
            found = violations(page)
            assert not found, f"{name}, {theme}: " + "; ".join(found)
            beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert beyond <= 0, f"{name} is {beyond} pixels too wide"
        page.click("#theme-toggle")


def test_axe_notices_a_button_without_a_name(visit):
    page = StudioPage(visit()).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('#dream-button').replaceChildren()")
    assert any(line.startswith("button-name") for line in violations(page))


def test_the_end_of_a_dream_is_announced(visit):
    page = StudioPage(visit())
    page.dream(iterations=2)
    assert page.page.inner_text("#announced").strip() == "Dream finished."
    assert page.page.get_attribute("#announced", "role") == "status"


def test_less_motion_is_respected(visit):
    page = StudioPage(visit(reduced_motion="reduce")).page
    moving = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(element => {"
        " const style = getComputedStyle(element);"
        " return style.transitionDuration.split(', ').some(t => parseFloat(t) > 0.001)"
        "  || (style.animationName !== 'none' && parseFloat(style.animationDuration) > 0.001);"
        "}).map(element => element.outerHTML.slice(0, 80))"
    )
    assert moving == []
