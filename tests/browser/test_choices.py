"""Choosing on the real page: starts, layers, feature maps, on a phone, by keyboard."""

import numpy as np
import pytest
import soundfile
from studio_page import StudioPage

pytestmark = pytest.mark.browser


@pytest.fixture
def three_tones(tmp_path):
    """A stereo FLAC at an odd rate: a second each of 300, 600 and 1,200 Hz."""
    rate = 22_050
    time = np.arange(rate) / rate
    mono = np.concatenate([np.sin(2 * np.pi * hz * time) for hz in (300, 600, 1200)]) * 0.4
    path = tmp_path / "drei töne.flac"
    soundfile.write(path, np.stack([mono, 0.5 * mono], axis=1), rate)
    return path


def strongest_hz(samples):
    return np.argmax(np.abs(np.fft.rfft(samples))) * 44_100 / samples.size


def test_a_part_of_a_recording_is_chosen_and_dreamed_from(page, three_tones):
    page.upload(three_tones)
    page.wait("studio.state.recording !== null")
    assert page.page.inner_text("#file-name") == three_tones.name
    assert "22.05 kHz · stereo" in page.page.inner_text("#file-facts")
    page.page.fill("#part-from", "500")
    page.wait("studio.state.recipe.start_seconds === 1")
    page.wait("document.querySelector('#sound-title').textContent.includes('töne')")
    page.wait("studio.player.duration === 1")
    take = page.dream(iterations=2)
    assert strongest_hz(page.samples("before")) == pytest.approx(600, abs=2)
    assert take["recipe"]["initial"].startswith(three_tones.name + " (sha256 ")
    assert take["recipe"]["start_seconds"] == 1


def test_what_is_no_sound_gets_a_sentence_and_nothing_is_lost(page, tmp_path, three_tones):
    text = tmp_path / "notes.wav"
    text.write_text("These are notes, not a sound.\n" * 40)
    (tmp_path / "empty.wav").touch()
    page.upload(three_tones)
    page.wait("studio.state.recipe.initial === 'drei töne.flac'")
    recipe = page.recipe
    page.page.set_input_files("#file", str(text))
    assert "notes.wav" in page.toast()
    page.page.click(".toast.error [aria-label=Dismiss]")
    page.page.set_input_files("#file", str(tmp_path / "empty.wav"))
    assert "empty" in page.toast()
    assert page.recipe == recipe
    assert page.js("studio.state.recording.name") == three_tones.name


def test_the_microphone_becomes_the_start(visit):
    page = StudioPage(visit())
    page.choose("starts", "microphone")
    page.page.click("#record")
    page.wait("document.querySelector('#record span').textContent.match(/[1-9]\\.\\d\\d s/)")
    page.page.click("#record")
    page.wait("studio.state.recording !== null")
    assert page.js("studio.state.recording.seconds") >= 1
    take = page.dream(iterations=2)
    assert take["recipe"]["initial"].startswith("recording.wav")


def test_layers_and_maps_are_chosen_mixed_and_weighed(page):
    page.choose("architectures", "model2")
    assert page.page.locator(".layer").count() == 9
    page.choose("architectures", "model1")
    page.page.click("#layer-3")
    assert page.page.inner_text("#maps-label") == "Classes"
    names = page.js("studio.state.model.classes")
    page.page.fill("#map-search", names[7])
    page.page.click(f".tile[data-map='7']:has-text('{names[7]}')")
    assert page.recipe["targets"] == [[3, 7, 1]]
    page.page.click("#maps-several")
    page.page.click("#layer-1")
    page.page.click(".tile[data-map='5']")
    page.page.fill(".chip:nth-child(2) .value", "-0.5")
    page.page.press(".chip:nth-child(2) .value", "Enter")
    assert page.recipe["targets"] == [[3, 7, 1], [1, 5, -0.5]]
    page.page.click(".chip:nth-child(1) .drop-it")
    page.page.click("#layer-4")
    page.page.click("#maps-all")
    assert page.recipe["targets"] == [[1, 5, -0.5], [4, None, 1]]
    take = page.dream(iterations=2)
    assert take["recipe"]["targets"] == [[1, 5, -0.5], [4, None, 1]]


def test_every_parameter_can_be_moved_and_sent_home(page):
    page.page.click("#part-parameters .more:has(#field-low_pass) summary")
    page.type_value("learning_rate", "0.2")
    page.type_value("max_offset", "12k")
    page.page.press("#field-smoothing_kernel .slide", "ArrowRight")
    page.choose("field-low_pass", "butterworth")
    page.page.click("#field-unroll label")
    moved = page.recipe
    assert moved["learning_rate"] == 0.2 and moved["max_offset"] == 12_000
    assert moved["smoothing_kernel"] == 11 and moved["unroll"] is True
    assert moved["low_pass"] == "butterworth"
    page.page.hover("#field-cutoff_hz")
    assert "Paper: 12,000 Hz" in page.page.inner_text("#info")
    page.page.click("#all-home")
    home = page.recipe
    assert home["iterations"] == 2000 and home["learning_rate"] == 0.01
    assert home["max_offset"] == 1 and home["smoothing_kernel"] == 9 and home["unroll"] is False


def test_a_phone_sees_the_sound_first_and_never_scrolls_sideways(visit):
    page = StudioPage(visit(390, 844, has_touch=True, is_mobile=True))
    page.wait("studio.scope.drawn > 0")
    assert page.js("document.documentElement.scrollWidth") <= 390
    assert page.page.locator("#scope").bounding_box()["y"] < 200
    button = page.page.locator("#dream-button").bounding_box()
    assert button["y"] + button["height"] <= 844
    assert page.page.locator("#starts").bounding_box()["y"] > 400
    page.dream(iterations=2)
    page.page.locator("#field-seed").scroll_into_view_if_needed()
    assert page.js("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_reaches_and_works_everything(page):
    dreams = page.js("studio.run.counts.dreams")
    page.page.locator("#layer-0").focus()
    page.page.keyboard.press("ArrowRight")
    assert page.recipe["targets"][0][0] == 1
    taken = page.recipe["targets"][0][1]
    page.page.locator(".tile[aria-selected=true]").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Enter")
    assert page.recipe["targets"][0][:2] == [1, taken + 1]
    page.change(iterations=2)
    page.page.locator("#sound-title").click()
    page.page.keyboard.press("d")
    page.wait(f"studio.run.counts.dreams > {dreams}")
    page.wait_until_done()
    page.page.keyboard.press("b")
    assert page.js("document.querySelector('#version-before').checked")
    page.wait("!studio.player.playing")
    plays = page.js("studio.player.plays")
    page.page.keyboard.press(" ")
    page.wait(f"studio.player.plays > {plays}")
    unnamed = page.js(
        """[...document.querySelectorAll('.dream button, .dream input, .dream a')].filter(e =>
        e.offsetParent && !e.textContent.trim() && !e.getAttribute('aria-label')
        && !e.labels?.length).map(e => e.outerHTML)"""
    )
    assert unnamed == []


def test_light_and_dark_are_remembered(visit):
    page = StudioPage(visit())
    assert page.js("document.documentElement.dataset.theme") == "dark"
    page.page.click("#theme-toggle")
    page.page.reload()
    page.page.wait_for_selector("#dream[data-ready=true]")
    assert page.js("document.documentElement.dataset.theme") == "light"
    page.page.get_by_role("tab", name="About").click()
    page.page.wait_for_selector("#cards .card >> nth=5")
