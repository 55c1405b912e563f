"""Choosing feature maps by ear and eye: colours, sounds and words from a small real gallery."""

import pytest
from studio_page import StudioPage

pytestmark = pytest.mark.browser

VISIBLE = (
    "[...document.querySelectorAll('#maps .tile')].filter(t => !t.hidden).map(t => +t.dataset.map)"
)


def test_maps_are_coloured_heard_and_found_by_how_they_sound(visit, gallery):
    page = StudioPage(visit())
    page.change(dataset="instruments", architecture="model1", targets=[[1, 21, 1]])
    page.wait("studio.sounds.there")
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


def test_where_the_gallery_lacks_a_layer_the_maps_are_plain(visit, gallery):
    page = StudioPage(visit())
    page.change(dataset="instruments", architecture="model1", targets=[[1, 21, 1]])
    page.wait("studio.sounds.there")
    page.change(dataset="events", architecture="model1", targets=[[1, 21, 1]])
    assert not page.js("studio.sounds.there")
    assert page.page.is_hidden("#maps-look")
    assert not page.js(
        "[...document.querySelectorAll('#maps .tile')].some(t => t.style.background)"
    )
    page.page.hover(".tile[data-map='5']")
    page.page.click(".tile[data-map='5']")
    assert page.recipe["targets"] == [[1, 5, 1]]
    assert page.js("studio.sounds.heard") == 0
