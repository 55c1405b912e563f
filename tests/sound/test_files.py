import json
import shutil
import subprocess
import sys
import threading
import time
import wave

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import Recipe
from studio.dreaming import wav
from studio.errors import AudioError, ParameterError
from studio.sound import SAMPLE_RATE
from studio.sound import files as sound_files
from studio.sound.levels import LISTENING_LUFS, LISTENING_PEAK, listening_level
from studio.stopping import Stopped, checkpoint, stoppable


def tone(seconds=1.5, rate=44_100, channels=1, frequency_hz=440.0):
    time_seconds = np.arange(round(seconds * rate)) / rate
    mono = 0.5 * np.sin(2 * np.pi * frequency_hz * time_seconds)
    return np.repeat(mono[:, None], channels, axis=1)


def peak_hz(sound):
    return np.abs(np.fft.rfft(sound)).argmax() * SAMPLE_RATE / len(sound)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 32])
def test_any_rate_and_channels_become_mono_at_44100(tmp_path, rate, channels):
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(1.5, rate, channels), rate)
    sound = sound_files.read(path)
    assert sound.dtype == np.float32
    assert len(sound) == pytest.approx(66_150, abs=2)
    assert peak_hz(sound) == pytest.approx(440, abs=1)
    assert np.abs(sound[2000:-2000]).max() == pytest.approx(0.5, abs=0.01)
    known = sound_files.probe(path)
    assert (known.name, known.sample_rate, known.channels) == ("tone.wav", rate, channels)
    assert known.duration_seconds == pytest.approx(1.5)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_wav_flac_ogg_and_mp3_are_read(tmp_path, ending):
    path = tmp_path / f"tone.{ending}"
    soundfile.write(path, tone(2.0), 44_100)
    sound = sound_files.read(path, start_seconds=0.5, seconds=1.0)
    assert len(sound) == 44_100
    assert peak_hz(sound) == pytest.approx(440, abs=1)


def test_a_part_is_the_part_chosen(tmp_path):
    path = tmp_path / "two.wav"
    soundfile.write(path, np.concatenate([tone(1.0), tone(1.0, frequency_hz=1000)]), 44_100)
    assert peak_hz(sound_files.read(path, 0.0, 0.9)) == pytest.approx(440, abs=2)
    assert peak_hz(sound_files.read(path, 1.1, 99)) == pytest.approx(1000, abs=2)
    with pytest.raises(AudioError, match=r"lasts 2\.00 s: choose a start before its end"):
        sound_files.read(path, start_seconds=2.5)


def empty(path):
    path.write_bytes(b"")


def text(path):
    path.write_text("This is not a sound at all. " * 50)


def cut_off(path):
    soundfile.write(path, tone(), 44_100)
    path.write_bytes(path.read_bytes()[:40_000])


def no_samples(path):
    soundfile.write(path, np.zeros((0, 1)), 44_100)


def silent(path):
    soundfile.write(path, np.zeros(44_100), 44_100)


def with_nan(path):
    sound = tone().astype("f4")
    sound[500] = np.nan
    soundfile.write(path, sound, 44_100, subtype="FLOAT")


def too_long(path):
    soundfile.write(path, np.zeros(8000 * 302, dtype="i2"), 8000)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (empty, "is empty. Choose another file"),
        (text, "is not a sound the studio can read. Use WAV, FLAC, OGG or MP3"),
        (cut_off, "is cut off: 40,000 of 132,344 bytes are there. Export it again"),
        (no_samples, "lasts 0 seconds"),
        (silent, "is silent in the part chosen"),
        (with_nan, "invalid numbers"),
        (too_long, "lasts 302 s; 300 s (5 minutes) is the most"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_files_get_a_sentence(tmp_path, make, sentence):
    path = tmp_path / "bad.wav"
    make(path)
    with pytest.raises(AudioError) as caught:
        sound_files.read(path)
    assert sentence in str(caught.value)
    assert "bad.wav" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_and_damaged_flac_get_a_sentence(tmp_path):
    with pytest.raises(AudioError, match="There is no file"):
        sound_files.read(tmp_path / "none.wav")
    path = tmp_path / "damaged.flac"
    soundfile.write(path, np.random.default_rng(0).standard_normal(88_200) * 0.1, 44_100)
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(AudioError, match=r"damaged|cut off"):
        sound_files.read(path)


def test_m4a_is_read_where_ffmpeg_is_and_explained_where_it_is_not(tmp_path, monkeypatch):
    path = tmp_path / "voice.m4a"
    path.write_bytes(b"\0\0\0\x20ftypM4A " + bytes(200))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(AudioError, match="needs ffmpeg, which is not installed here"):
        sound_files.read(path)
    monkeypatch.undo()
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    soundfile.write(tmp_path / "voice.wav", tone(), 44_100)
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(tmp_path / "voice.wav"), str(path)]
    subprocess.run(command, check=True)
    assert peak_hz(sound_files.read(path)) == pytest.approx(440, abs=2)


