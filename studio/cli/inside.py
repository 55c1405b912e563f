"""``studio inside``: measure what networks respond to, hear and confuse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from studio.cli import app
from studio.cli.options import Json, print_json
from studio.errors import ParameterError

inside = typer.Typer(no_args_is_help=True, help="Look inside the networks.")
app.add_typer(inside, name="inside")

Dataset = Annotated[str, typer.Option(help="Whose models: events, instruments, speech, your own.")]
Architecture = Annotated[str, typer.Option(help="model1 or model2.")]


@inside.command("measure")
def measure_verb(
    root: Annotated[Path, typer.Option(help="Folder of the sounds that the models learned from.")],
    dataset: Dataset = "events",
    architecture: Annotated[str, typer.Option(help="Only this one; empty: both.")] = "",
    option: Annotated[
        Optional[list[str]],  # noqa: UP045 (a type at run time)
        typer.Option("--with", help="An option of a published dataset, as it was trained with."),
    ] = None,
    json: Json = False,
) -> None:
    """Test models once more: write beside their weights what they mix up and how maps respond.

    The Models tab shows both. Only the clips that were not trained on are used.
    """
    from studio.analysis.measuring import keep, measure, test_recordings
    from studio.cli.train import pairs
    from studio.datasets.catalogue import open_dataset
    from studio.networks.checkpoints import load_model
    from studio.networks.listing import available_models

    wanted = [
        model
        for model in available_models()
        if model.dataset == dataset and architecture in ("", model.architecture)
    ]
    if not wanted:
        name = f"{dataset}-{architecture}" if architecture else dataset
        raise ParameterError(f"There is no model of the name {name}. 'studio models' lists them.")
    table = open_dataset(root, name=dataset, **pairs(option or []))
    report: list[dict[str, Any]] = []
    recordings, seed = None, None
    for entry in wanted:
        model = load_model(entry.dataset, entry.architecture)
        own_seed = int(model.card.get("training", {}).get("seed", 0))
        if recordings is None or own_seed != seed:
            recordings, seed = test_recordings(table, own_seed), own_seed
        found = measure(model, recordings)
        files = [path.name for path in keep(entry.path, model, found)]
        report.append(
            {
                "model": entry.name,
                "clips": found[0].clips,
                "accuracy": round(found[0].accuracy, 4),
                "accuracy_in_card": model.card.get("test_accuracy"),
                "files": files,
            }
        )
    if json:
        print_json(report)
        return
    for row in report:
        card = row["accuracy_in_card"]
        said = f" (its card: {100 * card:.1f} %)" if card is not None else ""
        print(
            f"{row['model']}: {100 * row['accuracy']:.1f} % of {row['clips']} test clips"
            f"{said}; {', '.join(row['files'])}"
        )


@inside.command("tones")
def tones_verb(
    dataset: Dataset = "events",
    architecture: Architecture = "model1",
    layer: Annotated[int, typer.Option(help="Convolution, from 0.")] = 0,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write the whole table as CSV: a row per map, a column per tone."),
    ] = None,
    json: Json = False,
) -> None:
    """Play pure tones to a network; tell which each map of a layer responds to most."""
    import numpy as np
    import pandas as pd

    from studio.analysis import tones
    from studio.networks.checkpoints import load_model

    model = load_model(dataset, architecture)
    if not 0 <= layer < model.layers:
        raise ParameterError(f"layer={layer} must be a whole number from 0 to {model.layers - 1}.")
    frequencies = tones.tone_frequencies()
    responses = tones.tone_responses(model, frequencies)[layer]
    order = tones.by_frequency(responses, frequencies)
    best = tones.best_frequencies(responses, frequencies)
    if output:
        columns = [f"{frequency:.1f}" for frequency in frequencies]
        levels = pd.DataFrame(np.round(tones.below_best_db(responses), 2), columns=columns)
        levels.insert(0, "best_hz", np.round(best, 1))
        levels.to_csv(output, index_label="map")
    rows = [{"map": int(number), "best_hz": round(float(best[number]), 1)} for number in order]
    if json:
        print_json(rows)
        return
    names = model.classes if layer == model.layers - 1 else None
    for row in rows:
        name = f"  {names[row['map']]}" if names else ""
        print(f"map {row['map']:>3}  {row['best_hz']:>9,.1f} Hz{name}")


@inside.command("hear")
def hear_verb(
    file: Annotated[Path, typer.Argument(help="A sound of a minute or less.")],
    dataset: Dataset = "events",
    architecture: Architecture = "model1",
    maps: Annotated[int, typer.Option(min=1, help="Maps told per layer.")] = 3,
    json: Json = False,
) -> None:
    """Tell what a network takes a sound for, and which maps respond unusually strongly."""
    from studio.analysis.examine import load, report
    from studio.sound import files as sound_files

    examined = load(dataset, architecture)
    heard = report(examined, sound_files.read(file))
    if json:
        print_json(heard)
        return
    for entry in heard["classes"]:
        print(f"{100 * entry['mean']:>5.1f} %  {entry['name']}")
    print(f"\nMaps that respond most, beside {heard['beside']}:")
    for layer in heard["layers"]:
        told = [
            f"map {number} ({layer['over_db'][number]:+.1f} dB)" for number in layer["order"][:maps]
        ]
        print(f"layer {layer['layer']}: {', '.join(told)}")
