import numpy as np
import pytest
import soundfile

from studio.datasets.folder import read_folder
from studio.datasets.recordings import EXCERPT_SAMPLES, decode
from studio.errors import DataNotFoundError
from studio.training.supervised import normalised

SECONDS = {"a/long.wav": 2.5, "a/exact.wav": 1.0, "b/short.wav": 0.3}


@pytest.fixture
def recordings(tmp_path):
    for name, seconds in SECONDS.items():
        path = tmp_path / "sounds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A ramp tells where an excerpt was cut; never 0, so that silence stands out.
        soundfile.write(path, np.linspace(0.1, 0.2, int(44100 * seconds)), 44100, subtype="FLOAT")
    return decode(read_folder(tmp_path / "sounds"), tmp_path / "cache")


def at(recordings, name):
    return recordings.table.clips["path"].tolist().index(name)


def test_clips_are_stored_at_full_scale(recordings):
    assert recordings.samples.dtype == np.int16
    assert recordings.lengths.sum() == len(recordings.samples) == int(3.8 * 44100)
    for start, length in zip(recordings.starts, recordings.lengths, strict=True):
        clip = recordings.samples[start : start + length].astype(int)
        assert clip.max() == 32767
        np.testing.assert_allclose(clip[0], 32767 / 2, atol=1)


def test_an_excerpt_holds_what_the_clip_holds_there(recordings):
    clip = at(recordings, "a/long.wav")
    start = recordings.starts[clip]
    (cut,) = recordings.excerpts(np.array([clip]), np.array([1234]))
    expected = recordings.samples[start + 1234 : start + 1234 + EXCERPT_SAMPLES]
    np.testing.assert_array_equal(cut, expected)


def test_a_short_clip_lies_whole_in_silence(recordings, rng):
    clip = at(recordings, "b/short.wav")
    clips = np.full(200, clip)
    offsets = recordings.random_offsets(clips, rng)
    cuts = recordings.excerpts(clips, offsets)
    assert ((cuts != 0).sum(axis=1) == recordings.lengths[clip]).all()
    first = (cuts != 0).argmax(axis=1)
    np.testing.assert_array_equal(first, -offsets)
    room = EXCERPT_SAMPLES - recordings.lengths[clip]
    assert first.min() < 0.1 * room and first.max() > 0.9 * room


def test_random_excerpts_reach_everywhere_and_never_beyond(recordings, rng):
    clip = at(recordings, "a/long.wav")
    clips = np.full(500, clip)
    offsets = recordings.random_offsets(clips, rng)
    room = recordings.lengths[clip] - EXCERPT_SAMPLES
    assert offsets.min() >= 0 and offsets.max() <= room
    assert offsets.min() < 0.05 * room and offsets.max() > 0.95 * room
    exact = np.full(50, at(recordings, "a/exact.wav"))
    assert not recordings.random_offsets(exact, rng).any()


def test_spread_excerpts_run_from_the_first_to_the_last_second(recordings):
    clip = np.array([at(recordings, "a/long.wav")])
    room = recordings.lengths[clip[0]] - EXCERPT_SAMPLES
    offsets = [int(recordings.spread_offsets(clip, position)[0]) for position in (0, 0.5, 1)]
    assert offsets == [0, round(room / 2), room]


def test_excerpts_are_peak_normalised_and_silence_stays_silence():
    cut = np.zeros((3, EXCERPT_SAMPLES), np.int16)
    cut[0, 5], cut[1, 7] = -32768, 12
    waveform = normalised(cut)
    assert waveform.abs().amax(1).tolist() == [1, 1, 0]


def test_nothing_readable_ends_in_a_sentence(tmp_path):
    for name in ("a/1.wav", "b/2.wav"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("no sound")
    with pytest.raises(DataNotFoundError, match="Not one of the 2 clips"):
        decode(read_folder(tmp_path), tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("index.csv"))


def test_other_rates_are_resampled_and_silent_clips_left_out(tmp_path):
    for name, rate, level in (
        ("a/1.wav", 16000, 0.5),
        ("b/2.wav", 96000, 0.5),
        ("b/3.wav", 8000, 0),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        tone = level * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
        soundfile.write(path, np.stack((tone, tone), axis=1), rate)
    recordings = decode(read_folder(tmp_path), tmp_path / "cache")
    assert recordings.lengths.tolist() == [44100, 44100]
    assert "b/3.wav: silent" in recordings.table.problems[0]
    for cut in recordings.excerpts(np.array([0, 1]), np.array([0, 0])):
        spectrum = np.abs(np.fft.rfft(cut * np.hanning(len(cut))))
        assert spectrum.argmax() == 1000
