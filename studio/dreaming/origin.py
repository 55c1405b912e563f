"""What, beside the recipe, decides about every bit of a dream: the engine and the weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.dreaming.engine.targets import VERSION
from studio.networks.weights import fingerprint

_PATTERN = re.compile(r"; (engine \d+(?: without FMA)?|reference); weights ([0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class Origin:
    """By what a sound was dreamed.

    Attributes
    ----------
    engine : str
        ``engine`` and its version, which gives the same bits everywhere; the same and
        ``without FMA``, of a browser that has no fused multiply-add, which gives other bits; or
        ``reference``, whose last bits differ from machine to machine.
    weights : str
        Fingerprint of the network's weights (`networks.weights.fingerprint`); empty where they
        never lay in a file.
    """

    engine: str
    weights: str

    def __str__(self) -> str:
        return f"{self.engine}; weights {self.weights}"

    @property
    def exact(self) -> bool:
        """Whether every machine gives the same bits."""
        return self.engine.startswith("engine") and not self.engine.endswith("FMA")

    @classmethod
    def of(cls, ascent: str, card: Mapping[str, Any]) -> Origin:
        """Return the origin of what an ascent of some name makes with the model of a card."""
        return cls(ascent if ascent == "reference" else f"engine {VERSION}", fingerprint(card))

    @classmethod
    def find(cls, text: str) -> Origin | None:
        """Return the origin that a text tells of behind a semicolon, or None."""
        found = _PATTERN.search(text)
        return cls(found[1], found[2]) if found else None
