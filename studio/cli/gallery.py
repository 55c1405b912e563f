"""``studio gallery``: build the gallery of all feature maps, and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from studio.cli import app
from studio.cli.options import Json, print_json, recipe_options
from studio.cli.progress import StageBar

gallery = typer.Typer(no_args_is_help=True, help="One sound for every feature map.")
app.add_typer(gallery, name="gallery")

Models = Annotated[str, typer.Option(help="Only these, like events-model1,speech-model2.")]
Maps = Annotated[int, typer.Option(help="At most so many maps of each layer; 0: all.")]
Folder = Annotated[Optional[Path], typer.Option(help="The gallery; by default the studio's own.")]  # noqa: UP045


@recipe_options
def build_verb(
    models: Models = "",
    maps: Maps = 0,
    output: Folder = None,
    work: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where sounds lie until packed; by default STUDIO_CACHE/gallery."),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes side by side; 0: all processors.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler to dream on.")] = "",
    pack_only: Annotated[bool, typer.Option(help="Dream nothing; pack what there is.")] = False,
    json: Json = False,
    *,
    changes: dict[str, Any],
) -> None:
    """Dream every feature map with the settings of Experiment 1, and pack the sounds.

    Stopped at any moment, the same command goes on. Two at once share the work.
    """
    from studio.datasets.recordings import cache_folder
    from studio.gallery.build import build, pack
    from studio.gallery.dreams import DreamFolder
    from studio.gallery.feature_maps import EXPERIMENT_1, all_units
    from studio.places import gallery_output

    units = all_units(_names(models), maps)
    settings = EXPERIMENT_1.replace(**changes)
    folder = gallery_output(output)
    work = work or cache_folder() / "gallery"
    with StageBar() as bar:
        if pack_only:
            made = pack(units, DreamFolder(work, settings), folder, jobs, bar.show)
        else:
            made = build(units, settings, work, folder, jobs, scheduler, on_progress=bar.show)
    size = sum(path.stat().st_size for path in folder.iterdir())
    report = {"sounds": len(made.table), "expected": len(units), "folder": str(folder)}
    if json:
        print_json({**report, "bytes": size})
        return
    print(f"{report['sounds']} of {report['expected']} sounds, {size / 1e6:.1f} MB, in {folder}")


gallery.command("build")(build_verb)


@gallery.command("check")
def check_verb(
    models: Models = "",
    maps: Maps = 0,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Verify that every sound is there, plays, and measures as the index says."""
    from studio.gallery.check import check
    from studio.gallery.feature_maps import all_units
    from studio.gallery.index import read_gallery

    there = read_gallery(folder)
    findings = check(there, all_units(_names(models), maps))
    if json:
        print_json({"sounds": len(there.table), "findings": findings})
    else:
        for finding in findings:
            print(finding)
        print(f"{len(there.table)} sounds checked, {len(findings)} findings.")
    if findings:
        raise typer.Exit(1)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
