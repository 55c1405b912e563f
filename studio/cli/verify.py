"""``studio verify``: whether a WAV or FLAC is, to the bit, what its recipe makes here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer
from tqdm import tqdm

from studio.cli import app
from studio.cli.options import Json, print_json


@app.command("verify")
def verify_verb(
    file: Annotated[Path, typer.Argument(help="A WAV or FLAC of this studio.")],
    initial: Annotated[
        Optional[Path],  # noqa: UP045 (a type at run time)
        typer.Option(help="The recording that the dream began with, if it was one."),
    ] = None,
    guide: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="The recording that was its guide sound, if there was one."),
    ] = None,
    json: Json = False,
) -> None:
    """Dream a file's recipe again; tell whether the sound is the same to the bit, else why not.

    Exit code 0: the same. 1: not.
    """
    from studio.dreaming import wav
    from studio.dreaming.verify import recording, verify

    recipe = wav.read_recipe(file)
    begun = recording(initial, recipe.initial, recipe, recipe.start_seconds)
    like = recording(guide, recipe.guide, recipe) if recipe.needs_guide else None
    planned = recipe.planned_iterations
    with tqdm(total=planned, unit=" iterations", leave=False, disable=None) as bar:
        found = verify(file, begun, like, on_step=lambda step: bar.update() and None)
    told, here = str(found.told) if found.told else None, str(found.here)
    if json:
        print_json(
            {
                "file": str(file),
                "same": found.same,
                "reasons": list(found.reasons),
                "differing_samples": found.differing_samples,
                "samples": found.samples,
                "correlation": found.correlation,
                "dreamed_by": told,
                "dreamed_here_by": here,
            }
        )
    elif found.same:
        print(f"{file}: the same to the bit ({found.samples:,} samples; {here}).")
    else:
        print(f"{file}: not the same: {found.differing_samples:,} samples differ.")
        if found.correlation is not None:
            print(f"Correlation with the sound dreamed here: {found.correlation:.4f}.")
    if not json:
        for reason in found.reasons:
            print(reason)
    raise typer.Exit(0 if found.same else 1)
