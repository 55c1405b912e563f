"""Build the page: tabs, theme, head."""

from __future__ import annotations

import os
from html import escape

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
from gradio.themes import Base

from studio.ui.api import add_api
from studio.ui.contract import contract_html
from studio.ui.dream import tab as dream_tab
from studio.ui.dream.runs import Runs
from studio.ui.gallery.service import GalleryService
from studio.ui.live import tab as live_tab
from studio.ui.server.addresses import fetch_nothing
from studio.ui.server.guard import MOST_UPLOAD_BYTES
from studio.ui.server.limits import Limits
from studio.ui.shell import panel
from studio.ui.static_files import STATIC, text_of

_FONTS = ["Instrument Sans", "system-ui", "sans-serif"]
TITLE = "Deep Dream studio"
_PANELS = {
    "gallery": "gallery/tab.js",
    "models": "models/tab.js",
    "experiments": "experiments/tab.js",
    "about": "about/tab.js",
}
"""Tabs that are nothing but a file of HTML and its script."""

_CLEANED_EVERY_SECONDS, _FILES_KEPT_SECONDS = 600, 6 * 3600
_MOST_QUEUED = 100


def build_page(runs: Runs, gallery: GalleryService) -> gr.Blocks:
    """Return the page; `launch_options` holds what goes to its ``launch``."""
    fetch_nothing()
    with gr.Blocks(
        title=TITLE,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(_CLEANED_EVERY_SECONDS, _FILES_KEPT_SECONDS),
    ) as page:
        panel("studio-header", text_of("header.html"), "header.js")
        with gr.Tabs(elem_id="studio-tabs"):
            with gr.Tab("Dream", id="dream"):
                dream_tab.build(runs)
            with gr.Tab("Live", id="live"):
                live_tab.build()
            for name, script in _PANELS.items():
                with gr.Tab(name.capitalize(), id=name):
                    panel(f"{name}-tab", text_of(f"{name}.html"), script)
        add_api(runs, gallery)

        def leave(request: gr.Request) -> None:
            runs.stop(str(request.session_hash or ""))

        page.unload(leave)
    page.queue(max_size=_MOST_QUEUED, api_open=False)
    return page


def launch_options(limits: Limits) -> dict[str, object]:
    """Return theme, style and head for ``launch``: everything comes from this server."""
    return {
        "theme": Base(font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        "head": _head(limits),
        "favicon_path": STATIC / "favicon.svg",
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "mcp_server": False,
        "show_error": False,
        "quiet": True,
        "max_file_size": MOST_UPLOAD_BYTES,
        "share": False,
    }


def _head(limits: Limits) -> str:
    """Return what stands in the page's head; on a Space, with the name that links need."""
    head = text_of("head.html") + contract_html(limits)
    space = os.environ.get("SPACE_ID")
    return f'{head}<meta name="studio-space" content="{escape(space)}">\n' if space else head
