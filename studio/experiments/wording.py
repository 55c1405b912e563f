"""When a word of the paper's tables 3 to 10 is true of what was measured.

The paper gives words, no thresholds. These rules are ours, the same for every table:

- *Low* (small, little, constant, minimal), *medium* (some, slight) and *high* (strong, significant)
  are the thirds of all layers of all six models, ordered by the layer's median; *very low* and
  *very high* are the outer sixths.
- *Short bursts*: the loudest fifth of the time holds at least 80 % of the energy; *extended
  bursts*: 50 to 80 %; *bursts*: at least 50 %.
- *In step*: synchrony at least 0.5; *partly in step*: 0.3 to 0.5 (the limits of claim T3).
- Noise is *concentrated* where it varies by its mean or more over a sound, else *even*.
- *More*, *less*: than at the layer before. *Slightly more*: up to twice; *considerably more*:
  beyond that. *Increased*: above layers 0 and 1.
- *Similar*: |Cohen's d| below 0.5, of each quantity of the table (burst share and noisiness
  dynamics aside); of a spread, a ratio between 2/3 and 3/2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from studio.dreaming.recipe import DATASETS
from studio.experiments.descriptions import DESCRIPTIONS, Description, Row
from studio.experiments.findings.cells import Cells, NotMeasurable, layers_of
from studio.experiments.findings.judging import FAILS, HOLDS, UNKNOWN, verdict_of
from studio.experiments.findings.variance import difference
from studio.networks.architectures import ARCHITECTURES

AGREEMENT = {HOLDS: "agrees", "in part": "in part", FAILS: "disagrees", UNKNOWN: UNKNOWN}

_LETTERS = {"e": "events", "i": "instruments", "s": "speech"}
_SPREAD_OF = "spread of "
_RANKS = {
    "very low": (0, 1 / 6),
    "low": (0, 1 / 3),
    "medium": (1 / 3, 2 / 3),
    "low to medium": (0, 2 / 3),
    "high": (2 / 3, 1),
    "very high": (5 / 6, 1),
}
_LIMITS = {
    "short bursts": (0.8, np.inf),
    "extended bursts": (0.5, 0.8),
    "bursts": (0.5, np.inf),
    "in step": (0.5, np.inf),
    "partly in step": (0.3, 0.5),
    "concentrated": (1.0, np.inf),
    "even": (-np.inf, 1.0),
}
_RATIOS = {
    "more": (1.0, np.inf),
    "less": (-np.inf, np.nextafter(1.0, 0.0)),
    "slightly more": (1.0, 2.0),
    "considerably more": (2.0, np.inf),
}
_SIMILAR_D = 0.5
_SIMILAR_RATIO = 1.5
_ALIKE = {
    "loudness": ("level", "loudness_dynamics"),
    "brightness": ("spectral_dynamics", "spread of brightness"),
    "noisiness": ("log_noisiness",),
    "roughness": ("roughness", "synchrony"),
}


class Words:
    """Decides words on the sounds of an experiment."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._everywhere: dict[str, np.ndarray] = {}

    def value(self, quantity: str, dataset: str, architecture: str, layer: int) -> float:
        """Return the median over maps of a quantity, or its spread."""
        if quantity.startswith(_SPREAD_OF):
            name = quantity.removeprefix(_SPREAD_OF)
            return float(self._cells.spread(name, dataset, architecture)[0, layer])
        return float(self._cells.median(quantity, dataset, architecture)[0, layer])

    def rank(self, quantity: str, value: float) -> float:
        """Return which part of all layers of all models lies below a value, 0 … 1."""
        if quantity not in self._everywhere:
            self._everywhere[quantity] = np.array(
                [
                    self.value(quantity, dataset, architecture, layer)
                    for architecture in ARCHITECTURES
                    for dataset in DATASETS
                    for layer in range(layers_of(architecture))
                ]
            )
        return float((self._everywhere[quantity] < value).mean())

    def third(self, quantity: str, value: float) -> str:
        """Return low, medium or high."""
        rank = self.rank(quantity, value)
        return next(word for word in ("low", "medium", "high") if rank < _RANKS[word][1])

    def true(
        self, word: str, quantity: str, feature: str, dataset: str, architecture: str, layer: int
    ) -> bool:
        """Tell whether a word is true of one layer of one model."""
        if word.startswith("similar to "):
            other = int(word.removeprefix("similar to "))
            alike = (quantity,) if quantity.startswith(_SPREAD_OF) else _ALIKE[feature]
            return all(self._alike(name, dataset, architecture, layer, other) for name in alike)
        value = self.value(quantity, dataset, architecture, layer)
        if word in _LIMITS:
            low, high = _LIMITS[word]
            return low <= value < high
        if word in _RANKS:
            low, high = _RANKS[word]
            return low <= self.rank(quantity, value) < high
        if word == "increased":
            first = [self.value(quantity, dataset, architecture, n) for n in (0, 1)]
            return value > max(first)
        low, high = _RATIOS[word]
        before = self.value(quantity, dataset, architecture, layer - 1)
        return value > low * before and not value > high * before

    def _alike(
        self, quantity: str, dataset: str, architecture: str, layer: int, other: int
    ) -> bool:
        if quantity.startswith(_SPREAD_OF):
            one, two = (self.value(quantity, dataset, architecture, n) for n in (layer, other))
            return two / _SIMILAR_RATIO < one < two * _SIMILAR_RATIO
        pair = [(dataset, architecture, number) for number in (layer, other)]
        return bool(difference(*self._cells.moments(quantity, pair), 0, 1)[0] < _SIMILAR_D)


