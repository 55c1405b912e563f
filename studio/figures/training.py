"""How accuracy and loss went while a network learned."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as graph

from studio.figures.look import PALETTES, Theme, describe, new_figure

_LINES = {
    "train_accuracy": ("accuracy, training excerpts", "dot", "y"),
    "test_accuracy": ("accuracy, middle second of test clips", "solid", "y"),
    "test_accuracy_five": ("accuracy, five seconds of test clips", "dash", "y"),
    "loss": ("loss (training)", "dashdot", "y2"),
}


def training_figure(history: pd.DataFrame, title: str, theme: Theme = "light") -> graph.Figure:
    """Draw the training curve of a network.

    Parameters
    ----------
    history : DataFrame
        ``epoch`` and any of ``loss, train_accuracy, test_accuracy, test_accuracy_five``; cells may
        be empty.
    title : str
    theme : str
    """
    palette = PALETTES[theme]
    colours = [palette.runs[run] for run in ("iterations", "max_offset", "cutoff_hz")]
    colours.append(palette.dim)
    figure = new_figure(
        title,
        theme,
        height=480,
        hovermode="x unified",
        legend={"y": -0.16, "yanchor": "top"},
        yaxis={"title_text": "accuracy", "range": [0, 1], "tickformat": ".0%"},
        yaxis2={
            "title_text": "loss",
            "overlaying": "y",
            "side": "right",
            "rangemode": "tozero",
            "showgrid": False,
            "tickmode": "auto",
        },
    )
    figure.update_xaxes(title_text="epoch", rangemode="tozero", unifiedhovertitle_text="Epoch %{x}")
    last = []
    for (column, (label, dash, axis)), colour in zip(_LINES.items(), colours, strict=True):
        rows = history.dropna(subset=[column]) if column in history else history[:0]
        if not len(rows):
            continue
        figure.add_scatter(
            x=rows["epoch"].tolist(),
            y=rows[column].tolist(),
            hovertemplate="%{y:.1%}" if axis == "y" else "%{y:.3f}",
            line={"color": colour, "dash": dash},
            mode="lines" if len(rows) > 1 else "markers",
            name=label,
            yaxis=axis,
        )
        value = float(rows[column].iloc[-1])
        last.append(f"{label} {value:.1%}" if axis == "y" else f"{label} {value:.3g}")
    describe(figure, f"{title}, epoch by epoch. At the end: {', '.join(last)}.")
    return figure
