"""Figures 10 to 13 of the paper, drawn from a table of curves."""

from __future__ import annotations

import pandas as pd

from studio.experiments.parameters import timeline
from studio.time_charts import Moment, Trace, time_chart

FIGURES = {10: "loudness", 11: "brightness", 12: "noisiness", 13: "roughness"}
"""The paper's figures: which feature."""

_TITLES = {
    "loudness": ("Loudness", "RMS"),
    "brightness": ("Brightness", "spectral centroid (Hz)"),
    "noisiness": ("Noisiness", "spectral flatness"),
    "roughness": ("Roughness", "spectral flux"),
}
_NOISE_SECONDS = 5
"""While the first noise gives way, curves may leave the frame."""


def moments() -> list[Moment]:
    """Return when parameter and layer change; layers with their index, the first one's too."""
    any_parameter = next(iter(timeline.SEQUENCES))
    found = [Moment(0, "layer", str(timeline.LAYERS[0][0]))]
    for move in timeline.moves(any_parameter):
        label = str(move.changes["targets"][0][0]) if move.kind == "layer" else ""
        found.append(Moment(move.seconds, move.kind, label))
    return found


def figure(number: int, curves: pd.DataFrame) -> str:
    """Draw one of the figures as SVG.

    Noisiness has a logarithmic axis: it runs over five decades, and differences of it are judged as
    ratios.

    Parameters
    ----------
    number : int
        A key of `FIGURES`.
    curves : DataFrame
        ``run, seconds`` and the features.
    """
    feature = FIGURES[number]
    name, unit = _TITLES[feature]
    last = [*timeline.SEQUENCES, timeline.FIXED]  # What is bold is drawn over the rest.
    traces = []
    for run in last:
        rows = curves[curves["run"] == run]
        if len(rows):
            traces.append(Trace(run, (rows["seconds"] + 0.5).tolist(), rows[feature].tolist()))
    return time_chart(
        f"Figure {number}: Model2, Events, parameters and {name}",
        f"{name}, {unit}",
        traces,
        moments(),
        timeline.TOTAL_SECONDS,
        scale_from=_NOISE_SECONDS,
        logarithmic=feature == "noisiness",
    )
