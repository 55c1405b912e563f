"""Looking inside the models on the real page."""

import base64
import json
from contextlib import contextmanager

import numpy as np
import pytest
import soundfile
from studio_page import StudioPage

pytestmark = pytest.mark.browser

RATE = 44_100


@pytest.fixture(scope="module")
def shared(visit_once):
    return visit_once()


@pytest.fixture
def page(shared):
    """The tab, with whatever model and sound the test before it chose."""
    return opened(shared)


def opened(page):
    page.get_by_role("tab", name="Models").click()
    page.wait_for_selector("#inside[data-ready=true]")
    return page


@pytest.fixture
def two_halves(tmp_path):
    time = np.arange(2 * RATE) / RATE
    noise = 0.3 * np.random.default_rng(1).standard_normal(2 * RATE)
    path = tmp_path / "two halves.wav"
    soundfile.write(path, np.concatenate([np.sin(2 * np.pi * 440 * time), noise]), RATE)
    return path


def colours(page, canvas):
    """How many colours a canvas shows."""
    return page.evaluate(
        f"""() => {{
          const canvas = document.querySelector('{canvas}');
          const {{ width, height }} = canvas;
          const {{ data }} = canvas.getContext('2d').getImageData(0, 0, width, height);
          return new Set(new Uint32Array(data.buffer)).size;
        }}"""
    )


def heard(page):
    """Tell the last sound and network apart from those before."""
    return page.get_attribute("#inside", "data-heard")


@contextmanager
def hearing(page):
    """Wait until a network has heard what it is given here."""
    before = heard(page)
    yield
    page.wait_for_function(
        f"document.querySelector('#inside').dataset.heard !== {json.dumps(before)}"
        " && document.querySelector('#inside').dataset.heard"
    )


def look_into(page, name):
    """Choose a network; it listens to the sound at hand, where there is one."""
    choice = page.locator(f"#looking-choice [data-name={name}]")
    if not heard(page) or choice.get_attribute("aria-pressed") == "true":
        return choice.click()
    with hearing(page):
        choice.click()


def recipe(page):
    return json.loads(page.evaluate("JSON.stringify(studio.state.recipe)"))


def test_six_cards_tell_what_they_learned_and_stand_beside_the_paper(page, models_folder):
    cards = page.locator(".model-card")
    assert cards.count() == 6
    for name, paper in (("events-model1", 27), ("instruments-model2", 41), ("speech-model2", 95)):
        card = json.loads((models_folder / f"{name}.json").read_text())
        text = page.locator(".model-card", has=page.locator(f"[data-name={name}]")).inner_text()
        assert f"{card['parameters']:,} parameters" in text
        if "test" in card:
            assert f"the paper’s {paper} %" in text
            assert f"{100 * card['test']['middle second']['accuracy']:.0f} %" in text
            assert "Not the paper’s recordings" in text
    page.get_by_role("button", name="Speech · Model2").click()
    assert page.locator("#inside-layer [role=radio]").count() == 8


def test_any_layer_is_shown_over_frequency_and_read_by_keyboard(page):
    look_into(page, "events-model2")
    page.get_by_role("radio", name="Layer 3, 64 maps").click()
    box = page.locator("#tones-box[aria-valuemax='63']")
    box.wait_for()
    page.wait_for_function("document.querySelector('#tones-heat').width > 300")
    assert colours(page, "#tones-heat") > 50
    assert page.locator("#tones-mode").is_hidden()
    box.focus()
    page.keyboard.press("Home")
    lowest = box.get_attribute("aria-valuetext")
    page.keyboard.press("End")
    highest = box.get_attribute("aria-valuetext")
    assert "responds most to" in lowest and lowest != highest
    assert page.inner_text("#map-name").lower() == highest.split(",")[0]
    best = page.evaluate("studio.models.tones.order.map(map => studio.models.tones.best[map])")
    assert best == sorted(best) and len(best) == 64


def test_the_first_layers_filters_are_shown_with_their_spectra(page):
    look_into(page, "events-model1")
    page.get_by_role("radio", name="Layer 0,").click()
    page.get_by_role("button", name="Spectra of the filters").click()
    assert "magnitude spectrum" in page.inner_text("#tones-told")
    assert page.locator("#map-taps").is_visible() and colours(page, "#map-taps") > 2
    assert "1.9 ms" in page.inner_text("#map-filter-told")
    page.get_by_role("radio", name="Layer 1, 64 maps").click()
    page.locator("#tones-box[aria-valuemax='63']").wait_for()
    assert page.locator("#map-filter").is_hidden() and page.locator("#tones-mode").is_hidden()


