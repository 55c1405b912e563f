"""Runs of Experiment 2 that were never played, in which the paper is right by construction."""

import numpy as np
import pandas as pd

from studio.experiments.parameters import timeline
from studio.sound.features import FEATURES

WINDOW = 0.2
LEVELS = {
    "loudness": (0.10, 0.07, 0.09, 0.13),
    "brightness": (3200.0, 1400.0, 2300.0, 2600.0),
    "noisiness": (-6.0, -4.0, -5.0, -3.0),
    "roughness": (0.05, 0.04, 0.09, 0.12),
}
"""Steady states of the layers; of noisiness, logarithms."""

SPREADS = {"loudness": 0.001, "brightness": 10.0, "noisiness": 0.01, "roughness": 0.0005}


def agreeing_effect(run, step, feature):
    """What a parameter's value adds to a feature, in spreads."""
    return {
        ("iterations", "roughness"): 2 * step,
        ("learning_rate", "brightness"): step,
        ("learning_rate", "noisiness"): step,
        ("learning_rate", "roughness"): step,
        ("max_offset", "brightness"): 6 * step,
        ("max_offset", "noisiness"): 6 * step,
        ("cutoff_hz", "brightness"): 20 * step,
        ("cutoff_hz", "loudness"): 4 * step,
        ("cutoff_hz", "noisiness"): step,
        ("cutoff_hz", "roughness"): step,
    }.get((run, feature), 0.0)


def agreeing_delay(run, step):
    """Seconds until a change of layer is there."""
    return 4.0 - 0.8 * step if run in ("iterations", "learning_rate") else 1.0


def played_table(effect=agreeing_effect, delay=agreeing_delay, seeds=(1, 2, 3)):
    """Return a table of all runs; the seeds lie one spread apart, so that this is their SD."""
    seconds = np.round(np.arange(0, timeline.TOTAL_SECONDS, WINDOW), 6)
    tables = []
    for run in timeline.RUNS:
        for number, seed in enumerate(seeds):
            columns = {}
            for feature in FEATURES:
                shift = number - (len(seeds) - 1) / 2
                values = np.full(len(seconds), LEVELS[feature][0])
                before = LEVELS[feature][0]
                for span in timeline.spans():
                    level = LEVELS[feature][span.place]
                    level += SPREADS[feature] * (effect(run, span.step, feature) + shift)
                    late = delay(run, span.step) if span.after == "layer" else 0.0
                    inside = (seconds >= span.begin - 1e-9) & (seconds < span.end - 1e-9)
                    changed = inside & (seconds >= span.begin + late - 1e-9)
                    values[inside], values[changed] = before, level
                    before = level
                columns[feature] = 10**values if feature == "noisiness" else values
            tables.append(pd.DataFrame({"run": run, "seed": seed, "seconds": seconds, **columns}))
    return pd.concat(tables, ignore_index=True)
