"""Build the page: header, tabs, endpoints for programs."""

from __future__ import annotations

import os
from html import escape

from studio.ui import shell
from studio.ui.api import Services, add_api
from studio.ui.contract import contract_html
from studio.ui.dream import tab as dream_tab
from studio.ui.dream.runs import Runs
from studio.ui.live import tab as live_tab
from studio.ui.scripts import loaded_with
from studio.ui.server.limits import Limits
from studio.ui.static_files import head_text, text_of

TITLE = "Deep Dream studio"
_PANELS = {
    "gallery": "gallery/tab.js",
    "own": "own/tab.js",
    "models": "models/tab.js",
    "experiments": "experiments/tab.js",
    "about": "about/tab.js",
}
"""Tabs that are nothing but a file of HTML and its script."""

_LABELS = {"own": "Your sounds"}
"""Of tabs that are not labelled by their name."""


def build_page(runs: Runs, services: Services) -> shell.Page:
    """Return the page."""
    with shell.page(TITLE) as page:
        shell.panel("studio-header", text_of("header.html"), "header.js")
        with shell.tabs("studio-tabs"):
            with shell.tab("dream"):
                dream_tab.build(runs)
            with shell.tab("live"):
                live_tab.build()
            for name, script in _PANELS.items():
                with shell.tab(name, _LABELS.get(name)):
                    shell.panel(f"{name}-tab", text_of(f"{name}.html"), script)
        add_api(services)
        shell.on_leave(page, runs.leave)
    return page


def head(limits: Limits) -> str:
    """Return what stands in the page's head; on a Space, with the name that links need."""
    text = head_text() + _preloads() + contract_html(limits)
    space = os.environ.get("SPACE_ID")
    return f'{text}<meta name="studio-space" content="{escape(space)}">\n' if space else text


def _preloads() -> str:
    """Return links to all scripts that the first tab needs: a slow line then waits only once."""
    entries = ("lib/panel.js", "header.js", "dream/tab.js")
    names = dict.fromkeys(name for entry in entries for name in loaded_with(entry))
    return "".join(f'<link rel="modulepreload" href="studio/static/js/{name}">\n' for name in names)