@settings(max_examples=20, deadline=None)
@given(
    sound=st.lists(st.floats(-1.5, 1.5, width=32), min_size=1, max_size=200).map(np.float32),
    count=st.integers(1, 300),
)
def test_a_float_wav_keeps_every_bit_and_its_recipe(tmp_path_factory, sound, count):
    path = tmp_path_factory.mktemp("wav") / "dream.wav"
    recipe = Recipe(targets=[(layer % 5, layer, 1.5) for layer in range(count)], initial="ü.wav")
    wav.write(path, sound, recipe)
    assert wav.read_recipe(path) == recipe
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 44_100
    np.testing.assert_array_equal(samples, sound)


def test_16_bit_fits_what_exceeds_full_scale_and_other_programs_read_it(tmp_path):
    path = wav.write(tmp_path / "dream.wav", tone()[:, 0] * 4, Recipe(), "16-bit")
    with wave.open(str(path)) as file:  # knows nothing of the recipe and ignores its chunk
        assert (file.getsampwidth(), file.getnchannels(), file.getnframes()) == (2, 1, 66_150)
    samples = sound_files.read(path)
    assert np.abs(samples).max() == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(samples, tone()[:, 0] * 2, atol=1 / 32_000)
    assert wav.read_recipe(path) == Recipe()


def test_a_wav_without_a_recipe_says_so(tmp_path):
    soundfile.write(tmp_path / "plain.wav", tone(), 44_100)
    with pytest.raises(AudioError, match="holds no recipe"):
        wav.read_recipe(tmp_path / "plain.wav")
    with soundfile.SoundFile(tmp_path / "other.wav", "w", 44_100, 1) as file:
        file.comment = "recorded by the sea"
        file.write(tone())
    with pytest.raises(AudioError, match="holds no recipe"):
        wav.read_recipe(tmp_path / "other.wav")


def with_comments(path, *comments):
    """Write a WAV with one LIST INFO chunk for each comment."""
    soundfile.write(path, tone(), 44_100)
    content = path.read_bytes()[12:]
    for comment in comments:
        text = comment.encode() + b"\0" * (2 - len(comment.encode()) % 2)
        entry = b"ICMT" + len(text).to_bytes(4, "little") + text
        content = b"LIST" + (4 + len(entry)).to_bytes(4, "little") + b"INFO" + entry + content
    path.write_bytes(b"RIFF" + (4 + len(content)).to_bytes(4, "little") + b"WAVE" + content)
    return path


def test_comments_of_other_programs_hide_no_recipe(tmp_path):
    recipe = Recipe(seed=7).to_json()
    others = ["recorded by the sea", '{"bpm": 120}', "[1, 2]", "9" * 5000, '{"seed": -1}']
    for other in others:
        for order in ((recipe, other), (other, recipe)):
            assert wav.read_recipe(with_comments(tmp_path / "a.wav", *order)) == Recipe(seed=7)
    with pytest.raises(AudioError, match="holds no recipe"):
        wav.read_recipe(with_comments(tmp_path / "a.wav", *others[:4]))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"seed": -1}, r"cannot read: seed=-1 must lie between"),
        (
            {"seed": 1, "colour": "red"},
            r"cannot read: .*'colour'.*newer studio",
        ),
        ({"targets": [[0, 1, 1, "hue"]]}, r"cannot read: measure='hue' must be one of"),
    ],
)
def test_a_recipe_that_cannot_be_read_says_why_and_costs_no_sound(tmp_path, values, sentence):
    path = with_comments(tmp_path / "a.wav", json.dumps(values))
    with pytest.raises(AudioError, match=sentence):
        wav.read_recipe(path)
    assert len(sound_files.read(path)) == 66_150


def test_millions_of_tiny_chunks_are_not_walked_through(tmp_path):
    path = tmp_path / "a.wav"
    entries = b"ABCD\0\0\0\0" * 500_000
    soundfile.write(path, tone(), 44_100)
    content = path.read_bytes()[12:]
    content += b"LIST" + (4 + len(entries)).to_bytes(4, "little") + b"INFO" + entries
    content += b"ABCD\0\0\0\0" * 500_000
    path.write_bytes(b"RIFF" + (4 + len(content)).to_bytes(4, "little") + b"WAVE" + content)
    began = time.process_time()
    with pytest.raises(AudioError, match="holds no recipe"):
        wav.read_recipe(path)
    assert time.process_time() - began < 0.5


