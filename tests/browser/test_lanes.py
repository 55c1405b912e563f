"""Form over time on the page: drawn with the mouse, with keys, in ready shapes, and dreamed."""

import pytest
from studio_page import StudioPage

pytestmark = pytest.mark.browser


def test_a_form_is_drawn_undone_dreamed_and_linked(visit):
    page = StudioPage(visit())
    page.change(targets=[[1, 3, 1], [2, 5, 1]], iterations=3, texture="peaked")
    page.page.click("#lanes summary")
    box = page.page.locator(".lane").nth(1).bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75, steps=3)
    page.page.mouse.up()
    first, second = page.recipe["curves"]
    assert first == [] and [second[0], second[-1]] == [[0, 1], [1, 1]]
    assert second[1] == pytest.approx([0.5, 0.25], abs=0.02)
    page.page.click("#undo")
    assert page.recipe["curves"] == []
    page.page.click("[data-shape=cross-fade]")
    page.wait("studio.state.recipe.curves.length === 2")
    faded = [[[0, 1], [1, 0]], [[0, 0], [1, 1]]]
    assert page.recipe["curves"] == faded
    page.page.click("#lanes-even")
    recipe = page.dream()["recipe"]
    assert (recipe["curves"], recipe["texture"]) == (faded, "even")
    page.change(targets=[[2, 5, 1]])
    assert page.recipe["curves"] == faded[1:]
    page.page.fill("#lane-tempo", "1000000")
    page.page.click("[data-shape=pulse]")
    assert "beats per minute" in page.toast()


def test_keys_add_move_and_delete_points(visit):
    page = StudioPage(visit())
    page.change(targets=[[1, 3, 1]], curves=[])
    page.page.click("#lanes summary")
    page.page.focus(".lane-add")
    page.page.keyboard.press("Enter")
    assert page.recipe["curves"] == [[[0, 1], [0.5, 1], [1, 1]]]
    for key in ("ArrowDown", "Shift+ArrowRight", "ArrowLeft"):
        page.page.keyboard.press(key)
    assert page.recipe["curves"] == [[[0, 1], [0.54, 0.95], [1, 1]]]
    page.page.keyboard.press("Enter")
    assert page.recipe["curves"][0][2] == [0.77, 0.975]
    page.page.keyboard.press("PageUp")
    assert "Point 2 of 4" in page.js("document.activeElement.getAttribute('aria-label')")
    page.page.keyboard.press("Delete")
    page.page.keyboard.press("Delete")
    assert page.recipe["curves"] == [[[0, 1], [1, 1]]]
    page.change(targets=[[4, 1, 1]], architecture="model1")
    assert page.recipe["curves"] == []
    assert not page.page.is_visible(".lane-add")
