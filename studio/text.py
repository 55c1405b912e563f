"""Text from strangers, made fit to be shown: short, without characters that steer a terminal."""

from __future__ import annotations

import re
from typing import Any

MOST_NAME = 200
"""Characters of the longest name that is kept."""

_TAIL = 60
"""Of a name that is too long, so much of the end is kept: there stand fingerprints and endings."""

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, signs that turn the direction of writing, and halves of surrogate pairs."""


def plain_text(text: str) -> str:
    """Return ``text`` without control characters; tabs and line breaks stay."""
    return _STEERING.sub("", text)


def plain_name(text: str, most: int = MOST_NAME) -> str:
    """Return a name on one line without control characters, cut in its middle if it is too long."""
    name = re.sub(r"[\t\n]+", " ", plain_text(text)).strip()
    if len(name) <= most:
        return name
    return f"{name[: most - _TAIL - 1]}…{name[-_TAIL:]}"


def shown(value: Any, most: int = 80) -> str:
    """Return a value as a sentence may quote it: never long, whatever it is."""
    if isinstance(value, str | bytes):
        value = value[: 2 * most]  # what is much longer is not worth quoting, let alone escaping
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole numbers of more than 4,300 digits
        return "a number of thousands of digits"
    except RecursionError:
        return "something nested too deeply"
    return plain_text(text if len(text) <= most else f"{text[: most - 1]}…")


def file_name(text: str, most_bytes: int = 200) -> str:
    """Return a name that any file system takes: no folders, no signs with a meaning, not too long.

    The ending stays. Empty where nothing is left.
    """
    name = plain_text(re.split(r"[\\/]", text)[-1])
    name = re.sub(r"[\t\n<>:\"|?*]", "", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return _cut(name, most_bytes)
    ending = _cut(ending, 16)
    return f"{_cut(stem, most_bytes - 1 - len(ending.encode()))}.{ending}"


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")
