"""How fast the live engine dreams, how soon a change is heard, and whether memory stays flat.

    python benchmarks/live.py speed [seconds per case]
    python benchmarks/live.py iterations
    python benchmarks/live.py memory [minutes of sound]

Processor time of one thread. "Dreamed" counts every excerpt's second; at the default hop of half a
second, "played" is half of it.
"""

from __future__ import annotations

import functools
import resource
import sys
import time
from pathlib import Path

from studio import load_model
from studio.live.engine import LiveEngine
from studio.live.settings import LiveSettings
from studio.networks.classifier import use_one_thread
from studio.sound import SAMPLE_RATE


def engine(layer: int, iterations: int = 10, architecture: str = "model2") -> LiveEngine:
    settings = LiveSettings().change(
        architecture=architecture, targets=[(layer, 1)], iterations=iterations
    )
    return LiveEngine(settings, functools.cache(load_model), keep_log=False)


def pace(live: LiveEngine, seconds: float) -> tuple[float, float]:
    """Return seconds of sound dreamed and played per second of processor time, best of many."""
    live.render(2 * SAMPLE_RATE)
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end or best == 0.0:
        began = time.thread_time()
        live.render(2 * SAMPLE_RATE)
        best = max(best, 2 / (time.thread_time() - began))
    return best / live.settings.hop_seconds, best


def speed(seconds: float = 4.0) -> None:
    """Print one row per layer at the paper's 10 iterations."""
    print(f"{'10 iterations, hop 0.5 s':<28}{'dreamed s/s':>12}{'played s/s':>12}")
    for architecture, layers in (("model1", range(5)), ("model2", range(9))):
        for layer in layers:
            dreamed, played = pace(engine(layer, architecture=architecture), seconds)
            print(f"{architecture}, layer {layer:<13}{dreamed:>12.1f}{played:>12.1f}", flush=True)


def iterations(seconds: float = 3.0) -> None:
    """Print the pace against the iterations of an excerpt."""
    print(f"{'Model2':<28}{'dreamed s/s':>12}{'played s/s':>12}")
    for layer in (3, 7):
        for count in (1, 2, 4, 7, 10, 20, 50, 100):
            dreamed, played = pace(engine(layer, count), seconds)
            print(f"layer {layer}, {count:>3} iterations{'':<9}{dreamed:>12.1f}{played:>12.1f}")


def memory(minutes: float = 30.0) -> None:
    """Print the memory of a dream whose settings change every two seconds."""
    live = engine(3)
    began = time.perf_counter()
    for minute in range(int(minutes) + 1):
        held = Path("/proc/self/statm").read_text().split()[1]
        here = int(held) * resource.getpagesize() / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        took = time.perf_counter() - began
        print(
            f"{minute:>4} min of sound: {here:7.1f} MB (peak {peak:.1f}), {took:.0f} s", flush=True
        )
        for step in range(30):
            move = minute * 30 + step
            live.apply({"targets": [(move % 8, move % 8)], "cutoff_hz": 2000 + 100 * (move % 97)})
            live.render(2 * SAMPLE_RATE)


if __name__ == "__main__":
    use_one_thread()
    what = {"speed": speed, "iterations": iterations, "memory": memory}[sys.argv[1]]
    what(*map(float, sys.argv[2:]))
