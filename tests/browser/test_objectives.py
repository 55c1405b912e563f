"""Beyond the paper, on the page: a class, an avoided map, a guide and stages, there and back."""

import json

import numpy as np
import pytest
import soundfile
from live_page import LivePage
from studio_page import StudioPage, dropped

pytestmark = pytest.mark.browser


def test_class_avoided_map_and_stage_are_dreamed_and_come_back(visit, tmp_path):
    page = StudioPage(visit())
    page.choose("architectures", "model1")
    page.change(targets=[[4, 7, 1], [1, 5, -0.5]], iterations=3)
    page.page.click("#objectives summary")
    page.page.select_option("#measures label:nth-child(1) select", label="sound like this class")
    assert page.recipe["targets"] == [[4, 7, 1, "activation"], [1, 5, -0.5]]
    page.page.click("#stage-add")
    page.change(targets=[[0, 2, 1]])
    assert page.page.locator("#stages li").count() == 1
    take = page.dream(iterations=2)
    recipe = take["recipe"]
    assert recipe["targets"] == [[0, 2, 1]]
    assert [stage["iterations"] for stage in recipe["stages"]] == [3]
    assert recipe["stages"][0]["targets"] == [[4, 7, 1, "activation"], [1, 5, -0.5]]
    with page.page.expect_download() as wanted:
        page.page.click("#save-float")
    wanted.value.save_as(tmp_path / "made.wav")

    again = StudioPage(visit())
    again.upload(tmp_path / "made.wav")
    again.page.get_by_role("button", name="Load its recipe").click()
    again.wait("studio.state.recipe.stages.length === 1")
    assert again.page.locator("#objectives[open] #stages li").count() == 1
    again.page.click("#stages .ghost")
    assert again.recipe["stages"] == []


def test_a_stage_keeps_its_guide_and_fits_the_chosen_network(visit):
    page = StudioPage(visit())
    page.choose("architectures", "model2")
    page.change(targets=[[8, 3, 1]], iterations=2)
    page.page.click("#objectives summary")
    page.page.select_option("#measures select", label="respond as to the guide")
    page.page.click("#stage-add")
    page.page.select_option("#measures select", label="be unlike this class")
    assert page.recipe["guide"] == "tone"
    assert page.page.is_visible("#guide")
    page.choose("architectures", "model1")
    assert page.recipe["stages"][0]["targets"] == [[4, 3, 1, "guide"]]
    recipe = page.dream(iterations=2)["recipe"]
    assert recipe["stages"][0]["targets"] == [[4, 3, 1, "guide"]]
    assert recipe["guide"] == "tone"
    page.page.click("#stages .ghost")
    assert not page.page.is_visible("#guide")


def test_a_map_alone_is_avoided_and_its_wishes_move_with_the_choice(visit):
    page = StudioPage(visit())
    page.change(dataset="instruments", architecture="model1", targets=[[1, 5, 1]])
    page.page.click("#chips .avoid")
    assert page.recipe["targets"] == [[1, 5, -1]]
    page.page.click("#objectives summary")
    words = page.page.locator("#measures option").all_inner_texts()
    assert words == ["avoid responding", "avoid rising", "avoid responding as to the guide"]
    page.page.select_option("#measures select", label="avoid rising")
    assert page.page.inner_text("#chips .go-to small") == "avoid rising"
    page.page.click(".tile[data-map='8']")
    assert page.recipe["targets"] == [[1, 8, -1, "activation"]]
    page.page.click("#layer-2")
    assert page.recipe["targets"] == [[2, 8, -1, "activation"]]
    page.page.click("#layer-4")
    assert page.page.locator("#measures option:checked").inner_text() == "avoid this class"
    page.page.fill("#chips .value", "0.5")
    page.page.press("#chips .value", "Enter")
    assert page.recipe["targets"] == [[4, 8, 0.5, "activation"]]
    assert page.page.get_attribute("#chips .avoid", "aria-pressed") == "false"


GUIDED = {"targets": [[1, 5, 1], [2, 6, 1, "guide"]], "guide": "impulse"}


