"""Dreaming on the real page: hear it, stop it, take it home."""

import json
import re

import numpy as np
import pytest
import soundfile
from studio_page import ENDLESS

from studio import Recipe, dream, load_model
from studio.dreaming.wav import read_recipe
from studio.networks.classifier import use_one_thread
from studio.sound.material import loudness_lufs

pytestmark = pytest.mark.browser


def test_a_click_is_heard_while_the_dream_grows_and_stop_keeps_what_there_is(page, tmp_path):
    page.change(**ENDLESS)
    previews = page.js("studio.run.counts.previews")
    page.press_dream()
    page.wait(f"studio.run.counts.previews > {previews}")
    page.wait("studio.player.playing && studio.player.level() > 0.003")
    assert page.page.inner_text("#dream-button") == "Stop"
    page.wait(f"studio.run.counts.previews > {previews + 1}")
    page.press_dream()
    page.wait_until_done()
    sound = page.samples("player")
    assert sound.size == 44_100
    assert 0.02 < np.sqrt(np.mean(sound**2)) < 0.6
    assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-3
    assert page.page.inner_text("#dream-button") == "Dream"
    shown = page.page.locator("#curves figure output").all_inner_texts()
    assert len(shown) == 4 and all(re.search(r"\d", text) for text in shown)
    page.page.click("label:has(#version-before)")
    before = page.samples("player")
    assert before.size == sound.size and not np.array_equal(before, sound)

    done = page.take["recipe"]["stop_after"]
    assert 0 < done < 100_000
    assert page.page.inner_text("#status") == f"Stopped at {done}"
    assert np.abs(page.samples("after")).max() > 0.05
    assert read_recipe(page.save("save-float", tmp_path)).stop_after == done


def test_what_is_saved_is_what_was_dreamed_and_brings_it_back(page, tmp_path, models_folder):
    page.change(dataset="instruments", architecture="model1")
    page.dream(iterations=12, learning_rate=0.05, targets=[[1, 2, 1], [0, 4, 0.5]], seed=77)
    float_wav = page.save("save-float", tmp_path)
    heard_wav = page.save("save-as", tmp_path / "heard", "Download")
    recipe_file = page.save("save-recipe", tmp_path)

    recipe = read_recipe(float_wav)
    wanted = {**page.recipe, "targets": [[1, 2, 1.0], [0, 4, 0.5]]}
    assert recipe == Recipe.from_dict(wanted) == Recipe.from_json(recipe_file.read_text())
    sound, rate = soundfile.read(float_wav, dtype="float32")
    use_one_thread()
    again = dream(load_model(recipe.dataset, recipe.architecture, models_folder), recipe)
    assert rate == 44_100
    np.testing.assert_allclose(sound, again.audio, atol=1e-5)
    heard, _ = soundfile.read(heard_wav)
    assert loudness_lufs(heard) == pytest.approx(-18, abs=0.5)
    assert read_recipe(heard_wav) == recipe
    assert float_wav.name == heard_wav.name == "instruments-model1-L1-m2-L0-m4-s77.wav"

    dreamed = page.recipe
    page.page.click("#all-home")
    assert page.recipe != dreamed
    page.upload(float_wav)
    page.page.click("text=Load its recipe")
    page.wait("studio.state.recipe.seed === 77")
    assert page.recipe == dreamed
    assert page.js("studio.state.recording") is None


def test_surprise_me_dreams_at_once(page):
    dreams, plays = page.js("[studio.run.counts.dreams, studio.player.plays]")
    page.page.click("#surprise")
    page.wait(f"studio.run.counts.dreams > {dreams}")
    page.wait_until_done()
    assert np.abs(page.samples("after")).max() > 0.02
    assert page.js("studio.player.plays") > plays


def test_what_does_not_fit_gets_a_sentence(page):
    page.js("studio.state.recipe = {...studio.state.recipe, targets: [[9, 0, 1]]}")
    page.press_dream()
    assert "layer" in page.toast().lower()
    page.wait("!studio.run.busy")
    assert page.page.inner_text("#dream-button") == "Dream"
    page.change(targets=[[0, 0, 1]])
    page.dream(iterations=3)
    page.type_value("cutoff_hz", "50000")
    page.page.wait_for_selector("text=Cut-off frequency must be a number between 20 and 22,050 Hz.")
    assert page.recipe["cutoff_hz"] == 12_000


def test_programs_can_dream(server, tmp_path):
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(server, verbose=False, download_files=str(tmp_path))
    fields = {"dataset": "speech", "targets": [[0, 1]], "iterations": 3}
    path, recipe = client.predict(fields, api_name="/dream")
    sound, _ = soundfile.read(path, dtype="float32")
    assert sound.size == 44_100 and np.abs(sound).max() > 0.1
    assert Recipe.from_dict(recipe) == read_recipe(path)
    for wrong in ({"targets": [[12, 0]]}, {"targets": [[0, 4000]]}, {"speed": 3}):
        with pytest.raises(AppError) as caught:
            client.predict({**fields, **wrong}, api_name="/dream")
        assert "Traceback" not in str(caught.value) and len(json.dumps(str(caught.value))) < 600
