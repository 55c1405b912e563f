"""Accuracy and features of the dreams against the number of classes."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as graph
from plotly.subplots import make_subplots

from studio.figures.look import (
    FEATURES,
    LAYER_SYMBOLS,
    PALETTES,
    Theme,
    describe,
    put_look,
)

_COLUMNS = 3


def classes_figure(
    accuracies: pd.DataFrame, sounds: pd.DataFrame, theme: Theme = "light"
) -> graph.Figure:
    """Draw test accuracy, and of every layer the medians of the four features.

    Parameters
    ----------
    accuracies : DataFrame
        ``classes, chance, test_accuracy, low, high``.
    sounds : DataFrame
        ``classes, layer`` and ``loudness_mean``, ``brightness_mean`` …
    theme : str
    """
    units = [f"{name} ({unit.split(' (')[-1].strip(')')})" if "Hz" in unit else name
             for name, unit, _ in FEATURES.values()]  # fmt: skip
    panels = ["Test accuracy", *units]
    figure = make_subplots(
        rows=2,
        cols=_COLUMNS,
        subplot_titles=panels,
        horizontal_spacing=0.08,
        vertical_spacing=0.2,
        specs=[[{}, {}, {}], [{}, {}, None]],
    )
    title = "The number of classes"
    put_look(figure, title, theme)
    _draw_accuracy(figure, accuracies, theme)
    for number, feature in enumerate(FEATURES, 1):
        _draw_feature(figure, number, feature, sounds, theme)
    counts = sorted(accuracies["classes"].tolist())
    figure.update_xaxes(
        title_text="classes", type="log", tickvals=counts, ticktext=[str(n) for n in counts]
    )
    figure.update_yaxes(rangemode="tozero", tickformat=",~g")
    figure.update_yaxes(tickformat=".0%", row=1, col=1)
    figure.update_layout(
        height=560,
        margin={"t": 76},
        legend={"orientation": "v", "x": 0.72, "y": 0.4, "yanchor": "top"},
    )
    figure.update_annotations(font_size=13)
    measured = "; ".join(
        f"{row.classes} classes {row.test_accuracy:.1%} ({row.low:.1%} to {row.high:.1%})"
        for row in accuracies.itertuples()
    )
    describe(
        figure,
        f"{title}. Test accuracy with its 95 % interval: {measured}. Beside it the medians of "
        f"{', '.join(FEATURES)} at every layer.",
    )
    return figure


def _draw_accuracy(figure: graph.Figure, accuracies: pd.DataFrame, theme: Theme) -> None:
    palette = PALETTES[theme]
    measured = accuracies["test_accuracy"]
    figure.add_scatter(
        x=accuracies["classes"].tolist(),
        y=measured.tolist(),
        error_y={
            "symmetric": False,
            "array": (accuracies["high"] - measured).tolist(),
            "arrayminus": (measured - accuracies["low"]).tolist(),
        },
        customdata=accuracies[["low", "high"]].to_numpy().tolist(),
        hovertemplate="%{x} classes: %{y:.1%} (%{customdata[0]:.1%} … %{customdata[1]:.1%})",
        line_color=palette.text,
        marker_size=8,
        mode="lines+markers",
        name="measured (95 % interval)",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=accuracies["classes"].tolist(),
        y=accuracies["chance"].tolist(),
        hovertemplate="%{x} classes: %{y:.1%}",
        line={"color": palette.dim, "dash": "dot"},
        mode="lines",
        name="chance",
        row=1,
        col=1,
    )


def _draw_feature(
    figure: graph.Figure, number: int, feature: str, sounds: pd.DataFrame, theme: Theme
) -> None:
    """Draw a feature into panel ``number``, counted from 0, line by line."""
    column = f"{feature}_mean"
    medians = sounds.groupby(["layer", "classes"])[column].median().reset_index()
    for layer, rows in medians.groupby("layer"):
        at = int(str(layer))
        colour = PALETTES[theme].layers[at % len(LAYER_SYMBOLS)]
        figure.add_scatter(
            x=rows["classes"].tolist(),
            y=rows[column].tolist(),
            hovertemplate=f"%{{x}} classes: %{{y:{FEATURES[feature][2]}}}",
            legendgroup=f"layer {at}",
            line_color=colour,
            marker={"size": 8, "symbol": LAYER_SYMBOLS[at % len(LAYER_SYMBOLS)]},
            mode="lines+markers",
            name=f"layer {at}",
            showlegend=number == 1,
            row=1 + number // _COLUMNS,
            col=1 + number % _COLUMNS,
        )
