"""Files of a training: log, training curve, and the model with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from studio.files import write_text
from studio.networks.checkpoints import save_model
from studio.training.cards import fill_card
from studio.training.supervised import Training


def write_log(training: Training) -> Path:
    """Write the history as ``log.csv`` into the folder of the training."""
    path = training.folder / "log.csv"
    write_text(path, pd.DataFrame(training.history).to_csv(index=False))
    return path


def write_curve(history: list[dict[str, Any]], title: str, path: Path) -> None:
    """Draw the training curve into a web page that needs no network."""
    from studio.figures.training import training_figure

    figure = training_figure(pd.DataFrame(history), title)
    write_text(path, figure.to_html(include_plotlyjs=True))


def export_model(
    training: Training, folder: Path, about: dict[str, Any] | None = None, command: str = ""
) -> Path:
    """Write the network as it stands, its card, its curve and the accuracy of every class.

    Returns
    -------
    Path
        The safetensors file; ``.json`` and ``.classes.csv`` lie beside it, and, in the folder of
        the training, ``curve.html``.
    """
    card, by_class = fill_card(training, about, command)
    training.model.card = card
    path = save_model(training.model, folder)
    write_text(path.with_suffix(".classes.csv"), by_class.to_csv(index=False))
    title = f"{training.model.architecture.label} on {training.recordings.table.name}"
    write_curve(training.history, title, training.folder / "curve.html")
    return path
