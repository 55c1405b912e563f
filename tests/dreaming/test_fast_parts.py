"""The parts of the fast engine: strided convolutions as products, transforms of the low-pass."""

import platform
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from studio.dreaming import mkl, signal
from studio.dreaming.blocks import Blocks, Rows, run
from studio.dreaming.short_transforms import ShortTransforms, table_rows
from studio.dreaming.spectrum import LongTransform, low_pass_filter
from studio.networks.architectures import Convolution


@st.composite
def convolutions(draw):
    kernel = draw(st.integers(1, 40))
    return {
        "row": Convolution(kernel, draw(st.integers(1, kernel)), draw(st.integers(0, kernel // 2))),
        "channels": draw(st.integers(1, 4)),
        "maps": draw(st.integers(1, 5)),
        "samples": kernel + draw(st.integers(0, 200)),
        "batch": draw(st.integers(1, 3)),
        "together": draw(st.integers(1, 6)),
    }


def by_autograd(case):
    generator = torch.Generator().manual_seed(5)

    def random(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    row, samples = case["row"], case["samples"]
    weight = random(case["maps"], case["channels"], row.kernel)
    bias, signal_in = random(case["maps"]), random(case["batch"], case["channels"], samples)
    signal_in.requires_grad_()
    output = functional.conv1d(signal_in, weight, bias, row.stride, row.padding)
    back = random(*output.shape)
    (gradient,) = torch.autograd.grad(output, signal_in, back)
    time_first = [part.detach().transpose(1, 2) for part in (signal_in, output, back, gradient)]
    return weight, bias, *time_first


def padded(sound, row, steps):
    behind = max(0, steps - row.padding - sound.shape[1])
    return functional.pad(sound, (0, 0, row.padding, behind)).flatten(1).contiguous()


@settings(max_examples=60, deadline=None)
@given(convolutions())
def test_blocks_are_the_convolution_and_its_gradient(case):
    weight, bias, sound, output, back, gradient = by_autograd(case)
    row, batch, steps = case["row"], case["batch"], output.shape[1]
    plan = Blocks(row, case["channels"], case["maps"], case["samples"], case["together"])
    assert plan.steps == steps
    matrices = [plan.matrix(weight)] * batch
    room = plan.groups * plan.together * case["maps"]

    found = torch.full((batch, room), torch.nan, dtype=torch.float64)
    biases = bias.expand(batch, -1)
    run(plan.forward(padded(sound, row, plan.count * plan.hop), found, matrices, biases))
    torch.testing.assert_close(found[:, : steps * case["maps"]], output.flatten(1))

    seen = functional.pad(back.flatten(1), (0, room - steps * case["maps"]))
    to_input = torch.zeros(batch, plan.count * plan.hop * case["channels"], dtype=torch.float64)
    calls = plan.backward(seen, to_input, matrices)
    for _ in range(2):  # the second run must not add to the first
        run(calls)
    begin = row.padding * case["channels"]
    inside = to_input[:, begin : begin + gradient[0].numel()]
    torch.testing.assert_close(inside, gradient.flatten(1))


@settings(max_examples=60, deadline=None)
@given(convolutions())
def test_rows_are_the_convolution_and_its_gradient(case):
    weight, bias, sound, output, back, gradient = by_autograd(case)
    row, batch, maps = case["row"], case["batch"], case["maps"]
    rows = Rows(row, weight, case["samples"])
    found = torch.empty(output.shape, dtype=torch.float64)
    run(rows.forward(padded(sound, row, rows.reach), found.view(-1, maps), bias))
    torch.testing.assert_close(found, output)

    behind = rows.count - output.shape[1]
    seen = functional.pad(back, (0, 0, rows.before, behind)).flatten(1).contiguous()
    to_input = torch.empty(batch, rows.count * rows.hop, dtype=torch.float64)
    run(rows.backward(seen, to_input.view(-1, rows.hop)))
    begin = row.padding * case["channels"]
    inside = to_input[:, begin : begin + gradient[0].numel()]
    torch.testing.assert_close(inside, gradient.flatten(1))


LENGTHS = [44_100, 66_150, 44_101, 44_102, 57_330, 48_510, 99_225]


@pytest.mark.parametrize("samples", LENGTHS)
@pytest.mark.parametrize("kind", ["hard cut", "butterworth", "off"])
@pytest.mark.parametrize("with_mkl", [True, False])
def test_the_low_pass_filters_like_the_references(samples, kind, with_mkl, monkeypatch):
    if not with_mkl:
        monkeypatch.setattr(mkl, "available", lambda: False)
    elif not mkl.available():
        pytest.skip("PyTorch brings no MKL here")
    waveform = torch.from_numpy(np.random.default_rng(3).standard_normal(samples))
    gain = signal.low_pass_gain(samples, 5000, kind)
    expected = signal.low_pass(0.7 * (waveform + 0.3), gain)
    low_pass = low_pass_filter(gain, samples, torch.float64)
    short = not with_mkl and table_rows(samples)
    assert isinstance(low_pass, ShortTransforms if short else LongTransform)
    found = low_pass(waveform, 0.7, 0.3)
    torch.testing.assert_close(torch.from_numpy(found), expected, rtol=0, atol=1e-12)
    low_pass = low_pass_filter(gain, samples, torch.float32)
    single = low_pass(waveform.float(), 0.7, 0.3)
    assert single.dtype == np.float32
    assert (torch.from_numpy(single) - expected).norm() < 1e-6 * expected.norm()
    kept = single.copy()
    low_pass(torch.from_numpy(single), 0.5)
    np.testing.assert_array_equal(single, kept)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="PyTorch brings no MKL here"
)
def test_mkl_is_found_where_pytorch_brings_it():
    assert mkl.available()


@pytest.mark.parametrize("trouble", [OSError, AttributeError])
def test_without_mkl_the_low_pass_does_without(monkeypatch, trouble):
    def missing():
        raise trouble("not here")

    monkeypatch.setattr(mkl, "_library", missing)
    assert not mkl.available.__wrapped__()


def test_an_mkl_that_transforms_wrongly_is_not_used(monkeypatch):
    backward = mkl.RealTransform.backward
    monkeypatch.setattr(mkl.RealTransform, "backward", lambda self: 2 * backward(self))
    assert not mkl.available.__wrapped__()


@given(st.integers(1, 3000), st.sampled_from([torch.float32, torch.float64]))
def test_mkl_transforms_as_numpy_does(samples, dtype):
    if not mkl.available():
        pytest.skip("PyTorch brings no MKL here")
    waveform = torch.from_numpy(np.random.default_rng(samples).uniform(-1, 1, samples)).to(dtype)
    transform = mkl.RealTransform(samples, dtype)
    close = 1e-4 if dtype == torch.float32 else 1e-11
    transform.forward(waveform)
    np.testing.assert_allclose(transform.spectrum, np.fft.rfft(waveform.numpy()), atol=close)
    np.testing.assert_allclose(transform.backward() / samples, waveform, atol=close)


@given(st.integers(44_100, 2_646_000))
def test_tables_divide_the_sound(samples):
    rows = table_rows(samples)
    assert rows == 0 or samples % rows == 0


def test_one_second_is_a_table_that_is_nearly_square():
    assert table_rows(44_100) == 180
    assert table_rows(44_101) == 0
