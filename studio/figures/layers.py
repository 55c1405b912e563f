"""Figures 2 to 9 of the paper: a feature of the sounds, layer by layer, for each dataset."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as graph

from studio.figures.look import (
    DATASETS,
    FEATURES,
    PALETTES,
    Palette,
    Theme,
    axis_title,
    describe,
    new_figure,
    shade,
)
from studio.networks.architectures import ARCHITECTURES

FIGURES = {
    2: ("model1", "loudness"),
    3: ("model2", "loudness"),
    4: ("model1", "brightness"),
    5: ("model2", "brightness"),
    6: ("model1", "noisiness"),
    7: ("model2", "noisiness"),
    8: ("model1", "roughness"),
    9: ("model2", "roughness"),
}
"""The paper's figures: which architecture, which feature."""

QUANTITIES = {"loudness": "level"}
"""What a feature is called in the table, where that is another name."""

_ROOM_ABOVE = 1.04


def layer_figure(number: int, statistics: pd.DataFrame, theme: Theme = "light") -> graph.Figure:
    """Draw one of figures 2 to 9.

    A line per dataset is the mean over the maps of a layer; a band reaches one standard deviation
    to each side.

    Parameters
    ----------
    number : int
        A key of `FIGURES`.
    statistics : DataFrame
        ``dataset, architecture, layer, maps, quantity, mean, sd``; ``sd`` may be empty.
    theme : str
    """
    architecture, feature = FIGURES[number]
    palette = PALETTES[theme]
    of_feature = statistics["quantity"] == QUANTITIES.get(feature, feature)
    rows = statistics[of_feature & (statistics["architecture"] == architecture)]
    rows = rows.assign(sd=rows["sd"].fillna(0.0)).sort_values("layer")
    title = f"{ARCHITECTURES[architecture].label}: {FEATURES[feature][0]}"
    figure = new_figure(
        title,
        theme,
        height=340,
        hovermode="x unified",
        legend={"x": 1, "xanchor": "right", "y": 1.01, "yanchor": "bottom"},
    )
    parts = {name: rows[rows["dataset"] == name] for name in DATASETS}
    parts = {name: part for name, part in parts.items() if len(part)}
    for name, part in parts.items():
        figure.add_trace(_band(name, part, palette))
    for name, part in parts.items():
        figure.add_trace(_line(name, part, palette, FEATURES[feature][2]))
    top = float((rows["mean"] + rows["sd"]).max()) if len(rows) else 1.0
    figure.update_xaxes(title_text="layer", dtick=1, unifiedhovertitle_text="Layer %{x}")
    figure.update_yaxes(
        title_text=axis_title(feature), range=[0, top * _ROOM_ABOVE], tickformat=",~g"
    )
    describe(figure, _words(title, feature, parts))
    return figure


def _band(name: str, part: pd.DataFrame, palette: Palette) -> graph.Scatter:
    layers, mean, sd = (part[column].tolist() for column in ("layer", "mean", "sd"))
    over = [m + s for m, s in zip(mean, sd, strict=True)]
    under = [max(m - s, 0.0) for m, s in zip(mean, sd, strict=True)]
    return graph.Scatter(
        x=[*layers, *reversed(layers)],
        y=[*over, *reversed(under)],
        fill="toself",
        fillcolor=shade(palette.datasets[name], 0.2),
        hoverinfo="skip",
        legendgroup=name,
        line={"width": 0},
        mode="lines",
        showlegend=False,
    )


def _line(name: str, part: pd.DataFrame, palette: Palette, style: str) -> graph.Scatter:
    colour, look = palette.datasets[name], DATASETS[name]
    return graph.Scatter(
        x=part["layer"].tolist(),
        y=part["mean"].tolist(),
        customdata=part[["sd", "maps"]].to_numpy().tolist(),
        hovertemplate=(f"%{{y:{style}}} ± %{{customdata[0]:{style}}} (%{{customdata[1]}} maps)"),
        legendgroup=name,
        line={"color": colour, "dash": look["dash"], "width": 2.2},
        marker={"color": colour, "size": 9, "symbol": look["symbol"]},
        mode="lines+markers",
        name=name.capitalize(),
    )


def _words(title: str, feature: str, parts: dict[str, pd.DataFrame]) -> str:
    told = [f"{title}, {FEATURES[feature][1]}: mean ± standard deviation over the maps of a layer."]
    for name, part in parts.items():
        values = ", ".join(
            f"layer {layer} {mean:.3g} ± {sd:.2g}"
            for layer, mean, sd in part[["layer", "mean", "sd"]].itertuples(index=False)
        )
        told.append(f"{name.capitalize()}: {values}.")
    return " ".join(told)
