"""Short computations whose bytes must be the same on every machine.

``python -m tests.dreaming.engine.cases`` notes their hashes in `hashes.json`: only after a change
that raises the engine's version.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from studio.dreaming.engine import library
from studio.dreaming.engine.chance import Chance, declare, tone

HASHES = Path(__file__).with_name("hashes.json")


def noise(functions):
    """Seeds of all sizes, and of children; long enough for hundreds of draws from the tails."""
    seeds = [(0, None), (1, 0), (2**32 - 1, 1), ((7, 2**40), None), ((1, 2, 3, 4, 5), 3)]
    return [Chance(functions, *seed).normals(50_001) for seed in seeds]


def offsets(functions):
    """Narrow and wide ranges of one stream, in turns with normal numbers."""
    chance = Chance(functions, 11, 1)
    drawn = []
    for low, high in [(-1, 1), (0, 0), (-441, 441), (-44_100, 44_100), (-(2**31), 2**31 - 1)]:
        drawn += [chance.integers(low, high, 301), chance.normals(3)]
    return drawn


def tones(functions):
    """A minute of the built-in tone."""
    return [tone(functions, 60 * 44_100, 220.0, 44_100)]


CASES = {"noise": noise, "offsets": offsets, "tones": tones}


def digest(name, functions):
    """Return the hash of what a case computes with a build's functions."""
    found = hashlib.sha256()
    declare(functions)
    for array in CASES[name](functions):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]


def main():
    """Note the hashes of all cases."""
    functions = library.engine().functions
    hashes = {name: digest(name, functions) for name in CASES}
    HASHES.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
