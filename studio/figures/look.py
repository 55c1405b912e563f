"""The look of all figures: colours for both themes, dashes and markers that tell without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as graph

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

WIDTH, HALF_WIDTH = 1120, 560
"""Of a picture, in pixels: one by itself, and one of two that stand side by side."""

FONT = "Instrument Sans, system-ui, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one theme; the names are those of the page's style sheet.

    Attributes
    ----------
    panel, raised, line, text, dim, accent, warn : str
        Background, hover label, grid, words, words that matter less, emphasis, failure.
    datasets, runs, changes : dict
        By dataset, by run of Experiment 2 and by kind of change in it.
    layers : tuple of str
        From the first layer to the last.
    """

    panel: str
    raised: str
    line: str
    text: str
    dim: str
    accent: str
    warn: str
    datasets: dict[str, str]
    runs: dict[str, str]
    changes: dict[str, str]
    layers: tuple[str, ...]


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        panel="#fcfaf5",
        raised="#e9e4d9",
        line="#d8d1c3",
        text="#221f1a",
        dim="#5e574c",
        accent="#a4550a",
        warn="#b3261e",
        datasets={"events": "#c0351f", "instruments": "#1a64b4", "speech": "#0b7350"},
        runs={
            "fixed": "#221f1a",
            "max_offset": "#c0351f",
            "iterations": "#1a64b4",
            "smoothing_coefficient": "#0b7350",
            "smoothing_kernel": "#8a5a00",
            "learning_rate": "#7b3fa0",
            "cutoff_hz": "#0080a0",
        },
        changes={"parameter": "#d23b2a", "layer": "#1d8a4e"},
        layers=(
            *("#a87200", "#c05a14", "#b03a3a", "#8f3b76"),
            *("#5a3a8e", "#33508f", "#1f6a7c", "#2f7d58"),
        ),
    ),
    "dark": Palette(
        panel="#16151c",
        raised="#23212b",
        line="#302d3a",
        text="#f0ece4",
        dim="#aaa4b2",
        accent="#ffb84d",
        warn="#ff8a7a",
        datasets={"events": "#ff7565", "instruments": "#66b0ff", "speech": "#45d09e"},
        runs={
            "fixed": "#f0ece4",
            "max_offset": "#ff7565",
            "iterations": "#66b0ff",
            "smoothing_coefficient": "#45d09e",
            "smoothing_kernel": "#d9a03f",
            "learning_rate": "#c08bff",
            "cutoff_hz": "#5fd3e6",
        },
        changes={"parameter": "#ff5a48", "layer": "#3fbf77"},
        layers=(
            *("#ffd166", "#ff9f5a", "#ff7a70", "#e07bc0"),
            *("#b08bff", "#7fa8ff", "#5fd3e6", "#6fdca8"),
        ),
    ),
}

DATASETS: dict[str, dict[str, str]] = {
    "events": {"dash": "solid", "symbol": "circle"},
    "instruments": {"dash": "7px,3px", "symbol": "square"},
    "speech": {"dash": "2px,3px", "symbol": "triangle-up"},
}
"""Dash of the line and symbol of the points of each dataset, in the order of drawing."""

LAYER_SYMBOLS = (
    *("circle", "square", "triangle-up", "diamond"),
    *("x", "triangle-down", "cross", "star"),
)

FEATURES: dict[str, tuple[str, str, str]] = {
    "loudness": ("Loudness", "RMS", ".3f"),
    "brightness": ("Brightness", "spectral centroid (Hz)", ",.0f"),
    "noisiness": ("Noisiness", "spectral flatness", ".2~g"),
    "roughness": ("Roughness", "spectral flux", ".3f"),
}
"""Name, what is measured (with its unit, where it has one), and how values are written, for d3."""


def axis_title(feature: str) -> str:
    """Return what stands beside the axis of a feature."""
    name, unit, _ = FEATURES[feature]
    return f"{name}, {unit}"


def new_figure(title: str, theme: Theme, **layout: Any) -> graph.Figure:
    """Return an empty figure in the look of a theme.

    Parameters
    ----------
    title : str
    theme : str
        One of `THEMES`.
    **layout
        Added to the layout.
    """
    figure = graph.Figure()
    put_look(figure, title, theme)
    figure.update_layout(**layout)
    return figure


def put_look(figure: graph.Figure, title: str, theme: Theme) -> None:
    """Give a figure the look of a theme, and a title at the upper left."""
    figure.layout.template = graph.layout.Template(_template(PALETTES[theme]))
    figure.update_layout(
        title={"text": f"<b>{title}</b>", "x": 0, "xref": "container", "xanchor": "left"},
    )


def describe(figure: graph.Figure, text: str) -> None:
    """Say in words what a figure shows."""
    figure.update_layout(meta={"description": text})


def shade(colour: str, opacity: float) -> str:
    """Return a colour like ``#1a64b4`` with an opacity."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _template(palette: Palette) -> dict[str, Any]:
    quiet = {"color": palette.dim, "size": 12}
    axis = {
        "automargin": True,
        "exponentformat": "power",
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "tickfont": quiet,
        "title": {"font": quiet, "standoff": 8},
        "zeroline": False,
    }
    return {
        "layout": {
            "colorway": list(palette.datasets.values()),
            "font": {"family": FONT, "size": 12, "color": palette.text},
            "hoverlabel": {
                "bgcolor": palette.raised,
                "bordercolor": palette.line,
                "font": {"family": FONT, "size": 12, "color": palette.text},
            },
            "legend": {"bgcolor": "rgba(0,0,0,0)", "orientation": "h", "font": {"size": 12}},
            "margin": {"l": 64, "r": 16, "t": 44, "b": 44},
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": palette.dim,
                "activecolor": palette.accent,
            },
            "paper_bgcolor": palette.panel,
            "plot_bgcolor": palette.panel,
            "title": {"font": {"size": 13}, "pad": {"l": 14, "t": 12}, "y": 1, "yanchor": "top"},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "ticklabelstandoff": 5},
        }
    }
