"""Measure what every objective makes of a sound, against the plain dream of the same map.

    python scripts/compare_objectives.py --maps 2

From each of the six models, some maps of every other layer are dreamed plainly and with each
objective: same map, same start, same seed, 200 iterations. Printed is, as a table, the median of
the plain dreams, and for each objective the median of the change.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe
from studio.networks.checkpoints import load_model
from studio.networks.classifier import use_one_thread
from studio.sound.descriptors import measure
from studio.ui.server.model_cache import ModelCache

FEATURES = (
    "loudness_mean",
    "brightness_mean",
    "noisiness_mean",
    "roughness_mean",
    "pitchedness",
    "burst_share",
)
RATIOS = FEATURES[:4]
"""Features whose changes are heard as ratios; loudness is told in dB."""


def of_a_map(layer: int, chosen: int, other: int) -> dict[str, dict[str, Any]]:
    """Return what a recipe changes, by objective; ``other`` is another map of the layer."""
    plain = [layer, chosen, 1.0]
    later = [{"iterations": 100, "targets": [[layer, other, 1.0]]}]
    return {
        "plain": {"targets": [plain]},
        "rise": {"targets": [[*plain, "activation"]]},
        "avoid the map": {"targets": [[layer, chosen, -1.0]]},
        "avoid another map, −1": {"targets": [plain, [layer, other, -1.0]]},
        "avoid another map, −64": {"targets": [plain, [layer, other, -64.0]]},
        "guide: tone": {"targets": [[*plain, "guide"]], "guide": "tone"},
        "guide: impulse": {"targets": [[*plain, "guide"]], "guide": "impulse"},
        "stay close, 1": {"targets": [plain], "closeness": 1.0},
        "stay close, 10": {"targets": [plain], "closeness": 10.0},
        "then another map": {"targets": [plain], "iterations": 100, "stages": later},
    }


def of_a_class(output: int, chosen: int) -> dict[str, dict[str, Any]]:
    """Return what a recipe changes; plain is the class's map in the last layer."""
    return {
        "plain": {"targets": [[output - 1, chosen, 1.0]]},
        "class, log-probability": {"targets": [[output, chosen, 1.0, "activation"]]},
        "avoid the class": {"targets": [[output, chosen, -1.0, "activation"]]},
    }


def measured(recipe: Recipe) -> list[float]:
    """Dream, and return the features."""
    sound = dream(load_model(recipe.dataset, recipe.architecture), recipe).audio
    found = measure(sound)
    return [max(float(found[name]), 1e-9) for name in FEATURES]


def compare(variants: Mapping[str, dict[str, Any]], base: Recipe) -> dict[str, list[float]]:
    """Return the features by objective."""
    return {
        name: measured(base.replace(**{"iterations": 200, **changes}))
        for name, changes in variants.items()
    }


def lines(rows: list[dict[str, list[float]]]) -> list[str]:
    """Return the table's lines: plain as it is, the others as changes."""
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    plain = table.pop("plain")
    loud, bright, noisy, rough, pitched, burst = np.median(plain, axis=0)
    found = [
        f"| plain ({len(plain)} dreams) | {20 * np.log10(loud):.1f} dB | {bright:.0f} Hz "
        f"| {100 * noisy:.2g} % | {rough:.2g} | {100 * pitched:.0f} % | {100 * burst:.0f} % |"
    ]
    for name, values in table.items():
        ratios = np.median(np.log(values[:, :4] / plain[:, :4]), axis=0)
        points = np.median(100 * (values[:, 4:] - plain[:, 4:]), axis=0)
        loud = 20 * ratios[0] / np.log(10)
        factors = " | ".join(f"× {np.exp(ratio):.2g}" for ratio in ratios[1:])
        shares = " | ".join(f"{round(point):+d}" for point in points)
        found.append(f"| {name} | {loud:+.1f} dB | {factors} | {shares} |")
    return found


def main() -> None:
    """Do as the module's text says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", type=int, default=2, help="maps of every other layer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    use_one_thread()
    chance = random.Random(options.seed)
    of_maps, of_classes = [], []
    for model in ModelCache().listing():
        channels = model["channels"]
        base = Recipe(dataset=model["dataset"], architecture=model["architecture"], seed=1)
        for layer in range(0, len(channels), 2):
            for _ in range(options.maps):
                chosen, other = chance.sample(range(channels[layer]), 2)
                of_maps.append(compare(of_a_map(layer, chosen, other), base))
        for chosen in chance.sample(range(channels[-1]), options.maps):
            of_classes.append(compare(of_a_class(len(channels), chosen), base))
    print("| | loudness | brightness | noisiness | roughness | pitchedness | burst share |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join([*lines(of_maps), *lines(of_classes)]))


if __name__ == "__main__":
    main()
