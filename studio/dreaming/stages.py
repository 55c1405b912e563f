"""Rules for the stages of a recipe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from studio.errors import ParameterError
from studio.text import shown

MOST_STAGES = 9
"""Most stages after the first."""

Stage = tuple[tuple[str, Any], ...]
"""What a stage changes of the recipe before it: names and values."""

OF_THE_WHOLE = (
    "dataset",
    "architecture",
    "initial",
    "guide",
    "start_seconds",
    "seconds",
    "seed",
    "stereo_width",
    "tune_hz",
    "stop_after",
    "stages",
)
"""Fields that belong to the sound as a whole: no stage changes them."""


def listed(stages: Any) -> list[Any]:
    """Return stages as a list, or raise `ParameterError` where they are none or too many."""
    if not isinstance(stages, Iterable) or isinstance(stages, str | bytes | Mapping):
        raise ParameterError("stages must be a list of objects, each of names and values.")
    found = list(stages)
    if len(found) > MOST_STAGES:
        raise ParameterError(f"{len(found)} next stages are too many: {MOST_STAGES} at most.")
    return found


def checked_changes(number: int, stage: Any, fields: Collection[str]) -> dict[str, Any]:
    """Return what stage ``number`` changes, if it is an object and may change that.

    Raises
    ------
    ParameterError
        If it is not or may not. Whether the values fit is not looked at.
    """
    if not isinstance(stage, Mapping):
        pairs = isinstance(stage, tuple) and all(
            isinstance(pair, tuple) and len(pair) == 2 for pair in stage
        )
        if not pairs:
            raise ParameterError(f"Stage {number} must be an object of names and values.")
        stage = dict(stage)
    may = sorted(set(fields) - set(OF_THE_WHOLE))
    for name in stage:
        if name in OF_THE_WHOLE:
            raise ParameterError(
                f"Stage {number} cannot change '{name}', which belongs to the sound as a whole."
            )
        if name not in may:
            raise ParameterError(
                f"Stage {number} has no field {shown(name)}; it may change {', '.join(may)}."
            )
    return dict(stage)
