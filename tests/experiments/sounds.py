"""Tables of sounds that were never dreamed, in which the paper is right by construction."""

import numpy as np
import pandas as pd

from studio.dreaming.recipe import DATASETS
from studio.gallery.vectors import COEFFICIENTS
from studio.networks.architectures import ARCHITECTURES

DEEP = 5
"""From this layer on nothing changes any more."""


def agreeing_table(maps=12, seed=3):
    """Return a table with every dataset, architecture and layer, agreeing with every claim."""
    rng = np.random.default_rng(seed)
    rows = []
    for architecture, network in ARCHITECTURES.items():
        for dataset in DATASETS:
            for layer in range(len(network.convolutions)):
                # Symmetric about 0: medians, means and differences are exactly what is written.
                offsets = np.linspace(-1, 1, maps)
                shuffled = [rng.permutation(offsets) for _ in range(4)]
                for number in range(maps):
                    shifts = [offset[number] for offset in shuffled]
                    rows.append(agreeing_sound(architecture, dataset, layer, number, shifts))
    return pd.DataFrame(rows)


def agreeing_sound(architecture, dataset, layer, number, shifts):
    depth = min(layer, DEEP)
    nuance = {"events": 1.0, "instruments": 0.5, "speech": 0.0}[dataset]
    level = (0.20, 0.05, 0.110, 0.108, 0.106, 0.104)[depth] + 0.002 * nuance + 0.004 * shifts[0]
    noise = (-5.0, -3.5, -3.2, -3.0, -2.8, -2.6)[depth] + 0.1 * nuance + 0.2 * shifts[1]
    brightness = 2000 + 30 * depth + (800, 400, 300, 250, 200, 150)[depth] * shifts[2]
    dynamics = (0.1, 1.5, 0.40, 0.42, 0.44, 0.46)[depth] + 0.05 * (dataset == "instruments")
    moves = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5)[depth] + 0.02 * (dataset == "speech")
    roughness = (0.02, 0.01, 0.10, 0.11, 0.12, 0.13)[depth] + 0.004 * shifts[3]
    synchrony = 0.8 if layer < 4 else 0.6
    return {
        "dataset": dataset,
        "architecture": architecture,
        "layer": layer,
        "map": number,
        "loudness_mean": level,
        "loudness_sd": level * (dynamics + 0.02 * shifts[1]),
        "brightness_mean": brightness,
        "brightness_sd": brightness * (moves + 0.002 * shifts[0]),
        "noisiness_mean": 10**noise,
        "noisiness_sd": 10**noise / 2,
        "roughness_mean": roughness,
        "roughness_sd": roughness / 2,
        "burst_share": (0.21, 0.9, 0.4, 0.4, 0.4, 0.4)[depth],
        "synchrony": synchrony if dataset != "speech" else synchrony - 0.55,
        "pitchedness": (0.9, 0.5, 0.4, 0.4, 0.3, 0.3)[depth],
    }


def agreeing_vectors(table, seed=4):
    """Return vectors (n, 47) that lie farthest apart in layers 4 and 5."""
    size = np.where(table["layer"].isin((4, 5)), 3.0, 1.0)
    noise = np.random.default_rng(seed).standard_normal((len(table), 2 * (COEFFICIENTS - 1) + 9))
    return (noise * size[:, None]).astype(np.float32)


def other_clips(table, seed=5):
    """Return training clips that sound like no dream of the table."""
    rng = np.random.default_rng(seed)
    clips = table.sample(600, replace=True, random_state=seed).drop(columns=["architecture"])
    clips["dataset"] = np.repeat(DATASETS, 200)
    clips["burst_share"] = 1.5 + 0.01 * rng.standard_normal(600)
    return clips.reset_index(drop=True)
