"""The Models tab: what the networks learned, what their maps listen for, what they hear."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).parent / "static"

_ON_LOAD = """
const home = new URL('studio/', document.baseURI);
import(new URL('static/js/models/tab.js', home)).then(page => page.mount(element, home));
"""


def build() -> gr.HTML:
    """Put the Models tab into the page that is being built."""
    return gr.HTML(
        html_template=(_STATIC / "models.html").read_text(encoding="utf-8"),
        js_on_load=_ON_LOAD,
        apply_default_css=False,
        elem_id="models-tab",
    )
