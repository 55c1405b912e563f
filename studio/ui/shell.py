"""The coupling to Gradio: no other module imports it.

Gradio gives the page its server, tabs, events and endpoints. Everything else reaches it through the
functions here, and knows its routes from `shell_routes`. ``tests/ui/test_shell.py`` holds what we
rely on.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
from gradio import processing_utils
from gradio.components import Component
from gradio.events import api
from gradio.themes import Base
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

Page = gr.Blocks
Request = gr.Request
Field = Component
"""A value that an endpoint takes or gives."""

FETCHES_NOTHING = (
    "This studio fetches nothing from the web. Download the sound and send the file itself."
)

_FONTS = ["Instrument Sans", "system-ui", "sans-serif"]
_CLEANED_EVERY_SECONDS, _FILES_KEPT_SECONDS = 600, 6 * 3600
_MOST_QUEUED = 100

_MOUNT = Template("""
const baseUrl = new URL('studio/', document.baseURI);
const script = name => import(new URL('static/js/' + name, baseUrl));
script('lib/panel.js').then(
  ({ mountPanel }) => mountPanel(element, () => script('$script'), $handed),
  () => element.prepend('The page did not load. Reload it to try again.'),
);
""")
_BRIDGE = """{
  baseUrl,
  send: (name, detail) => trigger(name, detail),
  receive: listener => watch('value', () => listener(props.value)),
}"""
"""How a script talks with Python: what it sends, what it is told."""


@contextmanager
def page(title: str) -> Iterator[Page]:
    """Build a page; what is made inside stands on it.

    Nothing in this process fetches a file for a visitor from then on: Gradio would fetch one that
    is named by its address, however large, into memory.
    """
    processing_utils.async_ssrf_protected_get = _refuse_to_fetch
    with gr.Blocks(
        title=title,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(_CLEANED_EVERY_SECONDS, _FILES_KEPT_SECONDS),
    ) as made:
        yield made
    made.queue(max_size=_MOST_QUEUED, api_open=False)


async def _refuse_to_fetch(*_: Any, **__: Any) -> None:
    raise message(FETCHES_NOTHING)


def tabs(elem_id: str) -> gr.Tabs:
    """Return a row of tabs; those of `tab` that are made inside stand in it."""
    return gr.Tabs(elem_id=elem_id)


def tab(name: str, label: str | None = None) -> gr.Tab:
    """Return a tab called ``name`` to scripts, and to people too unless they read ``label``.

    What is made inside stands in it.
    """
    return gr.Tab(label or name.capitalize(), id=name)


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page that is a file of HTML and its script."""

    component: gr.HTML

    def stream(
        self, event: str, updates: Callable[[str, dict[str, Any]], AsyncGenerator[dict[str, Any]]]
    ) -> None:
        """Answer what the script sends as ``event`` with updates, each the panel's new value.

        ``updates`` is called with the session and what was sent.
        """

        async def answer(sent: gr.EventData, request: Request) -> AsyncGenerator[dict[str, Any]]:
            async with aclosing(updates(session_of(request), _detail(sent))) as told:
                async for update in told:
                    yield update

        getattr(self.component, event)(
            answer,
            None,
            self.component,
            show_progress="hidden",
            concurrency_limit=None,  # the dream queue tells people where they stand
            trigger_mode="multiple",
            api_visibility="private",
        )

    def listen(self, event: str, hear: Callable[[str, dict[str, Any]], object]) -> None:
        """Call ``hear`` with the session and what the script sends as ``event``."""

        def heard(sent: gr.EventData, request: Request) -> None:
            hear(session_of(request), _detail(sent))

        getattr(self.component, event)(
            heard,
            None,
            None,
            queue=False,
            show_progress="hidden",
            trigger_mode="multiple",
            api_visibility="private",
        )


def panel(elem_id: str, html: str, script: str, events: tuple[str, ...] = ()) -> Panel:
    """Put a part into the page that is being built.

    Parameters
    ----------
    elem_id : str
        Its id on the page.
    html : str
        What it shows at first.
    script : str
        A module in ``static/js``. Once the tab that is looked at is there, its ``mount`` is given
        the part's element and an object: ``baseUrl``, the address of the studio; ``signal``, which
        ends its listeners; where there are events, ``send`` and ``receive``.
    events : tuple of str
        What the script may send, for `Panel.stream` and `Panel.listen`.
    """
    # Gradio makes an event of every name that it finds in the script as a string.
    listened = f"/* events: {' '.join(map(json.dumps, events))} */" if events else ""
    handed = _BRIDGE if events else "{ baseUrl }"
    component = gr.HTML(
        html_template=html,
        js_on_load=_MOUNT.substitute(script=script, handed=handed) + listened,
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes="studio-panel",
    )
    return Panel(component)


def _detail(sent: gr.EventData) -> dict[str, Any]:
    return dict(sent._data or {})


def session_of(request: Request | None) -> str:
    """Return the name of the page or program that asks; empty where there is none."""
    return str(request.session_hash or "") if request else ""


def on_leave(made: Page, leave: Callable[[str], object]) -> None:
    """Call ``leave`` with the session of a page that is closed."""

    def left(request: Request) -> None:
        leave(session_of(request))

    made.unload(left)


def json_field(label: str) -> Field:
    """Return a JSON value of an endpoint."""
    return gr.JSON(label=label, visible=False)


def file_field(label: str) -> Field:
    """Return a file of an endpoint: Gradio checks that the caller uploaded it."""
    return gr.File(label=label, visible=False)


def number_field(label: str, value: float) -> Field:
    """Return a number of an endpoint and its default."""
    return gr.Number(label=label, value=value, visible=False)


def endpoint(
    function: Callable[..., Any],
    inputs: Sequence[Field] = (),
    outputs: Sequence[Field] = (),
) -> None:
    """Add an endpoint for programs, called and described as the function is.

    Without fields, Gradio takes parameters and answer from the function's types. A parameter of the
    type `Request` is given the request.
    """
    name = getattr(function, "__name__", "")
    if not outputs:
        api(function, api_name=name, concurrency_limit=None)
        return
    gr.Button(visible=False).click(
        function,
        list(inputs),
        list(outputs),
        api_name=name,
        show_progress="hidden",
        concurrency_limit=None,
    )


def message(sentence: str) -> Exception:
    """Return an error that shows a page or program nothing but a sentence."""
    return gr.Error(sentence, print_exception=False)


def launch_options(
    head: str,
    icon: Path,
    most_upload_bytes: int,
    routes: Sequence[BaseRoute] = (),
    middleware: Sequence[Middleware] = (),
) -> dict[str, Any]:
    """Return what `launch` needs: everything comes from this server.

    Parameters
    ----------
    head : str
        HTML that stands in the page's head.
    icon : path
        The page's icon.
    most_upload_bytes : int
        What a file may have.
    routes, middleware : sequences
        Our own, before Gradio's.
    """
    return {
        "theme": Base(font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        "head": head,
        "favicon_path": icon,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,  # its proxy forwards neither our routes nor WebSockets
        "mcp_server": False,  # None would follow the environment
        "show_error": False,
        "quiet": True,
        "max_file_size": most_upload_bytes,
        "share": False,
        "app_kwargs": {"routes": list(routes), "middleware": list(middleware)},
    }


def launch(made: Page, host: str, port: int, options: dict[str, Any]) -> None:
    """Serve a page in a thread of its own."""
    made.launch(server_name=host, server_port=port, prevent_thread_lock=True, **options)


def wait(made: Page) -> None:
    """Wait until the process is asked to end."""
    made.block_thread()
