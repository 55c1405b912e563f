"""Choosing feature maps by ear and eye: colours, sounds and words from a small real gallery."""

import re

import numpy as np
import pytest
import soundfile
from live_page import LivePage
from studio_page import StudioPage

pytestmark = pytest.mark.browser

START = {"dataset": "instruments", "architecture": "model1", "targets": [[1, 21, 1]]}

VISIBLE = (
    "[...document.querySelectorAll('#maps .tile')].filter(t => !t.hidden).map(t => +t.dataset.map)"
)
"""Maps that are shown, in their order."""


@pytest.fixture
def page(gallery, page):
    """The page where one layer has all its sounds, and none is looked for."""
    page.change(**START)
    page.wait("studio.sounds.there")
    page.page.fill("#map-search", "")
    return page


def test_maps_are_coloured_heard_and_found_by_how_they_sound(page, gallery):
    layer = gallery.table.query("dataset == 'instruments' and layer == 1")
    coloured = page.js(
        "[...document.querySelectorAll('#maps .tile')].filter(t => t.style.background)"
        ".map(t => +t.dataset.map)"
    )
    assert coloured == sorted(layer["map"])
    shades = "[...document.querySelectorAll('#maps .tile')].map(t => t.style.background).join()"
    by_brightness = page.js(shades)
    page.page.select_option("#maps-feature", "noisiness_mean")
    assert page.js(shades) != by_brightness

    page.page.hover(".tile[data-map='21']")
    row = page.js("studio.sounds.catalogue.find('instruments-model1-1-21')")
    page.wait(f"studio.sounds.voice?.playing?.row === {row}")
    assert "brightness" in page.page.inner_text("#info")
    page.page.click(".tile[data-map='21']")
    assert page.recipe["targets"] == [[1, 21, 1]]

    page.page.fill("#map-search", "bright")
    assert page.js(VISIBLE) == sorted(layer.nlargest(2, "brightness_mean")["map"])
    page.page.fill("#map-search", "like 21")
    assert page.js(VISIBLE) == coloured  # of the others nobody knows
    page.page.fill("#map-search", "bright, dark")
    assert page.page.is_visible("#maps-none")


def test_maps_like_a_take_come_first_and_other_layers_are_one_click_away(visit, gallery, tmp_path):
    page = StudioPage(visit())
    row = gallery.table.query("dataset == 'instruments' and layer == 1").iloc[2]
    wanted = int(row["map"])
    settings = {**gallery.manifest["recipe"], "dataset": "instruments", "architecture": "model1"}
    page.wait("studio.sounds.there")
    page.dream(**{**settings, "targets": [[1, wanted, 1]], "seed": int(row["seed"])})
    page.page.click("#take-like")
    page.page.wait_for_selector("#maps-like-also .link")
    shown = page.js(VISIBLE)
    assert shown[0] == wanted and len(shown) == 2  # half of the four that were dreamed
    page.page.fill("#map-search", str(wanted))
    assert page.js(VISIBLE) == [wanted]
    page.page.fill("#map-search", "")

    also = page.page.locator("#maps-like-also .link", has_text="map").first
    also.hover()
    page.wait("studio.sounds.voice?.playing")
    layer, number = map(int, re.findall(r"\d+", also.inner_text()))
    also.click()
    assert page.recipe["targets"] == [[layer, number, 1]]
    assert page.js(VISIBLE)[0] == number
    page.page.click("#maps-like-clear")
    assert page.js(VISIBLE) == list(range(page.js(f"studio.state.layers[{layer}].channels")))
    assert page.js("document.activeElement.id") == "maps-like"

    sound = page.save("save-float", tmp_path)
    page.page.click("#layer-1")
    page.page.click("#maps-like")
    page.page.set_input_files("#maps-like-file", str(sound))
    page.wait("document.querySelector('#maps-like-text').textContent.endsWith('first.')")
    assert page.js(VISIBLE)[0] == wanted


