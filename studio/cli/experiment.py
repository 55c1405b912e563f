"""``studio experiment``: the paper's experiments, and those of its outlook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from studio.cli import app
from studio.cli.options import Json, print_json
from studio.errors import ParameterError

experiments = typer.Typer(no_args_is_help=True, help="Run an experiment; each can be taken up.")
app.add_typer(experiments, name="experiment")


@experiments.command("classes")
def classes_verb(
    dataset: Annotated[str, typer.Option(help="What the recordings are called: instruments, …")],
    root: Annotated[Path, typer.Option(help="Folder of the recordings, as for studio train.")],
    output: Annotated[Path, typer.Option(help="Folder for tables and figure.")],
    architecture: Annotated[str, typer.Option(help="model1 or model2.")] = "model1",
    counts: Annotated[
        str, typer.Option(help="Numbers of classes; all classes come last anyway.")
    ] = "3,10,50",
    epochs: Annotated[int, typer.Option(help="Epochs of each training; the paper's: 200.")] = 200,
    drop_every: Annotated[int, typer.Option(help="Epochs until the rate falls tenfold.")] = 100,
    precision: Annotated[str, typer.Option(help="float32 or bfloat16.")] = "float32",
    maps: Annotated[int, typer.Option(help="Feature maps dreamed per layer.")] = 8,
    iterations: Annotated[int, typer.Option(help="Of each dream; the paper's: 2000.")] = 2000,
    threads: Annotated[int, typer.Option(help="Processor threads; 0: all.")] = 0,
    json: Json = False,
) -> None:
    """Train with 3, 10, 50 and all classes, dream with each, and compare.

    The outlook of the paper (section 7). Stopped at any moment, the same command goes on.
    """
    import torch

    from studio.datasets.catalogue import open_dataset
    from studio.datasets.recordings import decode
    from studio.dreaming.recipe import Recipe
    from studio.experiments.classes import ClassesPlan, run
    from studio.figures.classes import classes_figure
    from studio.training.supervised import TrainingPlan

    if threads:
        torch.set_num_threads(threads)
    plan = ClassesPlan(
        counts=_counts(counts),
        architecture=architecture,
        training=TrainingPlan(
            epochs=epochs, drop_every=drop_every, precision=precision, evaluate_every=epochs
        ),
        maps=maps,
        recipe=Recipe(iterations=iterations),
    )
    recordings = decode(open_dataset(root, name=dataset))
    recordings = replace(recordings, table=recordings.table.with_split())
    with tqdm(disable=None, leave=False) as bar:
        shown = ""

        def show(what: str, done: int, of: int) -> None:
            nonlocal shown
            if what != shown:
                bar.reset(total=of)
                bar.set_description(what)
                shown = what
            bar.update(done - bar.n)

        accuracies, sounds = run(recordings, plan, output, show)
    classes_figure(accuracies, sounds).write_html(output / "figure.html")
    if json:
        print_json(accuracies.to_dict("records"))
        return
    for row in accuracies.to_dict("records"):
        print(
            f"{row['classes']:>4} classes: test accuracy {row['test_accuracy']:.1%} "
            f"({row['low']:.1%} to {row['high']:.1%}), chance {row['chance']:.1%}"
        )
    print(f"{len(sounds)} sounds measured; tables and figure in {output}")


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise ParameterError(f"counts={text} must be whole numbers, like 3,10,50.") from None
