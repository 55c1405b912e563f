"""Measure the engines' speed against each other and against matrix products."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.recipe import Recipe, Target
from studio.dreaming.reference import Reference
from studio.networks.architectures import ARCHITECTURES
from studio.networks.classifier import WaveformClassifier, use_one_thread
from studio.sound import SAMPLE_RATE

CLASSES = 200
"""Maps of the last layer: those of the paper's Events."""


class Case(NamedTuple):
    """What is timed: a layer, and one map or (None) all."""

    architecture: str
    layer: int
    map: int | None = 0
    seconds: float = 1.0

    @property
    def name(self) -> str:
        """One line."""
        label = ARCHITECTURES[self.architecture].label
        layers = len(ARCHITECTURES[self.architecture].convolutions)
        layer = "output" if self.layer == layers else f"layer {self.layer}"
        maps = "all maps" if self.map is None else "one map"
        return f"{label}, {layer}, {maps}, {self.seconds:g} s"


def cases() -> Iterator[Case]:
    """Return every layer of both architectures, and all maps of the deepest."""
    for name, architecture in ARCHITECTURES.items():
        deepest = len(architecture.convolutions) - 1
        for layer in range(deepest + 2):
            yield Case(name, layer)
        yield Case(name, deepest, None)


def prepare() -> float:
    """Use one thread from now on; return the floating-point operations per second of a product."""
    use_one_thread()
    size = 512
    left, right = torch.rand(2, size, size).unbind()
    result = torch.empty(size, size)
    return 2 * size**3 / min(in_turns(1.0, [lambda: torch.mm(left, right, out=result)])[0])


def measure(case: Case, seconds: float, peak: float) -> dict[str, Any]:
    """Time one iteration with both engines, in turns, and compare their gradients.

    Parameters
    ----------
    case : Case
    seconds : float
        To spend on it.
    peak : float
        From `prepare`.

    Returns
    -------
    dict
        ``case``, ``architecture``, ``layer``, ``map``; ``reference_ms`` and ``fast_ms`` for one
        iteration, processor time, best of many; ``ratio``; ``error`` of the fast gradient relative
        to the reference's; ``share_of_peak``: the arithmetic of the network's gradient over the
        fast gradient's time, as a share of ``peak``.
    """
    model = random_model(case.architecture)
    recipe = Recipe(
        architecture=case.architecture,
        targets=(Target(case.layer, case.map),),
        seconds=case.seconds,
        iterations=10_000,
    )
    reference, fast = Reference(model, recipe), EngineAscent(model, recipe)
    waveform = fast.prepare(noise(recipe.samples))
    expected, found = reference.gradient(waveform)[0], fast.gradient(waveform)[0]
    slow_times, fast_times, gradient_times = in_turns(
        seconds,
        [
            dreaming(reference, waveform),
            dreaming(fast, waveform),
            lambda: fast.gradient(waveform),
        ],
    )
    return {
        "case": case.name,
        "architecture": case.architecture,
        "layer": case.layer,
        "map": case.map,
        "reference_ms": min(slow_times) * 1e3,
        "fast_ms": min(fast_times) * 1e3,
        "ratio": min(slow_times) / min(fast_times),
        "error": float(np.linalg.norm(found - expected) / np.linalg.norm(expected)),
        "share_of_peak": operations(model, case) / min(gradient_times) / peak,
    }


def dreaming(ascent: Any, waveform: Any) -> Callable[[], object]:
    """Return a function that takes the next step of a dream every time it is called."""
    state = [waveform, 0]

    def step() -> None:
        state[0] = ascent.step(state[0], state[1] % 10_000, 1).waveform
        state[1] += 1

    return step


def in_turns(seconds: float, calls: Sequence[Callable[[], object]]) -> list[list[float]]:
    """Return the processor times of single calls, each with the same share of the time.

    A few calls of one follow each other, as they do in a dream, before it is the next one's turn.
    """
    times: list[list[float]] = [[] for _ in calls]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[-1]) < 5:
        for call, taken in zip(calls, times, strict=True):
            turn = time.perf_counter() + 0.05
            while True:
                begin = time.thread_time()
                call()
                taken.append(time.thread_time() - begin)
                if time.perf_counter() > turn:
                    break
    return times


def operations(model: WaveformClassifier, case: Case) -> float:
    """Return the multiplications and additions of one sound's forward and backward pass."""
    lengths = model.architecture.lengths(round(case.seconds * SAMPLE_RATE))
    total, inputs = 0.0, 1
    for layer, (row, steps) in enumerate(
        zip(model.architecture.convolutions, lengths, strict=True)
    ):
        if layer > case.layer:
            break
        alone = layer == case.layer and case.map is not None
        maps = 1 if alone else model.channels[layer]
        total += 2 * 2 * steps * row.kernel * inputs * maps
        inputs = maps
    return total


def random_model(architecture: str) -> WaveformClassifier:
    """Return an untrained network; its speed is that of a trained one."""
    torch.manual_seed(1)
    model = WaveformClassifier(architecture, [str(number) for number in range(CLASSES)])
    return model.eval().requires_grad_(False)


def noise(samples: int) -> np.ndarray:
    """Return white noise (samples,), float32."""
    return np.random.default_rng(1).standard_normal(samples, dtype=np.float32)


def geometric_mean(ratios: Sequence[float]) -> float:
    """Return the geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))
