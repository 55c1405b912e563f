"""Which lengths make a true loop: what the strides of a network divide.

Every layer then has a whole number of steps on the circle, and its convolution wraps around.
"""

from __future__ import annotations

import math
from typing import Any

from studio.errors import ParameterError
from studio.networks.architectures import find_architecture
from studio.sound import SAMPLE_RATE


def loop_unit(architecture: str, deepest: int) -> int:
    """Return what divides a loop's samples: the product of the strides up to layer ``deepest``."""
    rows = find_architecture(architecture).convolutions
    return math.prod(row.stride for row in rows[: deepest + 1])


def snapped_seconds(architecture: str, deepest: int, seconds: float) -> float:
    """Return the length of a true loop that is nearest to ``seconds``, 1 … 60 s.

    Parameters
    ----------
    architecture : str
    deepest : int
        The deepest layer that is dreamed of.
    seconds : float
    """
    return snapped_samples(loop_unit(architecture, deepest), seconds) / SAMPLE_RATE


def snapped_samples(unit: int, seconds: float) -> int:
    """Return the multiple of ``unit`` samples that is nearest to ``seconds``, 1 … 60 s."""
    least, most = -(-SAMPLE_RATE // unit), 60 * SAMPLE_RATE // unit
    nearest = math.floor(seconds * SAMPLE_RATE / unit + 0.5)  # as the page rounds
    return min(max(least, nearest), most) * unit


def unit_of(recipe: Any) -> int:
    """Return what divides a recipe's samples: that of its deepest stage that loops; 1 if none does.

    The unit of a layer divides those of all deeper ones.

    Parameters
    ----------
    recipe : Recipe
    """
    looping = [
        max(target.layer for target in stage.targets)
        for stage in (recipe.each_stage if recipe.stages else (recipe,))
        if stage.padding == "loop"
    ]
    return loop_unit(recipe.architecture, max(looping)) if looping else 1


def check_loop(recipe: Any) -> None:
    """Raise `ParameterError` where a stage is to loop and the recipe's length does not.

    Parameters
    ----------
    recipe : Recipe
    """
    for stage in recipe.each_stage if recipe.stages else (recipe,):
        if stage.padding != "loop":
            continue
        deepest = max(target.layer for target in stage.targets)
        if recipe.samples % loop_unit(recipe.architecture, deepest):
            wanted = snapped_seconds(recipe.architecture, deepest, recipe.seconds)
            raise ParameterError(
                f"seconds={recipe.seconds:g} makes no loop at layer {deepest}: choose "
                f"{wanted!r} s, or other edges than 'loop'."
            )
