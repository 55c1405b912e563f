"""The Live tab's page; sound reaches it through `routes`."""

from __future__ import annotations

from string import Template

from studio.live.settings import LiveSettings, live_controls
from studio.ui.controls import control_html, maps_html, sentence_of
from studio.ui.shell import Panel, panel
from studio.ui.static_files import text_of

_PREFIX = "live-"
_HANDS = ("level_db", "feedback")
_PLACED = (*_HANDS, "morph", "input_level", "freeze", "seconds")
_NO_CONTROL = ("dataset", "architecture", "targets", "initial")


def build() -> Panel:
    """Put the Live tab into the page that is being built."""
    return panel("live-tab", page_html(), "live/tab.js")


def page_html() -> str:
    """Return the tab with a control for everything that can be changed."""
    shown = live_controls()
    others = [name for name in shown if name not in (*_PLACED, *_NO_CONTROL)]
    front = [name for name in others if not (shown[name].advanced or shown[name].group)]
    template = Template(text_of("live.html"))
    return template.substitute(
        hands="".join(map(_control, _HANDS)),
        morph=_control("morph"),
        buffer=_control("seconds"),
        microphone=_control("input_level"),
        faders="".join(map(_control, front)),
        folded="".join(_control(name) for name in others if name not in front),
        maps=maps_html(_PREFIX),
        help_freeze=shown["freeze"].help,
        help_targets=sentence_of("targets"),
        help_architecture=sentence_of("architecture"),
    )


def _control(name: str) -> str:
    settings = LiveSettings()
    default = getattr(settings if hasattr(settings, name) else settings.recipe, name)
    return control_html(name, live_controls()[name], default, _PREFIX)
