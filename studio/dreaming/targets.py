"""Targets of a dream: layer, map, weight, measure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any, Literal, NamedTuple, Protocol

from studio.errors import ParameterError
from studio.networks.architectures import Architecture
from studio.text import shown

Measure = Literal["response", "activation", "guide"]

_MOST_MAPS = 1 << 20
_FORM = "[layer, map, weight, measure]"

MEASURES: tuple[Measure, ...] = ("response", "activation", "guide")
"""What counts of an activation a: its size, its sign, or how near it is to that of a guide sound.

``response`` is the mean of a² (the paper's objective), ``activation`` the mean of a,
``guide`` the mean of −(a − a_guide)². At the output layer, ``activation`` of a map is the log of
its class's probability.
"""

MOST_WEIGHT = 1000.0


NO_GUIDE_SOUND = (
    "A layer is to respond as to a guide sound, and there is no guide sound: give one, or choose "
    "another measure."
)


class Network(Protocol):
    """What must be known of a network to check targets: a classifier's and `Weights` know it."""

    @property
    def architecture(self) -> Architecture:
        """Its row of Table 1."""
        ...

    @property
    def layers(self) -> int:
        """Number of convolutions."""
        ...

    def maps(self, layer: int) -> int:
        """Return the number of feature maps of a layer."""
        ...


class Target(NamedTuple):
    """One feature map of a layer (``map`` None: all), its weight, and what counts of it.

    A weight below 0 avoids what a weight above 0 seeks.
    """

    layer: int
    map: int | None = None
    weight: float = 1.0
    measure: Measure = "response"

    def to_list(self) -> list[Any]:
        """Return [layer, map, weight], and the measure where it is not the paper's."""
        return list(self[:3] if self.measure == "response" else self)


def checked_targets(targets: Any) -> tuple[Target, ...]:
    """Return targets from lists of one to four parts.

    Raises
    ------
    ParameterError
        If they are none, or no targets.
    """
    if not isinstance(targets, Iterable) or isinstance(targets, str | bytes | Mapping):
        raise ParameterError(f"targets must be a list of {_FORM}.")
    checked = tuple(checked_target(target) for target in targets)
    if not checked:
        raise ParameterError("There is nothing to dream of: choose at least one layer.")
    return checked


def checked_target(target: Any) -> Target:
    """Return one target from its one to four parts; see `checked_targets`."""
    if not isinstance(target, Iterable) or isinstance(target, str | bytes | Mapping):
        raise ParameterError(f"target {shown(target)} must be {_FORM}.")
    parts = list(target)
    if not 1 <= len(parts) <= 4:
        raise ParameterError(f"target {shown(target)} must be {_FORM}.")
    layer = parts[0]
    feature_map = parts[1] if len(parts) > 1 else None
    weight = parts[2] if len(parts) > 2 else 1.0
    if feature_map is not None:
        feature_map = _checked_index("map", feature_map)
    try:
        weight = float(weight)
    except (TypeError, ValueError):
        raise ParameterError(f"weight={shown(weight)} must be a number.") from None
    except OverflowError:  # a whole number beyond all floats
        weight = math.inf
    if not math.isfinite(weight) or weight == 0 or abs(weight) > MOST_WEIGHT:
        raise ParameterError(
            f"weight={weight:g} must be a number other than 0, at most {MOST_WEIGHT:g}."
        )
    measure = parts[3] if len(parts) > 3 else "response"
    if measure not in MEASURES:
        raise ParameterError(f"measure={shown(measure)} must be one of: {', '.join(MEASURES)}.")
    return Target(_checked_index("layer", layer), feature_map, weight, measure)


def _checked_index(name: str, value: Any) -> int:
    whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or value < 0:
        raise ParameterError(f"{name}={shown(value)} must be a whole number, 0 or more.")
    index = int(value)
    if index >= _MOST_MAPS:
        raise ParameterError(f"{name}={shown(value)} is more than any network has.")
    return index


def check_targets(model: Network, targets: Iterable[Target]) -> None:
    """Raise `ParameterError` where a target names a layer or map that the model does not have."""
    label = model.architecture.label
    for target in targets:
        if not 0 <= target.layer <= model.layers:
            raise ParameterError(
                f"layer={target.layer} must lie between 0 and {model.layers}: {label} has the "
                f"layers 0 to {model.layers - 1}, and {model.layers} stands for its output."
            )
        maps = model.maps(target.layer)
        if target.map is not None and not 0 <= target.map < maps:
            raise ParameterError(
                f"map={target.map} must lie between 0 and {maps - 1}: layer {target.layer} of "
                f"{label} has {maps} feature maps here."
            )
