"""Time a training of one's own sounds: first dream, accuracy, and how long it took.

    python benchmarks/own_sounds.py --clips 75 --classes 3 --minutes 2

Synthetic clicks, rustles and whirrs are put into a project in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

RATE = 44_100


def sound(kind: int, rng: np.random.Generator) -> np.ndarray:
    """Return a clip of 0.4 to 2 s whose kind is its click rate, tone and noise."""
    samples = int(RATE * rng.uniform(0.4, 2.0))
    time_axis = np.arange(samples) / RATE
    clicks = np.zeros(samples)
    gap = RATE / (3 + 5 * kind) * rng.uniform(0.8, 1.2)
    clicks[(np.arange(samples) % max(1, int(gap))) < 30] = 1
    tone = np.sin(2 * np.pi * 150 * 1.7**kind * rng.uniform(0.93, 1.07) * time_axis)
    noise = rng.normal(size=samples) * 0.1
    return 0.4 * (clicks * rng.normal(size=samples) + tone * np.abs(np.sin(7 * time_axis)) + noise)


def main() -> None:
    """Print what was measured, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=75)
    parser.add_argument("--classes", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--architecture", default="model1")
    parser.add_argument("--size", default="small")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDIO_HOME"] = str(Path(folder, "home"))
        print(json.dumps(measure(Path(folder, "clips"), given), indent=1))


def dream_seconds() -> float:
    """Return how long the default dream takes: the best of three."""
    from studio import Recipe, dream, load_model

    model, taken = load_model("instruments", "model1"), []
    for _ in range(3):
        began = time.monotonic()
        dream(model, Recipe())
        taken.append(time.monotonic() - began)
    return min(taken)


def measure(source: Path, given: argparse.Namespace) -> dict[str, object]:
    """Return the seconds until the first dream and the end, and the accuracies."""
    from studio.projects import importing, project, training

    rng = np.random.default_rng(1)
    for number in range(given.clips):
        kind = number % given.classes
        place = source / f"class {kind}"
        place.mkdir(parents=True, exist_ok=True)
        soundfile.write(place / f"{number}.wav", sound(kind, rng), RATE)
    made = project.create("Measured")
    importing.add_folder(made.slug, made.folder, source)
    run = training.Run(given.architecture, given.size, given.minutes)
    quiet = dream_seconds()
    began = time.monotonic()
    training.begin(made.slug, run)
    first_dream, above_95, meanwhile = None, None, 0.0
    while True:
        told = training.read_progress(training.folder_of(made))
        passed = round(time.monotonic() - began, 1)
        if "dream" in told and first_dream is None:
            first_dream = passed
        if told.get("train_accuracy", 0) > 0.95 and above_95 is None:
            above_95 = passed
        if told.get("epochs") and not meanwhile:
            meanwhile = dream_seconds()
        if told["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    last = {key: told.get(key) for key in ("state", "error", "epochs", "batch_size", "steps")}
    return {
        **last,
        "default dream before, s": round(quiet, 2),
        "default dream while training, s": round(meanwhile, 2),
        "first dream after s": first_dream,
        "95 % of training excerpts after s": above_95,
        "ended after s": round(time.monotonic() - began, 1),
        "train_accuracy": told.get("train_accuracy"),
        "test": told.get("test"),
    }


if __name__ == "__main__":
    main()
