"""``studio experiment layers`` and what belongs to it: Experiment 1 of the paper (section 4.1)."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from studio.cli.experiment import experiments
from studio.cli.options import Json, print_json
from studio.cli.progress import StageBar

Output = Annotated[
    Optional[Path],  # noqa: UP045 (a type at run time)
    typer.Option(help="Folder for tables and figures; by default among the studio's own."),
]
Jobs = Annotated[int, typer.Option(help="Processes side by side; 0: all processors.")]


@experiments.command("training-clips")
def training_clips_verb(
    events: Annotated[Path, typer.Option(help="Folder of the recordings of events.")],
    instruments: Annotated[Path, typer.Option(help="Folder of the recordings of instruments.")],
    speech: Annotated[Path, typer.Option(help="Folder of the recordings of speech.")],
    count: Annotated[int, typer.Option(help="Clips of each.")] = 400,
    seed: Annotated[int, typer.Option(help="Of the choice.")] = 0,
    output: Output = None,
    json: Json = False,
) -> None:
    """Measure training clips, for the claim that dreams do not reproduce them."""
    import pandas as pd

    from studio.datasets.catalogue import open_dataset
    from studio.experiments.findings.training_clips import CLIPS_FILE, measured
    from studio.files import write_text
    from studio.places import results_output

    roots = {"events": events, "instruments": instruments, "speech": speech}
    tables = [
        measured(open_dataset(root, name=name).with_split(), count, seed)
        for name, root in roots.items()
    ]
    path = (output or results_output("layers")) / CLIPS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    clips = pd.concat(tables, ignore_index=True)
    write_text(path, clips.to_csv(index=False, float_format="%.6g"))
    found = {name: len(table) for name, table in zip(roots, tables, strict=True)}
    if json:
        print_json({"clips": found, "file": str(path)})
        return
    words = ", ".join(f"{number} of {name}" for name, number in found.items())
    print(f"Measured {words}; {path}")


@experiments.command("sensitivity")
def sensitivity_verb(
    dreams: Annotated[Path, typer.Option(help="Where sounds lie and are added.")] = Path(
        "cache/gallery"
    ),
    maps: Annotated[int, typer.Option(help="Maps of every layer.")] = 6,
    evaluate_only: Annotated[
        bool, typer.Option("--evaluate-only", help="Dream nothing; judge what is there.")
    ] = False,
    jobs: Jobs = 0,
    output: Output = None,
    json: Json = False,
) -> None:
    """Count how many of the paper's claims hold under each of its open choices.

    A slice of Experiment 1 is dreamed with the studio's settings and with each alternative. Stopped
    at any moment, the same command goes on.
    """
    from studio.experiments import sensitivity
    from studio.experiments.findings.training_clips import CLIPS_FILE, read_clips
    from studio.places import results_file, results_output

    clips = read_clips(results_file("layers", CLIPS_FILE))
    folder = output or results_output("sensitivity")
    with StageBar() as bar:
        summary = sensitivity.run(
            folder,
            dreams,
            clips,
            maps=maps,
            evaluate_only=evaluate_only,
            jobs=jobs,
            on_progress=bar.show,
        )
    _refresh_docs(output)
    if json:
        print_json(summary.to_dict("records"))
        return
    if summary.empty:
        print(f"No setting has all its sounds in {dreams} yet; leave out --evaluate-only to dream.")
        return
    for row in summary.to_dict("records"):
        print(
            f"{row['setting']:22} {row['holds']:2} hold, {row['in_part']} in part, "
            f"{row['does_not_hold']:2} do not; {row['cases_held']} of {row['cases']} cases"
        )
    print(f"Tables in {folder}")


@experiments.command("layers")
def layers_verb(
    gallery: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="The gallery; by default the studio's own."),
    ] = None,
    outside_slice: Annotated[
        bool,
        typer.Option(help="Judge on the maps that the sensitivity slice left, or on all."),
    ] = True,
    slice_maps: Annotated[int, typer.Option(help="Maps of every layer in that slice.")] = 6,
    output: Output = None,
    json: Json = False,
) -> None:
    """Compute Experiment 1 from the gallery: statistics, tables 3 to 10, verdicts.

    A gallery that is partly built gives results as far as they go.
    """
    from studio.experiments import layers
    from studio.experiments.findings.training_clips import CLIPS_FILE, read_clips
    from studio.gallery.index import read_gallery
    from studio.places import results_file, results_output

    folder = output or results_output("layers")
    clips = read_clips(results_file("layers", CLIPS_FILE))
    there = read_gallery(gallery)
    findings = layers.run(there, folder, clips, slice_maps, outside_slice)
    _refresh_docs(output)
    if json:
        print_json(findings.verdicts.to_dict("records"))
        return
    for row in findings.verdicts.to_dict("records"):
        cases = f"{row['held']}/{row['cases']}" if row["cases"] else "  "
        print(f"{row['claim']}  {row['verdict']:14} {cases:>4}  {row['words']}{_because(row)}")
    counts = ", ".join(f"{count} {verdict}" for verdict, count in findings.counts.items())
    print(f"{len(there.table)} sounds: {counts}; tables in {folder}")


def _refresh_docs(output: Path | None) -> None:
    """Bring the documentation's numbers up to date where the studio's own results changed."""
    from studio.experiments.report import refresh
    from studio.places import docs_page, results_output

    page = docs_page()
    if output is None and "STUDIO_EXPERIMENTS" not in os.environ and page.is_file():
        refresh(page, results_output())


def _because(row: Mapping[Hashable, Any]) -> str:
    return f" ({row['reason']})" if row["reason"] else ""
