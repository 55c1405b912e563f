"""Figures 10 to 13 of the paper: a feature over time while parameters and layers change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as graph

from studio.figures.look import (
    FEATURES,
    PALETTES,
    Theme,
    axis_title,
    describe,
    new_figure,
)

FIGURES = {10: "loudness", 11: "brightness", 12: "noisiness", 13: "roughness"}
"""The paper's figures: which feature."""

RUNS = {
    "max_offset": "Offset",
    "iterations": "Iterations",
    "smoothing_coefficient": "Smoothing coefficient",
    "smoothing_kernel": "Smoothing kernel",
    "learning_rate": "Learning rate",
    "cutoff_hz": "Cut-off",
    "fixed": "All fixed",
}
"""In the order of drawing: what is bold is drawn over the rest."""

_LOGARITHMIC = ("noisiness",)
_NOISE_SECONDS = 5
"""While the first noise gives way, curves may leave the frame."""

_CHANGES = {"parameter": "solid", "layer": "5px,4px"}


def time_figure(
    number: int,
    curves: pd.DataFrame,
    moves: Sequence[Sequence[Any]],
    first_layer: int,
    last_seconds: float,
    theme: Theme = "light",
) -> graph.Figure:
    """Draw one of figures 10 to 13.

    A line per run; a red line where the parameter changes, a green and dashed one where layer and
    map do, with the layer above. Noisiness has a logarithmic axis: it runs over many decades, and
    differences of it are judged as ratios.

    Parameters
    ----------
    number : int
        A key of `FIGURES`.
    curves : DataFrame
        ``run, seconds`` and the features; a row is the mean over the step that begins then.
    moves : sequence
        ``(seconds, kind, changes)`` of a run with a parameter, as in the manifest: ``kind`` is
        ``parameter`` or ``layer``, ``changes`` what is set.
    first_layer : int
        That the runs begin with.
    last_seconds : float
        End of the time axis.
    theme : str
    """
    feature = FIGURES[number]
    palette, (name, unit, style) = PALETTES[theme], FEATURES[feature]
    title = f"Model2, Events: {name} over time"
    figure = new_figure(
        title,
        theme,
        height=330,
        hovermode="x unified",
        margin={"t": 66},
        legend={"x": 0, "y": -0.22, "yanchor": "top"},
    )
    for run, label in RUNS.items():
        rows = curves[curves["run"] == run]
        if not len(rows):
            continue
        begin, step = _steps(rows["seconds"])
        figure.add_scatter(
            x0=begin + step / 2,
            dx=step,
            y=[value if np.isfinite(value) else None for value in rows[feature].tolist()],
            hovertemplate=f"%{{y:{style}}}",
            legendgroup=run,
            line={"color": palette.runs[run], "width": 2.6 if run == "fixed" else 1.4},
            mode="lines",
            name=label,
            uid=run,
        )
    _mark_changes(figure, moves, first_layer, last_seconds, theme)
    figure.update_xaxes(
        title_text="seconds",
        range=[0, last_seconds],
        nticks=12,
        unifiedhovertitle_text="%{x:.0f} s",
    )
    late = curves.loc[curves["seconds"] >= _NOISE_SECONDS, feature].to_numpy()
    figure.update_yaxes(title_text=axis_title(feature), **_scale(feature, late))
    told = [RUNS[run] for run in RUNS if (curves["run"] == run).any()]
    describe(
        figure,
        f"{title} ({unit}), 0 to {last_seconds:g} seconds, a line for each run: "
        f"{', '.join(told)}. Every 20 seconds the parameter changes, ten seconds later the layer.",
    )
    return figure


def _steps(seconds: pd.Series) -> tuple[float, float]:
    """Return where evenly spaced rows begin and how far apart they are."""
    begin = float(seconds.iloc[0])
    return begin, float(seconds.iloc[1]) - begin if len(seconds) > 1 else 1.0


def _scale(feature: str, values: np.ndarray) -> dict[str, Any]:
    """Return the axis of a feature: from zero, or decades."""
    values = values[np.isfinite(values)]
    if feature not in _LOGARITHMIC:
        return {"tickformat": ",~g", "range": [0, float(values.max(initial=0.0)) * 1.05 or 1.0]}
    decades = np.log10(values[values > 0]) if (values > 0).any() else np.zeros(1)
    low = int(np.floor(decades.min()))
    high = max(int(np.ceil(decades.max())), low + 1)
    return {"type": "log", "dtick": 1, "range": [low, high], "tickfont_size": 10}


def _mark_changes(
    figure: graph.Figure,
    moves: Sequence[Sequence[Any]],
    first_layer: int,
    last_seconds: float,
    theme: Theme,
) -> None:
    palette = PALETTES[theme]
    lines = [
        {
            "type": "line",
            "layer": "below",
            "line": {"color": palette.changes[kind], "dash": _CHANGES[kind], "width": 1.2},
            "opacity": 0.75,
            "x0": seconds,
            "x1": seconds,
            "y0": 0,
            "y1": 1,
            "yref": "y domain",
        }
        for seconds, kind, _ in moves
    ]
    layers = [(0, first_layer)]
    layers += [(at, changes["targets"][0][0]) for at, kind, changes in moves if kind == "layer"]
    ends = [*(begin for begin, _ in layers[1:]), last_seconds]
    above = {"showarrow": False, "y": 1, "yshift": 5, "yanchor": "bottom", "yref": "y domain"}
    words = [
        {"text": str(layer), "x": (begin + end) / 2, **above}
        for (begin, layer), end in zip(layers, ends, strict=True)
    ]
    before = {"x": 0, "xref": "x domain", "xanchor": "right", "xshift": -8}
    words.append({"text": "layer", **before, **above})
    figure.update_layout(shapes=lines, annotations=words)
    figure.update_annotations(font_color=palette.dim)
