"""Reading the experiments on the real page."""

import csv

import pytest
from studio_page import StudioPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared(visit_once):
    return opened(visit_once())


@pytest.fixture
def page(shared):
    """The tab as it opens, on a page that most of these tests share."""
    shared.click("#feature-choice [data-feature=loudness]")
    return shared


def opened(page):
    page.get_by_role("tab", name="Experiments").click()
    page.wait_for_selector("#experiments[data-ready=true]")
    return page


def test_findings_stand_with_their_verdicts_and_open_to_their_numbers(page, experiments_folder):
    assert "So far 288 of 3,492 sounds" in page.inner_text("#experiments-lead")
    assert "stand-ins" in page.inner_text(".caution")
    with (experiments_folder / "layers" / "verdicts.csv").open() as file:
        verdicts = [row["verdict"] for row in csv.DictReader(file)]
    assert f"{verdicts.count('holds')} hold" in page.inner_text("#score .counts")
    assert f"{verdicts.count('does not hold')} do not hold" in page.inner_text("#score .counts")
    assert page.locator("#claims .claim").count() == 25
    page.get_by_role("button", name="D2, does not hold").click()
    claim = page.locator("details[data-claim=D2]")
    assert claim.get_attribute("open") is not None
    claim.locator(".inside").wait_for()
    text = claim.inner_text()
    assert "0 of 6" in text and "Spearman(layer, noisiness) ≥ 0.7" in text
    assert "events-model1" in text and "−1.00" in text and "not ≥" in text
    page.click("details[data-claim=T4] summary")
    page.wait_for_selector("details[data-claim=T4] .inside")
    reason = "Not measurable: there is no table of training clips."
    assert reason in page.inner_text("details[data-claim=T4]")


def test_figures_tell_their_values_by_pointer_and_by_key(page, experiments_folder):
    with (experiments_folder / "layers" / "statistics.csv").open() as file:
        means = {
            (row["dataset"], row["layer"]): float(row["mean"])
            for row in csv.DictReader(file)
            if row["architecture"] == "model2" and row["quantity"] == "brightness"
        }
    page.click("#feature-choice [data-feature=brightness]")
    page.wait_for_selector("#figure-5[data-drawn]")
    page.locator("#figure-5").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    told = page.inner_text("#figure-5 .reading")
    assert told.startswith("Layer 2") and f"{means['speech', '2']:,.0f} ±" in told
    label = page.locator("#figure-5 .hoverlayer")
    label.get_by_text("Speech").wait_for()
    assert f"{means['speech', '2']:,.0f} ±" in label.text_content()
    box = page.locator("#figure-5 .drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 120)
    page.wait_for_function(
        "document.querySelector('#figure-5 .reading').textContent.startsWith('Layer 7')"
    )
    lines = page.locator("#figure-5 .scatterlayer .points")
    assert lines.count() == 6, "a band and a line of three datasets"
    page.locator("#dataset-choice").get_by_role("button", name="Events").click()
    page.wait_for_function(
        "document.querySelectorAll('#figure-5 .scatterlayer .points').length === 4"
    )
    page.locator("#dataset-choice").get_by_role("button", name="Events").click()


def test_a_figure_is_told_in_words_and_follows_the_theme(page):
    figure = page.locator("#figure-2")
    figure.scroll_into_view_if_needed()
    page.wait_for_selector("#figure-2[data-drawn=dark]")
    words = page.locator("#figure-2-words").text_content()
    assert words.startswith("Model1: Loudness, RMS") and "Speech: layer 0 " in words
    assert figure.get_attribute("aria-describedby") == "figure-2-words"
    page.click("#theme-toggle")
    figure.scroll_into_view_if_needed()
    page.wait_for_selector("#figure-2[data-drawn=light]")
    ground = "document.querySelector('#figure-2 .main-svg').style.background"
    assert page.evaluate(ground).replace(" ", "") == "rgb(252,250,245)"
    page.click("#theme-toggle")


def test_a_figure_can_be_zoomed_and_taken_away(page, tmp_path):
    page.locator("#figure-3").scroll_into_view_if_needed()
    page.wait_for_selector("#figure-3[data-drawn]")
    page.hover("#figure-3 .drawing")
    page.get_by_role("button", name="Zoom in").last.click()
    page.wait_for_function(
        "(range => range[1] - range[0] < 5)"
        "(document.querySelector('#figure-3 .drawing').layout.xaxis.range)"
    )
    with page.expect_download() as download:
        page.click("#figure-3 .save")
    assert download.value.suggested_filename == "figure-3.svg"
    download.value.save_as(tmp_path / "figure-3.svg")
    assert "Loudness" in (tmp_path / "figure-3.svg").read_text(encoding="utf-8")


def test_plotly_is_fetched_for_the_experiments_and_never_before(visit):
    studio = StudioPage(visit())
    studio.dream(iterations=2)
    page = studio.page
    fetched = "performance.getEntriesByType('resource').map(one => one.name)"
    assert not [name for name in page.evaluate(fetched) if "plotly" in name]
    page.get_by_role("tab", name="Experiments").click()
    page.wait_for_selector("#experiments[data-ready=true]")
    page.locator("#figure-2").scroll_into_view_if_needed()
    page.wait_for_selector("#figure-2[data-drawn]")
    assert [name for name in page.evaluate(fetched) if name.endswith("/plotly-basic.min.js")]


def test_the_papers_words_stand_beside_the_measurements(page):
    page.click("#feature-choice [data-feature=roughness]")
    row = page.locator(".described:has-text('Table 10') tbody tr").nth(1)
    row.wait_for()
    assert "even less (a)" in row.inner_text() and "agrees" in row.inner_text()
    assert "roughness 0.01 (low)" in row.inner_text()


def test_the_open_choices_are_compared_and_the_tables_can_be_had(page):
    page.locator("#figure-sensitivity").scroll_into_view_if_needed()
    page.wait_for_selector("#figure-sensitivity[data-drawn]")
    assert "smoothing off: " in page.locator("#figure-sensitivity-words").text_content()
    table = page.locator("table.choices")
    assert table.locator("thead th").all_inner_texts() == [
        "Finding", "studio's default", "smoothing off"
    ]  # fmt: skip
    assert "Not dreamed yet: normalisation by RMS" in page.inner_text("#choices-note")
    with page.expect_download() as download:
        page.click("#findings >> text=All cases (CSV)")
    assert download.value.suggested_filename == "cases.csv"


def test_a_phone_reads_it_without_scrolling_sideways(visit):
    page = opened(visit(width=390, height=844, has_touch=True, is_mobile=True))
    page.click("details[data-claim=O2] summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#figure-2").bounding_box()["width"] > 330
    page.locator("#figure-2").scroll_into_view_if_needed()
    page.wait_for_selector("#figure-2[data-drawn]")
    assert page.locator("#figure-2 .main-svg").first.bounding_box()["width"] > 330
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
