import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile

from studio import Recipe
from studio.cli import main
from studio.dreaming import wav
from studio.dreaming.recipe import controls
from studio.networks.checkpoints import save_model
from studio.sound import files as sound_files
from tests.conftest import make_model


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for dataset, architecture in (("instruments", "model1"), ("events", "model2")):
        model = make_model(architecture)
        model.card["dataset"] = dataset
        save_model(model, folder)
    return folder


@dataclass
class Answer:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def studio(models_folder, only_models, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    only_models(models_folder)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["studio", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Answer(ended.value.code or 0, *capsys.readouterr())

    return run


def test_python_m_studio_is_the_same_command_in_its_own_process(tmp_path):
    command = [sys.executable, "-m", "studio", "features", "none.wav"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "studio: There is no file 'none.wav'. Check the name.\n"


def test_a_dream_from_the_terminal_is_a_wav_with_its_recipe(studio, tmp_path):
    answer = studio(
        *("dream", "--dataset", "events", "--architecture", "model2", "--layer", 3, "--map", 4),
        *("--iterations", 4, "--seed", 1, "--initial", "noise", "--output", "out.wav", "--json"),
    )
    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    recipe = Recipe(dataset="events", architecture="model2", targets=[(3, 4)], iterations=4, seed=1)
    assert Recipe.from_dict(report["recipe"]) == recipe == wav.read_recipe(tmp_path / "out.wav")
    assert report["features"]["brightness_mean"] > 0
    samples, rate = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert (len(samples), rate) == (44_100, 44_100)

    again = studio("dream", "--recipe", "out.wav", "--output", "again.wav")
    assert again.returncode == 0, again.stderr
    assert "1.0 s of sound" in again.stdout
    repeated, _ = soundfile.read(tmp_path / "again.wav", dtype="float32")
    np.testing.assert_array_equal(repeated, samples)


def test_a_recording_dreams_at_its_own_length_and_is_named_in_the_recipe(studio, tmp_path, rng):
    soundfile.write(tmp_path / "voice.wav", rng.standard_normal((60_000, 2)) * 0.1, 22_050)
    answer = studio("dream", "--initial", "voice.wav", "--iterations", 2, "--target", "0:1:0.5")
    assert answer.returncode == 0, answer.stderr
    made = tmp_path / "dream-instruments-model1-layer0-map1.wav"
    assert len(sound_files.read(made)) == 120_000
    assert wav.read_recipe(made).initial.startswith("voice.wav (sha256 ")

    part = studio(
        *("dream", "--recipe", made.name, "--initial", "voice.wav", "--output", "same.wav"),
    )
    assert part.returncode == 0
    assert "Note" not in part.stderr
    assert wav.read_recipe(tmp_path / "same.wav") == wav.read_recipe(made)

    nothing = studio("dream", "--recipe", made.name)
    assert nothing.returncode == 1
    assert "give that recording" in nothing.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--cutoff-hz", 50_000], 2, "cutoff_hz=50000.0 must lie between 20 and 22050 Hz"),
        (["--layer", 9], 2, "layer=9 must lie between 0 and 4"),
        (["--layer", 0, "--map", 99], 2, "map=99 must lie between 0 and 31"),
        (["--map", 3], 2, "give --layer as often as --map"),
        (["--target", "x"], 2, "must be LAYER[:MAP[:WEIGHT[:MEASURE]]]"),
        (["--initial", "none.wav"], 1, "There is no file 'none.wav'"),
        (["--dataset", "speech"], 1, "speech-model1"),
        (["--output", "nowhere/x.wav"], 1, "There is no folder 'nowhere'"),
        (["--output", "x.mp3"], 2, "must end in .wav"),
        (["--bits", "24"], 2, "must be one of: float, 16-bit"),
        (["--recipe", "none.json"], 1, "cannot be read"),
    ],
)
def test_mistakes_end_in_one_line(studio, tmp_path, arguments, code, sentence):
    answer = studio("dream", "--iterations", 1, *arguments)
    assert answer.returncode == code, answer.stderr
    assert sentence in answer.stderr
    assert answer.stderr.startswith("studio: ")
    assert answer.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.wav"))


def test_features_are_reported_for_people_and_for_programs(studio, tmp_path, rng):
    soundfile.write(tmp_path / "noise.wav", rng.standard_normal(44_100) * 0.1, 44_100)
    for_people = studio("features", "noise.wav")
    assert "brightness (Hz)" in for_people.stdout
    report = json.loads(studio("features", "noise.wav", "--json").stdout)
    assert report["noise.wav"]["noisiness_mean"] == pytest.approx(0.56, abs=0.03)


def test_objectives_beyond_the_paper_from_the_terminal(studio, tmp_path):
    sound_files.write(tmp_path / "voice.wav", np.sin(np.arange(30_000, dtype=np.float32) / 9))
    arguments = [
        "--target",
        "4:2:-1:activation",
        "--target",
        "1::0.5:guide",
        "--guide",
        "voice.wav",
    ]
    arguments += ["--closeness", 2, "--stage", '{"iterations": 1, "targets": [[2, 5]]}']
    answer = studio("dream", "--iterations", 2, *arguments, "--output", "out.wav", "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)["recipe"]
    assert told["targets"] == [[4, 2, -1.0, "activation"], [1, None, 0.5, "guide"]]
    assert told["guide"].startswith("voice.wav (sha256 ")
    assert told["stages"] == [{"iterations": 1, "targets": [[2, 5, 1.0]]}]
    again = ["--recipe", "out.wav", "--guide", "voice.wav", "--output", "again.wav"]
    assert studio("dream", *again).returncode == 0
    assert sound_files.read("again.wav").tobytes() == sound_files.read("out.wav").tobytes()


def test_form_over_time_from_the_terminal(studio):
    told = ["dream", "--iterations", 2, "--seconds", 2, "--target", "1:3", "--target", "2:5"]
    curves = ["--curve", "0:1,0.5:1,1:0", "--curve", "pulse:60"]
    answer = studio(*told, *curves, "--output", "out.wav", "--json")
    assert answer.returncode == 0, answer.stderr
    written = json.loads(answer.stdout)["recipe"]["curves"]
    assert written == [[[0, 1], [0.5, 1], [1, 0]], [[0, 1], [0.5, 0], [0.5, 1], [1, 0]]]
    assert wav.read_recipe("out.wav").to_dict()["curves"] == written
    again = studio("dream", "--recipe", "out.wav", "--output", "again.wav")
    assert again.returncode == 0, again.stderr
    assert sound_files.read("again.wav").tobytes() == sound_files.read("out.wav").tobytes()
    bad = [("0:0,loud", "TIME:VALUE"), ("pulse:fast", "TIME:VALUE"), ("swell:3", "TIME:VALUE")]
    bad += [("0.5:1,0:0", "point 2 comes before"), ("0:nan", "must lie between 0 and 1")]
    bad += [
        ("walk:-1", "whole number"),
        ("pulse:9000", "1 to 1,000 beats"),
        ("0:1:2", "list of points"),
    ]
    for text, sentence in bad:
        answer = studio(*told, "--curve", text)
        assert answer.returncode == 2 and sentence in " ".join(answer.stderr.split()), text


def test_help_names_every_parameter_and_verb(studio):
    text = studio("dream", "--help").stdout
    for name in controls():
        if name in ("stages", "curves"):
            assert f"--{name[:-1]} " in text
        elif name != "targets":
            assert "--" + name.replace("_", "-") in text
    verbs = studio("--help").stdout
    for verb in ("app", "models", "dream", "features", "train"):
        assert verb in verbs
        assert studio(verb, "--help").returncode == 0
