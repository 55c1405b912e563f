"""Registry of all claims, and how a case of one is decided."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from studio.dreaming.recipe import DATASETS
from studio.experiments.findings.cells import Cells

_SIGNS = {"<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number against another.

    Attributes
    ----------
    what : str
        What is measured, in words.
    measured : ndarray, shape (1 + resamples,)
    sign : str
        ``<``, ``>``, ``≤`` or ``≥``.
    against : ndarray (1 + resamples,) or float
    than : str
        What ``against`` is, in words; empty for a fixed threshold.
    """

    what: str
    measured: np.ndarray
    sign: str
    against: Any
    than: str = ""

    @property
    def holds(self) -> np.ndarray:
        """Whether it is true, row by row; what is not a number is never true."""
        return np.asarray(_SIGNS[self.sign](self.measured, self.against))


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a claim: true where at least ``needed`` of its comparisons are (None: all)."""

    name: str
    comparisons: tuple[Comparison, ...]
    needed: int | None = None

    @property
    def holds(self) -> np.ndarray:
        """Whether the case is true, shape (1 + resamples,)."""
        true = np.sum([comparison.holds for comparison in self.comparisons], axis=0)
        return true >= (len(self.comparisons) if self.needed is None else self.needed)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the claims are judged by.

    Attributes
    ----------
    cells : Cells
        The dreamed sounds.
    clips : DataFrame, optional
        ``dataset`` and the features of training clips.
    """

    cells: Cells
    clips: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the paper and how it is decided.

    Attributes
    ----------
    name : str
        Such as ``L1``.
    words : str
        What the paper says.
    rule : str
        When a case holds.
    cases : callable
        Gives the cases from `Evidence`, or from what another experiment is judged by; raises
        `NotMeasurable`.
    """

    name: str
    words: str
    rule: str
    cases: Callable[[Any], list[Case]] = field(repr=False)


CLAIMS: dict[str, Claim] = {}
"""The claims of Experiment 1 by name."""

_FAMILIES = "LOIDRT"


def in_order() -> list[Claim]:
    """Return the claims of Experiment 1 in the order of their definition."""
    return sorted(CLAIMS.values(), key=lambda claim: (_FAMILIES.index(claim.name[0]), claim.name))


def claim(
    name: str, words: str, rule: str, among: dict[str, Claim] = CLAIMS
) -> Callable[..., Callable[[Any], list[Case]]]:
    """Register the function below, ``among`` an experiment's claims, as the way to decide one."""

    def register(cases: Callable[[Any], list[Case]]) -> Callable[[Any], list[Case]]:
        among[name] = Claim(name, words, rule, cases)
        return cases

    return register


def each_model(architectures: tuple[str, ...] = ("model1", "model2")) -> list[tuple[str, str]]:
    """Return dataset and architecture of every model: the cases unless a claim says otherwise."""
    return [(dataset, architecture) for architecture in architectures for dataset in DATASETS]


def without(values: np.ndarray, layer: int) -> np.ndarray:
    """Return the layers (R, layers) but one."""
    return np.delete(values, layer, axis=1)
