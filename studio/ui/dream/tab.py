"""The Dream tab: one panel, one stream of updates."""

from __future__ import annotations

from string import Template

from studio.ui.controls import control_html, faders, maps_html, sentence_of
from studio.ui.dream.runs import Runs
from studio.ui.shell import Panel, panel
from studio.ui.static_files import text_of


def build(runs: Runs) -> Panel:
    """Put the Dream tab into the page that is being built.

    The panel's value is the latest update of the session's dream (see `Runs.updates`); its
    ``dream`` and ``stop`` events carry what the page asks for.
    """
    made = panel("dream-tab", _page(), "dream/tab.js", events=("dream", "stop"))
    made.stream("dream", runs.updates)
    made.listen("stop", lambda session, asked: runs.stop(session, str(asked.get("run", ""))))
    return made


def _page() -> str:
    template = Template(text_of("dream.html"))
    from studio.dreaming.recipe import controls

    return template.substitute(
        maps=maps_html(),
        faders=faders(advanced=False),
        folded=faders(advanced=True),
        form=faders(advanced=False, group="form") + faders(advanced=True, group="form"),
        space=faders(advanced=False, group="space"),
        length=control_html("seconds", controls()["seconds"]),
        help_initial=sentence_of("initial"),
        help_dataset=sentence_of("dataset"),
        help_architecture=sentence_of("architecture"),
        help_targets=sentence_of("targets"),
    )
