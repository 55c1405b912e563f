"""The fast engine against the loop as it is usually written, and against length and batch.

    python benchmarks/dream_engine.py layers [seconds per layer]
    python benchmarks/dream_engine.py compile
    python benchmarks/dream_engine.py ideas
    python benchmarks/dream_engine.py curve

Processor times of one iteration on one thread, taken in turns: median and best of many.
"""

from __future__ import annotations

import resource
import statistics
import sys
import warnings
from unittest import mock

import numpy as np
import torch
from field_loop import FieldLoop
from scipy import fft

from studio import Recipe
from studio.dreaming import signal, timing
from studio.dreaming.blocks import Blocks
from studio.dreaming.fast import FastAscent
from studio.dreaming.quadratic import Shares
from studio.dreaming.recipe import Target
from studio.dreaming.reference import ReferenceAscent
from studio.dreaming.short_transforms import ShortTransforms, table_rows
from studio.dreaming.spectrum import LongTransform
from studio.networks.architectures import ARCHITECTURES


def layers(seconds: float = 5.0) -> None:
    """Print one row per layer: the usual loop, the reference and the fast engine, in ms."""
    timing.prepare()
    print(f"{'':<26}{'median, ms':>24}{'best, ms':>27}{'ratio to the usual loop':>30}")
    print(
        f"{'':<26}" + f"{'usual':>9}{'reference':>10}{'fast':>8}" * 2 + f"{'median':>15}{'best':>9}"
    )
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        ratios: list[tuple[float, float]] = []
        for layer in range(len(architecture.convolutions) + 1):
            recipe = Recipe(architecture=name, targets=[(layer, 0)], iterations=10_000)
            start = timing.noise(1, recipe.samples)
            engines = [ReferenceAscent(model, recipe), FastAscent(model, recipe)]
            calls = [
                usual(FieldLoop(model, recipe), start),
                *(timing.dreaming(engine, engine.prepare(start)) for engine in engines),
            ]
            times = [[1e3 * t for t in taken] for taken in timing.in_turns(seconds, calls)]
            medians, bests = [statistics.median(t) for t in times], [min(t) for t in times]
            ratios.append((medians[0] / medians[2], bests[0] / bests[2]))
            print(
                f"{architecture.label + ', layer ' + str(layer):<26}"
                + "".join(f"{a:>9.2f}{b:>10.2f}{c:>8.2f}" for a, b, c in (medians, bests))
                + f"{ratios[-1][0]:>15.1f}{ratios[-1][1]:>9.1f}",
                flush=True,
            )
        means = [timing.geometric_mean(column) for column in zip(*ratios, strict=True)]
        print(f"{'geometric mean':<80}{means[0]:>15.1f}{means[1]:>9.1f}\n")


def usual(loop: FieldLoop, waveform):
    """Return a function that takes the next step of the usual loop at every call."""
    state = [waveform, 0]

    def step() -> None:
        state[0] = loop.step(state[0], state[1] % 10_000, 1)
        state[1] += 1

    return step


def compiled() -> None:
    """Print what ``torch.compile`` makes of the usual loop at the deepest layer."""
    timing.prepare()
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        layer = len(architecture.convolutions) - 1
        recipe = Recipe(architecture=name, targets=[(layer, 0)], iterations=10_000)
        start = timing.noise(1, recipe.samples)
        fast = FastAscent(model, recipe)
        loops = [FieldLoop(model, recipe), FieldLoop(model, recipe, compiled=True)]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                loops[1].step(start, 0, 1)
        except Exception as error:  # compilers fail in many ways
            print(
                f"{architecture.label}: torch.compile does not work here ({type(error).__name__})."
            )
            continue
        calls = [usual(loop, start) for loop in loops]
        calls.append(timing.dreaming(fast, fast.prepare(start)))
        eager, other, ours = (1e3 * min(times) for times in timing.in_turns(10.0, calls))
        print(
            f"{architecture.label}, layer {layer}: eager {eager:.2f} ms, compiled {other:.2f} ms, "
            f"fast engine {ours:.2f} ms"
        )


def ideas() -> None:
    """Print what an iteration takes with everything, and with one idea left out at a time."""
    timing.prepare()
    places = [("model1", 0), ("model1", 2), ("model2", 1), ("model2", 6)]
    print(f"{'best, ms':<34}" + "".join(f"{f'{name}, layer {at}':>18}" for name, at in places))
    times = [left_out(*place) for place in places]
    for what in times[0]:
        print(f"{what:<34}" + "".join(f"{1e3 * each[what]:>18.2f}" for each in times))


