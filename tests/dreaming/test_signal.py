import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from scipy import signal as scipy_signal

from studio.dreaming import signal
from studio.errors import ParameterError


def tone(frequency_hz, samples=44_100):
    time_seconds = torch.arange(samples, dtype=torch.float64) / 44_100
    return torch.sin(2 * torch.pi * frequency_hz * time_seconds)[None]


@pytest.mark.parametrize("samples", [44_100, 50_001])
def test_hard_cut_removes_a_tone_above_the_cutoff_and_keeps_one_below(samples):
    gain = signal.low_pass_gain(samples, 5000)
    periods = samples / 44_100
    below, above = (tone(np.round(f * periods) / periods, samples) for f in (4900, 5100))
    torch.testing.assert_close(signal.low_pass(below, gain), below)
    assert signal.low_pass(above, gain).abs().max() < 1e-9


def test_hard_cut_passes_the_cutoff_itself_and_is_idempotent(rng):
    gain = signal.low_pass_gain(44_100, 3000)
    torch.testing.assert_close(signal.low_pass(tone(3000), gain), tone(3000))
    noise = torch.from_numpy(rng.standard_normal((2, 44_100)))
    once = signal.low_pass(noise, gain)
    torch.testing.assert_close(signal.low_pass(once, gain), once)


@pytest.mark.parametrize("order", [1, 4, 8])
def test_butterworth_is_scipys_analogue_filter_forwards_and_backwards(order):
    numerator, denominator = scipy_signal.butter(order, 2 * np.pi * 2000, analog=True)
    frequency = np.fft.rfftfreq(44_100, 1 / 44_100)
    _, response = scipy_signal.freqs(numerator, denominator, 2 * np.pi * frequency)
    gain = signal.low_pass_gain(44_100, 2000, "butterworth", order)
    np.testing.assert_allclose(gain, np.abs(response) ** 2, atol=1e-9)
    halved = signal.low_pass(tone(2000), gain)
    torch.testing.assert_close(halved, tone(2000) / 2)


def test_low_pass_does_not_move_a_sound_in_time():
    impulse = torch.zeros(1, 44_100, dtype=torch.float64)
    impulse[0, 20_000] = 1
    for kind in ("hard cut", "butterworth"):
        filtered = signal.low_pass(impulse, signal.low_pass_gain(44_100, 4000, kind))[0]
        assert filtered.argmax() == 20_000
        torch.testing.assert_close(filtered[20_001:20_100], filtered[19_901:20_000].flip(0))


@pytest.mark.parametrize(("padding", "mode"), [("reflect", "mirror"), ("circular", "wrap")])
@pytest.mark.parametrize(("sigma", "size"), [(0.6, 3), (1.5, 9), (2.5, 17), (0.5, 1)])
def test_smoothing_is_the_mean_of_three_gaussian_filters_of_scipy(padding, mode, sigma, size, rng):
    gradient = rng.standard_normal((2, 300))
    expected = np.mean(
        [
            ndimage.gaussian_filter1d(gradient, scaled, mode=mode, radius=size // 2)
            for scaled in (sigma / 2, sigma, sigma * 2)
        ],
        axis=0,
    )
    kernel = signal.cascade_kernel(sigma, size, torch.float64)
    smoothed = signal.smooth(torch.from_numpy(gradient), kernel, padding)
    np.testing.assert_allclose(smoothed, expected, atol=1e-12)


@given(
    sigma=st.floats(0.05, 20),
    size=st.integers(0, 60).map(lambda half: 2 * half + 1),
)
def test_kernels_are_symmetric_and_leave_a_constant_alone(sigma, size):
    kernel = signal.cascade_kernel(sigma, size, torch.float64)
    assert kernel.shape == (size,)
    assert kernel.sum().item() == pytest.approx(1)
    torch.testing.assert_close(kernel, kernel.flip(0))


def test_smoothing_grows_from_the_coefficient_by_two():
    assert signal.smoothing_sigma(0, 2000, 0.5) == pytest.approx(0.501)
    assert signal.smoothing_sigma(1999, 2000, 0.5) == pytest.approx(2.5)


@settings(max_examples=30)
@given(gain=st.floats(1e-3, 1e3), offset=st.floats(-10, 10))
def test_standardising_forgets_gain_and_offset(gain, offset):
    gradient = torch.from_numpy(np.random.default_rng(1).standard_normal((2, 500)))
    changed = signal.standardise(gradient * gain + offset)
    torch.testing.assert_close(changed, signal.standardise(gradient))
    torch.testing.assert_close(changed.mean(-1), torch.zeros(2, dtype=torch.float64))
    torch.testing.assert_close(changed.std(-1, correction=0), torch.ones(2, dtype=torch.float64))


def test_gradients_that_vanish_or_run_away_are_left_as_they_are():
    flat = torch.full((1, 10), 3.0)
    torch.testing.assert_close(signal.standardise(flat), flat)
    wild = torch.tensor([[1.0, torch.inf, 2.0]])
    torch.testing.assert_close(signal.standardise(wild), wild)


@given(gain=st.floats(1e-3, 1e3), kind=st.sampled_from(["peak", "rms"]))
def test_normalising_forgets_the_level_row_by_row(gain, kind):
    sound = torch.from_numpy(np.random.default_rng(2).standard_normal((2, 200)))
    normalised = signal.normalise(sound * torch.tensor([[gain], [1.0]]), kind)
    torch.testing.assert_close(normalised, signal.normalise(sound, kind))
    level = normalised.abs().amax(-1) if kind == "peak" else normalised.square().mean(-1).sqrt()
    torch.testing.assert_close(level, torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("kind", ["peak", "rms", "none"])
def test_silence_stays_silence(kind):
    silence = torch.zeros(2, 100)
    torch.testing.assert_close(signal.normalise(silence, kind), silence)


@given(first=st.integers(-500, 500), second=st.integers(-500, 500))
def test_shifts_add_up_around_the_circle(first, second):
    sound = torch.arange(97.0)[None]
    both = signal.circular_shift(signal.circular_shift(sound, first), second)
    torch.testing.assert_close(both, signal.circular_shift(sound, (first + second) % 97))
    assert signal.circular_shift(sound, 1)[0, 1] == sound[0, 0]


def test_circular_smoothing_commutes_with_shifting(rng):
    sound = torch.from_numpy(rng.standard_normal((1, 400)))
    kernel = signal.cascade_kernel(2.0, 11, torch.float64)
    shifted_first = signal.smooth(signal.circular_shift(sound, 37), kernel, "circular")
    shifted_last = signal.circular_shift(signal.smooth(sound, kernel, "circular"), 37)
    torch.testing.assert_close(shifted_first, shifted_last)


@pytest.mark.parametrize(
    "call",
    [
        lambda: signal.cascade_kernel(1.0, 8),
        lambda: signal.cascade_kernel(0.0, 9),
        lambda: signal.normalise(torch.ones(1, 2), "loud"),
        lambda: signal.low_pass_gain(100, 10, "steep"),
    ],
)
def test_unknown_kinds_and_impossible_kernels_are_refused(call):
    with pytest.raises(ParameterError):
        call()
