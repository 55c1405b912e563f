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
    "Experiments": "#experiments[data-ready=true] figure",
    "About": "#about-tab a",
}
"""Each tab, and what is there once it is."""

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
    """Return what axe finds, as lines, but for what it calls minor or moderate."""
    found = page.evaluate(
        "([rules, inside]) => axe.run(inside && document.querySelector(inside) || document,"
        " {runOnly: rules, resultTypes: ['violations']})",
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


@pytest.mark.parametrize("width", THEMES)
def test_axe_finds_nothing_serious_in_any_tab_or_theme(visit, gallery, width):
    page = StudioPage(visit(width=width)).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for theme in THEMES[width]:
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        for name in TABS:
            open_tab(page, name)
            found = violations(page, theme=theme)
            assert not found, f"{name}, {theme}: " + "; ".join(found)
            beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert beyond <= 0, f"{name} is {beyond} pixels too wide"
        page.click("#theme-toggle")


def test_what_opens_on_a_phone_is_sound_and_gives_the_focus_back(visit, gallery):
    page = StudioPage(visit(width=375, height=812))
    page.dream(iterations=2)
    page = page.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for theme in RULES:
        for tab, opener, opened in OPENED:
            open_tab(page, tab)
            page.locator(opener).first.focus()
            page.keyboard.press("Enter")
            page.locator(opened).first.wait_for()
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
        page.click("#theme-toggle")


def test_the_focus_is_never_lost_with_what_goes_away(visit):
    page = StudioPage(visit())
    page.dream(iterations=2)
    page = page.page
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
    ("width", "parts"), [(1440, ["choices", "stage"]), (375, ["stage", "choices"])]
)
def test_the_tab_key_goes_where_the_eyes_go(visit, gallery, width, parts):
    page = StudioPage(visit(width=width)).page
    for name in TABS:
        open_tab(page, name)
        page.locator("#studio-tabs").get_by_role("tab", name="About", exact=True).first.focus()
        steps = []
        for _ in range(160):
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
    assert any(line.startswith("button-name") for line in violations(page))
    page.evaluate("document.querySelector('#maps-label').style.color = '#333'")
    assert any(line.startswith("color-contrast") for line in violations(page, theme="light"))


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
