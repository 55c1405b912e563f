"""The recipe: everything that determines a dreamed sound.

Every field carries its label, range, unit and a plain sentence, from which the page, the command
line and the documentation are made. Defaults are those of the paper's Experiment 1 (section 4.1);
what the paper leaves open is decided as the README's fidelity table says.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from numbers import Integral
from typing import Any, NamedTuple

from studio.architectures import ARCHITECTURES, SAMPLE_RATE, Tap
from studio.errors import ParameterError

DATASETS = ("events", "instruments", "speech")
"""The paper's three datasets; a recipe may also name a model of the user's own."""

BUILT_IN_SOUNDS = ("white noise", "silence", "tone", "impulse")
"""Initial sounds that need no file. Anything else in ``initial`` names a recording."""


class Target(NamedTuple):
    """What is to respond more: one feature map of a layer (``map`` None: all) and its weight."""

    layer: int
    map: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Control:
    """How a field of the recipe is shown and checked.

    Attributes
    ----------
    label, help : str
        The paper's name for it and one plain sentence.
    minimum, maximum, step : float, optional
        The range that is accepted, ends included.
    unit : str
        Empty for plain numbers.
    choices : tuple
        The accepted values of a field that is a choice.
    paper : object
        The paper's value (Experiment 1); None where the paper is silent.
    odd : bool
        Only odd numbers make sense.
    advanced : bool
        Rarely needed: folded away on the page.
    """

    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[Any, ...] = ()
    paper: Any = None
    odd: bool = False
    advanced: bool = False


def _control(default: Any, label: str, explanation: str, **details: Any) -> Any:
    return field(
        default=default, metadata={"control": Control(label=label, help=explanation, **details)}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that determines a sound, checked; see `Control` for what each field carries.

    Raises
    ------
    ParameterError
        If a value lies outside its range; the message says which and what to do.
    """

    dataset: str = _control(
        "instruments",
        "Dataset",
        "What the network has learned to tell apart: everyday events, musical instruments or "
        "voices.",
    )
    architecture: str = _control(
        "model1",
        "Architecture",
        "Model1 has four layers, Model2 has eight.",
        choices=tuple(ARCHITECTURES),
    )
    targets: tuple[Target, ...] = _control(
        (Target(0, 0),),
        "Layers and feature maps",
        "What shall respond more and more to the sound.",
    )
    initial: str = _control(
        "white noise",
        "Initial audio",
        "The sound the dream starts from.",
        paper="white noise",
    )
    start_seconds: float = _control(
        0.0,
        "Start at",
        "Where in the recording the sound begins.",
        minimum=0.0,
        maximum=300.0,
        step=0.01,
        unit="s",
    )
    seconds: float = _control(
        1.0,
        "Length",
        "How long the sound is. The paper's sounds last one second.",
        minimum=1.0,
        maximum=60.0,
        step=0.1,
        unit="s",
        paper=1.0,
    )
    iterations: int = _control(
        2000,
        "Iterations",
        "How many small steps the dream takes: more lead further away from the start.",
        minimum=1,
        maximum=10_000,
        step=1,
        paper=2000,
    )
    learning_rate: float = _control(
        0.01,
        "Learning rate",
        "How far each step goes. Large steps change the sound sooner and add some noise.",
        minimum=0.0001,
        maximum=1.0,
        step=0.001,
        paper=0.01,
    )
    max_offset: int = _control(
        1,
        "Temporal offset",
        "The sound is shifted by up to this many samples after each step. Large offsets blur "
        "repeating patterns: brighter and noisier.",
        minimum=0,
        maximum=22_050,
        step=1,
        unit="samples",
        paper=1,
    )
    cutoff_hz: float = _control(
        12_000.0,
        "Cut-off frequency",
        "Nothing above this frequency passes the low-pass filter. Lower is darker.",
        minimum=20.0,
        maximum=SAMPLE_RATE / 2,
        step=10.0,
        unit="Hz",
        paper=12_000.0,
    )
    smoothing_coefficient: float = _control(
        0.5,
        "Smoothing coefficient",
        "How strongly the gradient is smoothed at the start; smoothing grows with every step.",
        minimum=0.01,
        maximum=10.0,
        step=0.05,
        paper=0.5,
    )
    smoothing_kernel: int = _control(
        9,
        "Smoothing kernel size",
        "Over how many samples the gradient is smoothed.",
        minimum=1,
        maximum=255,
        step=2,
        unit="samples",
        paper=9,
        odd=True,
    )
    seed: int = _control(
        1,
        "Seed",
        "One number for all that is random: same seed, same sound.",
        minimum=0,
        maximum=2**32 - 1,
        step=1,
    )
    smoothing: str = _control(
        "cascade",
        "Smoothing",
        "The paper smooths the gradient with three Gaussians; off lets more treble through.",
        choices=("cascade", "off"),
        paper="cascade",
        advanced=True,
    )
    padding: str = _control(
        "reflect",
        "Edges",
        "How smoothing treats the ends of the sound; circular suits sounds that will loop.",
        choices=("reflect", "circular"),
        advanced=True,
    )
    low_pass: str = _control(
        "hard cut",
        "Low-pass filter",
        "A hard cut removes everything above the cut-off; Butterworth fades it out.",
        choices=("hard cut", "butterworth", "off"),
        advanced=True,
    )
    low_pass_order: int = _control(
        4,
        "Butterworth order",
        "How steeply the Butterworth low-pass falls.",
        minimum=1,
        maximum=12,
        step=1,
        advanced=True,
    )
    normalisation: str = _control(
        "peak",
        "Normalisation",
        "How the level is kept after every step: by its peak, by its average (RMS), or not at all.",
        choices=("peak", "rms", "none"),
        advanced=True,
    )
    tap: Tap = _control(
        "before swish",
        "Tap",
        "Where the layer is listened to: before or after its Swish activation.",
        choices=("before swish", "after swish"),
        advanced=True,
    )
    unroll: bool = _control(
        False,
        "Shift back",
        "Undo the temporal offset after each step, so that the sound stays in its place.",
        advanced=True,
    )

    stop_after: int = _control(
        0,
        "Stop after",
        "End after this many iterations, as if Stop had been pressed; 0 runs them all.",
        minimum=0,
        maximum=10_000,
        step=1,
        paper=0,
        advanced=True,
    )

    def __post_init__(self) -> None:
        for name, control in controls().items():
            object.__setattr__(self, name, _checked(name, control, getattr(self, name)))
        object.__setattr__(self, "targets", _checked_targets(self.targets))

    @property
    def samples(self) -> int:
        """Length of the sound in samples at 44,100 Hz."""
        return round(self.seconds * SAMPLE_RATE)

    def replace(self, **changes: Any) -> Recipe:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, strings and numbers."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["targets"] = [list(target) for target in self.targets]
        return values

    def to_json(self) -> str:
        """Return the recipe as one line of ASCII JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Build a recipe from `to_dict`; fields that are missing keep their defaults."""
        if not isinstance(values, Mapping):
            raise ParameterError("A recipe is a JSON object of names and values.")
        known = {item.name for item in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ParameterError(
                f"A recipe has no field '{unknown[0]}'; its fields are {', '.join(sorted(known))}."
            )
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read `to_json`."""
        try:
            values = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ParameterError(f"This is not a recipe: it is not valid JSON ({error}).") from None
        return cls.from_dict(values)


def controls() -> dict[str, Control]:
    """Return how every field of the recipe is shown and checked, by name, in order."""
    return {item.name: item.metadata["control"] for item in fields(Recipe)}


def _checked(name: str, control: Control, value: Any) -> Any:
    default = next(item.default for item in fields(Recipe) if item.name == name)
    if name == "targets":
        return value
    if control.choices:
        if value not in control.choices:
            options = ", ".join(str(choice) for choice in control.choices)
            raise ParameterError(f"{name}={value!r} must be one of: {options}.")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ParameterError(f"{name}={value!r} must be true or false.")
        return value
    if isinstance(default, str):
        if not isinstance(value, str) or not value.strip():
            raise ParameterError(f"{name}={value!r} must be a name.")
        return value
    return _checked_number(name, control, value, whole=isinstance(default, int))


def _checked_number(name: str, control: Control, value: Any, whole: bool) -> int | float:
    low, high = control.minimum, control.maximum
    assert low is not None and high is not None, f"the control of {name} lacks a range"
    rule = f"must lie between {low:g} and {high:g}"
    if control.unit:
        rule += f" {control.unit}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ParameterError(f"{name}={value!r} must be a number.") from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise ParameterError(f"{name}={value} {rule}.")
    if not low <= number <= high:
        raise ParameterError(f"{name}={value} {rule}.")
    if whole and number != int(number):
        raise ParameterError(f"{name}={value} must be a whole number.")
    if control.odd and int(number) % 2 == 0:
        raise ParameterError(
            f"{name}={value} must be odd, such as {int(number) - 1} or {int(number) + 1}."
        )
    return int(number) if whole else number


def _checked_targets(targets: Any) -> tuple[Target, ...]:
    if not isinstance(targets, Iterable) or isinstance(targets, str | bytes | Mapping):
        raise ParameterError("targets must be a list of [layer, map, weight].")
    checked = tuple(_checked_target(target) for target in targets)
    if not checked:
        raise ParameterError("There is nothing to dream of: choose at least one layer.")
    return checked


def _checked_target(target: Any) -> Target:
    if not isinstance(target, Iterable) or isinstance(target, str | bytes | Mapping):
        raise ParameterError(f"target {target!r} must be [layer, map, weight].")
    parts = list(target)
    if not 1 <= len(parts) <= 3:
        raise ParameterError(f"target {target!r} must be [layer, map, weight].")
    layer = parts[0]
    feature_map = parts[1] if len(parts) > 1 else None
    weight = parts[2] if len(parts) > 2 else 1.0
    if feature_map is not None:
        feature_map = _checked_index("map", feature_map)
    try:
        weight = float(weight)
    except (TypeError, ValueError):
        raise ParameterError(f"weight={weight!r} must be a number.") from None
    if not math.isfinite(weight) or weight == 0 or abs(weight) > 1000:
        raise ParameterError(f"weight={weight:g} must be a number other than 0, at most 1000.")
    return Target(_checked_index("layer", layer), feature_map, weight)


def _checked_index(name: str, value: Any) -> int:
    whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or value < 0:
        raise ParameterError(f"{name}={value!r} must be a whole number, 0 or more.")
    return int(value)
