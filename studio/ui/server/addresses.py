"""Refuse web addresses in requests: the server fetches no files for visitors.

Gradio would fetch a file that is named by an address, of any size and into memory. Whoever wants
to use a sound from the web sends the sound.
"""

from __future__ import annotations

from typing import Any, NoReturn

import gradio as gr
from gradio import processing_utils

REFUSED = "This studio fetches nothing from the web. Download the sound and send the file itself."


def fetch_nothing() -> None:
    """Let nothing in this process fetch a file for a visitor."""
    processing_utils.async_ssrf_protected_get = _refuse


async def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise gr.Error(REFUSED, print_exception=False)
