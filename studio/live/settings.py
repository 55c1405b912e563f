"""Live settings: a recipe, and what only an endless sound has.

Importing this needs no PyTorch: the page builds its controls from it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from studio.dreaming.recipe import MEASURES, Control, Recipe, Target, controls
from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE
from studio.text import shown

MOST_ITERATIONS = 200
"""Iterations that an excerpt may ask for. None of the machines at hand keeps up with more."""

SILENT_DB = -60.0
"""A level that counts as silence."""

BEGIN = Recipe(
    dataset="events",
    architecture="model2",
    targets=(Target(3, 4),),
    seconds=4.0,
    iterations=10,
    learning_rate=0.04,
)
"""The paper's real-time values (section 4.2), on a buffer of four seconds."""

LIVE_MEASURES = tuple(measure for measure in MEASURES if measure != "guide")
"""What may be asked of a map: a sound that goes on has no guide."""

MOST_AHEAD = 2 * SAMPLE_RATE
"""A listener may not want more samples than this ahead of its play head."""

MARGIN_SECONDS = 0.06
"""How far ahead of the play head a change takes effect, besides the time to compute it."""

MOST_MARGIN_SECONDS = 1.0
"""A listener on a slow line may ask for more, up to this."""

_MATERIAL = ("initial", "start_seconds", "seconds", "seed")
"""Fields that change what lies in the buffer."""

_NOT_LIVE = ("guide", "closeness", "stereo_width", "tune_hz", "stages", "curves")
"""Fields that have no meaning where a sound goes round and round."""

_GEOMETRIC = ("iterations", "learning_rate", "cutoff_hz", "smoothing_coefficient")
_SHIFTED = ("max_offset",)
_PLAIN = ("smoothing_kernel",)


