import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from studio.cli import app
from studio.errors import StudioError
from studio.live.engine import LiveEngine
from studio.live.settings import LiveSettings
from tests.conftest import make_model

RUN = CliRunner()
SMALL = {"architecture": "model1", "targets": [[0, 1]], "seconds": 1.0, "iterations": 2}


@pytest.fixture(autouse=True)
def small_models(monkeypatch):
    model = make_model("model1")
    monkeypatch.setattr("studio.networks.weights.load_weights", lambda *names: model)
    return lambda *names: model


def run(*arguments):
    result = RUN.invoke(app, ["live", *map(str, arguments)])
    if isinstance(result.exception, StudioError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_sequence_is_written_to_a_file(tmp_path):
    path, wav = tmp_path / "sequence.json", tmp_path / "out.wav"
    steps = [{"at": 0, "change": {"cutoff_hz": 3000}}, {"at": 1, "change": {"targets": [[1, 1]]}}]
    path.write_text(json.dumps({"seconds": 2, "settings": SMALL, "steps": steps}))
    assert "2.0 s" in run("--sequence", path, "--output", wav)
    sound, rate = soundfile.read(wav)
    assert (len(sound), rate) == (88_200, 44_100)
    assert np.abs(sound).max() > 0.01
    run("--sequence", path, "--output", wav, "--seconds", 0.5)
    assert np.array_equal(soundfile.read(wav)[0], sound[:22_050])


def test_a_log_is_replayed_with_the_recording_it_started_from(tmp_path, small_models, rng):
    recording, wav = tmp_path / "voice.wav", tmp_path / "out.wav"
    soundfile.write(recording, rng.uniform(-0.5, 0.5, 60_000), 44_100, subtype="FLOAT")
    from studio.dreaming.sources import recording_name
    from studio.sound import files as sound_files

    source = sound_files.read(recording, 0.0, 1.0)
    name = recording_name("voice.wav", source)
    live = LiveEngine(LiveSettings().change(**SMALL, initial=name), small_models, source)
    sound = live.render(30_000)
    live.apply({"cutoff_hz": 2000.0})
    sound = np.concatenate([sound, live.render(30_000)])
    log = tmp_path / "log.json"
    log.write_text(json.dumps(live.log.to_dict(50_000, 10_000)))
    run("--replay", log, "--output", wav, "--initial", recording)
    assert np.array_equal(soundfile.read(wav, dtype="float32")[0], sound[10_000:])
    with pytest.raises(StudioError, match="--initial"):
        run("--replay", log, "--output", wav)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--replay", "none.json"], "--output"),
        (["--replay", "none.json", "--output", "x.wav"], "cannot be read"),
        (["--output", "x.wav"], "--sequence or --replay"),
        (["--sequence", "none.json"], "cannot be read"),
        (["--osc-port", "9000", "--osc-send", "nowhere"], "HOST:PORT"),
        (["--osc-send", "127.0.0.1:9001"], "--osc-port"),
    ],
)
def test_what_is_missing_is_said(arguments, reason):
    with pytest.raises(StudioError, match=reason):
        run(*arguments)
