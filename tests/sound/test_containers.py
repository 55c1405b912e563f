"""Files of other programs: cut off, from pipes, chained, of old telephones, far too loud."""

import contextlib
import struct

import numpy as np
import pytest
import soundfile

from studio.cli.features import features_verb
from studio.errors import AudioError
from studio.sound import files as sound_files
from tests.sound.test_files import peak_hz, tone

KINDS = {
    "tone.wav": ("WAV", "PCM_16"),
    "long.wav": ("RF64", "PCM_24"),
    "tone.aiff": ("AIFF", "PCM_16"),
    "tone.aifc": ("AIFF", "FLOAT"),
    "tone.au": ("AU", "PCM_16"),
    "tone.w64": ("W64", "FLOAT"),
    "tone.ogg": ("OGG", "VORBIS"),
    "tone.opus": ("OGG", "OPUS"),
    "tone.nist": ("NIST", "PCM_16"),
    "law.nist": ("NIST", "ULAW"),
    "deep.nist": ("NIST", "PCM_24"),
    "tone.avr": ("AVR", "PCM_16"),
    "bytes.avr": ("AVR", "PCM_S8"),
    "tone.voc": ("VOC", "PCM_16"),
    "law.voc": ("VOC", "ULAW"),
    "bytes.voc": ("VOC", "PCM_U8"),
    "tone.mat5": ("MAT5", "PCM_16"),
    "float.mat5": ("MAT5", "FLOAT"),
    "tone.mat4": ("MAT4", "PCM_16"),
    "double.mat4": ("MAT4", "DOUBLE"),
    "tone.caf": ("CAF", "PCM_16"),
    "float.caf": ("CAF", "FLOAT"),
    "law.wve": ("WVE", "ALAW"),
    "tone.mpc2k": ("MPC2K", "PCM_16"),
    "tone.mp3": ("MP3", "MPEG_LAYER_III"),
}


def written(path, form, subtype, rate=44_100, sound=None):
    rate = {"OPUS": 48_000, "PCM_U8": 8000}.get(subtype, rate)  # VOC knows few rates exactly
    rate = 8000 if form == "WVE" else rate  # of a pocket computer
    sound = tone(1.5, rate) if sound is None else sound
    soundfile.write(path, sound, rate, format=form, subtype=subtype)
    return path


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_no_short_sound(tmp_path, name, share):
    path = written(tmp_path / name, *KINDS[name])
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=2)
    content = path.read_bytes()
    kept = min(round(len(content) * share), len(content) - (2000 if path.suffix == ".mp3" else 20))
    path.write_bytes(content[:kept])
    with pytest.raises(AudioError, match="cut off"):
        sound_files.read(path)
    with pytest.raises(AudioError, match="cut off"):
        sound_files.probe(path)


@pytest.mark.parametrize("endian", ["LITTLE", "BIG"])
@pytest.mark.parametrize("form", ["MAT4", "MAT5", "IRCAM", "NIST"])
@pytest.mark.parametrize("channels", [1, 2])
def test_either_order_of_bytes_and_two_channels_are_understood(tmp_path, form, endian, channels):
    path = tmp_path / f"tone.{form.lower()}"
    sound = np.repeat(tone(0.1)[:, :1], channels, axis=1)
    soundfile.write(path, sound, 44_100, format=form, subtype="PCM_16", endian=endian)
    assert len(sound_files.read(path)) == 4410
    cut = 31 if form == "IRCAM" else 32
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(AudioError, match="cut off"):
        sound_files.read(path)


@pytest.mark.parametrize(
    ("form", "subtype", "lost"),
    [
        *(("IRCAM", "PCM_16", 1), ("IRCAM", "FLOAT", 2), ("IRCAM", "PCM_32", 3)),
        *(("PAF", "PCM_16", 1), ("PAF", "PCM_24", 31), ("PVF", "PCM_16", 1), ("PVF", "PCM_32", 3)),
    ],
)
def test_a_file_without_a_length_that_ends_within_a_sample_is_cut_off(
    tmp_path, form, subtype, lost
):
    """Where it ends between samples nothing can tell: these formats have no length."""
    path = written(tmp_path / "tone.sf", form, subtype)
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=2)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(AudioError, match="middle of a sample"):
        sound_files.read(path)


