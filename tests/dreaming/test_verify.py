import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from studio import Recipe, dream
from studio.cli import app
from studio.dreaming import verify as verifying
from studio.dreaming import wav
from studio.dreaming.origin import Origin
from studio.dreaming.sources import fit, recording_name
from studio.dreaming.verify import recording, verify
from studio.errors import AudioError, ParameterError
from studio.export.collect import Source, export_folder
from studio.export.options import ExportOptions
from studio.networks.checkpoints import load_model, save_model
from studio.sound import files
from tests.conftest import make_model

RECIPE = Recipe(dataset="bells", architecture="model1", targets=[(1, 4)], iterations=4, seed=5)


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A folder with one small model."""
    monkeypatch.setenv("STUDIO_MODELS", str(tmp_path / "models"))
    model = make_model("model1", classes=3)
    model.card = {"dataset": "bells"}
    save_model(model, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def made(models):
    return dream(load_model("bells", "model1"), RECIPE)


@pytest.fixture(params=["float", "16-bit"])
def path(request, made, tmp_path):
    return wav.write(tmp_path / "dream.wav", made.audio, made.recipe, request.param, made.origin)


def test_a_dream_is_the_same_to_the_bit(path):
    found = verify(path)
    assert found.same
    assert found.differing_samples == 0
    assert found.told == found.here
    assert found.correlation == pytest.approx(1)


@pytest.mark.parametrize("form", ["flac", "wav"])
@pytest.mark.parametrize("bits", ["16-bit", "24-bit"])
def test_an_export_is_compared_as_exactly_as_it_is_stored(made, tmp_path, form, bits):
    unchanged = {"level": "none", "ceiling_db": 0.0, "low_cut_hz": 0.0}
    options = ExportOptions(**unchanged, format=form, bits=bits)
    source = Source(audio=made.audio, recipe=made.recipe, origin=made.origin)
    (path,) = export_folder(tmp_path, [source], options)
    found = verify(path)
    assert found.same and f"holds {bits[:2]} bits a sample" in found.reasons[0]
    changed = Source(audio=0.5 * made.audio, recipe=made.recipe, origin=made.origin)
    (other,) = export_folder(tmp_path / "other", [changed], options)
    assert not verify(other).same


def test_a_stopped_dream_is_the_same_to_the_bit(models, tmp_path):
    stopped = dream(load_model("bells", "model1"), RECIPE, on_step=lambda step: step.iteration < 2)
    path = wav.write(tmp_path / "dream.wav", stopped.audio, stopped.recipe, origin=stopped.origin)
    assert stopped.recipe.stop_after == 2
    assert verify(path).same


def test_one_other_bit_is_found(made, tmp_path):
    audio = made.audio.copy()
    audio[1234] = np.nextafter(audio[1234], np.float32(2))
    path = wav.write(tmp_path / "dream.wav", audio, made.recipe, origin=made.origin)
    found = verify(path)
    assert not found.same
    assert found.differing_samples == 1
    assert "changed after it was dreamed" in found.reasons[0]


def test_a_cut_file_is_told(path, made):
    subtype = "float" if soundfile.info(path).subtype == "FLOAT" else "16-bit"
    wav.write(path, made.audio[:-100], made.recipe, subtype, made.origin)
    found = verify(path)
    assert not found.same
    assert "44,000 samples, its recipe makes 44,100: it was cut" in found.reasons[0]


def test_other_weights_are_told(path, models):
    other = make_model("model1", classes=3, seed=1)
    other.card = {"dataset": "bells"}
    save_model(other, models)
    found = verify(path)
    assert not found.same
    assert "The weights differ" in found.reasons[0]
    assert found.told.weights in found.reasons[0]
    assert found.here.weights in found.reasons[0]


def test_an_older_engine_is_told(made, tmp_path):
    origin = Origin("engine 0", made.origin.weights)
    path = wav.write(tmp_path / "dream.wav", made.audio * 0.5, made.recipe, origin=origin)
    assert any("dreamed by the engine 0; here" in reason for reason in verify(path).reasons)


def test_a_browser_without_fma_is_told(made, tmp_path):
    origin = Origin("engine 1 without FMA", made.origin.weights)
    path = wav.write(tmp_path / "dream.wav", made.audio * 0.5, made.recipe, origin=origin)
    assert any("fused multiply-add" in reason for reason in verify(path).reasons)


def test_a_machine_that_cannot_run_the_engine_is_told(monkeypatch, made, tmp_path):
    monkeypatch.setattr(verifying, "unsupported_reason", lambda: "This processor is too old.")
    monkeypatch.setattr(
        verifying, "dream", lambda model, recipe, initial, guide, on_step: reference
    )
    reference = dream(load_model("bells", "model1"), RECIPE, engine="reference")
    origin = Origin("engine 1", made.origin.weights)
    path = wav.write(tmp_path / "dream.wav", made.audio * 0.5, made.recipe, origin=origin)
    reasons = verify(path).reasons
    assert "This processor is too old." in reasons
    assert any("from machine to machine" in reason for reason in reasons)


def test_an_older_file_tells_no_origin(made, tmp_path):
    path = wav.write(tmp_path / "dream.wav", made.audio * 0.5, made.recipe)
    assert wav.read_origin(path) is None
    assert "does not say which engine" in verify(path).reasons[0]


def test_an_older_file_may_be_the_same_all_the_same(made, tmp_path):
    assert verify(wav.write(tmp_path / "dream.wav", made.audio, made.recipe)).same


def test_what_is_no_dream_is_a_sentence(tmp_path, made):
    plain = files.write(tmp_path / "plain.wav", made.audio)
    with pytest.raises(AudioError, match="holds no recipe"):
        verify(plain)
    path = tmp_path / "stereo.wav"
    with soundfile.SoundFile(path, "w", 44_100, 2, "FLOAT", format="WAV") as sound:
        sound.comment = made.recipe.to_json()
        sound.write(np.zeros((44_100, 2), np.float32))
    with pytest.raises(AudioError, match="was changed since it was dreamed"):
        verify(path)


@pytest.mark.parametrize(
    "origin",
    [
        Origin("engine 12", "920af023049abbfc"),
        Origin("engine 1 without FMA", "920af023049abbfc"),
        Origin("reference", ""),
    ],
)
def test_an_origin_comes_back_beside_the_recipe(tmp_path, made, origin):
    path = wav.write(tmp_path / "dream.wav", made.audio, made.recipe, origin=origin)
    assert wav.read_origin(path) == origin
    assert wav.read_recipe(path) == made.recipe
    assert files.read_software(path).startswith(files.SOFTWARE)


def test_only_the_engine_with_fma_is_the_same_everywhere():
    assert Origin("engine 1", "").exact
    assert not Origin("engine 1 without FMA", "").exact
    assert not Origin("reference", "").exact


def test_the_fingerprint_of_the_weights_is_that_of_their_file(made, models):
    card = json.loads((models / "bells-model1.json").read_text())
    assert made.origin.weights == card["weights_sha256"][:16]


@pytest.fixture
def voice(tmp_path, rng):
    sound = rng.uniform(-0.5, 0.5, 50_000).astype(np.float32)
    return files.write(tmp_path / "voice.wav", sound)


def from_recording(voice):
    sound = fit(files.read(voice, 0.0, 1.0), 44_100)
    return sound, RECIPE.replace(initial=recording_name("voice.wav", sound))


def test_a_recording_must_be_given_and_be_the_one(models, voice, tmp_path, rng):
    sound, recipe = from_recording(voice)
    made = dream(load_model("bells", "model1"), recipe, sound)
    path = wav.write(tmp_path / "dream.wav", made.audio, made.recipe, origin=made.origin)
    assert verify(path, recording(voice, recipe.initial, recipe)).same
    with pytest.raises(ParameterError, match=r"This dream used 'voice.wav .*give that recording"):
        recording(None, recipe.initial, recipe)
    other = files.write(tmp_path / "other.wav", rng.uniform(-0.5, 0.5, 50_000))
    with pytest.raises(ParameterError, match="is not the recording that this dream used"):
        recording(other, recipe.initial, recipe)


def run(*arguments):
    return CliRunner().invoke(app, ["verify", *map(str, arguments)])


def test_the_command_says_it_and_ends_with_0_or_1(path, made):
    done = run(path)
    assert (done.exit_code, "the same to the bit" in done.output) == (0, True)
    wav.write(path, -made.audio, made.recipe, origin=made.origin)
    done = run(path)
    assert (done.exit_code, "not the same" in done.output) == (1, True)
    report = json.loads(run(path, "--json").output)
    assert not report["same"]
    assert report["correlation"] == pytest.approx(-1)
    assert report["dreamed_by"] == report["dreamed_here_by"] == str(made.origin)


def test_the_command_takes_the_recording(models, voice, tmp_path):
    sound, recipe = from_recording(voice)
    made = dream(load_model("bells", "model1"), recipe, sound)
    path = wav.write(tmp_path / "dream.wav", made.audio, made.recipe, origin=made.origin)
    assert run(path, "--initial", voice).exit_code == 0
    assert isinstance(run(path).exception, ParameterError)
