"""File names that say where a sound comes from, safe on every system, in any script."""

from __future__ import annotations

import re
import unicodedata

from studio.dreaming.recipe import Recipe

MOST_BYTES = 120
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for itself."""


def safe_name(text: str, most_bytes: int = MOST_BYTES) -> str:
    """Return ``text`` as a file name without ending: Unicode letters stay, the rest becomes ``-``.

    Never empty, never hidden, no longer than ``most_bytes`` in UTF-8.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    text = re.sub(r"-{2,}", "-", _FORBIDDEN.sub("-", text)).strip("-. ")
    text = text.encode("utf-8")[:most_bytes].decode("utf-8", errors="ignore").strip("-. ")
    if not text or _RESERVED.fullmatch(text):
        text = f"sound-{text}".strip("-")
    return text


def sound_name(recipe: Recipe, label: str = "") -> str:
    """Return a name from model, layers and maps, the map's label and the seed."""
    parts = [recipe.dataset, recipe.architecture]
    for target in recipe.targets[:3]:
        parts.append(f"L{target.layer}")
        parts.append("all" if target.map is None else f"m{target.map}")
    if label:
        parts.append(label)
    parts.append(f"s{recipe.seed}")
    return safe_name("-".join(parts))


class Names:
    """Gives every file of a folder a name of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        """Return a name, with a number where it was given before, whatever its case."""
        found, number = name, 2
        while found.casefold() in self._taken:
            found, number = f"{name}-{number}", number + 1
        self._taken.add(found.casefold())
        return found
