"""Experiment 2 on the real page: its figures, and the sounds that run under their cursor."""

import csv

import pytest

from tests.waiting import until

pytestmark = pytest.mark.browser

VOLUME = "document.querySelector('#dream .volume input').value / 100"
"""What the Dream tab's slider shows, 0 … 1."""


@pytest.fixture(scope="module")
def opened(visit_once):
    return report(visit_once())


@pytest.fixture
def page(opened):
    """The page with nothing played and the cursor at the beginning."""
    opened.get_by_role("tab", name="Experiments").click()
    opened.locator("#parameters").scroll_into_view_if_needed()
    yield opened
    opened.evaluate("studio.played.sound.playing && studio.played.sound.pause()")


def report(page):
    page.get_by_role("tab", name="Experiments").click()
    page.wait_for_selector("#experiments[data-ready=true]")
    for number in (13, 12, 11, 10):
        page.locator(f"#figure-{number}").scroll_into_view_if_needed()
        page.wait_for_selector(f"#figure-{number}[data-drawn]")
    page.locator("#parameters").scroll_into_view_if_needed()
    return page


AXIS = "(axis => [axis._offset, axis._length])(document.querySelector('{}').{}.xaxis)"


def axis_of(page, figure):
    """Return where the time axis of a figure begins and how long it is, in pixels."""
    return page.evaluate(AXIS.format(f"#figure-{figure} .drawing", "_fullLayout"))


def cursor_at(page, figure):
    """Return the moment at which the cursor of a figure stands, in seconds."""
    begin, length = axis_of(page, figure)
    cursor, drawing = (
        page.locator(f"#figure-{figure} {part}").bounding_box() for part in (".cursor", ".drawing")
    )
    return (cursor["x"] + cursor["width"] / 2 - drawing["x"] - begin) / length * 420


def test_the_cursor_moves_in_all_figures_with_the_sound(page):
    assert page.locator(".played-figure .scatterlayer .trace").count() == 4 * 7
    page.click(".run[data-run=cutoff_hz] .listen")
    page.wait_for_function("studio.played.sound.playing && studio.played.sound.position > 0.3")
    assert page.get_attribute("#parameters", "data-playing") == "cutoff_hz"
    page.wait_for_function("studio.played.figures.seconds > 0.2")
    assert page.inner_text("#played-now").endswith(" · layer 0, map 3 · cut-off 2 kHz")
    page.fill("#played-seek", "31.5")
    page.wait_for_function("studio.played.sound.position > 31.6")
    assert "0:3" in page.inner_text("#played-now")
    assert "layer 1, map 3 · cut-off 4 kHz" in page.inner_text("#played-now")
    position = "studio.played.sound.position"
    until(lambda: cursor_at(page, 10) == pytest.approx(page.evaluate(position), abs=3))
    until(lambda: cursor_at(page, 10) == pytest.approx(cursor_at(page, 12), abs=3))
    before = page.evaluate("studio.played.sound.position")
    page.click(".run[data-run=fixed] .listen")
    page.wait_for_function(
        f"studio.played.sound.position > {before} && studio.played.sound.playing"
    )
    assert page.inner_text("#played-now").endswith("all fixed")
    page.get_by_role("tab", name="About").click()
    page.wait_for_function("!studio.played.sound.playing")


def test_one_volume_holds_for_every_tab_and_is_kept(visit):
    page = visit()
    page.get_by_role("tab", name="Experiments").click()
    page.wait_for_selector("#experiments[data-ready=true]")
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


def test_a_click_in_a_figure_puts_the_cursor_and_tells_the_values(page, experiments_folder):
    with (experiments_folder / "parameters" / "curves.csv").open() as file:
        values = {
            row["run"]: float(row["brightness"])
            for row in csv.DictReader(file)
            if float(row["seconds"]) == 70
        }
    figure = page.locator("#figure-11")
    figure.scroll_into_view_if_needed()
    box, (begin, length) = figure.locator(".drawing").bounding_box(), axis_of(page, 11)
    page.mouse.click(box["x"] + begin + 70.5 / 420 * length, box["y"] + 200)
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


def test_dragging_moves_the_cursor_and_the_zoom_of_one_figure_is_that_of_all(visit):
    page = report(visit())
    figure = page.locator("#figure-11")
    figure.scroll_into_view_if_needed()
    box, (begin, length) = figure.locator(".drawing").bounding_box(), axis_of(page, 11)
    left, middle = box["x"] + begin, box["y"] + 200

    def drag(first, last):
        page.mouse.move(left + first / 420 * length, middle)
        page.mouse.down()
        page.mouse.move(left + last / 420 * length, middle + 30, steps=5)
        page.mouse.up()

    drag(100, 200.5)
    assert page.inner_text("#played-now").startswith("3:20")
    figure.hover()
    figure.get_by_role("button", name="Zoom", exact=True).click()
    drag(100, 300)
    ranges = "[10, 11, 12, 13].map(n => document.querySelector(`#figure-${n} .drawing`)"
    ranges += "._fullLayout.xaxis.range.map(Math.round))"
    page.wait_for_function(f"{ranges}.every(([a, b]) => a === 100 && b === 300)")
    assert page.inner_text("#played-now").startswith("3:20"), "zooming leaves the cursor"
    assert page.locator("#figure-10 .cursor").bounding_box()["x"] == pytest.approx(
        box["x"] + begin + length * 0.5, abs=4
    )


def test_lines_are_shown_and_hidden_by_name(page):
    chip = page.locator(".run[data-run=learning_rate] .show")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    for number in (10, 11, 12, 13):
        page.wait_for_function(
            f"document.querySelectorAll('#figure-{number} .scatterlayer .trace').length === 6"
        )
        assert page.locator(f"#figure-{number} .tracelearning_rate").count() == 0
    assert page.locator("#figure-10 .reading [data-run=learning_rate]").count() == 0
    chip.click()
    line = page.locator("#figure-10 .tracelearning_rate")
    line.wait_for(state="attached")
    page.wait_for_function(
        "document.querySelector('#figure-10 .tracefixed')?.style.opacity === '0.2'"
    )
    assert line.evaluate("line => line.style.opacity") == "1", "what is pointed at stands out"


def test_verdicts_and_effects_are_those_of_the_tables(page):
    assert "9 hold" in page.inner_text("#played-score .counts")
    page.get_by_role("button", name="P7, does not hold").click()
    page.wait_for_selector("details[data-claim=P7] .inside")
    text = page.inner_text("details[data-claim=P7]")
    assert "0 of 24" in text and "offset 64, brightness, layer 0, map 3" in text
    assert "27 ways" in text
    cells = page.locator("table.effects tr[data-run=cutoff_hz] td").nth(1)
    assert cells.inner_text().split() == ["+80.0"] * 4


def test_a_phone_finds_room_for_figures_and_runs(visit):
    page = report(visit(width=390, height=844, has_touch=True, is_mobile=True))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".run .listen").first.bounding_box()["height"] >= 40
