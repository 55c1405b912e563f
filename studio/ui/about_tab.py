"""The About tab: what the studio is, what its models are made of, whom to thank."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).parent / "static"


def build() -> gr.HTML:
    """Put the About tab into the page that is being built."""
    return gr.HTML(
        html_template=(_STATIC / "about.html").read_text(encoding="utf-8"),
        js_on_load="import(new URL('studio/static/js/about.js', document.baseURI))"
        ".then(page => page.mount(element));",
        apply_default_css=False,
        elem_id="about-tab",
    )
