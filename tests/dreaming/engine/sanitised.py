"""What `test_sanitised` runs in a process of its own: ``python sanitised.py LIBRARY WHAT``.

Without PyTorch, whose libraries do not bear an address sanitizer. Every array that the engine is
given lies in memory of its own, so that what is read or written beside it is noticed.
"""

import ctypes
import sys

import numpy as np

from studio.dreaming.engine import library
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.engine.plan import Network, declare
from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import Target
from studio.networks.architectures import ARCHITECTURES, Convolution

FUNCTIONS = declare(ctypes.CDLL(sys.argv[1]))


def network(rows, maps, seed=0):
    chance = np.random.default_rng(seed)
    parts, channels = [], 1
    for layer, (row, count) in enumerate(zip(rows, maps, strict=True)):
        scale = 2 / (channels * row.kernel) ** 0.5
        parts += [chance.uniform(-scale, scale, count * channels * row.kernel)]
        parts += [chance.uniform(-0.1, 0.1, count)]
        if layer + 1 < len(rows):
            parts += [chance.uniform(0.5, 1, count), *chance.uniform(-0.1, 0.1, (2, count))]
            parts += [chance.uniform(0.1, 1, count)]
        channels = count
    return Network(tuple(rows), tuple(maps), np.concatenate(parts).astype(np.float32))


def known(name):
    architecture = ARCHITECTURES[name]
    return network(architecture.convolutions, (*architecture.hidden_channels, 7))


def noise(samples, seed=0):
    return np.random.default_rng(seed).standard_normal(samples, dtype=np.float32)


# One is as long as people dream; the others are short, since a sanitizer is slow.
RECIPES = [
    ("model1", 11_025, {"targets": [(0, 3)]}),
    ("model1", 11_025, {"targets": [(0, None)], "tap": "after swish", "padding": "circular"}),
    ("model1", 12_499, {"targets": [(2, 3), (0, None, -0.5)], "closeness": 3.0}),
    ("model1", 12_664, {"targets": [(4, 1, 1.0, "activation")], "low_pass": "butterworth"}),
    ("model2", 11_025, {"targets": [(3, 1, 1.0, "guide"), (1, None)], "smoothing_kernel": 255}),
    ("model2", 15_435, {"targets": [(8, None), (7, 2)], "normalisation": "rms"}),
    ("model2", 11_026, {"targets": [(6, 0)], "smoothing": "off", "low_pass": "off"}),
    ("model1", 44_100, {"targets": [(3, 1), (1, None)], "padding": "loop", "texture": "even"}),
    ("model2", 12_348, {"targets": [(2, None, 1.0, "guide"), (0, 2)], "texture": "even"}),
    (
        "model2",
        15_435,
        {
            "targets": [(3, None, 1.0, "guide"), (1, 2), (3, 5, 1.0, "activation")],
            "curves": [[[0, 0], [1, 1]], [[0.5, 1], [0.5, 0.5]], [[0.2, 0], [0.9, 1]]],
        },
    ),
    (
        "model1",
        22_050,
        {"targets": [(2, 1), (0, 2)], "curves": [[], [[0, 1], [1, 0]]], "texture": "even"},
    ),
    ("model2", 14_700, {"targets": [(4, None)], "padding": "loop", "low_cut_hz": 25.0}),
]


def dreamed(functions, name, samples, changes):
    recipe = Recipe(architecture=name, iterations=10, **changes)
    guide = noise(samples, 2) if recipe.needs_guide else None
    ascent = EngineAscent(known(name), recipe, guide, samples=samples, functions=functions)
    start = ascent.prepare(noise(samples))
    course = ascent.run(start, 0, [5, -17], start if recipe.closeness else None)
    assert course.done == 2
    return course.waveform


def dreams():
    for name, samples, changes in RECIPES:
        dreamed(FUNCTIONS, name, samples, changes)


def twins():
    """The same bytes as by the build for this processor."""
    build = declare(library.engine().functions)
    for name, samples, changes in RECIPES:
        found = [dreamed(each, name, samples, changes).tobytes() for each in (FUNCTIONS, build)]
        assert found[0] == found[1], (name, changes)


