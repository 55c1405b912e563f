"""Options shared by several verbs: recipe fields, JSON output."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any, Optional

import typer

from studio.dreaming.recipe import Control, Recipe, controls
from studio.export.options import ExportOptions, export_controls

Json = Annotated[bool, typer.Option("--json", help="Write the report as JSON.")]

_GIVEN_OTHERWISE = ("targets", "initial", "guide", "stages", "curves")
"""Fields that a verb offers in its own words."""

_EXPORT_FLAGS = {
    "loudness_lufs": "--loudness",
    "ceiling_db": "--ceiling",
    "low_cut_hz": "--low-cut",
    "fade_in_ms": "--fade-in",
    "fade_out_ms": "--fade-out",
    "tempo_bpm": "--tempo",
}
"""Shorter than the names of the fields."""


def recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option per field of the recipe.

    The command receives them as the dict ``changes``, which holds only those that were given.
    """
    defaults = Recipe()
    return _with_options(
        command,
        [
            _option(name, control, getattr(defaults, name))
            for name, control in controls().items()
            if name not in _GIVEN_OTHERWISE
        ],
    )


def export_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option per field of `ExportOptions`; see `recipe_options`."""
    defaults = ExportOptions()
    return _with_options(
        command,
        [
            _option(name, control, getattr(defaults, name), _EXPORT_FLAGS.get(name, ""), "Options")
            for name, control in export_controls().items()
        ],
    )


def _with_options(
    command: Callable[..., None], generated: list[inspect.Parameter]
) -> Callable[..., None]:
    names = {parameter.name for parameter in generated}
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "changes"]

    def run(**values: Any) -> None:
        changes = {
            name: value for name, value in values.items() if name in names and value is not None
        }
        command(
            **{name: value for name, value in values.items() if name not in names}, changes=changes
        )

    parameters = [*own, *generated]
    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def print_json(report: Any) -> None:
    """Write a report for programs to standard output."""
    print(json.dumps(report, indent=2, allow_nan=False))


def _option(
    name: str, control: Control, default: Any, flag: str = "", panel: str = "Dream parameters"
) -> inspect.Parameter:
    flag = flag or "--" + name.replace("_", "-")
    text = f"{control.help} [{_range(control, default)}]"
    panel = "Rarely needed" if control.advanced else panel
    flags = [f"{flag}/--no-{flag[2:]}"] if isinstance(default, bool) else [flag]
    option = typer.Option(*flags, help=text, rich_help_panel=panel, show_default=False)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[Optional[type(default)], option],  # noqa: UP045 (a type at run time)
    )


def _range(control: Control, default: Any) -> str:
    if control.choices:
        allowed = " | ".join(str(choice) for choice in control.choices)
        return f"{allowed}; default {default}"
    if control.minimum is None:
        return f"default {default}"
    unit = f" {control.unit}" if control.unit else ""
    return f"{control.minimum:g} … {control.maximum:g}{unit}; default {default:g}"
