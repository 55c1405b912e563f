"""``studio export``: finish sounds for other programs, one by one or as a sampler kit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from tqdm import tqdm

from studio.cli import app
from studio.cli.options import Json, export_options, print_json
from studio.errors import AudioError, StudioError

if TYPE_CHECKING:
    from studio.export.collect import Source

_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")


@app.command("export")
@export_options
def export_verb(
    changes: dict[str, Any],
    sounds: Annotated[list[Path], typer.Argument(help="Sound files, or folders of them.")],
    output: Annotated[Path, typer.Option(help="A folder, or a file that ends in .zip.")],
    json: Json = False,
) -> None:
    """Bring sounds to one level and write them as WAV or FLAC, with their recipes inside.

    A kit adds an SFZ and a DecentSampler instrument with root notes, loop points and round robins.

    Example: studio export dreams/ --output kit --kit pads
    """
    from studio.export.collect import export_folder, export_zip
    from studio.export.options import ExportOptions

    options = ExportOptions(**changes)
    files = sorted(_files(sounds))
    zipped = output.suffix.lower() == ".zip"
    if zipped and not output.parent.is_dir():
        raise AudioError(f"There is no folder '{output.parent}'. Create it or choose another.")
    with tqdm(total=len(files), unit=" sounds", leave=False, disable=None) as bar:

        def show(_: int) -> None:
            bar.update()

        (export_zip if zipped else export_folder)(output, map(_source, files), options, show)
    if json:
        print_json({"output": str(output), "sounds": len(files)})
        return
    print(f"{len(files)} sound{'s' if len(files) != 1 else ''} in {output}.")


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from (file for file in path.iterdir() if file.suffix.lower() in _ENDINGS)
        else:
            yield path


def _source(path: Path) -> Source:
    from studio.dreaming import wav
    from studio.export.collect import Source
    from studio.sound.files import read_channels

    recipe = origin = None
    try:
        recipe = wav.read_recipe(path)
        origin = wav.read_origin(path)
    except StudioError:  # a sound of another origin has none
        recipe = origin = None
    return Source(audio=read_channels(path), recipe=recipe, origin=origin, name=path.stem)
