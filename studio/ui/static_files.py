"""Paths and texts of the page's static files."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def text_of(name: str) -> str:
    """Return a part of the page, a file in ``static/html``, as text."""
    return (STATIC / "html" / name).read_text(encoding="utf-8")
