"""Section 6 of the paper once more: three classes, a small Model1, a dozen dreams, a study.

    python scripts/cassettes.py FOLDER

makes the example project (its sounds are computed, see `studio.projects.example`), trains for two
minutes, writes twelve dreams into FOLDER, each with its recipe, ``study.json``, a sequence for
``studio live``, and ``study.wav``, the minute that it plays. The project and the model lie in
STUDIO_HOME, where the page finds them: in the tab Your sounds, in Dream and in Live.
"""

from __future__ import annotations

import argparse
import functools
import json
import time
from pathlib import Path

import numpy as np

from studio import Recipe, dream, load_model
from studio.dreaming import wav
from studio.live.sequence import Performance, Sequence
from studio.projects import example, training
from studio.sound import SAMPLE_RATE, files
from studio.sound.levels import listening_level

ARCHITECTURE = "model1"
STUDY_SECONDS = 60
DREAMS = 12
MAPS = {0: (1, 4), 1: (0, 5, 9), 2: (2, 7, 13, 20), 3: (0, 1, 2)}
"""By layer: low layers give tones, the last one the classes themselves."""


def main() -> None:
    """Make everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=2.0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    made = example.create()
    print(f"{sum(1 for _ in made.clips())} clips in {made.folder}")
    training.begin(made.slug, training.Run(ARCHITECTURE, "small", given.minutes))
    while (told := training.progress(made.slug))["state"] not in ("done", "failed", "interrupted"):
        time.sleep(0.5)
    if told["state"] != "done":
        raise SystemExit(told.get("error", "The training was interrupted."))
    for name, result in told["test"].items():
        low, high = result["interval"]
        print(f"{name}: {100 * result['accuracy']:.0f} % ({100 * low:.0f} to {100 * high:.0f})")
    dreams(made.slug, given.folder)
    study(made.slug, given.folder)


def dreams(dataset: str, folder: Path) -> None:
    """Write a dozen dreams."""
    model = load_model(dataset, ARCHITECTURE)
    for layer, maps in MAPS.items():
        for number in maps:
            recipe = Recipe(
                dataset=dataset,
                architecture=ARCHITECTURE,
                targets=[(layer, number)],  # pyright: ignore[reportArgumentType]
                seconds=2,
                iterations=500,
            )
            path = folder / f"layer{layer}-map{number}.wav"
            wav.write(path, dream(model, recipe).audio, recipe)
    print(f"{DREAMS} dreams in {folder}")


def study(dataset: str, folder: Path) -> None:
    """Write a sequence of one minute, and what it plays."""
    steps = [
        (0, {"targets": [[2, 2]]}, 0),
        (10, {"targets": [[2, 7]], "cutoff_hz": 8000}, 4),
        (20, {"targets": [[3, 0]], "learning_rate": 0.04}, 4),
        (30, {"targets": [[1, 5]], "cutoff_hz": 12000}, 6),
        (40, {"targets": [[3, 2]]}, 4),
        (50, {"targets": [[1, 0]], "cutoff_hz": 3000, "learning_rate": 0.02}, 8),
    ]
    begins = {"dataset": dataset, "architecture": ARCHITECTURE, "targets": [[2, 2]], "seconds": 4}
    told = {
        "seconds": STUDY_SECONDS,
        "settings": begins,
        "steps": [
            {"at": at, "change": change, "glide_seconds": glide} for at, change, glide in steps
        ],
    }
    path = folder / "study.json"
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    played = Performance(Sequence.read(path), functools.cache(load_model), keep_log=False)
    blocks = [played.render(SAMPLE_RATE) for _ in range(STUDY_SECONDS)]
    files.write(folder / "study.wav", listening_level(np.concatenate(blocks)), "16-bit")
    print(f"{folder / 'study.wav'}: {STUDY_SECONDS} s")


if __name__ == "__main__":
    main()
