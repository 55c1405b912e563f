"""``studio experiment parameters``: Experiment 2 of the paper (section 4.2)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Optional

import typer

from studio.cli.experiment import experiments
from studio.cli.options import Json, print_json
from studio.cli.progress import StageBar
from studio.errors import ParameterError


@experiments.command("parameters")
def parameters_verb(
    work: Annotated[Path, typer.Option(help="Where rendered runs lie and are added.")] = Path(
        "cache/parameters"
    ),
    seeds: Annotated[
        str, typer.Option(help="Two or more; the first one's sounds are kept.")
    ] = "1,2,3",
    jobs: Annotated[int, typer.Option(help="Processes side by side; 0: all processors.")] = 0,
    output: Annotated[
        Optional[Path],  # noqa: UP045 (a type at run time)
        typer.Option(help="Folder for tables and sounds; by default the studio's own."),
    ] = None,
    lossless: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder for the kept sounds as WAV files, 37 MB each."),
    ] = None,
    low_pass: Annotated[
        str, typer.Option(help="hard cut or butterworth; by default that of Experiment 1.")
    ] = "",
    verdicts_only: Annotated[
        bool, typer.Option("--verdicts-only", help="No sounds: to compare with.")
    ] = False,
    json: Json = False,
) -> None:
    """Play Experiment 2: each parameter's sequence while layers change; verdicts.

    Played as fast as it computes, sample for sample what the Live tab plays with the same moves.
    Stopped at any moment, the same command goes on.
    """
    from studio.experiments.parameters import results
    from studio.places import results_output

    chosen = _whole_numbers(seeds)
    folder = output or results_output("parameters")
    with StageBar() as bar:
        findings = results.run(
            work, folder, chosen, jobs, None, low_pass, verdicts_only, on_progress=bar.show
        )
        if lossless:
            results.write_lossless(work, lossless, chosen[0], low_pass)
    _refresh_docs(output)
    if json:
        print_json(findings.verdicts.to_dict("records"))
        return
    for row in findings.verdicts.to_dict("records"):
        cases = f"{row['held']}/{row['cases']}"
        print(f"{row['claim']:3}  {row['verdict']:14} {cases:>5}  {row['words']}")
    print(f"Results in {folder}")


def _refresh_docs(output: Path | None) -> None:
    """Bring the documentation's numbers up to date where the studio's own results changed."""
    from studio.experiments.parameters.report import BLOCKS
    from studio.experiments.report import refresh
    from studio.places import docs_page, results_output

    page = docs_page("experiment-2")
    if output is None and "STUDIO_EXPERIMENTS" not in os.environ and page.is_file():
        refresh(page, results_output(), BLOCKS)


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise ParameterError(f"seeds={text} must be whole numbers, like 1,2,3.") from None
