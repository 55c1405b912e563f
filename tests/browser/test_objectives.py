"""Beyond the paper, on the page: a class, an avoided map, a guide and stages, there and back."""

import pytest
import soundfile
from studio_page import StudioPage

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
    page.page.select_option("#measures select", label="respond more")
    assert page.recipe["guide"] == "tone"
    assert page.page.is_visible("#guide")
    page.choose("architectures", "model1")
    assert page.recipe["stages"][0]["targets"] == [[4, 3, 1, "guide"]]
    recipe = page.dream(iterations=2)["recipe"]
    assert recipe["stages"][0]["targets"] == [[4, 3, 1, "guide"]]
    assert recipe["guide"] == "tone"
    page.page.click("#stages .ghost")
    assert not page.page.is_visible("#guide")


def test_a_recording_guides_the_dream(visit, tmp_path):
    import numpy as np

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
    assert page.dream(iterations=2)["recipe"]["guide"].startswith("guide.wav (sha256 ")
