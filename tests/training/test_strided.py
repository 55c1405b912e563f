"""The fast forward pass against the plain network, in values, gradients and statistics."""

import copy

import pytest
import torch
from torch.nn import functional

from studio.networks.architectures import ARCHITECTURES
from studio.networks.classifier import WaveformClassifier
from studio.training.strided import FastForward, TrainingBlocks, convolve
from tests.conftest import make_model

SAMPLES = 44_100
CHANNELS = {
    "model1": [None],
    "model2": [None, (4, 8, 16, 32, 64, 128, 256)],
}
CASES = [(name, channels) for name, several in CHANNELS.items() for channels in several]
TOLERANCE = {torch.float64: 1e-10, torch.float32: 2e-4}


def distance(found, expected):
    return float((found - expected).detach().norm() / expected.norm().clamp_min(1e-30))


def twins(architecture, channels, kind):
    torch.manual_seed(3)
    plain = WaveformClassifier(architecture, [str(i) for i in range(9)], channels).to(kind)
    for norm in plain.normalisations:
        torch.nn.init.normal_(norm.weight, 1, 0.3)
        torch.nn.init.normal_(norm.bias, 0, 0.3)
    return plain, copy.deepcopy(plain)


@pytest.mark.parametrize("kind", [torch.float64, torch.float32])
@pytest.mark.parametrize(("architecture", "channels"), CASES)
def test_a_training_step_is_that_of_the_plain_network(architecture, channels, kind):
    plain, twin = twins(architecture, channels, kind)
    fast = FastForward(twin, SAMPLES, kind)
    waveform = torch.rand(6, SAMPLES, dtype=kind) * 2 - 1
    target = torch.randint(0, 9, (6,))
    for run, forward in ((plain, plain), (twin, fast)):
        functional.nll_loss(forward(waveform), target).backward()
        assert run.training
    assert distance(fast(waveform), plain(waveform)) < TOLERANCE[kind]
    for (name, found), expected in zip(twin.named_parameters(), plain.parameters(), strict=True):
        assert distance(found.grad, expected.grad) < TOLERANCE[kind], name
    for (name, found), expected in zip(twin.named_buffers(), plain.buffers(), strict=True):
        assert distance(found.double(), expected.double()) < TOLERANCE[kind], name


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_test_uses_the_running_statistics(architecture):
    model = make_model(architecture).double()
    fast = FastForward(model, SAMPLES, torch.float64)
    waveform = torch.rand(3, SAMPLES, dtype=torch.float64) * 2 - 1
    with torch.no_grad():
        torch.testing.assert_close(fast(waveform), model(waveform), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("row", "inputs", "outputs", "channels"),
    [
        (row, inputs, outputs, channels)
        for architecture in ARCHITECTURES.values()
        for row, inputs, outputs, channels in zip(
            architecture.convolutions,
            (SAMPLES, *architecture.lengths(SAMPLES)),
            architecture.lengths(SAMPLES),
            (1, *architecture.hidden_channels),
            strict=False,
        )
    ],
)
def test_every_layer_as_blocks_is_the_strided_convolution(row, inputs, outputs, channels):
    torch.manual_seed(0)
    plan = TrainingBlocks.plan(row, inputs, channels)
    assert plan.outputs == outputs and outputs % plan.together == 0
    signal = torch.randn(2, inputs, channels, dtype=torch.float64)
    weight = torch.randn(5, channels, row.kernel, dtype=torch.float64)
    padded, inside = plan.padded(signal, channels)
    inside.copy_(signal)
    blocks = padded.view(2, 1, plan.count, -1).permute(0, 3, 1, 2)
    found = convolve(plan, blocks, plan.kernel(weight), weight.new_zeros(5 * plan.together))
    found = found.permute(0, 2, 3, 1).reshape(2, outputs, 5).transpose(1, 2)
    expected = functional.conv1d(
        signal.transpose(1, 2), weight, stride=row.stride, padding=row.padding
    )
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-9)


def test_the_loss_falls_alike_in_all_precisions():
    losses = {}
    for name, kind in (("plain", None), ("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        torch.manual_seed(1)
        model = WaveformClassifier("model1", ["a", "b", "c"])
        forward = FastForward(model, SAMPLES, kind) if kind else model
        optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
        generator = torch.Generator().manual_seed(2)
        curve = []
        for _ in range(8):
            target = torch.arange(12) % 3
            pitch = (
                300.0 * 3.0 ** target[:, None] * (1 + 0.1 * torch.rand(12, 1, generator=generator))
            )
            waveform = torch.sin(2 * torch.pi * pitch * torch.arange(SAMPLES) / SAMPLES)
            loss = functional.nll_loss(forward(waveform), target)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            curve.append(loss.item())
        losses[name] = torch.tensor(curve)
    torch.testing.assert_close(losses["float32"], losses["plain"], rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(losses["bfloat16"], losses["plain"], rtol=0.2, atol=0.1)
    assert losses["plain"][-1] < losses["plain"][0] / 2
