"""Short computations whose bytes must be the same on every machine.

``python -m tests.dreaming.engine.cases`` notes their hashes in `hashes.json`: only after a change
that raises the engine's version, or with other weights.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from studio.dreaming.engine import chance, library, plan
from studio.dreaming.engine.ascent import EngineAscent
from studio.dreaming.engine.chance import Chance, tone
from studio.dreaming.engine.plan import Network
from studio.dreaming.recipe import Recipe
from studio.networks.architectures import ARCHITECTURES, Convolution
from studio.networks.weights import load_weights

HASHES = Path(__file__).with_name("hashes.json")

MODELS = [(d, a) for d in ("events", "instruments", "speech") for a in ARCHITECTURES]


def noise(functions):
    """Seeds of all sizes, and of children; long enough for hundreds of draws from the tails."""
    seeds = [(0, None), (1, 0), (2**32 - 1, 1), ((7, 2**40), None), ((1, 2, 3, 4, 5), 3)]
    return [Chance(functions, *seed).normals(50_001) for seed in seeds]


def offsets(functions):
    """Narrow and wide ranges of one stream, in turns with normal numbers."""
    drawn = Chance(functions, 11, 1)
    ranges = [(-1, 1), (0, 0), (-441, 441), (-44_100, 44_100), (-(2**31), 2**31 - 1)]
    return [
        part for low, high in ranges for part in (drawn.integers(low, high, 301), drawn.normals(3))
    ]


def tones(functions):
    """A minute of the built-in tone."""
    return [tone(functions, 60 * 44_100, 220.0, 44_100)]


def dreamed(functions, network, recipe, samples=None):
    """Return a sound after every stage of a recipe, with responses, and the last gradient."""
    samples = samples or recipe.samples
    drawn = Chance(functions, recipe.seed, 0)
    sound = drawn.normals(samples) * np.float32(0.25)
    guide = tone(functions, samples, 330.0, 44_100)
    first = found = None
    results = []
    for stage in recipe.each_stage:
        guided = guide if any(target.measure == "guide" for target in stage.targets) else None
        ascent = EngineAscent(network, stage, guided, samples=samples, functions=functions)
        sound = ascent.prepare(sound)
        first = sound if first is None else first
        shifts = Chance(functions, recipe.seed, 1).integers(
            -stage.max_offset, stage.max_offset, stage.iterations
        )
        found = ascent.run(sound, 0, shifts, ascent.prepare(first) if stage.closeness else None)
        sound = found.waveform
        gradient, response = ascent.gradient(sound)
        numbers = [*found.objective, *found.gradient_sd, response, ascent.objective(sound)]
        results += [sound, np.array(numbers), gradient]
    return results


OF_THE_STUDIO = {}
"""Model and recipe of the cases with a network that comes with the studio."""


def dream_of(dataset, architecture, **fields):
    """Return a case: a dream of a network that comes with the studio."""
    recipe = Recipe(**{"architecture": architecture, "iterations": 8, "max_offset": 300, **fields})

    def case(functions):
        weights = load_weights(dataset, architecture)
        return dreamed(functions, Network.of(weights), recipe)

    OF_THE_STUDIO[case] = (f"{dataset}-{architecture}", recipe)
    return case


def dream_of_own(rows, maps, layer, samples, **fields):
    """Return a case: a dream of a network of any shape, with weights drawn by the engine."""
    convolutions = tuple(Convolution(*row) for row in rows)
    recipe = Recipe(iterations=8, max_offset=99, **fields)
    recipe = recipe.replace(targets=[(layer, None), (0, 0, -0.25)])

    def case(functions):
        drawn = Chance(functions, 77)
        parts = []
        for number, (row, inputs, outputs) in enumerate(
            zip(convolutions, (1, *maps), maps, strict=False)
        ):
            fan = np.float32(1 / (inputs * row.kernel) ** 0.5)
            parts += [drawn.normals(outputs * inputs * row.kernel) * fan, drawn.normals(outputs)]
            if number < len(maps) - 1:
                parts += [drawn.normals(outputs) for _ in range(3)]
                parts.append(np.abs(drawn.normals(outputs)) + np.float32(0.1))
        network = Network(convolutions, maps, np.concatenate(parts), 1e-5)
        return dreamed(functions, network, recipe, samples)

    return case


SPEECH1, SPEECH2 = ("speech", "model1"), ("speech", "model2")
MIXED = [(0, 3), (2, None, 0.5), (3, 7, -0.2, "activation"), (1, 5, 2.0, "guide")]

DREAMS = {
    # Every network, every layer; the last one is the log-softmax output.
    **{
        f"{dataset}-{architecture}-layer{layer}": dream_of(
            dataset, architecture, targets=[(layer, 3)], iterations=4
        )
        for dataset, architecture in MODELS
        for layer in range(len(ARCHITECTURES[architecture].convolutions) + 1)
    },
    # Objectives.
    "all-maps": dream_of(*SPEECH1, targets=[(1, None), (3, None)]),
    "several-maps": dream_of(*SPEECH2, targets=[(3, 1), (3, 2, -0.5), (3, 60, 3.0)]),
    "mixed": dream_of(*SPEECH1, targets=MIXED),
    "mixed-deep": dream_of(*SPEECH2, targets=MIXED, tap="after swish"),
    "rise": dream_of(*SPEECH2, targets=[(5, 2, 1.0, "activation")], tap="after swish"),
    "class": dream_of(*SPEECH1, targets=[(4, 9, 1.0, "activation"), (4, None, -0.1)]),
    "guided": dream_of(*SPEECH2, targets=[(2, None, 1.0, "guide"), (8, None, 1.0, "guide")]),
    # Lengths: even, odd, prime, with large prime factors.
    "long": dream_of(*SPEECH1, targets=[(2, 5)], seconds=10.0, iterations=2),
    "long-deep": dream_of(*SPEECH2, targets=[(7, 5)], seconds=3.7, iterations=2),
    "odd": dream_of(*SPEECH1, targets=[(1, 5)], seconds=50_001 / 44_100),
    "prime": dream_of(*SPEECH2, targets=[(3, 5)], seconds=44_101 / 44_100),
    "twice-a-prime": dream_of(*SPEECH1, targets=[(0, 5)], seconds=88_202 / 44_100),
    # Options.
    "rms": dream_of(*SPEECH1, targets=[(1, 4)], normalisation="rms"),
    "no-normalisation": dream_of(*SPEECH1, targets=[(1, 4)], normalisation="none"),
    "no-smoothing": dream_of(*SPEECH2, targets=[(1, 4)], smoothing="off"),
    "kernel-1": dream_of(*SPEECH2, targets=[(1, 5)], smoothing_kernel=1),
    "kernel-255": dream_of(*SPEECH2, targets=[(1, 4)], smoothing_kernel=255, padding="circular"),
    "much-smoothing": dream_of(*SPEECH1, targets=[(1, 4)], smoothing_coefficient=9.5),
    "no-low-pass": dream_of(*SPEECH1, targets=[(1, 4)], low_pass="off"),
    "butterworth": dream_of(*SPEECH1, targets=[(1, 4)], low_pass="butterworth"),
    "butterworth-12": dream_of(
        *SPEECH2, targets=[(2, 4)], low_pass="butterworth", low_pass_order=12, cutoff_hz=440.0
    ),
    "unrolled": dream_of(*SPEECH1, targets=[(1, 4)], unroll=True, max_offset=22_050),
    "close": dream_of(*SPEECH2, targets=[(1, 4)], closeness=3.0, unroll=True),
    "fast": dream_of(*SPEECH1, targets=[(1, 4)], learning_rate=1.0),
    "stages": dream_of(
        *SPEECH2,
        targets=[(1, 4)],
        stages=[{"targets": [[4, None]], "cutoff_hz": 3000.0}, {"low_pass": "off", "unroll": True}],
    ),
    # Material: even textures, loops, the low cut.
    "even": dream_of(*SPEECH2, targets=[(1, 4)], texture="even"),
    "even-mixed": dream_of(
        *SPEECH1, targets=MIXED, texture="even", texture_seconds=0.1, seconds=2.3
    ),
    "loop": dream_of(*SPEECH2, targets=[(3, 4)], padding="loop"),
    "loop-deep": dream_of(*SPEECH1, targets=[(3, 4), (1, None)], padding="loop", texture="even"),
    "low-cut": dream_of(*SPEECH1, targets=[(1, 4)], low_cut_hz=25.0),
    "low-cut-prime": dream_of(*SPEECH1, targets=[(0, 4)], low_cut_hz=25.0, seconds=44_101 / 44_100),
    "low-cut-butterworth": dream_of(
        *SPEECH2, targets=[(1, 4)], low_cut_hz=80.0, low_pass="butterworth"
    ),
    # Form over time.
    "curve": dream_of(*SPEECH2, targets=[(1, 4)], curves=[[[0.0, 0.0], [0.7, 1.0]]]),
    "curves-mixed": dream_of(
        *SPEECH1,
        targets=MIXED,
        curves=[[], [[0.0, 1.0], [1.0, 0.0]], [[0.3, 1.0], [0.3, 0.0], [0.8, 0.5]], [[0.5, 0.1]]],
    ),
    "curves-even": dream_of(
        *SPEECH2,
        targets=[(3, 4), (3, 9, -0.5), (2, None, 0.5, "activation")],
        curves=[[[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [1.0, 1.0]], [[0.4, 0.0], [0.6, 1.0]]],
        texture="even",
        padding="loop",
    ),
    # Networks of one's own.
    "two-layers": dream_of_own([(9, 4, 3), (5, 2, 0)], (3, 5), 1, 12_345),
    "one-map": dream_of_own([(7, 3, 3), (3, 1, 1), (3, 3, 1)], (1, 1, 1), 3, 4_410),
    "no-padding": dream_of_own([(64, 16, 0), (8, 8, 0), (3, 1, 0)], (17, 33, 7), 2, 30_011),
    "eight-layers": dream_of_own(
        [(31, 2, 15), *[(5, 2, 2)] * 7], (5, 7, 9, 11, 13, 6, 3, 4), 7, 20_000
    ),
    "many-maps": dream_of_own([(25, 10, 12), (9, 5, 4), (3, 2, 1)], (70, 131, 19), 2, 22_050),
}

CASES = {"noise": noise, "offsets": offsets, "tones": tones, **DREAMS}


EXACT, WITHOUT_FMA = "exact", "without FMA"
"""Kinds of hashes: those of every machine, and those of WebAssembly without fused multiply-add."""

NEEDS_NO_FMA = ("noise", "offsets", "tones")
"""Cases that are the same in both."""

EMULATED = (
    *NEEDS_NO_FMA,
    *("events-model1-layer0", "instruments-model1-layer4", "speech-model2-layer1"),
    *("mixed", "butterworth", "two-layers", "one-map", "no-padding", "eight-layers"),
)
"""Cases for a machine that is emulated, and so some hundred times slower."""


def hashes(kind):
    """Return the noted hashes of a kind."""
    return json.loads(HASHES.read_text(encoding="utf-8"))[kind]


def as_plain():
    """Return what the page's engine is tested with: dreams of the studio's networks, and hashes."""
    dreams = {}
    for name, case in DREAMS.items():
        if case in OF_THE_STUDIO:
            model, recipe = OF_THE_STUDIO[case]
            dreams[name] = {"model": model, "recipe": recipe.to_dict(everything=True)}
    return {"dreams": dreams, "hashes": json.loads(HASHES.read_text(encoding="utf-8"))}


def digest(name, functions):
    """Return the hash of what a case computes with a build's functions."""
    found = hashlib.sha256()
    chance.declare(functions)
    plan.declare(functions)
    for array in CASES[name](functions):
        assert np.isfinite(array).all(), name
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]


def main():
    """Note the hashes of all cases."""
    from studio.dreaming.engine.targets import TARGETS
    from tests.dreaming.engine.elsewhere import Wasm

    builds = {
        EXACT: library.engine().functions,
        WITHOUT_FMA: Wasm(TARGETS["wasm-plain"].path),
    }
    noted = {
        kind: {name: digest(name, functions) for name in CASES}
        for kind, functions in builds.items()
    }
    HASHES.write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
