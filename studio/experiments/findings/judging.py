"""Decide verdicts from sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from studio.experiments.findings.cells import Cells, NotMeasurable
from studio.experiments.findings.registry import Case, Claim, Evidence, in_order

HOLDS, IN_PART, FAILS, UNKNOWN = "holds", "in part", "does not hold", "not measurable"
CREDIT = {HOLDS: 1.0, IN_PART: 0.5, FAILS: 0.0, UNKNOWN: 0.0}

_INTERVAL = (2.5, 97.5)
_CLEAR = 0.95


@dataclass(frozen=True, slots=True)
class Findings:
    """All claims, judged.

    Attributes
    ----------
    verdicts : DataFrame
        A row per claim: ``claim, words, rule, verdict, held, cases, clear, reason``. Clear: every
        case holds in at least 95 % of the resamples, or every case in at most 5 %.
    cases : DataFrame
        A row per comparison: ``claim, case, what, measured, low, high`` (95 % bootstrap interval
        over maps, or over seeds), ``sign, against, than, true``; and of its case ``holds`` and
        ``support``, the share of the resamples in which it holds.
    """

    verdicts: pd.DataFrame
    cases: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many claims got each verdict."""
        found = self.verdicts["verdict"].tolist()
        return {verdict: found.count(verdict) for verdict in CREDIT}


def judge(
    table: pd.DataFrame,
    vectors: np.ndarray | None = None,
    clips: pd.DataFrame | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Findings:
    """Judge every claim of Experiment 1.

    Parameters
    ----------
    table : DataFrame
        The sounds, as in the gallery's index; other datasets than the paper's are left out.
    vectors : ndarray, shape (n, 47), optional
        Of the rows, not standardised; without them D7 is not measurable.
    clips : DataFrame, optional
        `training_clips.measured`; without it T4 is not measurable.
    resamples : int
        Of the bootstrap.
    seed : int
        Of the bootstrap.
    """
    return judged(in_order(), Evidence(Cells(table, vectors, resamples, seed), clips))


def judged(claims: list[Claim], evidence: Any) -> Findings:
    """Judge claims by what their experiment is judged by."""
    verdicts, rows = [], []
    for claim in claims:
        verdict, found = _judged(claim, evidence)
        verdicts.append(verdict)
        rows += found
    columns = ["claim", "case", "what", "measured", "low", "high", "sign", "against", "than"]
    cases = pd.DataFrame(rows, columns=[*columns, "true", "holds", "support"])
    return Findings(pd.DataFrame(verdicts), cases)


def verdict_of(held: int, cases: int) -> str:
    """Return the verdict: all cases, at least two thirds of them, or fewer."""
    if held == cases:
        return HOLDS
    return IN_PART if 3 * held >= 2 * cases else FAILS


def _judged(claim: Claim, evidence: Any) -> tuple[dict, list[dict]]:
    told = {"claim": claim.name, "words": claim.words, "rule": claim.rule}
    try:
        cases = claim.cases(evidence)
    except NotMeasurable as missing:
        reason = f"{missing}."
        unknown = {"verdict": UNKNOWN, "held": 0, "cases": 0, "clear": False}
        return {**told, **unknown, "reason": reason}, []
    held = sum(bool(case.holds[0]) for case in cases)
    told |= {"verdict": verdict_of(held, len(cases)), "held": held, "cases": len(cases)}
    rows = [row for case in cases for row in _rows(claim, case)]
    support = [_support(case) for case in cases]
    clear = min(support) >= _CLEAR or max(support) <= 1 - _CLEAR
    return {**told, "clear": clear, "reason": ""}, rows


def _support(case: Case) -> float:
    """Return the share of the resamples in which a case holds."""
    return float(case.holds[1:].mean()) if len(case.holds) > 1 else float(case.holds[0])


def _rows(claim: Claim, case: Case) -> list[dict]:
    holds = case.holds
    rows = []
    for comparison in case.comparisons:
        resampled = comparison.measured[1:] if len(holds) > 1 else comparison.measured
        low, high = np.percentile(resampled, _INTERVAL, method="nearest")
        rows.append(
            {
                "claim": claim.name,
                "case": case.name,
                "what": comparison.what,
                "measured": float(comparison.measured[0]),
                "low": float(low),
                "high": float(high),
                "sign": comparison.sign,
                "against": float(np.broadcast_to(comparison.against, holds.shape)[0]),
                "than": comparison.than,
                "true": bool(comparison.holds[0]),
                "holds": bool(holds[0]),
                "support": _support(case),
            }
        )
    return rows
