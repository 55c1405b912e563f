"""How much faster the training's forward and backward passes are than the plain network's.

``python benchmarks/training.py`` prints, for every layer and for whole training steps, milliseconds
of the plain network, of the fast forward pass in float32 and in bfloat16, their ratios and how far
the result is from the plain one (relative; bfloat16 rounds to 3 digits).
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable, Iterator
from time import perf_counter, process_time

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.cli.train import keep_freed_memory
from studio.networks.architectures import ARCHITECTURES, Convolution
from studio.networks.classifier import WaveformClassifier
from studio.training.strided import FastForward, TrainingBlocks, convolve

SAMPLES = 44_100
CLASSES = 200
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def milliseconds(run: Callable[[], object], repeats: int) -> float:
    """Return the shortest of some runs: what the work takes when nothing else disturbs.

    With one thread it is the processor's time, which other programs' work does not count in.
    """
    clock = process_time if torch.get_num_threads() == 1 else perf_counter
    run()
    shortest = float("inf")
    for _ in range(repeats):
        begin = clock()
        run()
        shortest = min(shortest, clock() - begin)
    return 1000 * shortest


def error(found: Tensor, expected: Tensor) -> float:
    return float((found.detach().float() - expected.detach()).norm() / expected.detach().norm())


def layer_rows(name: str, batch: int, repeats: int) -> Iterator[dict[str, object]]:
    """Compare each convolution, forward and backward, without what stands between them."""
    architecture = ARCHITECTURES[name]
    lengths = (SAMPLES, *architecture.lengths(SAMPLES))
    channels = (1, *architecture.hidden_channels, CLASSES)
    for layer, row in enumerate(architecture.convolutions):
        torch.manual_seed(0)
        convolution = nn.Conv1d(
            channels[layer], channels[layer + 1], row.kernel, row.stride, row.padding
        )
        signal = torch.randn(batch, channels[layer], lengths[layer], requires_grad=layer > 0)
        output = convolution(signal)
        gradient = torch.randn_like(output)

        def plain(
            convolution: nn.Conv1d = convolution, signal: Tensor = signal, to: Tensor = gradient
        ) -> Tensor:
            output = convolution(signal)
            output.backward(to)
            return output

        found: dict[str, object] = {"case": f"{name} convolution {layer}"}
        found["plain ms"] = before = milliseconds(plain, repeats)
        for label, kind in PRECISIONS.items():
            fast = blocks_step(row, convolution, signal, gradient, kind)
            after = milliseconds(fast, repeats)
            found |= {f"{label} ms": after, f"{label} ratio": before / after}
            found[f"{label} error"] = error(fast(), output)
        yield found


def blocks_step(
    row: Convolution, convolution: nn.Conv1d, signal: Tensor, gradient: Tensor, kind: torch.dtype
) -> Callable[[], Tensor]:
    """Return the same convolution as `FastForward` does it, forward and backward."""
    batch, inputs, length = signal.shape
    plan = TrainingBlocks.plan(row, length, inputs)
    padded, inside = plan.padded(signal.detach().transpose(1, 2), inputs, kind)
    inside.copy_(signal.detach().transpose(1, 2))
    blocks = padded.view(batch, 1, plan.count, -1).permute(0, 3, 1, 2)
    blocks.requires_grad_(signal.requires_grad)
    joined = gradient.transpose(1, 2).reshape(batch, 1, plan.outputs // plan.together, -1)
    to = joined.to(kind).permute(0, 3, 1, 2)

    def run() -> Tensor:
        kernel = plan.kernel(convolution.weight).to(kind)
        bias = convolution.bias.repeat(plan.together).to(kind)
        output = convolve(plan, blocks, kernel, bias)
        output.backward(to)
        flat = output.permute(0, 2, 3, 1).reshape(batch, plan.outputs, -1)
        return flat.transpose(1, 2)

    return run


def step_row(name: str, batch: int, repeats: int, threads: int) -> dict[str, object]:
    """Compare whole training steps: forward, backward and Adam."""
    torch.manual_seed(0)
    waveform = torch.rand(batch, SAMPLES) * 2 - 1
    target = torch.randint(0, CLASSES, (batch,))
    model = WaveformClassifier(name, [str(i) for i in range(CLASSES)])

    def step(trained: WaveformClassifier, forward: Callable[[Tensor], Tensor]) -> float:
        optimiser = torch.optim.Adam(trained.parameters(), fused=True)

        def run() -> None:
            optimiser.zero_grad()
            functional.nll_loss(forward(waveform), target).backward()
            optimiser.step()

        return milliseconds(run, repeats)

    expected = model(waveform)
    plain = copy.deepcopy(model)
    before = step(plain, plain)
    row: dict[str, object] = {"case": f"{name} training step", "plain ms": before}
    print(f"{name}: {_speed(batch, before)} clips/s plain", end="")
    for label, kind in PRECISIONS.items():
        twin = copy.deepcopy(model)
        fast = FastForward(twin, SAMPLES, kind)
        distance = error(fast(waveform), expected)
        after = step(twin, fast)
        print(f", {_speed(batch, after)} in {label}", end="")
        row |= {f"{label} ms": after, f"{label} ratio": before / after}
        row[f"{label} error"] = distance
    print(f" ({threads} threads, batch {batch})")
    return row


def _speed(batch: int, step_ms: float) -> int:
    return round(1000 * batch / step_ms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--csv", help="also write the table here")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    keep_freed_memory()
    rows = []
    for name in ARCHITECTURES:
        rows += layer_rows(name, options.batch, options.repeats)
        rows.append(step_row(name, options.batch, options.repeats, options.threads))
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format=lambda value: f"{value:.3g}"))
    if options.csv:
        table.to_csv(options.csv, index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
