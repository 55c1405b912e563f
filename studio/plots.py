"""Every figure of the studio, drawn from a table; nothing is computed here."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as graph
from plotly.subplots import make_subplots

FEATURE_TITLES = {
    "loudness_mean": "Loudness (RMS)",
    "brightness_mean": "Brightness (Hz)",
    "noisiness_mean": "Noisiness",
    "roughness_mean": "Roughness",
}

_LAYER_COLOURS = (
    "#f2b134",
    "#e5812a",
    "#c8553d",
    "#8f3b76",
    "#5a3a8e",
    "#33508f",
    "#2b7a8c",
    "#3a9a6f",
)


def number_of_classes(accuracies: pd.DataFrame, sounds: pd.DataFrame) -> graph.Figure:
    """Draw accuracy and the dreams' features against the number of classes.

    Parameters
    ----------
    accuracies, sounds : DataFrame
        As `studio.experiments.classes.run` gives them.
    """
    titles = ["Test accuracy", *FEATURE_TITLES.values()]
    figure = make_subplots(rows=1, cols=5, subplot_titles=titles)
    figure.add_scatter(
        x=accuracies["classes"],
        y=accuracies["test_accuracy"],
        error_y={
            "symmetric": False,
            "array": accuracies["high"] - accuracies["test_accuracy"],
            "arrayminus": accuracies["test_accuracy"] - accuracies["low"],
        },
        name="measured",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=accuracies["classes"],
        y=accuracies["chance"],
        name="chance",
        line_dash="dot",
        row=1,
        col=1,
    )
    for column, feature in enumerate(FEATURE_TITLES, 2):
        medians = sounds.groupby(["layer", "classes"])[feature].median().reset_index()
        for layer, rows in medians.groupby("layer"):
            figure.add_scatter(
                x=rows["classes"],
                y=rows[feature],
                name=f"layer {layer}",
                legendgroup=f"layer {layer}",
                showlegend=column == 2,
                line_color=_LAYER_COLOURS[int(str(layer)) % len(_LAYER_COLOURS)],
                row=1,
                col=column,
            )
    figure.update_xaxes(type="log", title="classes", tickvals=sorted(accuracies["classes"]))
    figure.update_yaxes(rangemode="tozero")
    margin = {"l": 50, "r": 20, "t": 40, "b": 60}
    figure.update_layout(template="plotly_white", height=340, width=1500, margin=margin)
    return figure