@dataclass(frozen=True, slots=True)
class TargetSet:
    """Layers and maps of one network: what a part of the iterations climbs for."""

    dataset: str
    architecture: str
    targets: tuple[Target, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and strings."""
        return {
            "dataset": self.dataset,
            "architecture": self.architecture,
            "targets": [target.to_list() for target in self.targets],
        }

    @classmethod
    def of(cls, value: Any) -> TargetSet:
        """Read `to_dict`, checked as a recipe's fields are."""
        if isinstance(value, TargetSet):
            return value
        if not isinstance(value, Mapping) or set(value) - {f.name for f in fields(cls)}:
            raise ParameterError("second must be an object of dataset, architecture and targets.")
        recipe = Recipe(**value)
        return cls(recipe.dataset, recipe.architecture, recipe.targets)


def _control(default: Any, label: str, explanation: str, **details: Any) -> Any:
    return field(
        default=default, metadata={"control": Control(label=label, help=explanation, **details)}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """Everything that determines how a live dream goes on, checked.

    Attributes
    ----------
    recipe : Recipe
        ``seconds`` is the length of the buffer, ``initial`` and ``seed`` what it starts from,
        ``iterations`` those of one excerpt; ``dataset``, ``architecture`` and ``targets`` are the
        first set, A.
    second : TargetSet or None
        The other set, B.

    Raises
    ------
    ParameterError
        If a value lies outside its range.
    """

    recipe: Recipe = BEGIN
    second: TargetSet | None = None
    morph: float = _control(
        0.0,
        "A to B",
        "Which of the two choices of maps is dreamed of. In between, steps take turns.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
    )
    feedback: float = _control(
        1.0,
        "Feedback",
        "How much the dream feeds on itself. At 0 every excerpt begins with the start sound anew.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
    )
    input_level: float = _control(
        0.0,
        "Microphone",
        "How much of the microphone is mixed into what dreams.",
        minimum=0.0,
        maximum=2.0,
        step=0.01,
    )
    hop_seconds: float = _control(
        0.5,
        "Hop",
        "The dream works on pieces of one second; this is how far one begins after the other.",
        minimum=0.1,
        maximum=0.9,
        step=0.05,
        unit="s",
        advanced=True,
    )
    level_db: float = _control(
        -6.0,
        "Level",
        "How loud the sound is. A limiter keeps it from ever exceeding full scale.",
        minimum=SILENT_DB,
        maximum=6.0,
        step=0.5,
        unit="dB",
    )
    freeze: bool = _control(False, "Freeze", "Stop dreaming and let the sound go round as it is.")

    def __post_init__(self) -> None:
        if self.second is not None:
            object.__setattr__(self, "second", TargetSet.of(self.second))
        for name, control in own_controls().items():
            object.__setattr__(self, name, _checked(name, control, getattr(self, name)))
        if self.recipe.iterations > MOST_ITERATIONS:
            raise ParameterError(
                f"iterations={self.recipe.iterations} must lie between 1 and {MOST_ITERATIONS} "
                "in a live dream."
            )
        if any(
            target.measure not in LIVE_MEASURES for one, _ in self.mixture for target in one.targets
        ):
            raise ParameterError("A live dream has no guide sound: choose another measure.")

    @property
    def first(self) -> TargetSet:
        """The recipe's set, A."""
        return TargetSet(self.recipe.dataset, self.recipe.architecture, self.recipe.targets)

    @property
    def mixture(self) -> tuple[tuple[TargetSet, float], ...]:
        """The sets and each one's share of the iterations, above 0, together 1."""
        if self.second is None or self.second == self.first:
            return ((self.first, 1.0),)
        shares = ((self.first, 1.0 - self.morph), (self.second, self.morph))
        return tuple((chosen, share) for chosen, share in shares if share > 0)

    @property
    def material(self) -> tuple[Any, ...]:
        """What determines the sound that the buffer starts from."""
        return tuple(getattr(self.recipe, name) for name in _MATERIAL)

    def change(self, **changes: Any) -> LiveSettings:
        """Return a copy with some fields changed, the recipe's fields among them."""
        known = {item.name for item in fields(self)} | {item.name for item in fields(Recipe)}
        known -= set(_NOT_LIVE)
        unknown = sorted(set(changes) - known | {"recipe"} & set(changes))
        if unknown:
            raise ParameterError(
                f"A live dream has no setting {shown(unknown[0])}; there are "
                f"{', '.join(sorted(known - {'recipe'}))}."
            )
        own = {name: value for name, value in changes.items() if name in _names()}
        rest = {name: value for name, value in changes.items() if name not in own}
        recipe = self.recipe.replace(**rest) if rest else self.recipe
        return dataclasses.replace(self, recipe=recipe, **own)

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, the recipe's among them, as plain lists, strings and numbers."""
        own: dict[str, Any] = {name: getattr(self, name) for name in _names()}
        own["second"] = self.second.to_dict() if self.second else None
        return {**self.recipe.to_dict(), **own}

    @classmethod
    def from_dict(cls, values: Any) -> LiveSettings:
        """Build settings from `to_dict`; what is missing keeps its default."""
        if not isinstance(values, Mapping):
            raise ParameterError("Live settings are a JSON object of names and values.")
        return cls().change(**values)

    def towards(self, other: LiveSettings, share: float) -> LiveSettings:
        """Return settings on the way to ``other``: its own, but numbers only ``share`` of the way.

        Frequencies and rates move by equal ratios, the others by equal steps. The sets are those
        of ``other``: `blended` tells how they are mixed on the way.
        """
        if share >= 1:
            return other
        a, b = self.recipe, other.recipe
        numbers: dict[str, Any] = {}
        for name in _GEOMETRIC:
            numbers[name] = getattr(a, name) * (getattr(b, name) / getattr(a, name)) ** share
        for name in _SHIFTED:
            low, high = 1 + getattr(a, name), 1 + getattr(b, name)
            numbers[name] = low * (high / low) ** share - 1
        for name in _PLAIN:
            numbers[name] = getattr(a, name) + (getattr(b, name) - getattr(a, name)) * share
        for name in ("iterations", "max_offset"):
            numbers[name] = round(numbers[name])
        numbers["smoothing_kernel"] = 2 * round((numbers["smoothing_kernel"] - 1) / 2) + 1
        for name in ("morph", "feedback", "input_level", "level_db"):
            numbers[name] = getattr(self, name) + (getattr(other, name) - getattr(self, name)) * (
                share
            )
        return other.change(**numbers)


def blended(
    one: tuple[tuple[TargetSet, float], ...],
    other: tuple[tuple[TargetSet, float], ...],
    share: float,
) -> tuple[tuple[TargetSet, float], ...]:
    """Return the mixture ``share`` of the way from one to the other."""
    shares: dict[TargetSet, float] = {}
    for mixture, weight in ((one, 1 - share), (other, share)):
        for chosen, part in mixture:
            shares[chosen] = shares.get(chosen, 0.0) + weight * part
    return tuple((chosen, part) for chosen, part in shares.items() if part > 0)


def own_controls() -> dict[str, Control]:
    """Return how every setting that a recipe does not have is shown and checked."""
    return {
        item.name: item.metadata["control"]
        for item in fields(LiveSettings)
        if "control" in item.metadata
    }


EXCERPT_PADDINGS = ("reflect", "circular")


def live_controls() -> dict[str, Control]:
    """Return how every setting is shown: the recipe's, with the real-time values, and its own."""
    changed = {
        "iterations": {"maximum": float(MOST_ITERATIONS), "paper": BEGIN.iterations},
        "learning_rate": {"paper": BEGIN.learning_rate},
        "seconds": {
            "label": "Buffer",
            "help": "How long the sound is that goes round. Shorter ones change sooner.",
            "paper": None,
        },
        # An excerpt of the buffer is dreamed at a time: a loop of its own it must not be.
        "padding": {"choices": tuple(EXCERPT_PADDINGS)},
    }
    recipe = {
        name: dataclasses.replace(control, **changed.get(name, {}))
        for name, control in controls().items()
        if name not in ("start_seconds", "stop_after", *_NOT_LIVE)
    }
    return {**recipe, **own_controls()}


def _names() -> tuple[str, ...]:
    return ("second", *own_controls())


def _checked(name: str, control: Control, value: Any) -> Any:
    if name == "freeze":
        if not isinstance(value, bool):
            raise ParameterError(f"{name}={shown(value)} must be true or false.")
        return value
    assert control.minimum is not None and control.maximum is not None
    unit = f" {control.unit}" if control.unit else ""
    rule = f"must be a number between {control.minimum:g} and {control.maximum:g}{unit}"
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not control.minimum <= number <= control.maximum:  # "not a number" lies nowhere
        raise ParameterError(f"{name}={shown(value)} {rule}.")
    return float(number)