def test_a_full_disk_leaves_the_old_file_whole(tmp_path):
    """A file-size limit makes the kernel refuse to write, as a full disk does."""
    path = wav.write(tmp_path / "dream.wav", tone(0.1)[:, 0], Recipe(seed=7))
    before = path.read_bytes()
    code = (
        "import resource, signal, sys, numpy\n"
        "from studio.sound import files as sound_files\n"
        "from studio.errors import AudioError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n"
        "    sound_files.write(sys.argv[1], numpy.zeros(441_000))\n"
        "except AudioError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert "cannot be saved" in answer.stdout, answer.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_names_and_subtypes_that_make_no_sense_are_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"must end in \.wav"):
        sound_files.write(tmp_path / "dream.mp3", tone()[:, 0])
    with pytest.raises(ParameterError, match="subtype"):
        sound_files.write(tmp_path / "dream.wav", tone()[:, 0], subtype="8-bit")
    with pytest.raises(AudioError, match="cannot be saved"):
        sound_files.write(tmp_path / "nowhere" / "dream.wav", tone()[:, 0])


@pytest.mark.parametrize("kind", ["noise", "loud", "quiet", "impulse", "short", "silence"])
def test_what_is_played_is_never_too_loud(kind, rng):
    import pyloudnorm

    noise = rng.standard_normal(44_100).astype("f4")
    sound = {
        "noise": noise * 0.1,
        "loud": noise * 20,
        "quiet": noise * 1e-3,
        "impulse": np.eye(1, 44_100, 22_000, dtype="f4")[0] + noise * 1e-3,
        "short": noise[:2000],
        "silence": noise * 0,
    }[kind]
    before = sound.copy()
    played = listening_level(sound)
    np.testing.assert_array_equal(sound, before)
    assert played.shape == sound.shape
    assert np.abs(played).max(initial=0) <= LISTENING_PEAK + 1e-6
    if kind in ("noise", "loud"):
        loudness = pyloudnorm.Meter(44_100).integrated_loudness(played)
        assert loudness == pytest.approx(LISTENING_LUFS, abs=1.0)


def test_what_lies_below_hearing_does_not_press_the_played_sound_down(rng):
    time_seconds = np.arange(88_200) / 44_100
    heard = 0.1 * np.sin(2 * np.pi * 440 * time_seconds)
    drifting = heard + 0.8 * np.sin(2 * np.pi * 2 * time_seconds) + 0.1
    played, clean = (listening_level(sound)[44_100:] for sound in (drifting, heard))
    assert np.std(played) == pytest.approx(np.std(clean), rel=0.1)
    assert peak_hz(played) == pytest.approx(440, abs=1)


@pytest.mark.parametrize("loudness", [0.02, 3.0])
def test_a_loop_is_played_as_one_wherever_it_begins(loudness, rng):
    low = np.sin(2 * np.pi * 15 * np.arange(66_150) / 44_100)
    sound = (loudness * (rng.standard_normal(66_150) + low)).astype("f4")
    heard = np.roll(listening_level(sound, loops=True), 30_000)
    turned = listening_level(np.roll(sound, 30_000), loops=True)
    gain = np.dot(heard, turned) / np.dot(turned, turned)  # loudness is measured in blocks
    assert gain == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(heard, gain * turned, atol=1e-5)


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000, 192_000])
def test_a_part_at_a_time_is_resampled_to_the_same_bytes(tmp_path, rate, monkeypatch, rng):
    path = tmp_path / "noise.wav"
    soundfile.write(path, rng.uniform(-0.5, 0.5, rate // 2 + 7), rate, subtype="FLOAT")
    whole = soxr.resample(soundfile.read(path, dtype="float32")[0], rate, 44_100)
    monkeypatch.setattr(sound_files, "_VALUES_AT_ONCE", 1000)
    np.testing.assert_array_equal(sound_files.read(path), whole)


def test_reading_that_nobody_waits_for_ends_at_the_next_part(tmp_path, monkeypatch, rng):
    """Given up at the nth part, no further part is read or resampled."""
    path = tmp_path / "noise.wav"
    soundfile.write(path, rng.uniform(-0.5, 0.5, 10_000), 48_000)
    monkeypatch.setattr(sound_files, "_VALUES_AT_ONCE", 1000)
    parts, stop = [], threading.Event()

    def checkpoint_of_the(number):
        def counted():
            parts.append(number)
            if len(parts) == number:
                stop.set()
            checkpoint()

        return counted

    for number in (1, 5, 10, 11, 15, 20):  # 10 are read, then 10 resampled
        parts.clear()
        stop.clear()
        monkeypatch.setattr(sound_files, "checkpoint", checkpoint_of_the(number))
        with stoppable(stop), pytest.raises(Stopped):
            sound_files.read(path)
        assert len(parts) == number
