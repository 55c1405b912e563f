"""Experiment 2 on the real page: its figures, and the sounds that run under their cursor."""

import csv

import pytest

pytestmark = pytest.mark.browser

VOLUME = "document.querySelector('#dream .volume input').value / 100"
"""What the Dream tab's slider shows, 0 … 1."""


@pytest.fixture
def report(visit):
    def open_report(**options):
        page = visit(**options)
        page.get_by_role("tab", name="Experiments").click()
        page.wait_for_selector("#experiments[data-ready=true]")
        page.locator("#parameters").scroll_into_view_if_needed()
        return page

    return open_report


def cursor_at(page, figure):
    path = page.get_attribute(f"#figure-{figure} .cursor", "d")
    return float(path[1:].split(" ")[0])


def test_the_cursor_moves_in_all_figures_with_the_sound(report):
    page = report()
    assert page.locator(".played-figure .curve").count() == 4 * 7
    page.click(".run[data-run=cutoff_hz] .listen")
    page.wait_for_function("studio.played.sound.playing && studio.played.sound.position > 0.3")
    assert page.get_attribute("#parameters", "data-playing") == "cutoff_hz"
    page.wait_for_function("studio.played.figures.seconds > 0.2")
    assert page.inner_text("#played-now") == "0:00 · layer 0, map 3 · cut-off 2 kHz"
    page.fill("#played-seek", "31.5")
    page.wait_for_function("studio.played.sound.position > 31.6")
    assert "0:3" in page.inner_text("#played-now")
    assert "layer 1, map 3 · cut-off 4 kHz" in page.inner_text("#played-now")
    width = 1120 - 12 - 72
    at = page.evaluate("studio.played.sound.position")
    assert cursor_at(page, 10) == pytest.approx(72 + at / 420 * width, abs=3)
    assert cursor_at(page, 10) == pytest.approx(cursor_at(page, 12), abs=1)
    before = page.evaluate("studio.played.sound.position")
    page.click(".run[data-run=fixed] .listen")
    page.wait_for_function(
        f"studio.played.sound.position > {before} && studio.played.sound.playing"
    )
    assert page.inner_text("#played-now").endswith("all fixed")
    page.get_by_role("tab", name="About").click()
    page.wait_for_function("!studio.played.sound.playing")


def test_one_volume_holds_for_every_tab_and_is_kept(report):
    page = report()
    page.locator("#experiments .volume input").fill("50")
    assert page.evaluate("studio.played.sound.gain") == 0.25
    assert page.evaluate(VOLUME) == 0.5
    shown = "[...document.querySelectorAll('.volume input')].map(slide => slide.value)"
    assert page.evaluate(shown) == ["50", "50"]  # of the tabs that were opened
    page.get_by_role("tab", name="Dream").click()
    page.locator("#dream .volume input").fill("20")
    assert set(page.evaluate(shown)) == {"20"}
    page.reload()
    page.wait_for_selector("#dream[data-ready=true]")
    assert page.evaluate(VOLUME) == 0.2


def test_a_click_in_a_figure_puts_the_cursor_and_tells_the_values(report, experiments_folder):
    page = report()
    with (experiments_folder / "parameters" / "curves.csv").open() as file:
        values = {
            row["run"]: float(row["brightness"])
            for row in csv.DictReader(file)
            if float(row["seconds"]) == 70
        }
    figure = page.locator("#figure-11")
    figure.scroll_into_view_if_needed()
    box = figure.locator("svg").bounding_box()
    scale = box["width"] / 1120
    page.mouse.click(box["x"] + (72 + 70.5 / 420 * 1036) * scale, box["y"] + 150 * scale)
    assert page.inner_text("#played-now").startswith("1:10 · layer 8, map 8")
    told = figure.locator(".reading").inner_text()
    assert f"{values['fixed']:,.0f}" in told and f"{values['cutoff_hz']:,.0f}" in told
    figure.focus()
    page.keyboard.press("PageUp")
    assert page.inner_text("#played-now").startswith("1:20 · layer 8, map 8")
    page.keyboard.press("Space")
    page.wait_for_function("studio.played.sound.playing")
    page.keyboard.press("Space")
    page.wait_for_function("!studio.played.sound.playing")


def test_lines_are_shown_and_hidden_by_name(report):
    page = report()
    chip = page.locator(".run[data-run=learning_rate] .show")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    for number in (10, 11, 12, 13):
        assert not page.locator(f"#figure-{number} .curve[data-name=learning_rate]").is_visible()
        assert page.locator(f"#figure-{number} .curve[data-name=fixed]").is_visible()
    assert page.locator("#figure-10 .reading [data-run=learning_rate]").count() == 0
    chip.click()
    assert page.locator("#figure-10 .curve[data-name=learning_rate]").is_visible()


def test_verdicts_and_effects_are_those_of_the_tables(report):
    page = report()
    assert "9 hold" in page.inner_text("#played-score .counts")
    page.get_by_role("button", name="P7, does not hold").click()
    page.wait_for_selector("details[data-claim=P7] .inside")
    text = page.inner_text("details[data-claim=P7]")
    assert "0 of 24" in text and "offset 64, brightness, layer 0, map 3" in text
    assert "27 ways" in text
    cells = page.locator("table.effects tr[data-run=cutoff_hz] td").nth(1)
    assert cells.inner_text().split() == ["+80.0"] * 4


def test_a_phone_finds_room_for_figures_and_runs(report):
    page = report(width=390, height=844, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".run .listen").first.bounding_box()["height"] >= 40
