"""What the page does of its own accord: even textures, loops that fit and go round, sentences."""

import json

import pytest
import soundfile
from studio_page import StudioPage, dropped

from studio.dreaming.wav import read_recipe

pytestmark = pytest.mark.browser


def test_a_long_sound_is_even_until_the_paper_is_asked_for_and_a_burst_is_offered_to_be(visit):
    page = StudioPage(visit())
    assert page.recipe["low_cut_hz"] == 25
    page.type_value("seconds", "3")
    assert page.recipe["texture"] == "even"
    assert page.page.inner_text("#length-says").startswith("Over 2 s the texture is even")
    assert "texture even" in page.page.inner_text("#apart-says")
    page.page.click("#all-home")
    home = page.recipe
    assert (home["texture"], home["low_cut_hz"], home["seconds"]) == ("peaked", 0, 3)
    assert page.page.inner_text("#apart-says") == "As in the paper."
    page.dream(iterations=2)
    burst = {"active_share": 0.004, "below_20_hz": 0, "above_4_khz": 0, "loudness_lufs": -20}
    page.js(f"studio.panel.showTake({{...studio.panel.take, measured: {json.dumps(burst)}}})")
    assert page.page.inner_text("#uneven span") == "It sounds under 1 % of the time only."
    before = page.js("studio.run.counts.dreams")
    page.page.click("#even-again")
    page.wait(f"studio.run.counts.dreams > {before}")
    page.wait_until_done()
    assert page.take["recipe"]["texture"] == "even"


def test_a_loop_snaps_its_length_goes_round_by_itself_and_comes_back_from_its_file(visit, tmp_path):
    page = StudioPage(visit())
    page.change(dataset="instruments", architecture="model1", targets=[[2, 3, 1]])
    page.page.click("#form summary")
    page.choose("field-padding", "loop")
    page.type_value("seconds", "1.3")
    assert page.recipe["seconds"] == 1.25
    assert page.page.inner_text("#length-says").endswith("a multiple of 0.25 s: 1.25 s.")
    page.page.press("#field-seconds .slide", "ArrowRight")
    assert page.recipe["seconds"] == 1.5
    page.dream(iterations=2, tune_hz=466.16, stereo_width=0.5)
    assert page.page.get_attribute("#loop", "aria-pressed") == "true"
    assert page.js("studio.player.loop") is True
    made, recipe = page.save("save-float", tmp_path), page.recipe
    assert read_recipe(made).to_dict().items() >= {"padding": "loop", "tune_hz": 466.16}.items()
    page.page.click("#loop")
    assert page.js("studio.player.loop") is False
    page.change(padding="reflect")
    page.dream(iterations=1, tune_hz=0, stereo_width=0)
    assert page.page.get_attribute("#loop", "aria-pressed") == "false"
    dropped(page, made)
    page.wait("studio.panel.take.recipe.padding === 'loop'")
    assert page.recipe == recipe and page.js("studio.player.loop") is True


def test_a_recording_that_is_too_long_is_never_sent_and_what_a_dream_leaves_out_is_said(
    visit, tmp_path
):
    sent = []
    page = StudioPage(visit())
    page.page.on("request", lambda asked: asked.url.endswith("uploads") and sent.append(asked.url))
    long, short = tmp_path / "night.wav", tmp_path / "short.wav"
    soundfile.write(long, [0.0] * (8000 * 302), 8000, subtype="PCM_U8")
    soundfile.write(short, [[0.3, -0.2]] * 66_150, 44_100)
    page.upload(long)
    assert (
        page.toast() == "“night.wav” lasts 5:02; 5 minutes are the most. Cut out the part you want."
    )
    assert not sent
    page.page.set_input_files("#file", str(short))
    page.wait("studio.state.recording !== null")
    assert "mixed down to mono" in page.page.inner_text("#file-facts")
    page.change(stereo_width=0.5, seconds=2)
    assert "mixed down" not in page.page.inner_text("#file-facts")
    assert page.page.inner_text("#part-text").endswith(
        "then 0.50 s of silence: the recording ends there"
    )
