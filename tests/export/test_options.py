"""One set of options for page, terminal and Python."""

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from studio import Recipe
from studio.cli import app
from studio.dreaming import wav
from studio.errors import ParameterError
from studio.export.collect import Source, check_kit, export_folder
from studio.export.options import OF_THE_FINISH, ExportOptions, export_controls, export_schema
from studio.sound.levels import listening_level
from studio.sound.material import loudness_lufs

NOISE = (0.1 * np.random.default_rng(1).standard_normal(44_100)).astype("f4")


@pytest.mark.parametrize(
    "wrong",
    [
        {"speed": 1},
        {"level": "loud"},
        {"tempo_bpm": 3},
        {"low_cut_hz": float("nan")},
        {"fade_in_ms": 51},
        {"format": "flac", "bits": "float"},
        {"sound": "untouched", "format": "flac"},
        {"loop_points": "yes"},
        {"name": ""},
        [],
    ],
)
def test_what_cannot_be_exported_so_gets_a_sentence(wrong):
    with pytest.raises(ParameterError, match=r"\.$"):
        ExportOptions.from_dict(wrong)


def test_the_schema_tells_every_field_and_its_default():
    fields = export_schema()["fields"]
    assert ExportOptions.from_dict({n: f["default"] for n, f in fields.items()}) == ExportOptions()
    assert set(OF_THE_FINISH) < set(fields) == set(export_controls())


def test_as_heard_is_as_loud_as_what_is_played(tmp_path):
    (path,) = export_folder(tmp_path, [Source(audio=NOISE, name="a")], ExportOptions())
    heard = loudness_lufs(listening_level(NOISE))
    assert loudness_lufs(soundfile.read(path)[0]) == pytest.approx(heard, abs=0.3)


def test_untouched_keeps_every_bit_and_the_recipe(tmp_path):
    source = Source(audio=3 * NOISE, recipe=Recipe(seed=4))
    (path,) = export_folder(tmp_path, [source], ExportOptions(sound="untouched"))
    np.testing.assert_array_equal(soundfile.read(path, dtype="float32")[0], 3 * NOISE)
    assert wav.read_recipe(path) == Recipe(seed=4)


@pytest.mark.parametrize(("channels", "count"), [("mono", 1), ("stereo", 2), ("as made", 2)])
def test_channels_are_as_wanted(tmp_path, channels, count):
    source = Source(audio=np.stack([NOISE, -0.5 * NOISE], 1), name="wide")
    (path,) = export_folder(tmp_path, [source], ExportOptions(channels=channels))
    assert soundfile.info(path).channels == count


def test_loop_points_can_be_left_out(tmp_path):
    source = Source(audio=NOISE, recipe=Recipe(padding="circular"))
    for wanted in (True, False):
        (path,) = export_folder(tmp_path, [source], ExportOptions(loop_points=wanted))
        content = path.read_bytes()
        at = content.index(b"smpl") + 8
        assert content[at + 28] == int(wanted)


@pytest.mark.parametrize(
    ("count", "kit"), [(0, "keys"), (10_000, "keys"), (129, "keys"), (93, "pads")]
)
def test_a_kit_too_small_or_too_large_is_refused_before_any_work(count, kit):
    with pytest.raises(ParameterError, match="Choose"):
        check_kit(ExportOptions(kit=kit), map(str, range(count)))


def test_the_terminal_has_an_option_for_every_field_and_the_same_bytes(tmp_path):
    recipe = Recipe(seed=9)
    wav.write(tmp_path / "a.wav", NOISE, recipe)
    chosen = {"level": "peak", "fade_out_ms": 5.0, "tempo_bpm": 90.0, "bits": "16-bit"}
    flags = ["--level", "peak", "--fade-out", "5", "--tempo", "90", "--bits", "16-bit"]
    arguments = ["export", str(tmp_path / "a.wav"), "--output", str(tmp_path / "out"), *flags]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    source = Source(audio=NOISE, recipe=recipe)
    (path,) = export_folder(tmp_path / "own", [source], ExportOptions(**chosen))
    assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()
    told = CliRunner().invoke(app, ["export", "--help"], env={"COLUMNS": "200"}).output
    assert all(control.help[:20] in told for control in export_controls().values())
