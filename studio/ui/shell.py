"""Panels: parts of the page made of an HTML file and a script."""

from __future__ import annotations

from string import Template

import gradio as gr

_MOUNT = Template("""
const baseUrl = new URL('studio/', document.baseURI);
const script = name => import(new URL('static/js/' + name, baseUrl));
script('lib/panel.js').then(
  ({ mountPanel }) => mountPanel(element, () => script('$script'), $handed),
  () => element.prepend('The page did not load. Reload it to try again.'),
);
""")


def panel(
    elem_id: str, html: str, script: str, handed: str = "{ baseUrl }", events: tuple[str, ...] = ()
) -> gr.HTML:
    """Put a part into the page that is being built.

    Parameters
    ----------
    elem_id : str
        Its id on the page.
    html : str
        What it shows at first.
    script : str
        A module in ``static/js``; its ``mount`` is given the part's element and what follows, once
        the tab that is looked at is there.
    handed : str
        What the script is given beside a signal that ends its listeners, as a JavaScript object:
        by default the address of the studio.
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
