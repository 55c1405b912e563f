"""Recipes, cards, logs, sequences and sound files of any kind get an answer or a sentence."""

import io
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from studio.dreaming import wav
from studio.dreaming.recipe import Recipe
from studio.errors import CheckpointError, ParameterError, StudioError
from studio.live.log import FORMAT, read_log
from studio.live.sequence import Sequence
from studio.live.settings import LiveSettings
from studio.networks.card import parse_card
from studio.networks.checkpoints import load_model, save_model
from studio.networks.listing import survey
from studio.sound import files as sound_files
from studio.ui.models.service import _card
from tests.conftest import make_model
from tests.fuzz.strategies import (
    CARD,
    any_text,
    anything,
    broken,
    card_texts,
    json_texts,
    live_messages,
    mutated,
    numbers,
    recipe_dicts,
    search,
    wav_files,
)


def told(error):
    """Return a sentence, which must be fit to be shown."""
    sentence = str(error)
    assert 0 < len(sentence) < 1000
    assert "\n" not in sentence
    sentence.encode("utf-8")
    assert "\x1b" not in sentence
    return sentence


@search
@given(json_texts)
def test_text_is_a_recipe_or_gets_a_sentence(text):
    try:
        recipe = Recipe.from_json(text)
    except ParameterError as error:
        told(error)
        return
    assert Recipe.from_json(recipe.to_json()) == recipe
    recipe.to_json().encode("utf-8")


@search
@given(recipe_dicts)
def test_an_object_is_a_recipe_or_gets_a_sentence(values):
    try:
        recipe = Recipe.from_dict(values)
    except ParameterError as error:
        told(error)
        return
    assert recipe.planned_iterations >= 1
    assert len(recipe.to_json()) < 1_000_000


@search
@given(live_messages)
def test_live_settings_are_settings_or_get_a_sentence(message):
    try:
        settings = LiveSettings.from_dict(message.get("changes"))
    except ParameterError as error:
        told(error)
        return
    assert LiveSettings.from_dict(settings.to_dict()) == settings


step = mutated(st.fixed_dictionaries({"at": numbers, "change": anything}))
sequences = mutated(
    st.fixed_dictionaries({"seconds": numbers, "steps": st.lists(step, max_size=3) | anything})
)


@search
@given(sequences)
def test_a_sequence_is_one_or_gets_a_sentence(value):
    try:
        Sequence.of(value)
    except ParameterError as error:
        told(error)


move = mutated(
    st.fixed_dictionaries(
        {"at": st.integers(0, 10**6)},
        optional={"change": anything, "done": numbers, "input": any_text, "glide_seconds": numbers},
    )
)
logs = mutated(
    st.fixed_dictionaries(
        {
            "format": st.just(FORMAT),
            "complete": st.just(True),
            "settings": st.just({}),
            "begin": st.integers(0, 100),
            "samples": st.integers(0, 100),
            "moves": st.lists(move, max_size=3),
        }
    )
).map(json.dumps)


@search
@given(logs | json_texts)
@example('{"format": ' + "9" * 5000 + "}")
def test_a_log_of_moves_is_one_or_gets_a_sentence(text):
    try:
        log = read_log(text)
    except ParameterError as error:
        told(error)
        return
    assert all(0 <= entry["at"] < 2**40 for entry in log["moves"])


@search
@given(card_texts)
@example('{"parameters": 1e999}')
def test_a_card_is_one_that_can_be_shown_or_gets_a_sentence(text):
    try:
        card = parse_card(text)
    except (ParameterError, ValueError) as error:
        assert len(str(error)) < 500
        return
    json.dumps(card, allow_nan=False, ensure_ascii=False).encode("utf-8")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for dataset in ("bells", "good"):
        model = make_model("model1", classes=3)
        model.card = {**CARD, "dataset": dataset}
        save_model(model, folder)
    return folder


@search
@given(text=card_texts)
@example(text=json.dumps({**CARD, "curve": None, "data": None, "test": None}))
def test_one_bad_card_never_costs_the_other_models(models, text):
    (models / "bells-model1.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    found, left_out = survey(models)
    assert "good-model1" in [model.name for model in found]
    assert len(found) + len(left_out) == 2
    for model in found:
        shown = json.dumps(_card(model), allow_nan=False, ensure_ascii=False)
        shown.encode("utf-8")
    for sentence in left_out.values():
        told(sentence)
    try:
        load_model("bells", "model1", models)
    except CheckpointError as error:
        told(error)


def tried(content, name="a.wav"):
    """Read a file in every way that there is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        for read in (sound_files.probe, sound_files.read, wav.read_recipe):
            try:
                found = read(path)
            except StudioError as error:
                told(error)
                continue
            if isinstance(found, np.ndarray):
                assert found.dtype == np.float32 and found.ndim == 1 and np.isfinite(found).all()


@search
@given(wav_files())
def test_a_wav_of_any_chunks_is_a_sound_or_gets_a_sentence(content):
    tried(content)


def encoded(form, subtype, rate=8000):
    file = io.BytesIO()
    sound = 0.3 * np.sin(np.arange(2000) / 9)
    soundfile.write(file, sound, rate, format=form, subtype=subtype)
    return file.getvalue()


KINDS = {
    "a.wav": ("WAV", "PCM_16"),
    "b.wav": ("WAV", "GSM610"),
    "c.wav": ("WAV", "IMA_ADPCM"),
    "d.wav": ("RF64", "FLOAT"),
    "a.aiff": ("AIFF", "PCM_24"),
    "a.au": ("AU", "G721_32"),
    "a.w64": ("W64", "PCM_16"),
    "a.flac": ("FLAC", "PCM_16"),
    "a.ogg": ("OGG", "VORBIS"),
    "a.mp3": ("MP3", "MPEG_LAYER_III"),
    "a.caf": ("CAF", "PCM_16"),
    "a.nist": ("NIST", "PCM_16"),
    "a.avr": ("AVR", "PCM_16"),
    "a.voc": ("VOC", "PCM_16"),
    "a.sf": ("IRCAM", "PCM_16"),
    "a.mat4": ("MAT4", "PCM_16"),
    "a.mat5": ("MAT5", "PCM_16"),
}


@pytest.mark.parametrize("name", KINDS)
@search
@given(data=st.data())
def test_a_damaged_file_of_any_kind_is_a_sound_or_gets_a_sentence(name, data):
    rate = 16_000 if name == "a.mp3" else 8000
    tried(data.draw(broken(encoded(*KINDS[name], rate=rate))), name)
