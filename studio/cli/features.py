"""``studio features``: measure sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli import app
from studio.cli.options import Json, print_json


@app.command("features")
def features_verb(
    files: Annotated[list[Path], typer.Argument(help="Sound files: WAV, FLAC, OGG or MP3.")],
    json: Json = False,
) -> None:
    """Measure loudness, brightness, noisiness and roughness of sounds.

    Each is the mean over the sound, ± its standard deviation.
    """
    from studio import describe
    from studio.sound import files as sound_files

    described = {str(path): describe(sound_files.read(path)) for path in files}
    if json:
        print_json(described)
        return
    width = max(len(name) for name in described)
    print(f"{'':{width}}  {'loudness':>15}  {'brightness (Hz)':>17}  noisiness, roughness")
    for name, values in described.items():
        print(
            f"{name:{width}}  {_pair(values, 'loudness', '.3f'):>15}  "
            f"{_pair(values, 'brightness', '.0f'):>17}  "
            f"{_pair(values, 'noisiness', '.4f')}, {_pair(values, 'roughness', '.3f')}"
        )


def _pair(values: dict[str, float], feature: str, style: str) -> str:
    return f"{values[f'{feature}_mean']:{style}} ± {values[f'{feature}_sd']:{style}}"