def compared(cells: Cells) -> pd.DataFrame:
    """Set every statement of tables 3 to 10 beside what was measured.

    Returns
    -------
    DataFrame
        A row per statement: ``table, architecture, feature, layer, words, agreement`` (agrees: all
        checks true, in part: two thirds, disagrees; not measurable), ``true, checks``, a column per
        dataset with what was measured in words, ``differs``: the checks that are false, and
        ``unmeasured``.
    """
    words = Words(cells)
    rows = [(description, row) for description in DESCRIPTIONS for row in description.rows]
    return pd.DataFrame([_compared(words, description, row) for description, row in rows])


def _compared(words: Words, description: Description, row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {
        "table": description.number,
        "architecture": description.architecture,
        "feature": description.feature,
        "layer": row.layer,
        "words": row.words,
    }
    place = (description.architecture, row.layer)
    try:
        results = []
        for letters, quantity, word in row.checks:
            for dataset in _datasets(letters):
                holds = words.true(word, quantity, description.feature, dataset, *place)
                results.append((f"{dataset}: {_plain(quantity, word)}", holds))
        measured = {
            dataset: ", ".join(
                _measured(words, quantity, dataset, *place) for quantity in description.shown
            )
            for dataset in DATASETS
        }
    except NotMeasurable as missing:
        empty = dict.fromkeys(DATASETS, "")
        return {
            **told, "agreement": UNKNOWN, "true": 0, "checks": 0, **empty,
            "differs": f"{missing}.", "unmeasured": row.unmeasured,
        }  # fmt: skip
    true = sum(holds for _, holds in results)
    return {
        **told,
        "agreement": AGREEMENT[verdict_of(true, len(results))],
        "true": true,
        "checks": len(results),
        **measured,
        "differs": "; ".join(name for name, holds in results if not holds),
        "unmeasured": row.unmeasured,
    }


def _datasets(letters: str) -> tuple[str, ...]:
    return DATASETS if letters == "a" else tuple(_LETTERS[letter] for letter in letters)


_NAMES = {
    "level": "level",
    "loudness_dynamics": "dynamics",
    "burst_share": "bursts",
    "spectral_dynamics": "within",
    "spread of brightness": "across",
    "noisiness": "noise",
    "noisiness_dynamics": "unevenness",
    "roughness": "roughness",
    "synchrony": "synchrony",
}
_STYLES = {"spread of brightness": "{:.0f} Hz", "noisiness": "{:.2g}", "burst_share": "{:.0%}"}


def _measured(words: Words, quantity: str, dataset: str, architecture: str, layer: int) -> str:
    value = words.value(quantity, dataset, architecture, layer)
    number = _STYLES.get(quantity, "{:.2f}").format(value)
    if quantity in ("burst_share", "synchrony", "noisiness_dynamics"):
        return f"{_NAMES[quantity]} {number}"
    return f"{_NAMES[quantity]} {number} ({words.third(quantity, value)})"


def _plain(quantity: str, word: str) -> str:
    if word.startswith("similar") and not quantity.startswith(_SPREAD_OF):
        return word
    return f"{_NAMES[quantity]} {word}"
