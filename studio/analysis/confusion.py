"""Confusion matrices: tables, files and the pairs most often confused."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.errors import ParameterError
from studio.files import write_text

log = logging.getLogger(__name__)

TEST = "middle second"
"""What was tested of each clip: the accuracy that stands beside the paper's Table 2."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion matrix.

    Attributes
    ----------
    counts : ndarray of int, shape (classes, classes)
        ``counts[true, answer]``: how many clips of one class were taken for another.
    """

    counts: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, targets: NDArray[np.int64], answers: NDArray[np.int64], classes: int) -> Confusion:
        """Count true classes against answers, both of shape (clips,)."""
        counts = np.zeros((classes, classes), np.int64)
        np.add.at(counts, (targets, answers), 1)
        return cls(counts)

    @property
    def clips(self) -> int:
        """How many clips were tested."""
        return int(self.counts.sum())

    @property
    def accuracy(self) -> float:
        """Share of the clips whose class was found."""
        return float(np.trace(self.counts)) / max(1, self.clips)

    def mistakes(self, count: int | None = None) -> list[tuple[int, int, int]]:
        """Return mistakes as true class, answer, times; the most frequent first, all by default."""
        wrong = self.counts - np.diag(np.diag(self.counts))
        found = np.argwhere(wrong)
        times = wrong[tuple(found.T)]
        # Equally often: those come first that are a larger part of their class.
        share = times / self.counts.sum(axis=1)[found[:, 0]]
        order = np.lexsort((-share, -times))[:count]
        return [(int(found[i, 0]), int(found[i, 1]), int(times[i])) for i in order]

    def order(self) -> list[int]:
        """Return the classes such that those stand together that are mistaken for each other.

        Optimal leaf order of an average-linkage tree; near are classes of whose clips many are
        taken for the other one.
        """
        from scipy.cluster.hierarchy import leaves_list, linkage
        from scipy.spatial.distance import squareform

        classes = len(self.counts)
        if classes < 3:
            return list(range(classes))
        rates = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        likeness = rates + rates.T
        distance = 1 - likeness / max(float(likeness.max()), 1e-9)
        np.fill_diagonal(distance, 0)
        tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
        return [int(leaf) for leaf in leaves_list(tree)]


def confusion_path(weights: Path) -> Path:
    """Return where the confusion matrix of a model lies: beside its weights."""
    return weights.with_suffix(".confusion.json")


def write_confusion(path: Path, confusion: Confusion, card: dict[str, Any]) -> None:
    """Write a matrix as its entries that are not 0, marked with the weights it belongs to."""
    places = np.argwhere(confusion.counts)
    found = {
        "model": card.get("name", path.name.split(".")[0]),
        "weights_sha256": card.get("weights_sha256", ""),
        "test": TEST,
        "clips": confusion.clips,
        "accuracy": round(confusion.accuracy, 4),
        "order": confusion.order(),
        "entries": [[int(t), int(a), int(confusion.counts[t, a])] for t, a in places],
    }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    write_text(path, f"{{\n{lines}\n}}\n")


def read_confusion(path: Path, card: dict[str, Any]) -> dict[str, Any] | None:
    """Return what `write_confusion` wrote, or None where there is none for these weights."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        same = found["weights_sha256"] == card.get("weights_sha256", "")
        _check(found["entries"], found["order"], len(card["classes"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be read (%s): measure this model again.", path, error)
        return None
    if not same:
        log.warning("%s belongs to other weights: measure this model again.", path)
    return found if same else None


def matrix(entries: Sequence[Sequence[int]], classes: int) -> Confusion:
    """Return the confusion matrix of entries (true, answer, times)."""
    counts = np.zeros((classes, classes), np.int64)
    for true, answer, times in entries:
        counts[true, answer] = times
    return Confusion(counts)


def _check(entries: Sequence[Sequence[int]], order: Sequence[int], classes: int) -> None:
    inside = all(0 <= t < classes and 0 <= a < classes and n > 0 for t, a, n in entries)
    if not inside or sorted(order) != list(range(classes)):
        raise ParameterError("its entries are not those of the model's classes")
