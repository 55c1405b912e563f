"""The engine against the loop as it is usually written, version 0.1.0's engine, and the length.

    python benchmarks/dream_engine.py layers [seconds per layer]
    python benchmarks/dream_engine.py builds [seconds per layer]
    python benchmarks/dream_engine.py length
    python benchmarks/dream_engine.py threads
    python benchmarks/dream_engine.py curves [seconds per row]

Processor times of one iteration on one thread, taken in turns: median and best of many.
"""

from __future__ import annotations

import platform
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from field_loop import FieldLoop
from version_0_1.fast import FastAscent

from studio import Recipe
from studio.dreaming import timing
from studio.dreaming.engine import library
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.engine.plan import declare
from studio.dreaming.engine.targets import targets_of
from studio.networks.architectures import ARCHITECTURES


def layers(seconds: float = 5.0) -> None:
    """Print one row per layer: the usual loop, version 0.1.0's engine and this one, in ms."""
    peak = timing.prepare()
    print(f"A product of PyTorch's reaches {peak / 1e9:.0f} GFLOP/s; build: {build_name()}.\n")
    print(
        f"{'':<20}{'median, ms':>24}{'best, ms':>27}{'best, ratio to':>22}{'gradient':>20}\n"
        f"{'':<20}" + f"{'usual':>9}{'0.1.0':>9}{'now':>8}" * 2 + f"{'usual':>12}{'0.1.0':>9}"
        f"{'ms':>10}{'of peak':>10}"
    )
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        ratios: list[tuple[float, float]] = []
        for layer in range(len(architecture.convolutions) + 1):
            recipe = Recipe(architecture=name, targets=[(layer, 0)], iterations=10_000)
            start = timing.noise(recipe.samples)
            batch = torch.from_numpy(start)[None]
            ascent, old = EngineAscent(model, recipe), FastAscent(model, recipe)
            prepared = ascent.prepare(start)
            calls = [
                usual(FieldLoop(model, recipe), batch),
                timing.dreaming(old, old.prepare(batch)),
                timing.dreaming(ascent, prepared),
                gradients(ascent, prepared),
            ]
            times = [[1e3 * t for t in taken] for taken in timing.in_turns(seconds, calls)]
            medians, bests = [statistics.median(t) for t in times], [min(t) for t in times]
            ratios.append((bests[0] / bests[2], bests[1] / bests[2]))
            share = timing.operations(model, timing.Case(name, layer)) / bests[3] * 1e3 / peak
            print(
                f"{architecture.label + ', layer ' + str(layer):<20}"
                + "".join(f"{a:>9.2f}{b:>9.2f}{c:>8.2f}" for a, b, c, _ in (medians, bests))
                + f"{ratios[-1][0]:>12.1f}{ratios[-1][1]:>9.2f}{bests[3]:>10.2f}{share:>10.0%}",
                flush=True,
            )
        means = [timing.geometric_mean(column) for column in zip(*ratios, strict=True)]
        print(f"{'geometric mean':<72}{means[0]:>11.1f}{means[1]:>9.2f}\n")


def usual(loop: FieldLoop, waveform):
    """Return a function that takes the next step of the usual loop at every call."""
    state = [waveform, 0]

    def step() -> None:
        state[0] = loop.step(state[0], state[1] % 10_000, 1)
        state[1] += 1

    return step


def gradients(ascent: EngineAscent, waveform: np.ndarray):
    """Return a function that finds a gradient, without making room for it anew."""
    found = np.empty_like(waveform)
    return lambda: ascent.functions.dream_gradient(ascent.plan.memory, waveform, found)


def build_name() -> str:
    """Return which build serves here."""
    return library.engine().target.name


