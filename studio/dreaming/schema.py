"""The recipe as plain JSON, made from the dataclass: fields, ranges, targets, stages.

Whatever draws or checks a recipe elsewhere, the page above all, reads it here::

    {"fields": {"seconds": {"kind": "number", "label": "Length", "help": "How long …",
                            "default": 1.0, "paper": 1.0, "minimum": 1.0, "maximum": 60.0,
                            "step": 0.1, "unit": "s", "choices": [], "odd": false,
                            "advanced": false, "group": ""},
                …},                                     in the recipe's order
     "unsaid": ["guide", "closeness", …],               left out where they have their defaults
     "targets": {"parts": ["layer", "map", "weight", "measure"],
                 "measures": ["response", "activation", "guide"],
                 "default": [0, null, 1.0, "response"],  what the parts after the layer default to
                 "most_weight": 1000.0},                 of either sign; a weight is never 0
     "stages": {"most": 9, "changes": ["targets", …]},   the fields that a stage may change
     "curves": {"most_points": 256},   one for each target; points [time, value] in order, 0 … 1
     "brightness": [[65, 10.0], …],    kernel and coefficient of smoothing, from dark to bright
     "built_in_sounds": ["white noise", …],              any other ``initial`` names a recording
     "no_guide": "none",
     "loop_units": {"model1": [49, 1225, …]},           by layer: with padding "loop", the samples
                                                        are a multiple of that of the deepest target
     "datasets": ["events", "instruments", "speech"]}    a model of one's own has another name

``kind`` is one of ``number``, ``integer``, ``switch`` (true or false), ``choice`` (one of
``choices``), ``name`` (a text that is not empty), ``targets``, ``stages`` and ``curves`` (lists,
see there).
``minimum`` and ``maximum`` are None where there is none, ``paper`` where the paper is silent.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from studio.dreaming.brightness import BRIGHTNESS
from studio.dreaming.control import Control
from studio.dreaming.curves import MOST_POINTS
from studio.dreaming.looping import loop_unit
from studio.dreaming.recipe import (
    BUILT_IN_SOUNDS,
    DATASETS,
    NO_GUIDE,
    UNSAID,
    Recipe,
    controls,
)
from studio.dreaming.stages import MOST_STAGES, OF_THE_WHOLE
from studio.dreaming.targets import MEASURES, MOST_WEIGHT, Target
from studio.networks.architectures import ARCHITECTURES

_LISTS = ("targets", "stages", "curves")


def recipe_schema() -> dict[str, Any]:
    """Return everything that a recipe may hold; see the module for its form."""
    defaults = Recipe().to_dict(everything=True)
    return {
        "fields": {
            name: field_schema(control, defaults[name], name)
            for name, control in controls().items()
        },
        "unsaid": list(UNSAID),
        "targets": {
            "parts": list(Target._fields),
            "measures": list(MEASURES),
            "default": list(Target(0)),
            "most_weight": MOST_WEIGHT,
        },
        "stages": {
            "most": MOST_STAGES,
            "changes": [name for name in controls() if name not in OF_THE_WHOLE],
        },
        "curves": {"most_points": MOST_POINTS},
        "brightness": [list(step) for step in BRIGHTNESS],
        "built_in_sounds": list(BUILT_IN_SOUNDS),
        "no_guide": NO_GUIDE,
        "loop_units": {
            name: [loop_unit(name, layer) for layer in range(len(own.convolutions) + 1)]
            for name, own in ARCHITECTURES.items()
        },
        "datasets": list(DATASETS),
    }


def field_schema(control: Control, default: Any, name: str = "") -> dict[str, Any]:
    """Return a control and its default, as plain JSON values; a list is known by its name."""
    return {
        "kind": name if name in _LISTS else _kind(control, default),
        "default": default,
        **{**asdict(control), "choices": list(control.choices)},
    }


def _kind(control: Control, default: Any) -> str:
    if control.choices:
        return "choice"
    if isinstance(default, bool):
        return "switch"
    if isinstance(default, int):
        return "integer"
    if isinstance(default, float):
        return "number"
    assert isinstance(default, str)
    return "name"
