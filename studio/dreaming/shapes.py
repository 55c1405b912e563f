"""Ready shapes of curves, as points; see `curves`."""

from __future__ import annotations

import math

import numpy as np

from studio.dreaming.curves import MOST_POINTS, Curve
from studio.dreaming.engine.streams import stream
from studio.errors import ParameterError
from studio.text import shown

WALK_POINTS = 17
"""Of a random walk, unless told otherwise."""


SHAPES = ("swell", "decay", "cross-fade", "pulse", "walk")


def shaped(
    name: str,
    seconds: float,
    number: int = 0,
    count: int = 1,
    tempo_bpm: float = 120.0,
    seed: float = 1,
) -> Curve:
    """Return a shape for target ``number`` (from 0 on) of ``count``, in a sound of ``seconds``.

    Raises
    ------
    ParameterError
        If there is no such shape, or it cannot be; the message says why.
    """
    if name == "swell":
        return swell()
    if name == "decay":
        return decay()
    if name == "cross-fade":
        return cross_fade(number, count)
    if name == "pulse":
        return pulse(tempo_bpm, seconds)
    if name == "walk":
        if not 0 <= seed < 2**32 or seed != int(seed):
            raise ParameterError("The seed of a random walk is a whole number from 0 to 2³² − 1.")
        return walk(int(seed))
    raise ParameterError(f"shape={shown(name)} must be one of: {', '.join(SHAPES)}.")


def swell() -> Curve:
    """Rise from nothing to the end."""
    return ((0.0, 0.0), (1.0, 1.0))


def decay(half_life: float = 0.15) -> Curve:
    """Fall as what rings out does: by half in each ``half_life``, a share of the sound."""
    times = np.linspace(0, 1, 9)
    return _points(times, 0.5 ** (times / half_life))


def cross_fade(number: int, count: int) -> Curve:
    """Return the curve of target ``number`` (from 0 on) of ``count`` that follow one another.

    Each is full at its place and nothing at its neighbours': of two, A goes and B comes. At every
    moment all of them add up to 1.
    """
    if not 0 <= number < count or count < 2:
        raise ParameterError("A cross-fade needs two targets: choose another one.")
    places = [(number + side) / (count - 1) for side in (-1, 0, 1)]
    return tuple(
        (_rounded(place), value)
        for place, value in zip(places, (0.0, 1.0, 0.0), strict=True)
        if 0 <= place <= 1
    )


def pulse(tempo_bpm: float, seconds: float) -> Curve:
    """Return beats that each begin at once and fade until the next, in a sound of ``seconds``."""
    if not (1 <= tempo_bpm <= 1000 and 1 <= seconds <= 60):
        raise ParameterError(
            f"A pulse has 1 to 1,000 beats per minute (not {shown(tempo_bpm)}), in a sound of 1 to "
            f"60 s (not {shown(seconds)})."
        )
    beat = 60 / (tempo_bpm * seconds)
    if 1 / beat > MOST_POINTS / 2:
        raise ParameterError(
            f"{tempo_bpm:g} beats per minute are more than {MOST_POINTS // 2} beats in "
            f"{seconds:g} s: choose a lower tempo."
        )
    points: list[tuple[float, float]] = []
    for number in range(math.ceil(1 / beat - 1e-9)):
        end = (number + 1) * beat
        points.append((_rounded(number * beat), 1.0))
        points.append((_rounded(min(end, 1.0)), _rounded(max(0.0, 1 - (1 - number * beat) / beat))))
    return tuple(points)


def walk(seed: int, points: int = WALK_POINTS) -> Curve:
    """Return a random walk between 0 and 1, from the engine's own random numbers.

    It steps by a normal number times 0.25 and is mirrored at 0 and 1; the highest point is then
    brought to 1.
    """
    if not 2 <= points <= MOST_POINTS:
        raise ParameterError(f"A random walk has 2 to {MOST_POINTS} points.")
    path = 0.5 + np.cumsum(0.25 * stream(seed, 2).normals(points).astype(float))
    mirrored = 1 - np.abs(np.mod(path, 2) - 1)
    return _points(np.linspace(0, 1, points), mirrored / mirrored.max())


def _points(times: np.ndarray, values: np.ndarray) -> Curve:
    return tuple(
        (_rounded(time), _rounded(value)) for time, value in zip(times, values, strict=True)
    )


def _rounded(number: float) -> float:
    return round(float(number), 6)
