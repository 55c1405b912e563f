"""Panels: parts of the page made of an HTML file and a script."""

from __future__ import annotations

from string import Template

import gradio as gr

_MOUNT = Template("""
const baseUrl = new URL('studio/', document.baseURI);
import(new URL('static/js/$script', baseUrl)).then(page => page.mount(element, $handed));
""")


def panel(
    elem_id: str, html: str, script: str, handed: str = "baseUrl", events: tuple[str, ...] = ()
) -> gr.HTML:
    """Put a part into the page that is being built.

    Parameters
    ----------
    elem_id : str
        Its id on the page.
    html : str
        What it shows at first.
    script : str
        A module in ``static/js``; its ``mount`` is given the part's element and what follows.
    handed : str
        What the script is given beside it, as JavaScript: by default the address of the studio.
    events : tuple of str
        What the script may tell Python: names that are listened to as ``panel(...).name(...)``.
    """
    listened = f"/* events: {' '.join(map(repr, events))} */" if events else ""
    return gr.HTML(
        html_template=html,
        js_on_load=_MOUNT.substitute(script=script, handed=handed) + listened.replace("'", '"'),
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes="studio-panel",
    )