def test_an_instrument_of_a_tracker_says_how_long_its_samples_are(tmp_path):
    path = written(tmp_path / "tone.xi", "XI", "DPCM_16")
    content = path.read_bytes()  # libsndfile writes 0
    told = content[:298] + struct.pack("<I", len(content) - 338) + content[302:]
    path.write_bytes(told)
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=2)
    path.write_bytes(told[: len(told) * 9 // 10])
    with pytest.raises(AudioError, match="cut off"):
        sound_files.read(path)


def test_a_caf_that_was_still_being_written_is_a_sound(tmp_path):
    path = written(tmp_path / "tone.caf", "CAF", "PCM_16")
    content = path.read_bytes()
    place = content.index(b"data") + 4
    path.write_bytes(content[:place] + b"\xff" * 8 + content[place + 8 :])
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=2)


def with_sizes(content, riff, data):
    """Return a WAV with other sizes in its header."""
    place = content.index(b"data") + 4
    content = content[:4] + struct.pack("<I", riff) + content[8:]
    return content[:place] + struct.pack("<I", data) + content[place + 4 :]


def test_a_wav_whose_samples_claim_more_than_there_is_is_cut_off(tmp_path):
    path = written(tmp_path / "tone.wav", "WAV", "PCM_16")
    content = path.read_bytes()
    path.write_bytes(with_sizes(content, len(content) - 8, 2 * len(content)))
    with pytest.raises(AudioError, match="cut off"):
        sound_files.read(path)


@pytest.mark.parametrize(
    ("riff", "data"),
    [
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0, 0),
        (36, 0),
        (0x7FFFFFFF + 36, 0x7FFFFFFF),
        (0x7FFFF024, 0x7FFFF000),
        (0x80000024, 0x80000000),
    ],
    ids=["ffmpeg", "zeros", "only a header", "sox", "sox of old", "arecord"],
)
def test_a_wav_from_a_pipe_is_a_sound(tmp_path, riff, data):
    path = written(tmp_path / "tone.wav", "WAV", "PCM_16")
    path.write_bytes(with_sizes(path.read_bytes(), riff, data))
    sound = sound_files.read(path)
    assert len(sound) == pytest.approx(66_150, abs=4)
    assert peak_hz(sound) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("name", "form", "subtype"),
    [
        ("a.wav", "WAV", "GSM610"),
        ("a.au", "AU", "G721_32"),
        ("b.au", "AU", "G723_24"),
        ("c.au", "AU", "G723_40"),
        ("a.aiff", "AIFF", "GSM610"),
    ],
)
def test_sounds_of_old_telephones_are_read(tmp_path, name, form, subtype):
    path = written(tmp_path / name, form, subtype, rate=8000)
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=3)
    assert len(sound_files.read(path, 0.5, 0.5)) == pytest.approx(22_050, abs=2)


def test_a_part_of_a_sound_that_can_only_be_read_through_is_the_right_part(tmp_path):
    both = np.concatenate([tone(1.0, 8000), tone(1.0, 8000, frequency_hz=1000)])
    path = written(tmp_path / "a.au", "AU", "G721_32", rate=8000, sound=both)
    assert peak_hz(sound_files.read(path, 0.0, 0.9)) == pytest.approx(440, abs=3)
    assert peak_hz(sound_files.read(path, 1.1, 0.8)) == pytest.approx(1000, abs=3)


def test_bw64_is_read_as_the_rf64_that_it_is(tmp_path):
    path = written(tmp_path / "tone.wav", "RF64", "FLOAT")
    expected = sound_files.read(path)
    path.write_bytes(b"BW64" + path.read_bytes()[4:])
    np.testing.assert_array_equal(sound_files.read(path), expected)
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(AudioError, match="cut off"):
        sound_files.read(path)


@pytest.mark.parametrize("name", ["tone.ogg", "tone.opus"])
def test_several_ogg_sounds_in_one_file_are_not_taken_for_the_first(tmp_path, name):
    path = written(tmp_path / name, *KINDS[name])
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(AudioError, match="several sounds one behind the other"):
        sound_files.read(path)


def test_numbers_beyond_all_sound_get_a_sentence_and_the_report_no_traceback(tmp_path, capsys):
    sound = tone()[:, 0].astype("f4")
    path = written(tmp_path / "huge.wav", "WAV", "FLOAT", sound=sound * np.float32(1e30))
    with pytest.raises(AudioError, match="beyond any sound"):
        features_verb([path], json=True)
    in_units_of_24_bits = written(tmp_path / "units.wav", "WAV", "FLOAT", sound=sound * 2**23)
    features_verb([in_units_of_24_bits], json=True)
    assert "loudness_mean" in capsys.readouterr().out


@pytest.mark.parametrize("byte", [16, 0x7F, 0xFF])
@pytest.mark.parametrize(
    ("name", "place"), [("tone.w64", 23), ("tone.w64", 63), ("tone.caf", 12), ("float.caf", 56)]
)
def test_a_size_beyond_all_files_ends_in_a_sound_or_a_sentence(tmp_path, name, place, byte):
    """A file cannot even be searched so far."""
    path = written(tmp_path / name, *KINDS[name])
    content = path.read_bytes()
    path.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    with contextlib.suppress(AudioError):
        assert len(sound_files.read(path)) == pytest.approx(66_150, abs=4)


HEADS = [
    *(b"RIFF", b"RF64", b"FORM", b".snd", b"OggS", b"riff", b"NIST_1A\n", b"2BIT", b"caff"),
    *(b"Creative Voice File\x1a", b"MATLAB 5.0 MAT-file", b"\0\0\0\0\1\0\0\0\1\0\0\0"),
    *(b"\x64\xa3\1\0", b"\x64\xa3\2\0"),
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("size", [3, 11, 12, 15, 16, 27, 40, 64])
@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"WAVE"])
def test_a_header_without_a_sound_gets_a_sentence(tmp_path, head, size, filling):
    path = tmp_path / "bad.wav"
    path.write_bytes((head + filling * size)[:size])
    with pytest.raises(AudioError):
        sound_files.read(path)
