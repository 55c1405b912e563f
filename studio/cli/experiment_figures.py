"""``studio experiment figures``: every figure of the experiments as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from studio.cli.experiment import experiments
from studio.cli.options import Json, print_json


@experiments.command("figures")
def figures_verb(
    results: Annotated[
        Optional[Path],  # noqa: UP045 (a type at run time)
        typer.Option(help="Folder of all experiments' results; by default the studio's own."),
    ] = None,
    json: Json = False,
) -> None:
    """Draw the figures of all experiments from their tables, as SVG files beside these.

    Needs kaleido and a Chromium or Chrome; the page draws its figures without them.
    """
    from studio.figures.catalogue import draw, figure_names, picture_of, width_of
    from studio.figures.pictures import write_pictures
    from studio.places import results_output

    folder = results_output(folder=results)
    figures, missing = {}, []
    for name in figure_names():
        try:
            figures[picture_of(name, folder)] = draw(name, folder), width_of(name)
        except FileNotFoundError as error:
            missing.append({"figure": name, "table": str(error.filename)})
    write_pictures(figures)
    if json:
        print_json({"written": [str(path) for path in figures], "missing": missing})
        return
    for path in figures:
        print(path)
    for one in missing:
        print(f"{one['figure']}: not drawn, there is no {one['table']}")
