import subprocess
import sys

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import describe
from studio.errors import AudioError
from studio.sound import features


def by_librosa(audio):
    spectrum = np.abs(librosa.stft(audio))
    scaled = spectrum * 2 / librosa.filters.get_window("hann", 2048).sum()
    return {
        "loudness": librosa.feature.rms(y=audio)[0],
        "brightness": librosa.feature.spectral_centroid(y=audio, sr=44_100)[0],
        "noisiness": librosa.feature.spectral_flatness(y=audio)[0],
        "roughness": np.linalg.norm(np.diff(scaled, axis=1), axis=0),
    }


@pytest.mark.parametrize("samples", [2048, 44_100, 70_001])
@pytest.mark.parametrize("kind", ["noise", "tone", "bursts", "quiet"])
def test_features_agree_with_librosa(kind, samples, rng):
    time_seconds = np.arange(samples) / 44_100
    noise = rng.standard_normal(samples)
    audio = {
        "noise": noise * 0.2,
        "tone": np.sin(2 * np.pi * 440 * time_seconds),
        "bursts": noise * (np.sin(2 * np.pi * 3 * time_seconds) > 0.9),
        "quiet": noise * 1e-4,
    }[kind].astype("f4")
    expected = by_librosa(audio)
    for name, values in features.frames(audio).items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("samples", [44_100, 132_301])
@pytest.mark.parametrize("kind", ["white", "dark", "chirp", "bursts", "silence"])
def test_a_glance_is_near_the_exact_features(kind, samples, rng):
    time_seconds = np.arange(samples) / 44_100
    noise = rng.standard_normal(samples)
    audio = {
        "white": noise * 0.2,
        "dark": np.convolve(noise, np.hanning(30), "same") * 0.05,
        "chirp": np.sin(2 * np.pi * (200 * time_seconds + 500 * time_seconds**2)) + 0.01 * noise,
        "bursts": noise * (np.sin(2 * np.pi * 3 * time_seconds) > 0.9),
        "silence": np.zeros(samples),
    }[kind].astype("f4")
    exact, found = features.means(audio), features.estimate_means(audio)
    assert list(found) == list(exact)
    for name, value in exact.items():
        limit = 0.25 if kind == "bursts" or name == "noisiness" else 0.1
        assert found[name] == pytest.approx(value, rel=limit, abs=1e-12), name


def test_a_glance_at_a_short_sound_is_exact(rng):
    audio = rng.standard_normal(3000).astype("f4")
    assert features.estimate_means(audio) == features.means(audio)


def test_known_sounds_have_known_features(rng):
    time_seconds = np.arange(44_100) / 44_100
    tone = features.frames(np.sin(2 * np.pi * 1000 * time_seconds))
    inside = slice(3, -3)
    assert tone["loudness"][inside] == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert tone["brightness"][inside] == pytest.approx(1000, abs=5)
    assert tone["noisiness"].max() < 0.01
    assert tone["roughness"][inside].max() < 0.02
    noise = describe(rng.standard_normal(44_100) * 0.2)
    assert noise["brightness_mean"] == pytest.approx(11_025, rel=0.02)
    assert noise["noisiness_mean"] == pytest.approx(0.56, abs=0.03)
    assert noise["roughness_mean"] > 0.1


def test_silence_measures_zero_and_nothing_is_nan():
    described = describe(np.zeros(44_100))
    assert described["loudness_mean"] == described["roughness_mean"] == 0
    assert all(np.isfinite(value) for value in described.values())


@settings(max_examples=25, deadline=None)
@given(samples=st.integers(1, 6000), gain=st.floats(0.01, 1.0))
def test_gain_scales_loudness_and_roughness_and_leaves_brightness(samples, gain):
    audio = np.random.default_rng(samples).standard_normal(samples).astype("f4")
    full, scaled = describe(audio), describe(audio * np.float32(gain))
    assert scaled["loudness_mean"] == pytest.approx(full["loudness_mean"] * gain, rel=1e-4)
    assert scaled["roughness_mean"] == pytest.approx(full["roughness_mean"] * gain, rel=1e-3)
    assert scaled["brightness_mean"] == pytest.approx(full["brightness_mean"], rel=1e-3)


@pytest.mark.parametrize(
    "audio", [np.zeros((2, 100)), np.zeros(0), np.array([0.0, np.nan])], ids=["2-d", "empty", "nan"]
)
def test_what_is_no_sound_is_refused(audio):
    with pytest.raises(AudioError):
        describe(audio)


def test_the_first_analysis_needs_no_compiler():
    """Numba compiles for seconds at its first call: it must not even be imported."""
    code = (
        "import sys, numpy; from studio import describe; "
        "describe(numpy.zeros(44100)); print('numba' in sys.modules, 'librosa' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.split() == ["False", "False"], answer.stderr
