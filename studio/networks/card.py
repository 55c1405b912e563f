"""Reading model cards, which may come from anyone: what is used of them is checked."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from studio.errors import ParameterError
from studio.networks.architectures import find_architecture
from studio.text import plain_text, shown

Fits = Callable[[Any], bool]

_MOST_CHANNELS = 1 << 16
_DEEPEST = 32
_LONGEST_NUMBER = 19


def parse_card(text: str) -> dict[str, Any]:
    """Return a card, checked, without control characters in its words.

    Raises
    ------
    ValueError
        If it is not readable JSON of finite numbers.
    ParameterError
        If a field that is used lacks or is not what it should be; the message says which.
    """
    try:
        card = _plain(
            json.loads(text, parse_constant=_refused, parse_float=_finite, parse_int=_whole)
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    missing = [name for name in _NEEDED if not isinstance(card, dict) or name not in card]
    if missing:
        raise ParameterError(f"lacks {', '.join(missing)}")
    for name, (fits, what) in {**_NEEDED, **_OPTIONAL}.items():
        value = card.get(name)
        if not fits(value) and (name in _NEEDED or value is not None):
            raise ParameterError(f"does not add up: {name}={shown(value)} must be {what}")
        if value is None:
            card.pop(name, None)  # null says as much as nothing
    try:
        architecture = find_architecture(card["architecture"])
    except ParameterError as error:
        raise ParameterError(f"does not add up: {error}") from None
    wanted, given = len(architecture.convolutions) - 1, len(card["hidden_channels"])
    if given != wanted:
        raise ParameterError(
            f"does not add up: {architecture.label} needs {wanted} hidden channel counts, "
            f"not {given}"
        )
    return card


def _refused(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    return value if math.isfinite(value := float(text)) else _refused(text)


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"{text[:_LONGEST_NUMBER]}… is too large a number")
    return int(text)


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {plain_text(key): _plain(each, depth + 1) for key, each in value.items()}
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_channels(value: Any) -> bool:
    return isinstance(value, list) and all(
        _is_count(count) and 0 < count <= _MOST_CHANNELS for count in value
    )


def _is_classes(value: Any) -> bool:
    names = isinstance(value, list) and all(_is_text(name) and name for name in value)
    return names and 2 <= len(value) <= _MOST_CHANNELS


def _some(fits: Fits) -> Fits:
    """Return a check for a list of such values, in which None stands for one that is not known."""
    return lambda value: (
        isinstance(value, list) and all(each is None or fits(each) for each in value)
    )


def _object(**known: Fits) -> Fits:
    """Return a check for an object whose fields, where they are there, fit."""
    return lambda value: (
        isinstance(value, Mapping)
        and all(value.get(name) is None or fits(value[name]) for name, fits in known.items())
    )


def _each(fits: Fits) -> Fits:
    """Return a check for an object of such values, whatever their names."""
    return lambda value: isinstance(value, Mapping) and all(map(fits, value.values()))


_TEST = _object(accuracy=_is_number, interval=_some(_is_number), clips=_is_count)
_TOLD = ("title", "sources", "licence", "credit", "limits")

_NEEDED: dict[str, tuple[Fits, str]] = {
    "architecture": (_is_text, "a name"),
    "classes": (_is_classes, "a list of two names or more"),
    "hidden_channels": (_is_channels, "a list of counts"),
}
_OPTIONAL: dict[str, tuple[Fits, str]] = {
    **dict.fromkeys(("name", "dataset", "summary", "weights_sha256"), (_is_text, "text")),
    **dict.fromkeys(("epochs", "epochs_planned", "parameters"), (_is_count, "a count")),
    **dict.fromkeys(("train_accuracy", "test_accuracy", "chance"), (_is_number, "a number")),
    "data": (_object(**dict.fromkeys(_TOLD, _is_text), hours=_is_number), "an object of texts"),
    "test": (_each(_TEST), "an object of tests"),
    "paper": (_object(test_accuracy=_is_number, data=_is_text), "an object"),
    "training": (_object(seed=_is_count), "an object"),
    "curve": (_each(_some(_is_number)), "an object of lists of numbers"),
}