def test_a_sound_is_heard_and_dreamed_on_with_the_maps_that_like_it_most(page, two_halves):
    look_into(page, "events-model1")
    with hearing(page):
        page.set_input_files("#inside-file", str(two_halves))
    page.wait_for_selector("#heard:not([hidden]) .liked-map")
    assert page.inner_text("#heard-name") == "two halves.wav"
    assert page.locator("#score-rows .score-row").count() == 8
    page.locator("#heard-seek").fill("250")
    early = page.inner_text(".score-row.surest span")
    page.locator("#heard-seek").fill("850")
    assert page.inner_text(".score-row.surest span") != early
    assert colours(page, "#score-rows canvas") > 2
    assert page.locator(".layer-strip").count() == 4
    page.locator(".layer-strip").nth(2).click()
    assert page.locator(".liked-map").count() == 12
    liked = page.locator(".liked-map input:checked")
    maps = [int(liked.nth(i).get_attribute("data-map")) for i in range(liked.count())]
    assert len(maps) == 4
    page.get_by_role("button", name="Dream on with these 4 maps").click()
    page.wait_for_function("document.querySelector('#dream').getClientRects().length > 0")
    page.wait_for_function("studio.state.recording?.name === 'two halves.wav'")
    made = recipe(page)
    assert made["targets"] == [[2, number, 1] for number in maps]
    assert (made["dataset"], made["architecture"]) == ("events", "model1")
    assert made["initial"] == "two halves.wav" and made["seconds"] == 4
    page.wait_for_function("studio.scope.samples?.length === 4 * 44100")


def test_another_model_listens_to_the_same_sound(page):
    look_into(page, "events-model1")
    with hearing(page):
        page.get_by_role("button", name="White noise", exact=True).click()
    look_into(page, "speech-model2")
    assert page.locator(".layer-strip").count() == 8
    first = page.locator("#score-rows .score-row").first.get_attribute("data-class")
    assert first in page.evaluate("studio.models.inside.model.classes")


def test_a_take_is_at_hand_and_dreamed_on(page):
    page.get_by_role("tab", name="Dream").click()
    StudioPage(page).dream(iterations=3, seconds=1.5, initial="tone")
    name = page.evaluate("studio.takes.items[0].name")
    opened(page)
    with hearing(page):
        page.locator("#inside-starts").get_by_role("button", name=name).click()
    assert page.inner_text("#heard-name") == f"{name}.wav"
    page.click("#dream-on")
    page.wait_for_function(f"studio.state.recording?.name === {json.dumps(name + '.wav')}")
    assert recipe(page)["seconds"] == 1.5 and len(recipe(page)["targets"]) == 4


def test_what_is_dropped_here_is_heard_here(page, two_halves):
    dreamt = "JSON.stringify([studio.source.uploads, studio.state.recording])"
    before = page.evaluate(dreamt)
    content = base64.b64encode(two_halves.read_bytes()).decode()
    with hearing(page):
        page.evaluate(
            """async content => {
              const bytes = await (await fetch(`data:audio/wav;base64,${content}`)).arrayBuffer();
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([bytes], 'dropped.wav'));
              for (const type of ['dragenter', 'dragover', 'drop']) {
                const options = { dataTransfer, bubbles: true, cancelable: true };
                document.querySelector('#inside-sound').dispatchEvent(new DragEvent(type, options));
              }
            }""",
            content,
        )
    assert page.inner_text("#heard-name") == "dropped.wav"
    assert page.evaluate(dreamt) == before and page.locator("#veil").is_hidden()


def test_what_cannot_be_heard_is_said(page, tmp_path):
    before = heard(page)
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE), RATE)
    page.set_input_files("#inside-file", str(tmp_path / "silence.wav"))
    assert "silen" in page.wait_for_selector(".toast.error p").inner_text()
    assert heard(page) == before and page.inner_text("#heard-name") != "silence.wav"


def test_mistakes_and_classes_are_told_heard_and_dreamed(page, gallery):
    look_into(page, "instruments-model1")
    page.wait_for_function("studio.models.inside.model.name === 'instruments-model1'")
    page.wait_for_selector("#class-list li:nth-child(255)")
    if page.locator("#mistakes li").count():
        assert page.locator("#mistakes li").count() == 20
        assert "taken for" in page.locator("#mistakes li").first.inner_text()
        assert colours(page, "#matrix") > 5
        assert "found " in page.locator("#class-list .told").first.inner_text()
    assert "255 classes; 4 of 255 are dreamed so far" in page.inner_text("#class-count")
    name = page.evaluate("studio.models.inside.model.classes[0]")
    page.fill("#class-search", name)
    row = page.locator("#class-list li:visible").first
    row.get_by_role("button", name=f"Hear the dream of {name}").click()
    page.wait_for_function("studio.models.voices.plays === 1")
    assert page.evaluate("studio.models.voices.voice.last.row") == page.evaluate(
        "studio.models.voices.row(studio.models.inside.model, 3, 0)"
    )
    row.get_by_role("button", name="in Dream").click()
    page.wait_for_function("document.querySelector('#dream').getClientRects().length > 0")
    page.wait_for_function("studio.state.recipe.targets[0][0] === 3")
    assert recipe(page)["targets"] == [[3, 0, 1]] and recipe(page)["iterations"] == 5


def test_a_phone_reads_it_without_scrolling_sideways(visit):
    page = opened(visit(width=390, height=844, has_touch=True, is_mobile=True))
    page.get_by_role("button", name="A tone").click()
    page.wait_for_selector("#inside[data-heard]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#tones-box").bounding_box()["width"] > 330
    tabs = page.locator("#studio-tabs [role=tab]:visible")
    assert [tabs.nth(i).inner_text().strip() for i in range(tabs.count())] == [
        "Dream", "Live", "Gallery", "Your sounds", "Models", "Experiments", "About"
    ]  # fmt: skip
