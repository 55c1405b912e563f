"""Three steps on the first visit, which can be skipped and come back when asked for."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 375])
def test_three_steps_stand_beside_what_they_speak_of(visit, width):
    page = visit(width=width, tour=True)
    card = page.locator("#tour")
    for heading, target in (
        ("Press Dream", "#dream-button"),
        ("Choose by ear", "#network"),
        ("Keep what you like", "#takes"),
    ):
        assert card.locator("h2").inner_text() == heading
        card.locator(".next").click(trial=True)  # nothing lies over it
        box, around = card.bounding_box(), page.viewport_size
        assert box["x"] >= 0 and box["x"] + box["width"] <= around["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= around["height"]
        covered = page.evaluate(
            """([target, card]) => {
              const box = name => document.querySelector(name).getBoundingClientRect();
              const [a, b] = [box(target), box(card)];
              const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              return across > 0 && down > 0;
            }""",
            [target, "#tour"],
        )
        assert not covered, f"the card lies on {target}"
        card.locator(".next").click()
    assert card.count() == 0
    page.reload()
    page.wait_for_selector("#dream[data-ready=true]", state="attached")
    assert card.count() == 0


def test_it_is_skipped_by_keyboard_and_comes_back_from_about(visit):
    page = visit(tour=True)
    page.locator("#tour .skip").focus()
    page.keyboard.press("Escape")
    assert page.locator("#tour").count() == 0
    assert page.evaluate("document.activeElement.id") == "dream-button"
    page.get_by_role("tab", name="About", exact=True).first.click()
    page.click("#tour-again")
    page.locator("#tour h2").wait_for()
    assert page.locator("#dream").is_visible()


@pytest.mark.parametrize(("width", "stays"), [(1440, True), (375, False)])
def test_whoever_presses_dream_is_led_on_and_left_with_the_sound(visit, width, stays):
    page = visit(width=width, tour=True)
    page.evaluate("studio.state.set({iterations: 2})")
    page.locator("#surprise").click(trial=True)  # nothing lies over it
    page.click("#dream-button")
    page.wait_for_function("studio.takes.items.length === 1")
    card = page.locator("#tour")
    assert card.is_visible() is stays
    page.locator("#network").scroll_into_view_if_needed()
    card.wait_for()
    assert card.locator("h2").inner_text() == "Choose by ear"
