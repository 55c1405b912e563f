"""``studio data``: look at sounds, decode them, fetch the paper's datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from studio.cli import app
from studio.cli.options import Json, print_json
from studio.errors import ParameterError

data = typer.Typer(no_args_is_help=True, help="Look at sounds, decode them, fetch datasets.")
app.add_typer(data, name="data")

Root = Annotated[
    Path, typer.Argument(help="Folder of a published dataset, of a folder per class or clips.csv.")
]
Layout = Annotated[
    str, typer.Option("--dataset", help="auto, fsd50k, aishell3, tu-berlin or folder.")
]
With = Annotated[
    Optional[list[str]],  # noqa: UP045 (a type at run time)
    typer.Option(
        "--with",
        help="An option of the dataset, like channel=loudest. fsd50k: rule=single, first or "
        "duplicate, split=ours or published. tu-berlin: channel=mean, loudest or a number, "
        "pattern=REGULAR EXPRESSION. folder: channel. Repeatable.",
    ),
]

_GB_PER_HOUR = 3600 * 44_100 * 2 / 1e9

_LISTED = 20
"""Problems and classes shown without --all."""


@data.command("check")
def check_verb(
    root: Root,
    dataset: Layout = "auto",
    options: With = None,
    all: Annotated[bool, typer.Option("--all", help="List every class and problem.")] = False,
    json: Json = False,
) -> None:
    """Tell what a folder holds: dataset, classes, clips, hours, and every problem by name.

    Reads only the headers of the files; 'studio data build' decodes them.
    """
    from studio.datasets.check import survey

    with _bar("looking", "file") as on_file:
        found = survey(root, dataset, on_file=on_file, **_pairs(options))
    if json:
        print_json(found.to_dict())
        return
    print(f"{found.root}: {found.title}")
    if found.licence:
        print(f"  licence    {found.licence}")
        print(f"  cite       {found.citation}")
    shortest, median, longest = found.seconds
    print(
        f"  classes    {len(found.classes):,}\n"
        f"  clips      {found.clips:,} of {found.recordings:,} recordings\n"
        f"  sound      {_length(found.hours)} ({found.hours * _GB_PER_HOUR:.1f} GB decoded); a "
        f"clip has {shortest:.2f} to {longest:.1f} s, half of them at most {median:.2f} s"
    )
    print("  files      " + "; ".join(f"{count:,} with {f}" for f, count in found.formats.items()))
    _print_classes(found.classes, all)
    for note in found.notes:
        print(f"  note       {note}")
    _print_problems(found.problems, all)


@data.command("build")
def build_verb(
    root: Root,
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="What models will be called after: as in 'studio train --dataset'."),
    ] = None,
    dataset: Layout = "auto",
    options: With = None,
    all: Annotated[bool, typer.Option("--all", help="List every problem.")] = False,
    json: Json = False,
) -> None:
    """Decode all sounds once into the form that training reads; goes on where it was stopped.

    The decoded sounds lie in STUDIO_CACHE (by default cache/): 5.3 MB per minute. Training does
    this by itself if it has not been done.
    """
    from studio.datasets.catalogue import open_dataset, tell_notes
    from studio.datasets.recordings import cache_folder, decode

    table = open_dataset(root, dataset, name, **_pairs(options))
    with _bar("decoding", "file") as on_file:
        decoded = decode(table, on_file=on_file)
    problems = decoded.table.problems
    if json:
        print_json(
            {
                "name": table.name,
                "folder": str(cache_folder()),
                "classes": len(decoded.table.classes),
                "clips": len(decoded),
                "hours": decoded.hours,
                "problems": list(problems),
            }
        )
        return
    print(
        f"{table.name}: {len(decoded):,} clips of {len(decoded.table.classes):,} classes, "
        f"{_length(decoded.hours)}, are ready in {cache_folder()}."
    )
    for note in tell_notes(root, dataset):
        print(f"  note       {note}")
    _print_problems(problems, all)
    print(f"Train on them: studio train --dataset {table.name} --root {root}")


@data.command("download")
def download_verb(
    dataset: Annotated[str, typer.Argument(help="fsd50k, aishell3 or tu-berlin.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for archives and contents.")],
    version: Annotated[
        int, typer.Option(help="Of tu-berlin: 3 (SOFA spectra) or 2 (32-channel WAV).")
    ] = 3,
    only: Annotated[
        str, typer.Option(help="Of tu-berlin: archives whose names fit this, like 'oboe|violin'.")
    ] = "",
    delete_archives: Annotated[
        bool, typer.Option("--delete-archives", help="Delete each archive once it is unpacked.")
    ] = False,
) -> None:
    """Fetch one of the paper's datasets from where it is published, verify it and unpack it.

    A broken connection is taken up again; so is a stopped command when it is given again.
    """
    from studio.datasets.catalogue import PUBLISHED
    from studio.datasets.obtain import obtain, space_needed
    from studio.datasets.tu_berlin import require_h5py

    if dataset not in PUBLISHED:
        raise ParameterError(f"dataset={dataset} must be one of {', '.join(PUBLISHED)}.")
    published = PUBLISHED[dataset]
    if dataset == "tu-berlin":
        if version == 3:
            require_h5py()  # better said now than after 54 GB
        archives = published.published_archives(version, f"(?i){only}" if only else ".*")
    elif only:
        raise ParameterError(f"--only is an option of tu-berlin, not of {dataset}.")
    else:
        archives = published.published_archives()
    print(f"{published.TITLE}\n  from       {published.ADDRESS}\n  licence    {published.LICENCE}")
    print(f"  cite       {published.CITATION}")
    files = [part for archive in archives for part in archive.parts]
    for how, count in Counter(file.verified_by for file in files).items():
        print(f"  verified   {count} file{'s' * (count > 1)} by {how}")
    needed = space_needed(archives, to, delete_archives)
    print(f"  disk       {needed / 1e9:.1f} GB still to be written below {to}", flush=True)
    with _bytes_bar() as on_bytes:
        obtain(archives, to, delete_archives=delete_archives, on_fetch=on_bytes, on_unpack=on_bytes)
    print(f"Everything is in {to}. Look at it: studio data check {to}")


def _pairs(options: list[str] | None) -> dict[str, Any]:
    for option in options or []:
        if "=" not in option:
            raise ParameterError(f"--with {option} must read name=value, like channel=loudest.")
    return dict(option.split("=", 1) for option in options or [])


def _length(hours: float) -> str:
    return f"{hours:.2f} hours" if hours >= 1 else f"{hours * 60:.1f} minutes"


def _print_classes(classes: dict[str, int], all_of_them: bool) -> None:
    """Print the classes, largest first; of many only the largest and the smallest."""
    entries = [f"{label} ({count:,})" for label, count in classes.items()]
    if all_of_them or len(entries) <= _LISTED:
        print("  per class  " + "; ".join(entries))
        return
    print("  largest    " + "; ".join(entries[:5]))
    print("  smallest   " + "; ".join(reversed(entries[-5:])))


def _print_problems(problems: tuple[str, ...], all_of_them: bool) -> None:
    if not problems:
        print("No problems.")
        return
    print(f"{len(problems):,} problem{'s' * (len(problems) > 1)}:")
    shown = problems if all_of_them else problems[:_LISTED]
    for problem in shown:
        print(f"  {problem}")
    if len(shown) < len(problems):
        print(f"  … and {len(problems) - len(shown):,} more: --all lists them.")


@contextmanager
def _bar(title: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show progress in whole things; nothing when the output is no terminal."""
    from tqdm import tqdm

    with tqdm(desc=title, unit=unit, disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


@contextmanager
def _bytes_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show progress in bytes, file by file; nothing when the output is no terminal."""
    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar:
        shown = ""

        def show(name: str, done: int, total: int | None) -> None:
            nonlocal shown
            if done < bar.n or (shown != name and total != bar.total):
                bar.reset(total)
            if shown != name:
                bar.set_description(name[-40:], refresh=False)
            shown, bar.total = name, total
            bar.update(done - bar.n)

        yield show
