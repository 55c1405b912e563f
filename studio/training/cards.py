"""Model cards: what a network was trained on, how, and how well it does."""

from __future__ import annotations

import platform
from dataclasses import asdict
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from studio import __version__
from studio.training.supervised import SPREAD, Training

PAPER_ACCURACY: dict[tuple[str, str], float] = {
    ("events", "model1"): 0.27,
    ("instruments", "model1"): 0.28,
    ("speech", "model1"): 0.89,
    ("events", "model2"): 0.37,
    ("instruments", "model2"): 0.41,
    ("speech", "model2"): 0.95,
}
"""Table 2: test accuracy by dataset and architecture."""

PAPER_DATA = {
    "events": "FSD50K, 200 classes",
    "instruments": "TU Berlin anechoic microphone array measurements, 255 classes",
    "speech": "AISHELL-3, 218 classes",
    "fsd50k": "FSD50K, 200 classes",
    "tu-berlin": "TU Berlin anechoic microphone array measurements, 255 classes",
    "aishell3": "AISHELL-3, 218 classes",
}
"""What the paper trained on, by the names that stand for it here."""

_SAME = {"fsd50k": "events", "tu-berlin": "instruments", "aishell3": "speech"}

MIDDLE, FIVE = "middle second", "5 seconds"
"""The two tests, by their names in a card."""

_SECONDS = {
    MIDDLE: "the middle second of each",
    FIVE: f"the average over {len(SPREAD)} seconds of each",
}

_MOST_CONFUSED = 12


def wilson_interval(correct: int, trials: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (Wilson 1927)."""
    if trials == 0:
        return 0.0, 1.0
    z = 1.959964
    share = correct / trials
    centre = share + z * z / (2 * trials)
    margin = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (centre - margin) / scale, (centre + margin) / scale


def paper_accuracy(dataset: str, architecture: str) -> float | None:
    """Return the test accuracy of Table 2 for a dataset or its stand-in, if there is one."""
    return PAPER_ACCURACY.get((_SAME.get(dataset, dataset), architecture))


def fill_card(
    training: Training, about: dict[str, Any] | None = None, command: str = ""
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Test a network as it stands and describe it.

    Parameters
    ----------
    training : Training
    about : dict, optional
        What is known of the data: ``title, sources, licence, credit, limits, stand_in``.
    command : str
        The command that trained it.

    Returns
    -------
    card : dict
    by_class : pandas.DataFrame
        Per class: clips on both sides and the accuracy of both tests.
    """
    table = training.recordings.table
    plan, last = training.plan, training.history[-1] if training.history else {}
    card: dict[str, Any] = {
        "dataset": table.name,
        "summary": "",
        "data": {
            **(about or {}),
            "clips_train": len(training.side("train")),
            "clips_test": len(training.side("test")),
            "hours": round(training.recordings.hours, 2),
            "left_out": len(table.problems),
        },
        "split": table.split_rule,
        "epochs": training.epoch,
        "epochs_planned": plan.epochs,
        "train_accuracy": last.get("train_accuracy"),
        "chance": 1 / len(table.classes),
    }
    by_class = pd.DataFrame({"class": table.classes})
    targets = table.targets()
    by_class["clips_train"] = np.bincount(targets[training.side("train")], minlength=len(by_class))
    clips = training.side("test")
    middle, five = training.answers()
    by_class["clips_test"] = np.bincount(targets[clips], minlength=len(by_class))
    if len(clips):
        card["test"] = {
            MIDDLE: _accuracy(middle, targets[clips]),
            FIVE: _accuracy(five, targets[clips]),
        }
        card["test_accuracy"] = card["test"]["middle second"]["accuracy"]
        card["most_confused"] = _confused(five, targets[clips], table.classes)
        for name, answer in (("middle", middle), ("five", five)):
            right: Any = (
                pd.Series(answer.argmax(1) == targets[clips]).groupby(targets[clips]).mean()
            )
            by_class[f"accuracy_{name}"] = right.reindex(range(len(by_class))).round(4)
    reached = paper_accuracy(table.name, training.architecture)
    if reached is not None:
        card["paper"] = {"test_accuracy": reached, "data": PAPER_DATA[table.name]}
    card |= {
        "training": {key: value for key, value in asdict(plan).items() if value is not None},
        "statistics": "of batch norm: measured over training excerpts with the final weights",
        "curve": _curve(training.history),
        "command": command,
        "date": training.finished.isoformat(),
        "versions": {
            "studio": __version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
    }
    card["summary"] = summarise(card, training.model.architecture.label)
    return card, by_class


def summarise(card: dict[str, Any], label: str) -> str:
    """Return what a person must know about a model, in a few sentences."""
    data = card["data"]
    text = [f"{label}, trained for {card['epochs']} of {card['epochs_planned']} epochs"]
    text[0] += f" on: {data['title']}." if data.get("title") else f" on {card['dataset']}."
    if data.get("stand_in"):
        text.append(f"Not the paper's data ({PAPER_DATA.get(card['dataset'], 'not public')}).")
    if "test" in card:
        results = [
            f"{100 * result['accuracy']:.1f} % (95 % interval {100 * result['interval'][0]:.1f} to "
            f"{100 * result['interval'][1]:.1f}) on {_SECONDS[name]}"
            for name, result in card["test"].items()
        ]
        tested = next(iter(card["test"].values()))["clips"]
        text.append(f"Test accuracy over {tested} clips: {', '.join(results)};")
        text[-1] += f" chance is {100 * card['chance']:.1f} %."
    if "paper" in card:
        text.append(f"The paper's Table 2 gives {100 * card['paper']['test_accuracy']:.0f} %")
        text[-1] += " for its own data and classes."
    if card["epochs"] < card["epochs_planned"]:
        text.append("The training has not come to its end.")
    return " ".join(text)


def _accuracy(answers: NDArray[np.float32], targets: NDArray[np.int64]) -> dict[str, Any]:
    order = np.argsort(-answers, axis=1)
    correct = int((order[:, 0] == targets).sum())
    among_five = float((order[:, :5] == targets[:, None]).any(1).mean())
    low, high = wilson_interval(correct, len(targets))
    return {
        "accuracy": round(correct / len(targets), 4),
        "interval": [round(low, 4), round(high, 4)],
        "clips": len(targets),
        "among_first_five": round(among_five, 4),
    }


def _confused(
    answers: NDArray[np.float32], targets: NDArray[np.int64], classes: tuple[str, ...]
) -> list[list[Any]]:
    """Return the most frequent mistakes: true class, answer, times."""
    pairs = np.stack((targets, answers.argmax(1)), axis=1)
    wrong, counts = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_MOST_CONFUSED]
    return [[classes[wrong[i, 0]], classes[wrong[i, 1]], int(counts[i])] for i in order]


def _curve(history: list[dict[str, Any]]) -> dict[str, list[float | None]]:
    """Return the training curve as columns."""
    names = ("loss", "train_accuracy", "test_accuracy", "test_accuracy_five")
    curve: dict[str, list[float | None]] = {"epoch": [row["epoch"] for row in history]}
    for name in names:
        curve[name] = [round(row[name], 4) if name in row else None for row in history]
    return curve
