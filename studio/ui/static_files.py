"""The files that the page is made of."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def text_of(name: str) -> str:
    """Return a file of the page as text."""
    return (STATIC / name).read_text(encoding="utf-8")
