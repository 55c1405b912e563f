"""Curves: how much each target counts along the sound.

A curve is a list of points (time, value), joined by straight lines, level before the first and
behind the last. Times are shares of the sound, 0 … 1, in order; where two points share a time, the
first holds up to it and the second from there on. Values, 0 … 1, scale the target's weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from studio.errors import ParameterError
from studio.networks.architectures import find_architecture
from studio.text import shown

Point = tuple[float, float]
Curve = tuple[Point, ...]

MOST_POINTS = 256
"""Of a curve: a minute's pulse at 120 beats per minute has 240."""


def curve_values(curve: Curve, times: np.ndarray) -> np.ndarray:
    """Return a curve's values at some times, both 0 … 1, float64; 1 where the curve is empty."""
    if not curve:
        return np.ones(len(times))
    ends = (-1.0, curve[0][1]), (2.0, curve[-1][1])  # level before the first and behind the last
    at, value = np.array((ends[0], *curve, ends[1])).T
    to = np.searchsorted(at, times)  # at[to − 1] < time ≤ at[to]
    share = (times - at[to - 1]) / (at[to] - at[to - 1])
    return value[to - 1] + (value[to] - value[to - 1]) * share


def of_each(targets: Sequence[Any], curves: Sequence[Curve]) -> list[Curve]:
    """Return a curve for each target, empty where it has none."""
    return [*curves, *[()] * (len(targets) - len(curves))]


def within(curves: tuple[Curve, ...], share: float) -> tuple[Curve, ...]:
    """Return curves drawn together into the first ``share`` of the sound."""
    return tuple(tuple((time * share, value) for time, value in curve) for curve in curves)


def checked_curves(curves: Any) -> tuple[Curve, ...]:
    """Return curves as tuples, without empty ones at the end.

    Raises
    ------
    ParameterError
        If they are none; the message says which and what to do.
    """
    found = [
        checked_curve(number, curve)
        for number, curve in enumerate(_listed(curves, "curves must be a list of curves."), 1)
    ]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def checked_curve(number: int, curve: Any) -> Curve:
    """Return one curve; see `checked_curves`. ``number`` names it in messages, from 1 on."""
    form = f"Curve {number} must be a list of points [time, value]."
    listed = _listed(curve, form)
    if len(listed) > MOST_POINTS:
        raise ParameterError(f"Curve {number} has {len(listed)} points: {MOST_POINTS} at most.")
    points: list[Point] = []
    for place, point in enumerate(listed, 1):
        parts = _listed(point, form)
        if len(parts) != 2:
            raise ParameterError(form)
        time, value = (
            _share(f"{name} of point {place} of curve {number}", part)
            for name, part in zip(("time", "value"), parts, strict=True)
        )
        points.append((time, value))
    for place, (one, other) in enumerate(pairwise(points), 2):
        if other[0] < one[0]:
            raise ParameterError(
                f"Curve {number}: point {place} comes before point {place - 1}; give the points "
                "in the order of their times."
            )
    if points and not any(value for _, value in points):
        raise ParameterError(
            f"Curve {number} is 0 throughout: give a point a value above 0, or leave out what it "
            "belongs to."
        )
    return tuple(points)


def check_curves(recipe: Any) -> None:
    """Raise `ParameterError` where a recipe has more curves than targets, or one of its output.

    Parameters
    ----------
    recipe : Recipe
    """
    if len(recipe.curves) > len(recipe.targets):
        raise ParameterError(
            f"There are more curves ({len(recipe.curves)}) than targets ({len(recipe.targets)}): "
            "give each target one at most."
        )
    output = len(find_architecture(recipe.architecture).convolutions)
    for number, (curve, target) in enumerate(zip(recipe.curves, recipe.targets, strict=False), 1):
        if curve and target.layer == output:
            raise ParameterError(
                f"Curve {number} is of the output layer, which answers once for the whole sound: "
                "take the curve away, or choose another layer."
            )


def _share(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, bool | str) or not 0 <= number <= 1:
        raise ParameterError(f"The {name} is {shown(value)}: it must lie between 0 and 1.")
    return number


def _listed(value: Any, form: str) -> list[Any]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
        raise ParameterError(form)
    return list(value)
