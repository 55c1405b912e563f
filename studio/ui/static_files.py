"""Paths and texts of the page's static files."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SHEET = "studio/static/css/all.css"
"""Where all style sheets come as one: a slow line waits once for them."""
_LINK = re.compile(r'<link rel="stylesheet" href="studio/static/(css/[^"]+)">\n')


def text_of(name: str) -> str:
    """Return a part of the page, a file in ``static/html``, as text."""
    return (STATIC / "html" / name).read_text(encoding="utf-8")


def head_text() -> str:
    """Return ``head.html`` with one link in the place of those to the style sheets."""
    links = iter([f'<link rel="stylesheet" href="{SHEET}">\n'])
    return _LINK.sub(lambda _: next(links, ""), text_of("head.html"))


def style_sheet() -> str:
    """Return the style sheets that ``head.html`` names, in its order, as one text."""
    names = _LINK.findall(text_of("head.html"))
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)
