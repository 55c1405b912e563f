"""Your sounds in a browser: sort, train, hear, reload, dream with it, delete."""

import pytest

from tests.browser.studio_page import StudioPage
from tests.projects.conftest import clips  # noqa: F401

pytestmark = pytest.mark.browser


def open_tab(page):
    page.locator("#studio-tabs").get_by_role("tab", name="Your sounds", exact=True).first.click()
    page.wait_for_selector("#own[data-ready=true]")


def accept_all(page):
    page.on("dialog", lambda dialog: dialog.accept())


def test_folders_become_columns_and_clips_move(visit, clips):  # noqa: F811
    page = visit()
    accept_all(page)
    open_tab(page)
    page.set_input_files("#own-folder", str(clips))
    page.wait_for_function("document.querySelectorAll('.own-class').length === 3")
    page.wait_for_function("document.querySelector('#own-told').textContent.includes('empty.wav')")
    page.wait_for_function("document.querySelectorAll('.own-clip').length === 12")
    page.locator(".own-clip input").first.check()
    page.select_option("#own-move", "mid")
    page.wait_for_selector("[data-class=mid] .own-clip:nth-child(5)")
    page.locator("[data-class=mid] .own-clip .act").first.click()
    page.wait_for_function("studio.own.player.plays === 1")
    page.locator("[data-class=mid] .own-clip input").first.check()
    page.click("#own-cut")
    page.wait_for_function("document.querySelector('#own-cutter-told').textContent === '1 piece'")
    page.click("#own-cutter-close")
    page.click("#own-delete")
    page.wait_for_function("!document.querySelector('.own-class')")


@pytest.mark.slow
def test_a_network_is_trained_heard_and_dreamed_with(visit, clips):  # noqa: F811
    page = visit()
    accept_all(page)
    open_tab(page)
    page.set_input_files("#own-folder", str(clips))
    page.wait_for_function("document.querySelectorAll('.own-clip').length === 12")
    page.fill("#own-minutes", "0.1")
    page.click("#own-begin")
    page.wait_for_selector("#own-training[data-state=training]")
    page.reload()
    page.wait_for_selector("#dream[data-ready=true]", state="attached")
    open_tab(page)
    page.wait_for_selector("#own-training[data-state=done]", timeout=240_000)
    page.click("#own-hear")
    page.wait_for_function("studio.own.player.plays > 0")
    page.click("#own-to-dream")
    visitor = StudioPage(page)
    visitor.wait("studio.state.recipe.dataset === 'my_sounds'")
    assert page.locator("#datasets input[value=my_sounds]").is_checked()
    take = visitor.dream(iterations=3)
    assert take
    open_tab(page)
    page.click("#own-delete")
    page.wait_for_function("!document.querySelector('.own-class')")
    listed = page.evaluate("fetch('studio/models.json').then(answer => answer.text())")
    assert "my_sounds" not in listed