def test_where_the_gallery_lacks_a_layer_the_maps_are_plain(page):
    page.page.mouse.move(5, 5)
    heard = page.js("studio.sounds.heard")
    page.change(dataset="events", architecture="model1", targets=[[1, 21, 1]])
    assert not page.js("studio.sounds.there")
    assert page.page.is_hidden("#maps-look")
    assert not page.js(
        "[...document.querySelectorAll('#maps .tile')].some(t => t.style.background)"
    )
    page.page.hover(".tile[data-map='5']")
    page.page.click(".tile[data-map='5']")
    assert page.recipe["targets"] == [[1, 5, 1]]
    assert page.js("studio.sounds.heard") == heard


def test_model_layers_first_maps_and_dream_are_in_sight_without_scrolling(visit, gallery):
    page = StudioPage(visit(1440, 900))
    page.wait("studio.sounds.there")
    for size, rows in (((1440, 900), 3), ((1280, 720), 1)):
        page.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        above = page.page.locator("#actions").bounding_box()["y"]
        tile = page.page.locator("#maps .tile").first.bounding_box()
        assert page.js("document.querySelector('#scroller').scrollTop") == 0
        assert tile["y"] + rows * tile["height"] < above, size
        button = page.page.locator("#dream-button").bounding_box()
        assert button["y"] + button["height"] <= size[1], size


def test_live_has_the_same_picker_and_steps_back_for_a_map_that_is_heard(visit, gallery, tmp_path):
    page = StudioPage(visit())
    page.change(**START)
    page.wait("studio.sounds.there")
    asked = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.page.select_option("#maps-feature", "noisiness_mean")
    page.page.hover(".tile[data-map='21']")
    page.wait("studio.sounds.voice?.playing")

    live = LivePage(page.page)
    live.set(dataset="instruments", architecture="model1", targets=[[1, 0, 1]])
    live.wait("studio.live.sets.sounds.there")
    shades = "[...document.querySelectorAll('#{}maps .tile')].map(t => t.style.background).join()"
    assert live.js(shades.format("live-")) == live.js(shades.format(""))
    assert live.page.input_value("#live-maps-feature") == "noisiness_mean"
    live.page.fill("#live-map-search", "like 21")
    layer = gallery.table.query("dataset == 'instruments' and layer == 1")
    assert live.js(VISIBLE.replace("#maps", "#live-maps")) == sorted(layer["map"])
    live.page.fill("#live-map-search", "")
    soundfile.write(tmp_path / "tone.wav", np.sin(np.arange(44_100) / 20) / 2, 44_100)
    live.page.set_input_files("#live-maps-like-file", str(tmp_path / "tone.wav"))
    live.wait("document.querySelector('#live-maps-like-text').textContent.endsWith('first.')")
    assert len(live.js(VISIBLE.replace("#maps", "#live-maps"))) == 2
    live.page.click("#live-maps-like-clear")
    live.page.fill("#live-map-search", "like 21")

    live.start()
    gain = "studio.live.stream.output.gain.value"
    assert live.js(gain) == pytest.approx(1, abs=0.01)
    live.page.hover("#live-maps .tile[data-map='21']")
    live.wait(f"studio.live.sets.sounds.heard === 1 && {gain} < 0.2")
    live.wait(f"!studio.live.sets.sounds.voice.playing && {gain} > 0.95")
    live.page.locator("#live-maps .tile[data-map='21']").focus()
    live.page.keyboard.press("ArrowLeft")
    live.wait("studio.live.sets.sounds.heard === 2")
    live.stop()
    assert not any("gallery.json" in url for url in asked)
    assert sum("gallery/sounds/" in url for url in asked) <= len(layer), "one was fetched twice"
    assert page.js("studio.sounds.voice === studio.live.sets.sounds.voice")
    live.page.click("#live-maps-hear")
    live.page.get_by_role("tab", name="Dream").click()
    assert page.page.get_attribute("#maps-hear", "aria-pressed") == "false"


def test_a_tile_says_how_it_sounds(page, gallery):
    layer = gallery.table.query("dataset == 'instruments' and layer == 1")
    brightest = layer.loc[layer["brightness_mean"].idxmax(), "map"]
    said = page.page.get_attribute(f"#maps .tile[data-map='{brightest}']", "aria-label")
    assert said.startswith(f"Map {brightest}, bright")
    unknown = next(number for number in range(99) if number not in set(layer["map"]))
    tile = f"#maps .tile[data-map='{unknown}']"
    assert page.page.get_attribute(tile, "aria-label") == f"Map {unknown}"
