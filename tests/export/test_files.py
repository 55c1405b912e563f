"""What other programs find in an exported file."""

import struct

import numpy as np
import pytest
import soundfile

from studio import Recipe
from studio.dreaming.wav import read_recipe
from studio.errors import AudioError, ParameterError
from studio.export.files import Tags, write_sound

TONE = (0.5 * np.sin(np.arange(44_101) / 20)).astype(np.float32)


def chunks(path):
    content, found, at = path.read_bytes(), {}, 12
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8
    while at + 8 <= len(content):
        size = struct.unpack("<I", content[at + 4 : at + 8])[0]
        found[content[at : at + 4]] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert at == len(content)
    return found


@pytest.mark.parametrize(
    ("ending", "subtype", "error"),
    [
        ("wav", "float", 0),
        ("wav", "24-bit", 2**-23),
        ("wav", "16-bit", 2**-15),
        ("flac", "24-bit", 2**-23),
        ("flac", "16-bit", 2**-15),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_samples_and_recipe_come_back(tmp_path, ending, subtype, error, channels):
    sound = TONE if channels == 1 else np.stack([TONE, -TONE], axis=1)
    recipe = Recipe(seed=5, stages=[{"iterations": n} for n in range(1, 9)])
    path = tmp_path / f"ä.{ending}"
    write_sound(path, sound, Tags(comment=recipe.to_json()), subtype)
    read, rate = soundfile.read(path)
    assert rate == 44_100 and np.abs(read - sound).max() <= error
    assert read_recipe(path) == recipe


def test_full_scale_does_not_turn_round(tmp_path):
    path = write_sound(tmp_path / "loud.wav", np.full(100, 1.5, "f4"), Tags(), "16-bit")
    assert soundfile.read(path, dtype="int16")[0].tolist() == [32767] * 100


def test_loop_points_and_root_note_stand_in_the_sampler_chunk(tmp_path):
    tags = Tags(root_note=57.25, loops=True, comment="x" * 3001)
    path = write_sound(tmp_path / "loop.wav", TONE, tags, "24-bit")
    smpl = struct.unpack("<15I", chunks(path)[b"smpl"])
    assert smpl[3] == 57 and smpl[4] == 2**30 and smpl[7] == 1
    assert smpl[11:13] == (0, len(TONE) - 1)
    assert len(soundfile.read(path)[0]) == len(TONE)


def test_the_tempo_stands_in_the_acid_chunk(tmp_path):
    path = write_sound(tmp_path / "beat.wav", np.tile(TONE, 4), Tags(tempo_bpm=120.0), "16-bit")
    acid = struct.unpack("<IHHfIHHf", chunks(path)[b"acid"])
    assert acid[4] == 8 and acid[7] == 120.0


@pytest.mark.parametrize("name", ["a.mp3", "a"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(ParameterError, match=r"\.wav or \.flac"):
        write_sound(tmp_path / name, TONE, Tags())


def test_flac_has_no_float_and_a_missing_folder_is_said(tmp_path):
    with pytest.raises(ParameterError, match="16-bit, 24-bit"):
        write_sound(tmp_path / "a.flac", TONE, Tags(), "float")
    with pytest.raises(AudioError, match="cannot be saved"):
        write_sound(tmp_path / "none" / "a.wav", TONE, Tags())
