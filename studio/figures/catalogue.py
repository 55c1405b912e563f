"""Every figure of the experiments by its name, drawn from the tables of a results folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as graph

from studio.figures import layers, parameters
from studio.figures.classes import classes_figure
from studio.figures.look import HALF_WIDTH, WIDTH, Theme
from studio.figures.sensitivity import sensitivity_figure

Draw = Callable[[Path, Theme], graph.Figure]


def figure_names() -> tuple[str, ...]:
    """Return ``figure-2`` to ``figure-13``, ``figure-classes`` and ``figure-sensitivity``."""
    return tuple(_FIGURES)


def tables_of(name: str) -> tuple[str, ...]:
    """Return the files, within a folder of results, that a figure is drawn from."""
    return _FIGURES[name][0]


def experiment_of(name: str) -> str:
    """Return the experiment that a figure belongs to: the folder of its tables."""
    return Path(tables_of(name)[0]).parent.name


def draw(name: str, results: Path, theme: Theme = "light") -> graph.Figure:
    """Draw a figure.

    Parameters
    ----------
    name : str
        One of `figure_names`.
    results : Path
        Folder of all experiments' results.
    theme : str

    Raises
    ------
    FileNotFoundError
        If a table that the figure is drawn from is not there.
    """
    return _FIGURES[name][1](results, theme)


def picture_of(name: str, results: Path) -> Path:
    """Return where the picture of a figure lies: beside its tables."""
    return results / experiment_of(name) / f"{name}.svg"


def width_of(name: str) -> int:
    """Return the width of a figure's picture, in pixels: figures 2 to 9 stand two and two."""
    halves = {f"figure-{number}" for number in layers.FIGURES}
    return HALF_WIDTH if name in halves else WIDTH


def _layers(number: int) -> tuple[tuple[str, ...], Draw]:
    table = "layers/statistics.csv"
    return (table,), lambda results, theme: layers.layer_figure(
        number, pd.read_csv(results / table), theme
    )


def _parameters(number: int) -> tuple[tuple[str, ...], Draw]:
    files = ("parameters/curves.csv", "parameters/manifest.json")

    def drawn(results: Path, theme: Theme) -> graph.Figure:
        manifest = _json(results / files[1])
        moves = manifest["moves"][next(iter(manifest["sequences"]))]
        first, last = manifest["layers"][0][0], manifest["seconds"]
        curves = pd.read_csv(results / files[0])
        return parameters.time_figure(number, curves, moves, first, last, theme)

    return files, drawn


def _classes(results: Path, theme: Theme) -> graph.Figure:
    accuracies, sounds = (pd.read_csv(results / name) for name in tables_of("figure-classes"))
    return classes_figure(accuracies, sounds, theme)


def _sensitivity(results: Path, theme: Theme) -> graph.Figure:
    summary, manifest = tables_of("figure-sensitivity")
    taken = _json(results / manifest)["taken"]
    return sensitivity_figure(pd.read_csv(results / summary), taken, theme)


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


_FIGURES: dict[str, tuple[tuple[str, ...], Draw]] = {
    **{f"figure-{number}": _layers(number) for number in layers.FIGURES},
    **{f"figure-{number}": _parameters(number) for number in parameters.FIGURES},
    "figure-classes": (("classes/accuracies.csv", "classes/sounds.csv"), _classes),
    "figure-sensitivity": (("sensitivity/summary.csv", "sensitivity/manifest.json"), _sensitivity),
}
