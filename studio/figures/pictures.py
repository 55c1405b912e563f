"""Figures as SVG files, written by a browser that nobody sees.

Needs ``kaleido`` and a Chromium or Chrome: those of the tests do.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as graph

from studio.errors import StudioError
from studio.files import write_text

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def write_pictures(figures: Mapping[Path, tuple[graph.Figure, int]]) -> None:
    """Write figures as SVG files; on one machine, the same figure gives the same file.

    Parameters
    ----------
    figures : mapping
        Where each goes, and its width in pixels.

    Raises
    ------
    StudioError
        If kaleido or a browser is missing.
    """
    try:
        import kaleido
    except ImportError:
        raise StudioError(
            "Writing pictures needs kaleido: pip install 'deep-dream-studio[figures]'."
        ) from None
    browser = find_browser()

    async def drawn() -> list[bytes]:
        # Without mathjax nothing is fetched from anywhere.
        async with kaleido.Kaleido(path=browser, mathjax=False) as one:
            made = []
            for figure, width in figures.values():
                layout: Any = figure.layout
                options: Any = {"format": "svg", "width": width, "height": layout.height}
                made.append(await one.calc_fig(figure, options))
            return made

    # A thread of its own: the caller's (a notebook's, say) may have a running event loop.
    with ThreadPoolExecutor(1) as thread:
        pictures = thread.submit(lambda: asyncio.run(drawn())).result()
    for (path, (figure, _)), svg in zip(figures.items(), pictures, strict=True):
        write_text(path, _tidied(svg.decode(), figure))


def find_browser() -> str:
    """Return the path of a Chromium: of the environment's STUDIO_CHROMIUM, else one installed.

    Raises
    ------
    StudioError
        If there is none.
    """
    named = os.environ.get("STUDIO_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise StudioError(
            "Writing pictures needs Chromium: install it, or set STUDIO_CHROMIUM to its path."
        )
    return found


def fingerprint(figure: graph.Figure) -> str:
    """Return a hash of what a figure shows: a picture carries it, and a stale one is noticed."""
    shown = json.loads(figure.to_json() or "")
    shown["layout"].pop("template", None)
    text = json.dumps(shown, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _tidied(svg: str, figure: graph.Figure) -> str:
    """Return the SVG with ids that are the same every time, and with what it shows in words."""
    found = re.search(r'<defs id="defs-(\w+)"', svg)
    if found:
        svg = re.sub(rf"\b(defs-|topdefs-|clip|legend|p){found[1]}", r"\g<1>0", svg)
    svg = re.sub(r" trace[0-9a-f]{6}\b", "", svg)
    layout: Any = figure.layout
    title = re.sub(r"<[^>]*>", "", layout.title.text)
    words = f"<title>{escape(title)}</title><desc>{escape(layout.meta['description'])}</desc>"
    start, rest = svg.split(">", 1)
    return f'{start} role="img" data-figure="{fingerprint(figure)}">{words}{rest}\n'
