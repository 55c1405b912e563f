"""The Dream tab: one panel, one stream of updates."""

from __future__ import annotations

from collections.abc import Iterator
from string import Template
from typing import Any

import gradio as gr

from studio.ui.controls import control_html, faders, maps_html, sentence_of
from studio.ui.dream.runs import Runs
from studio.ui.shell import panel
from studio.ui.static_files import text_of

_BRIDGE = """{
  baseUrl,
  send: (name, detail) => trigger(name, detail),
  receive: listener => watch('value', () => listener(props.value)),
}"""
"""How the page's script talks with Python: what it sends, what it is told."""


def build(runs: Runs) -> gr.HTML:
    """Put the Dream tab into the page that is being built.

    The component's value is the latest update of the session's dream (see `Runs.updates`); its
    ``dream`` and ``stop`` events carry what the page asks for.
    """
    instrument = panel("dream-tab", _page(), "dream/tab.js", _BRIDGE, events=("dream", "stop"))

    def on_dream(event: gr.EventData, request: gr.Request) -> Iterator[dict[str, Any]]:
        yield from runs.updates(_visit(request), dict(event._data or {}))

    def on_stop(event: gr.EventData, request: gr.Request) -> None:
        runs.stop(_visit(request), str(dict(event._data or {}).get("run", "")))

    instrument.dream(
        on_dream,
        None,
        instrument,
        show_progress="hidden",
        concurrency_limit=None,  # `Runs` has its own line, which tells people where they stand
        trigger_mode="multiple",
        api_visibility="private",
    )
    instrument.stop(
        on_stop,
        None,
        None,
        queue=False,
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="private",
    )
    return instrument


def _visit(request: gr.Request) -> str:
    return str(request.session_hash or "")


def _page() -> str:
    template = Template(text_of("dream.html"))
    from studio.dreaming.recipe import controls

    return template.substitute(
        maps=maps_html(),
        faders=faders(advanced=False),
        folded=faders(advanced=True),
        length=control_html("seconds", controls()["seconds"]),
        help_initial=sentence_of("initial"),
        help_dataset=sentence_of("dataset"),
        help_architecture=sentence_of("architecture"),
        help_targets=sentence_of("targets"),
    )
