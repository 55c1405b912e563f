"""The recipe's controls as HTML, made from what every field says of itself."""

from __future__ import annotations

from html import escape
from string import Template
from typing import Any

from studio.dreaming.recipe import Control, Recipe, controls
from studio.ui.static_files import text_of

SPECIAL = (
    "dataset",
    "architecture",
    "targets",
    "initial",
    "start_seconds",
    "seconds",
    "guide",
    "stages",
    "curves",
)
"""Fields that have a place of their own on the page."""


def faders(advanced: bool, group: str = "") -> str:
    """Return the controls of all fields of a fold that are (not) advanced, in order."""
    return "\n".join(
        control_html(name, control)
        for name, control in controls().items()
        if name not in SPECIAL and control.advanced is advanced and control.group == group
    )


def control_html(name: str, control: Control, default: Any = None, prefix: str = "") -> str:
    """Return one control: a fader for a number, a switch for a choice.

    ``default`` is by default the recipe's; ``prefix`` keeps the ids of two tabs apart.
    """
    default = getattr(Recipe(), name) if default is None else default
    if control.choices:
        return _choice(name, control, default, prefix)
    if isinstance(default, bool):
        return _switch(name, control, prefix)
    return _fader(name, control, default, prefix)


def maps_html(prefix: str = "") -> str:
    """Return the picker of feature maps; ``prefix`` keeps the ids of two tabs apart."""
    return Template(text_of("maps.html")).substitute(prefix=prefix)


def sentence_of(name: str, control: Control | None = None) -> str:
    """Return the sentence, range and paper's value of a field, as the page explains it."""
    control = control or controls()[name]
    return " ".join(part for part in (control.help, _facts(control)) if part)


def number(value: Any) -> str:
    """Return a number as people write it: 12,000 and 0.01, no trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text or "0"


def _facts(control: Control) -> str:
    unit = f" {control.unit}" if control.unit else ""
    facts = []
    if control.minimum is not None and control.maximum is not None:
        facts.append(f"{number(control.minimum)} to {number(control.maximum)}{unit}.")
    if control.paper is not None:
        facts.append(f"Paper: {number(control.paper)}{unit}.")
    return " ".join(facts)


def _head(name: str, control: Control, default: Any, prefix: str, of: str = "") -> str:
    """Return label and way home; ``of`` is the id of the input that the label belongs to."""
    home = control.paper if control.paper is not None else default
    source = "paper" if control.paper is not None else "default"
    shown = f"{source} {escape(number(home))}"
    tag, link = ("label", f' for="{of}"') if of else ("span", "")
    return (
        f'<{tag} class="name" id="{prefix}label-{name}"{link}>{escape(control.label)}</{tag}>'
        f'<button type="button" class="home" '
        f'aria-label="{shown}: put {escape(control.label)} back">{shown}</button>'
    )


def _fader(name: str, control: Control, default: Any, prefix: str) -> str:
    dice = (
        '<button type="button" class="dice" aria-label="Another seed">another</button>'
        if name == "seed"
        else ""
    )
    slide = (
        ""
        if name == "seed"
        else f'<input type="range" class="slide" min="0" max="1000" step="1" '
        f'aria-label="{escape(control.label)}" aria-describedby="{prefix}help-{name}">'
    )
    unit = f'<span class="unit" aria-hidden="true">{escape(control.unit)}</span>'
    return (
        f'<div class="fader" id="{prefix}field-{name}" data-field="{name}">'
        f"{_head(name, control, default, prefix, of=f'{prefix}value-{name}')}"
        f'<span class="reading">{dice}<input type="text" inputmode="decimal" class="value" '
        f'id="{prefix}value-{name}" aria-describedby="{prefix}help-{name}" '
        f'autocomplete="off" spellcheck="false">{unit}</span>'
        f"{slide}{_help(name, control, prefix)}</div>"
    )


def _choice(name: str, control: Control, default: Any, prefix: str) -> str:
    options = "".join(
        f'<label><input type="radio" name="{prefix}choice-{name}" value="{escape(str(choice))}">'
        f"<span>{escape(str(choice))}</span></label>"
        for choice in control.choices
    )
    return (
        f'<div class="choice" id="{prefix}field-{name}" data-field="{name}" role="radiogroup" '
        f'aria-labelledby="{prefix}label-{name}" aria-describedby="{prefix}help-{name}">'
        f"{_head(name, control, default, prefix)}"
        f'<div class="segments">{options}</div>{_help(name, control, prefix)}</div>'
    )


def _switch(name: str, control: Control, prefix: str) -> str:
    return (
        f'<div class="switch" id="{prefix}field-{name}" data-field="{name}"><label class="name">'
        f'<input type="checkbox" role="switch" aria-describedby="{prefix}help-{name}">'
        f'<span id="{prefix}label-{name}">{escape(control.label)}</span></label>'
        f"{_help(name, control, prefix)}</div>"
    )


def _help(name: str, control: Control, prefix: str) -> str:
    text = escape(sentence_of(name, control))
    return f'<p class="help" id="{prefix}help-{name}">{text}</p>'