def left_out(name: str, layer: int) -> dict[str, float]:
    """Return the seconds of an iteration, by what is left out."""
    model = timing.random_model(name)
    recipe = Recipe(architecture=name, targets=[(layer, 0)], iterations=10_000)
    start = timing.noise(1, recipe.samples)

    def engine() -> FastAscent:
        made = FastAscent(model, recipe)
        made.step(start, 0, 1)  # prepares it
        return made

    engines = {"everything": engine()}
    with mock.patch.object(Blocks, "plan", lambda *shape, backward: Blocks(*shape, 1)):
        engines["R = 1 in every layer"] = engine()
    with mock.patch.object(Shares, "chosen", lambda shares: torch.arange(model.channels[layer])):
        engines["all maps of the deepest layer"] = engine()
    engines["smoothing by conv1d"] = made = engine()
    made.smoothing = Convolved(recipe, made)
    length, dtype = recipe.samples, torch.float32
    engines["low-pass by short transforms"] = made = engine()
    made.low_pass = ShortTransforms(made.gain, length, dtype, table_rows(length))
    for transforms in (fft, torch.fft):
        engines[f"low-pass by {transforms.__name__}"] = made = engine()
        made.low_pass = LongTransform(made.gain, length, dtype, Transform(length, transforms))
    calls = [timing.dreaming(made, made.prepare(start)) for made in engines.values()]
    return dict(zip(engines, map(min, timing.in_turns(15.0, calls)), strict=True))


class Convolved:
    """Smoothing as the reference does it."""

    def __init__(self, recipe: Recipe, engine: FastAscent) -> None:
        self.recipe, self.engine = recipe, engine

    def prepare(self, iteration: int) -> None:
        """Make the kernel of an iteration."""
        recipe = self.recipe
        sigma = signal.smoothing_sigma(iteration, recipe.iterations, recipe.smoothing_coefficient)
        self.kernel = signal.cascade_kernel(sigma, recipe.smoothing_kernel)

    def __call__(self, sound: int) -> torch.Tensor:
        """Return the smoothed gradient of one sound."""
        gradient = self.engine.backpropagation.gradient[sound, None]
        return signal.smooth(gradient, self.kernel, self.recipe.padding)[0]


class Transform:
    """A real transform of the whole sound by SciPy or by PyTorch."""

    def __init__(self, samples: int, transforms) -> None:
        self.samples, self.transforms = samples, transforms
        self.spectrum = torch.empty(samples // 2 + 1, dtype=torch.complex64).numpy()

    def forward(self, waveform: torch.Tensor) -> None:
        """Find the spectrum."""
        waveform = waveform if self.transforms is torch.fft else waveform.numpy()
        np.copyto(self.spectrum, self.transforms.rfft(waveform))

    def backward(self) -> np.ndarray:
        """Return the sound, n times."""
        if self.transforms is torch.fft:
            spectrum = torch.from_numpy(self.spectrum)
            return torch.fft.irfft(spectrum, self.samples, norm="forward").numpy()
        return fft.irfft(self.spectrum, self.samples, norm="forward")


def curve() -> None:
    """Print milliseconds per iteration against length and batch, and the memory it took."""
    timing.prepare()
    print(f"{'':<40}{'ms':>9}{'ms per second of sound':>25}{'peak memory, MB':>18}")
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        layer = len(architecture.convolutions) - 2
        maps = model.channels[layer]
        for sounds, seconds in [(1, 1), (1, 3), (1, 10), (1, 30), (4, 1), (16, 1), (64, 1)]:
            recipe = Recipe(
                architecture=name, targets=[(layer, 0)], seconds=seconds, iterations=10_000
            )
            targets = [(Target(layer, sound % maps),) for sound in range(sounds)]
            ascent = FastAscent(model, recipe, targets)
            start = ascent.prepare(timing.noise(sounds, recipe.samples))
            (times,) = timing.in_turns(2.0, [timing.dreaming(ascent, start)])
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            what = f"{architecture.label}, layer {layer}, {sounds} × {seconds} s"
            best = 1e3 * min(times)
            print(f"{what:<40}{best:>9.2f}{best / sounds / seconds:>25.2f}{memory:>18.0f}")
            del ascent, start


if __name__ == "__main__":
    what = {"layers": layers, "compile": compiled, "ideas": ideas, "curve": curve}[sys.argv[1]]
    what(*map(float, sys.argv[2:]))
