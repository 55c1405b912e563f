"""Metadata and checks of a setting: label, range, unit, help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from studio.errors import ParameterError
from studio.text import plain_name, shown

_LONGEST_PATH = 1000


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
    group : str
        The fold of the page it belongs to: "form", "space", or none.
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
    group: str = ""


def control_field(default: Any, label: str, explanation: str, **details: Any) -> Any:
    """Return a dataclass field that carries its `Control`."""
    return field(
        default=default, metadata={"control": Control(label=label, help=explanation, **details)}
    )


def checked(name: str, control: Control, default: Any, value: Any) -> Any:
    """Return a value as its control wants it; ``default`` tells of which kind it is.

    Raises
    ------
    ParameterError
        If it is not one; the message says which and what to do.
    """
    if control.choices:
        if value not in control.choices:
            options = ", ".join(str(choice) for choice in control.choices)
            raise ParameterError(f"{name}={shown(value)} must be one of: {options}.")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ParameterError(f"{name}={shown(value)} must be true or false.")
        return value
    if isinstance(default, str):
        return _checked_name(name, value)
    return _checked_number(name, control, value, whole=isinstance(default, int))


def _checked_name(name: str, value: Any) -> str:
    # A model's name may be a path, of which no part can be left out.
    if not isinstance(value, str) or not plain_name(value):
        raise ParameterError(f"{name}={shown(value)} must be a name.")
    if name != "dataset":
        return plain_name(value)
    if len(value) > _LONGEST_PATH:
        raise ParameterError(f"{name}={shown(value)} is too long: {_LONGEST_PATH} at most.")
    return plain_name(value, _LONGEST_PATH)


def _checked_number(name: str, control: Control, value: Any, whole: bool) -> int | float:
    low, high = control.minimum, control.maximum
    assert low is not None and high is not None, f"the control of {name} lacks a range"
    rule = f"must lie between {low:g} and {high:g}"
    if control.unit:
        rule += f" {control.unit}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ParameterError(f"{name}={shown(value)} must be a number.") from None
    except OverflowError:  # a whole number beyond all floats
        raise ParameterError(f"{name}={shown(value)} {rule}.") from None
    if isinstance(value, bool) or not low <= number <= high:  # "not a number" lies nowhere
        raise ParameterError(f"{name}={shown(value)} {rule}.")
    if whole and number != int(number):
        raise ParameterError(f"{name}={shown(value)} must be a whole number.")
    if control.odd and int(number) % 2 == 0:
        raise ParameterError(
            f"{name}={shown(value)} must be odd, such as {int(number) - 1} or {int(number) + 1}."
        )
    return int(number) if whole else number