def builds(seconds: float = 3.0) -> None:
    """Print one row per layer: every build that this processor runs, best ms."""
    timing.prepare()
    found = []
    for target in targets_of(platform.system(), platform.machine()):
        try:
            found.append(library.load(target))
        except library.EngineUnavailable as error:
            print(error)
    print(f"{'':<20}" + "".join(f"{each.target.name:>20}" for each in found))
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        for layer in range(len(architecture.convolutions) + 1):
            recipe = Recipe(architecture=name, targets=[(layer, 0)], iterations=10_000)
            ascents = [
                EngineAscent(model, recipe, functions=declare(each.functions)) for each in found
            ]
            start = ascents[0].prepare(timing.noise(recipe.samples))
            times = timing.in_turns(seconds, [timing.dreaming(each, start) for each in ascents])
            print(
                f"{architecture.label + ', layer ' + str(layer):<20}"
                + "".join(f"{1e3 * min(taken):>20.3f}" for taken in times),
                flush=True,
            )


def length() -> None:
    """Print milliseconds per iteration against length, and the memory it took."""
    timing.prepare()
    print(f"{'':<32}{'ms':>9}{'ms per second of sound':>25}{'plan, MB':>12}{'process, MB':>14}")
    for name, architecture in ARCHITECTURES.items():
        model = timing.random_model(name)
        layer = len(architecture.convolutions) - 2
        for seconds in (1, 3, 10, 30, 60):
            recipe = Recipe(
                architecture=name, targets=[(layer, 0)], seconds=seconds, iterations=10_000
            )
            ascent = EngineAscent(model, recipe)
            start = ascent.prepare(timing.noise(recipe.samples))
            (times,) = timing.in_turns(2.0, [timing.dreaming(ascent, start)])
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            best, plan = 1e3 * min(times), ascent.plan.memory.size / 1e6
            what = f"{architecture.label}, layer {layer}, {seconds} s"
            print(f"{what:<32}{best:>9.2f}{best / seconds:>25.2f}{plan:>12.1f}{memory:>14.0f}")


def threads() -> None:
    """Print how much faster two sounds are on two threads than one after the other."""
    timing.prepare()
    model = timing.random_model("model2")
    recipe = Recipe(architecture="model2", targets=[(3, 0)], iterations=10_000)
    ascents = [EngineAscent(model, recipe) for _ in range(2)]
    start = ascents[0].prepare(timing.noise(recipe.samples))
    offsets = np.ones(500, dtype=np.int32)

    def run(ascent: EngineAscent) -> None:
        ascent.run(start, 0, offsets)

    best = {}
    for workers in (1, 2):
        with ThreadPoolExecutor(workers) as pool:
            taken = []
            for _ in range(5):
                began = time.perf_counter()
                list(pool.map(run, ascents))
                taken.append(time.perf_counter() - began)
            best[workers] = min(taken)
    print(f"Two threads: {best[1] / best[2]:.2f} times as fast as one (wall time, best of five)")


def curves(seconds: float = 3.0) -> None:
    """Print what curves cost: ms for an iteration of 5 s, without and with one for each target."""
    print(f"{'':<52}{'without':>8}{'with':>9}{'ratio':>8}")
    rows = {
        "model1, one map of layer 1": ("model1", [(1, 0)]),
        "model1, all maps of layer 1": ("model1", [(1, None)]),
        "model2, two maps of layers 1 and 3": ("model2", [(1, 0), (3, 0)]),
        "model2, all maps of layer 0, one of layer 2": ("model2", [(0, None), (2, 0)]),
    }
    for texture in ("peaked", "even"):
        for name, (architecture, targets) in rows.items():
            plain = Recipe(
                architecture=architecture,
                targets=targets,
                seconds=5.0,
                texture=texture,
                iterations=10_000,
            )
            curved = plain.replace(curves=[[(0, 0), (1, 1)]] * len(targets))
            model, start = timing.random_model(architecture), timing.noise(plain.samples)
            ascents = [EngineAscent(model, recipe) for recipe in (plain, curved)]
            calls = [timing.dreaming(ascent, ascent.prepare(start)) for ascent in ascents]
            without, given = (1e3 * min(taken) for taken in timing.in_turns(seconds, calls))
            label = f"{texture}: {name}"
            print(f"{label:<52}{without:8.2f}{given:9.2f}{given / without:8.3f}", flush=True)


if __name__ == "__main__":
    parts = (layers, builds, length, threads, curves)
    {part.__name__: part for part in parts}[sys.argv[1]](*map(float, sys.argv[2:]))