def test_the_guide_is_named_exactly_when_a_target_needs_it(visit, tmp_path):
    page = StudioPage(visit())
    start = {"dataset": "instruments", "architecture": "model1", "iterations": 2}
    page.change(**start, targets=GUIDED["targets"])
    assert page.recipe["guide"] == "tone"
    page.page.select_option("#guide select", label="impulse")
    page.page.click(".chip:nth-child(2) .drop-it")
    assert page.recipe["guide"] == "none" and page.page.is_hidden("#guide")
    page.page.click("#undo")
    assert page.recipe["guide"] == "impulse" and page.page.is_visible("#guide")
    page.page.click("#maps-several")  # the last one stays, and with it what is asked of it
    assert page.recipe["targets"] == [[2, 6, 1, "guide"]] and page.recipe["guide"] == "impulse"
    page.page.click(".tile[data-map='3']")
    assert page.recipe["targets"] == [[2, 3, 1, "guide"]] and page.recipe["guide"] == "impulse"
    page.dream(iterations=2)
    made = page.save("save-float", tmp_path)
    page.page.click("#vary-lot")
    page.wait("studio.run.counts.dreams === 2")
    page.wait_until_done()
    assert all(len(target) == 3 for target in page.recipe["targets"])
    assert page.recipe["guide"] == "none"
    page.page.click("#undo")
    page.page.click("#presets .preset >> nth=0")
    assert page.recipe["guide"] == "none"
    page.page.set_input_files("#file", str(made))
    page.page.get_by_role("button", name="Load its recipe").click()
    page.wait("studio.state.recipe.guide === 'impulse'")

    other = StudioPage(visit(path=f"/?recipe={json.dumps(GUIDED)}"))
    other.wait("studio.state.recipe.guide === 'impulse'")
    unasked = {**GUIDED, "targets": [[1, 5, 1]]}
    other = StudioPage(visit(path=f"/?recipe={json.dumps(unasked)}"))
    other.wait("studio.state.recipe.targets[0][1] === 5")
    assert other.recipe["guide"] == "none"


def test_live_never_asks_for_a_guide(visit):
    second = {"dataset": "speech", "architecture": "model2", "targets": [[1, 2, 1, "guide"]]}
    asked = {"targets": [[3, 4, -1, "guide"], [2, 1, 1, "activation"]], "second": second}
    page = visit(path=f"/?live={json.dumps(asked)}")
    live = LivePage(page, follow_link=True)
    assert live.settings["targets"] == [[3, 4, -1], [2, 1, 1, "activation"]]
    assert live.settings["second"]["targets"] == [[1, 2, 1]]
    assert page.locator("#live-chips .go-to small").all_inner_texts() == ["", "rise"]
    page.click("#live-chips .chip:nth-child(1) .drop-it")
    live.wait("studio.live.stream.head > 0")  # the first click started it
    page.click("#live-maps .tile[data-map='3']:visible")
    live.play(0.3)
    assert page.locator(".toast.error").count() == 0
    live.stop()


def test_a_recording_guides_the_dream(visit, tmp_path):
    path = tmp_path / "guide.wav"
    soundfile.write(path, 0.5 * np.sin(np.arange(44_100) * 0.05), 44_100)
    page = StudioPage(visit())
    page.change(targets=[[0, 2, 1]])
    page.page.click("#objectives summary")
    assert not page.page.is_visible("#guide")
    page.page.select_option("#measures select", label="respond as to the guide")
    assert page.recipe["guide"] == "tone"
    assert page.dream(iterations=2)["recipe"]["guide"] == "tone"
    page.page.set_input_files("#guide input", path)
    page.wait("studio.state.recipe.guide === 'guide.wav'")
    guided = page.dream(iterations=2)["recipe"]["guide"]
    assert guided.startswith("guide.wav (sha256 ")
    made = page.save("save-float", tmp_path)

    page.page.reload()
    page.page.wait_for_selector("#dream[data-ready=true]", state="attached")
    page.page.click(".take >> nth=0")
    page.wait("studio.panel.take")
    page.page.click("#take-settings")
    page.wait("studio.state.guideRecording")
    assert page.page.is_hidden("#guide-missing")
    assert page.dream(seed=9)["recipe"]["guide"] == guided
    page.change(targets=[[0, 3, 1]])
    dropped(page, made)
    page.wait("studio.state.guideRecording && studio.state.recipe.targets[0][3] === 'guide'")
    assert page.dream(seed=10)["recipe"]["guide"] == guided
    page.js("studio.takes.current.guide.token = 'forgotten'")
    page.page.click("#take-settings")
    page.page.wait_for_selector("#guide-missing:not([hidden])")
    assert page.recipe["guide"] == guided and not page.js("studio.state.guideRecording")

    stranger = StudioPage(visit())
    dropped(stranger, made)
    stranger.wait("studio.state.recipe.targets[0][3] === 'guide'")
    said = stranger.page.wait_for_selector(".toast p >> text=Its guide was guide.wav").inner_text()
    assert "choose that recording again" in said
    assert "guide.wav" in stranger.page.inner_text("#guide-missing")
    stranger.press_dream()
    assert "give that recording" in stranger.toast()
    stranger.page.set_input_files("#guide input", path)
    stranger.wait("studio.state.guideRecording")
    assert stranger.page.is_hidden("#guide-missing")
    assert stranger.dream()["recipe"]["guide"] == guided
