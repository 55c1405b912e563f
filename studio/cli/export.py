"""``studio export``: finish sounds for other programs, one by one or as a sampler kit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from tqdm import tqdm

from studio.cli import app
from studio.cli.options import Json, print_json
from studio.errors import AudioError, StudioError

if TYPE_CHECKING:
    from studio.export.collect import Source

_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")


@app.command("export")
def export_verb(
    sounds: Annotated[list[Path], typer.Argument(help="Sound files, or folders of them.")],
    output: Annotated[Path, typer.Option(help="A folder, or a file that ends in .zip.")],
    form: Annotated[str, typer.Option("--format", help="wav or flac.")] = "wav",
    bits: Annotated[str, typer.Option(help="16-bit, 24-bit or float.")] = "24-bit",
    level: Annotated[str, typer.Option(help="loudness, peak, or none.")] = "loudness",
    loudness: Annotated[float, typer.Option(help="Loudness in LUFS.")] = -18.0,
    ceiling: Annotated[float, typer.Option(help="Highest true peak in dB.")] = -1.0,
    low_cut: Annotated[float, typer.Option(help="Removes what lies below, in Hz; 0: off.")] = 20.0,
    fade_in: Annotated[float, typer.Option(help="In ms, 50 at most.")] = 0.0,
    fade_out: Annotated[float, typer.Option(help="In ms, 50 at most.")] = 0.0,
    kit: Annotated[
        str,
        typer.Option(
            help="none; keys: an instrument over the keyboard; pads: a key for each sound."
        ),
    ] = "none",
    name: Annotated[str, typer.Option(help="Name of the kit.")] = "dream-kit",
    tempo: Annotated[Optional[float], typer.Option(help="Tempo in BPM, to write inside.")] = None,  # noqa: UP045
    json: Json = False,
) -> None:
    """Bring sounds to one level and write them as WAV or FLAC, with their recipes inside.

    A kit adds an SFZ and a DecentSampler instrument with root notes, loop points and round robins.

    Example: studio export dreams/ --output kit --kit pads
    """
    from studio.export.collect import Export, export_folder, export_zip
    from studio.sound.finish import Finish

    settings = Export(
        finish=Finish(
            level=level,
            loudness_lufs=loudness,
            ceiling_db=ceiling,
            low_cut_hz=low_cut,
            fade_in_ms=fade_in,
            fade_out_ms=fade_out,
        ),
        form=form,
        subtype=bits,
        kit=kit,
        name=name,
        tempo_bpm=tempo,
    )
    files = sorted(_files(sounds))
    if output.suffix.lower() == ".zip" and not output.parent.is_dir():
        raise AudioError(f"There is no folder '{output.parent}'. Create it or choose another.")
    with tqdm(total=len(files), unit=" sounds", leave=False, disable=None) as bar:

        def show(_: int) -> None:
            bar.update()

        sources = (_source(path) for path in files)
        if output.suffix.lower() == ".zip":
            export_zip(output, sources, settings, show)
        else:
            export_folder(output, sources, settings, show)
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

    recipe: Any = None
    try:
        recipe = wav.read_recipe(path)
    except StudioError:  # a sound of another origin has none
        recipe = None
    return Source(audio=read_channels(path), recipe=recipe, name=path.stem)
