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
    "Your sounds": "#own[data-ready=true] button",
    "Models": "#inside[data-ready=true] button",
    "About": "#about-tab a",
    "Experiments": "#experiments[data-ready=true] figure",
}
"""Each tab, and what is there once it is; last what has the most for axe to look at."""

NAMED = "at => at.id || at.outerHTML.slice(0, 80)"
FOCUSED = f"({NAMED})(document.activeElement)"

RULES = {
    "dark": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "light": ["color-contrast", "link-in-text-block"],
}
"""What axe checks: everything, and once more in the other theme what depends on colours."""
THEMES = {1440: ("dark", "light"), 375: ("dark",)}
"""Themes by width: colours are custom properties, which know no width."""


def open_tab(page, name):
    page.locator("#studio-tabs").get_by_role("tab", name=name, exact=True).first.click()
    page.locator(f"{TABS[name]}:visible").first.wait_for()


OPENED = (
    ("Dream", "#takes-compare", "#takes-plot"),
    ("Dream", "#maps-like", "#maps-like-choices"),
    ("Dream", "#stand-in-more", "#stand-in-card"),
    ("Dream", "#objectives summary", "#objectives"),
    ("Dream", "#part-parameters summary", "#part-parameters details"),
    ("Live", "#live-part-parameters summary", "#live-part-parameters details"),
    ("Gallery", "#drawer-toggle", "#gallery-drawer"),
    ("Gallery", "#list-toggle", "#gallery-list"),
    ("Models", ".model-card summary", ".model-card details"),
    ("Experiments", ".claim summary", ".claim"),
)
"""What opens: in which tab, by what, and what it is."""


def violations(page, inside=None, theme="dark"):
    """Return what axe finds, as lines, but for what it calls minor or moderate.

    Not inside plotly's drawings: thousands of shapes, which are told in words beside them.
    """
    found = page.evaluate(
        "([rules, inside]) => axe.run({include: [document.querySelector(inside || 'html')],"
        " exclude: ['.main-svg']}, {runOnly: rules, resultTypes: ['violations']})",
        [RULES[theme], inside],
    )
    if theme == "dark":
        assert len(found["passes"]) > (2 if inside else 10), "axe looked at hardly anything"
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def look(page, theme):
    """Show the page in a theme, as the button in its corner does."""
    if page.evaluate("document.documentElement.dataset.theme") != theme:
        page.evaluate("document.querySelector('#theme-toggle').click()")  # the focus stays
    assert page.evaluate("document.documentElement.dataset.theme") == theme


def check(page, width):
    """Look through every tab."""
    for name in TABS:
        open_tab(page, name)
        for theme in THEMES[width]:
            look(page, theme)
            found = violations(page, theme=theme)
            assert not found, f"{name}, {theme}: " + "; ".join(found)
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{name} is {beyond} pixels too wide"


def test_axe_finds_nothing_serious_in_any_tab_or_theme(visit, gallery):
    page = visit()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    check(page, 1440)


def test_on_a_phone_axe_finds_nothing_and_what_opens_gives_the_focus_back(visit, gallery):
    page = StudioPage(visit(width=375, height=812))
    page.dream(iterations=2)
    page = page.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for tab, opener, opened in OPENED:
        open_tab(page, tab)
        page.locator(opener).first.focus()
        page.keyboard.press("Enter")
        page.locator(opened).first.wait_for()
        for theme in RULES:
            look(page, theme)
            found = violations(page, opened, theme)
            assert not found, f"{opened}, {theme}: " + "; ".join(found)
        if opened in ("#takes-plot", "#gallery-drawer"):
            page.keyboard.press("Tab")
            assert page.evaluate(f"document.activeElement.closest('{opened}') !== null"), opened
        if opened in ("#takes-plot", "#gallery-drawer", "#maps-like-choices"):
            page.keyboard.press("Escape")
        else:
            page.keyboard.press("Enter")
        assert page.evaluate(FOCUSED) == page.locator(opener).first.evaluate(NAMED), opener
        shown = page.locator(opened).first.is_visible()
        assert not shown or "summary" in opener, f"{opened} is still open"
    look(page, "dark")
    check(page, 375)


def test_the_end_of_a_dream_is_announced_and_the_focus_is_never_lost(visit):
    page = StudioPage(visit())
    page.dream(iterations=2)
    page = page.page
    assert page.inner_text("#announced").strip() == "Dream finished."
    assert page.get_attribute("#announced", "role") == "status"
    page.focus("#take-drop")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('#dream')")
    page.focus(".toast .act")
    page.keyboard.press("Enter")  # Undo: the message goes, the take is back
    page.wait_for_function("document.activeElement.closest('#dream, #toasts')")
    assert page.is_visible("#take-drop")


WALK = """async () => {
  const at = document.activeElement;
  const frame = () => new Promise(requestAnimationFrame);
  for (let k = 0; k < 30; k++) {  // a page scrolls to what has the focus in a frame of its own
    const {top, bottom} = at.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) break;
    await frame();
  }
  const label = at.matches('[type=radio], [type=file]') ? at.closest('label') : null;
  const box = (label || at).getBoundingClientRect();
  const rings = [at, at.parentElement, label, at.closest('.scope')].filter(Boolean);
  return {
    name: at === document.body ? 'the end' : at.id || at.className || at.tagName,
    part: at.closest('.choices, .stage')?.classList[0] || '',
    shown: at.checkVisibility({visibilityProperty: true}) && box.width > 0
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ring: rings.some(place => getComputedStyle(place).outlineStyle !== 'none'),
  };
}"""


@pytest.mark.parametrize(
    ("width", "tabs", "parts"),
    [(1440, list(TABS), ["choices", "stage"]), (375, ["Dream", "Live"], ["stage", "choices"])],
)
def test_the_tab_key_goes_where_the_eyes_go(visit, gallery, width, tabs, parts):
    page = StudioPage(visit(width=width)).page
    for name in tabs:
        open_tab(page, name)
        page.locator("#studio-tabs").get_by_role("tab", name="About", exact=True).first.focus()
        steps = []
        for _ in range(160 if name in ("Dream", "Live") else 60):  # of long lists the first
            page.keyboard.press("Tab")
            steps.append(page.evaluate(WALK))
            if steps[-1]["name"] == "the end":
                steps.pop()
                break
        wrong = [step for step in steps if not (step["shown"] and step["ring"])]
        assert steps and not wrong, f"{name}: {wrong}"
        if name in ("Dream", "Live"):
            gone = [part for step in steps if (part := step["part"])]
            changes = [part for part, last in zip(gone, ["", *gone], strict=False) if part != last]
            assert changes[:2] == parts, f"{name}: {changes}"


def test_axe_notices_a_button_without_a_name_and_faint_words(visit):
    page = StudioPage(visit()).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('#dream-button').replaceChildren()")
    assert any(line.startswith("button-name") for line in violations(page, "#actions"))
    page.evaluate("document.querySelector('#maps-label').style.color = '#333'")
    faint = violations(page, "#dream", theme="light")
    assert any(line.startswith("color-contrast") for line in faint)


def test_less_motion_is_respected(visit):
    page = visit()  # as all visits, to somebody who asked for less of it
    moving = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(element => {"
        " const style = getComputedStyle(element);"
        " return style.transitionDuration.split(', ').some(t => parseFloat(t) > 0.001)"
        "  || (style.animationName !== 'none' && parseFloat(style.animationDuration) > 0.001);"
        "}).map(element => element.outerHTML.slice(0, 80))"
    )
    assert moving == []
