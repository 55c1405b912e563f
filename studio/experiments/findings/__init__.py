"""What the paper says about Experiment 1, each claim as a statistic with a verdict.

The definitions were fixed before any sound existed: `registry` holds the rules of judging, `early`,
`deep` and `corpora` one function per claim, `cells` and `variance` what they are computed from.
"""

from __future__ import annotations

from studio.experiments.findings import corpora, deep, early  # noqa: F401 (registers the claims)
from studio.experiments.findings.judging import Findings, judge
from studio.experiments.findings.registry import in_order

__all__ = ["Findings", "in_order", "judge"]
