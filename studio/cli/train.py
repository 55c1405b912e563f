"""``studio train``: train a network on a dataset or on anyone's own sounds."""

from __future__ import annotations

import contextlib
import ctypes
import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from studio.cli import app
from studio.errors import ParameterError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.datasets.recordings import Recordings
    from studio.training.supervised import Training

_TRIM_ABOVE, _NO_MAPPED_BLOCKS = -1, -4  # M_TRIM_THRESHOLD, M_MMAP_MAX of malloc.h


@app.command("train")
def train_verb(
    dataset: Annotated[
        str, typer.Option(help="What models are called after: events, or a name of your own.")
    ],
    root: Annotated[
        Path, typer.Option(help="Folder of the sounds: a published dataset, or a folder per class.")
    ],
    architecture: Annotated[str, typer.Option(help="model1 or model2.")] = "model1",
    epochs: Annotated[
        Optional[int],  # noqa: UP045 (a type at run time)
        typer.Option(help="Epochs in all; by default 200 (the paper's), of own sounds what fits."),
    ] = None,
    stop_after: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Pause after this epoch; the same command without it goes on."),
    ] = None,
    threads: Annotated[int, typer.Option(help="Processor threads; 0: all.")] = 0,
    seed: Annotated[int, typer.Option(help="Of weights, split and excerpts.")] = 0,
    excerpts: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Seconds of a clip per random excerpt and epoch; 2, or what fits."),
    ] = None,
    batch_size: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Excerpts per step; 128 (the paper's), or what fits own sounds."),
    ] = None,
    learning_rate: Annotated[float, typer.Option(help="Of Adam.")] = 1e-3,
    drop_every: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Epochs until the rate falls tenfold; by default half of them."),
    ] = None,
    weight_decay: Annotated[float, typer.Option(help="Of Adam; the paper names none.")] = 0.0,
    flip: Annotated[bool, typer.Option(help="Turn the polarity of every other excerpt.")] = False,
    precision: Annotated[
        str, typer.Option(help="float32, or bfloat16: faster where the processor has it.")
    ] = "float32",
    channels: Annotated[
        str, typer.Option(help="Hidden channels, like 32,64,128; empty: the architecture's own.")
    ] = "",
    evaluate_every: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Epochs between two tests; 10, or a twentieth of all."),
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    resume: Annotated[bool, typer.Option(help="Take up a stopped training.")] = True,
    export: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Folder for model and card at the end; by default where it is found."),
    ] = None,
    about: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="JSON file with title, licence, credit, limits of the sounds."),
    ] = None,
    option: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--with", help="An option of a published dataset, like rule=first."),
    ] = None,
) -> None:
    """Train a network. Stopped at any moment, the same command goes on where it was.

    With the names of the paper's datasets the settings are the paper's. For any others, batch size,
    excerpts and epochs follow from the sounds: about 2,000 steps, whatever their number.
    At the end the model is where every verb and the page find it: in STUDIO_HOME, or your folder
    for data. A model of yours is taken before one of the same name that ships with the studio.
    Decoded sounds, state, log and training curve lie in STUDIO_CACHE (by default cache/).
    """
    import torch
    from tqdm import tqdm

    from studio.datasets.catalogue import open_dataset
    from studio.datasets.recordings import decode
    from studio.places import own_models
    from studio.training.automatic import automatic, is_the_papers
    from studio.training.log import export_model
    from studio.training.supervised import Training, TrainingPlan

    if threads:
        torch.set_num_threads(threads)
    keep_freed_memory()
    own_channels = _numbers(channels)
    notes = _read_about(about or root / "dataset.json", required=about is not None)
    table = open_dataset(root, name=dataset, **pairs(option or []))
    with tqdm(desc="decoding", unit="file", disable=None, leave=False) as bar:

        def show(done: int, files: int) -> None:
            bar.total = files
            bar.update(done - bar.n)

        recordings = decode(table, on_file=show)
    recordings = replace(recordings, table=recordings.table.with_split(seed=seed))
    chosen = automatic(_to_train_on(recordings), batch_size, excerpts)
    papers = is_the_papers(dataset)
    usual = TrainingPlan()
    planned = usual.epochs if papers else chosen.epochs
    plan = TrainingPlan(
        epochs=epochs or planned,
        batch_size=batch_size or (usual.batch_size if papers else chosen.batch_size),
        learning_rate=learning_rate,
        drop_every=drop_every or (usual.drop_every if papers else -(-planned // 2)),
        weight_decay=weight_decay,
        seconds_per_excerpt=excerpts
        or (usual.seconds_per_excerpt if papers else chosen.seconds_per_excerpt),
        flip=flip,
        seed=seed,
        precision=precision,
        evaluate_every=evaluate_every or (usual.evaluate_every if papers else -(-planned // 20)),
        hidden_channels=own_channels,
    )
    training = Training.start(recordings, architecture, plan, device=device, resume=resume)
    print(
        f"{len(recordings)} clips, {len(recordings.table.classes)} classes, "
        f"{recordings.hours:.1f} hours; {training.model.parameter_count():,} parameters; "
        f"state in {training.folder}"
    )
    for problem in recordings.table.problems:
        print(f"left out: {problem}", file=sys.stderr)
    print(
        f"{plan.epochs} epochs of {len(training.batches(0))} steps, batches of {plan.batch_size}, "
        f"an excerpt for every started {plan.seconds_per_excerpt:g} s of a clip"
        f"{'' if papers else '; what was not given follows from the sounds'}"
    )
    _run(training, min(plan.epochs, stop_after or plan.epochs), notes)
    if export or training.epoch >= plan.epochs:
        path = export_model(training, export or own_models(), notes, command_line())
        print(f"{path}; use it with --dataset {dataset} --architecture {architecture}")


def _to_train_on(recordings: Recordings) -> NDArray[np.int64]:
    """Return the lengths of the clips on the training side, in samples."""
    return recordings.lengths[(recordings.table.clips["split"] == "train").to_numpy()]


def keep_freed_memory() -> None:
    """Let the C library keep freed blocks for the next step instead of returning them each time.

    On Linux that saves a sixth of Model2's time; elsewhere there is nothing to set.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(_NO_MAPPED_BLOCKS, 0)
        library.mallopt(_TRIM_ABOVE, 2**31 - 1)


def _run(training: Training, last: int, notes: dict[str, Any]) -> None:
    """Train up to epoch ``last``, with a progress bar and a line at every test."""
    from tqdm import tqdm

    from studio.training.log import export_model, write_log

    steps = len(training.batches(0))
    done, total = training.epoch * steps, last * steps
    with tqdm(total=total, initial=done, unit="step", smoothing=0.02, disable=None) as bar:

        def step_done(_step: int, _steps: int) -> None:
            bar.update()

        while training.epoch < last:
            row = training.run_epoch(step_done)
            write_log(training)
            if training.epoch % training.plan.evaluate_every and training.epoch < last:
                continue
            export_model(training, training.folder, notes, command_line())
            tested = told(row, len(training.side("test")))
            bar.write(f"epoch {row['epoch']}: loss {row['loss']:.3f}; {tested}")


def told(row: dict[str, Any], clips: int) -> str:
    """Return the accuracies of an epoch, those of ``clips`` tested clips with their interval."""
    from studio.training.cards import wilson_interval

    said = [f"train {100 * row['train_accuracy']:.1f} %"]
    for name, key in (
        ("test, middle second", "test_accuracy"),
        ("test, five seconds", "test_accuracy_five"),
    ):
        if key in row:
            low, high = wilson_interval(round(row[key] * clips), clips)
            said.append(f"{name} {100 * row[key]:.1f} % ({100 * low:.0f} to {100 * high:.0f})")
    return ", ".join(said)


def command_line() -> str:
    """Return the command as given, less pause and export, and whole paths cut to their names."""
    words = sys.argv[1:]
    for left_out in ("--stop-after", "--export"):
        if left_out in words:
            place = words.index(left_out)
            del words[place : place + 2]
    words = [Path(word).name if Path(word).is_absolute() else word for word in words]
    return shlex.join(["studio", *words])


def _numbers(text: str) -> tuple[int, ...] | None:
    try:
        return tuple(int(word) for word in text.split(",")) if text else None
    except ValueError:
        raise ParameterError(
            f"channels={text} must be whole numbers with commas between them, like 32,64,128."
        ) from None


def pairs(options: list[str]) -> dict[str, str]:
    """Return options of a dataset, ``name=value`` each, as a dict."""
    for option in options:
        if "=" not in option:
            raise ParameterError(f"--with {option} must read name=value, like rule=first.")
    return dict(option.split("=", 1) for option in options)


def _read_about(path: Path, required: bool) -> dict[str, Any]:
    if not path.is_file() and not required:
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(f"{path} cannot be read as JSON ({error}).") from error
    if not isinstance(about, dict):
        raise ParameterError(f"{path} must hold a JSON object: title, licence, credit, limits.")
    return about