def networks():
    chance = np.random.default_rng(1)
    for seed in range(15):
        samples = steps = int(chance.integers(300, 3000))
        rows, maps = [], []
        for _ in range(chance.integers(1, 9)):
            kernel = int(chance.integers(1, max(2, min(40, steps))))
            stride = int(chance.integers(1, max(2, min(60 if seed % 5 == 0 else 9, steps // 3))))
            rows.append(Convolution(kernel, stride, int(chance.integers(0, kernel + 1))))
            maps.append(int(chance.integers(1, 70)))
            steps = rows[-1].output_length(steps)
        depth = int(chance.integers(0, len(rows) + 1))
        targets = [Target(depth, None if seed % 2 else 0), Target(0, 0, -1.0, "guide")]
        recipe = Recipe(targets=targets, smoothing_kernel=1 + 2 * (seed % 20))
        ascent = EngineAscent(
            network(rows, maps, seed),
            recipe,
            noise(samples, 1),
            samples=samples,
            functions=FUNCTIONS,
        )
        ascent.run(ascent.prepare(noise(samples)), 0, [1, -samples])


def fuzz():
    """Plans of numbers at random: refused, or laid out within the memory that was promised."""
    chance = np.random.default_rng(2)
    planned = refused = 0
    for _ in range(2200):
        layers = int(chance.integers(0, 5))
        numbers = [
            *(int(chance.choice([-5, 0, 15, 16, 999, 5000])), layers, int(chance.integers(0, 3))),
            *chance.integers(-1, 3, 1),
            *(int(chance.choice([0, 1, 100])), int(chance.choice([-1, 0, 1, 2, 9, 255, 257]))),
            *chance.integers(-1, 4, 1),
            *chance.integers(-1, 4, 1),
            *chance.integers(0, 6, 1),
            *chance.integers(-1, 4, 1),
            *chance.integers(0, 2, 1),
            *chance.integers(0, 3, 1),
        ]
        if chance.random() < 0.8:  # else most are refused at once
            numbers = [
                5000,
                max(1, layers),
                max(1, numbers[2]),
                0,
                9,
                9,
                1,
                1,
                4,
                1,
                0,
                int(chance.integers(0, 2)),
            ]
        for _ in range(numbers[1]):
            numbers += chance.choice(
                [-1, 0, 1, 2, 7, 31, 100_000], 4, p=[0.02, 0.03, 0.2, 0.3, 0.3, 0.1, 0.05]
            ).tolist()
        for _ in range(max(0, numbers[2])):
            numbers += chance.integers(-1, 4, 3).tolist()
            numbers.append(int(chance.choice([0, 1, 3, -1, 257], p=[0.4, 0.2, 0.39, 0.005, 0.005])))
        points = 2 * sum(each for each in numbers[15 + 4 * numbers[1] :: 4] if 0 < each <= 256)
        told = np.array(numbers, dtype=np.int32), np.full(8 + 3 + points, 0.5)
        told[1][:4] = 44_100, 0.01, 0.5, 9000.0
        size = FUNCTIONS.dream_plan_bytes(*told)
        if size < 0:
            refused += 1
            continue
        planned += 1
        memory = np.zeros(size + 64, dtype=np.uint8)
        memory = memory[-memory.ctypes.data % 64 :][:size]
        values, channels = 0, 1
        for layer in range(numbers[1]):
            kernel, _, _, maps = numbers[12 + 4 * layer : 16 + 4 * layer]
            values += maps * channels * kernel + maps * 5
            channels = maps
        assert FUNCTIONS.dream_plan(memory, *told, np.ones(values, dtype=np.float32)) == 0
        found = np.empty(numbers[0], dtype=np.float32)
        FUNCTIONS.dream_gradient(memory, noise(numbers[0]), found)
    assert planned > 50 and refused > 50, (planned, refused)


{"dreams": dreams, "twins": twins, "networks": networks, "fuzz": fuzz}[sys.argv[2]]()
