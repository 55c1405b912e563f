"""``studio dream``: one sound, from a recipe, to a WAV."""

from __future__ import annotations

import time
from json import loads as from_json
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from studio.cli import app
from studio.cli.options import Json, print_json, recipe_options
from studio.dreaming.curves import Curve, checked_curve
from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.dreaming.targets import Target, checked_target
from studio.errors import AudioError, ParameterError

_SHORT_NAMES = {"noise": "white noise"}


@app.command("dream")
@recipe_options
def dream_verb(
    changes: dict[str, Any],
    recipe: Annotated[
        Path | None,
        typer.Option(help="Begin with the recipe inside a WAV made here, or in a JSON file."),
    ] = None,
    layer: Annotated[
        list[int] | None,
        typer.Option(help="Layer, from 0; the number of layers stands for the output. Repeatable."),
    ] = None,
    map: Annotated[
        list[int] | None,
        typer.Option(help="Feature map of the layer given in the same place; without it, all."),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="LAYER[:MAP[:WEIGHT[:MEASURE]]], as in 3:4:0.5; an empty MAP is all. A weight "
            "below 0 avoids the map. MEASURE is response (the paper's), activation (rise; of a "
            "map of the output layer: its class's log-probability) or guide (be like the guide "
            "sound). Repeatable."
        ),
    ] = None,
    initial: Annotated[
        str | None,
        typer.Option(help="noise, silence, tone, impulse, or a sound file. [default noise]"),
    ] = None,
    guide: Annotated[
        str | None,
        typer.Option(
            help="Guide sound of targets that are to be like it: a sound file, or noise …"
        ),
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            help="A next stage: a JSON object of what changes, as in "
            """'{"iterations": 100, "targets": [[2, 5]]}'. Repeatable."""
        ),
    ] = None,
    curve: Annotated[
        list[str] | None,
        typer.Option(
            help="How much the target in the same place counts along the sound: points "
            "TIME:VALUE from 0 to 1, as in 0:0,0.5:1,1:0; or swell, decay, cross-fade, pulse:BPM, "
            "walk:SEED; or none. Repeatable."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write the WAV. [default: named after the recipe]")
    ] = None,
    bits: Annotated[str, typer.Option(help="float (32-bit, every bit kept) or 16-bit.")] = "float",
    engine: Annotated[str, typer.Option(help="auto picks the fastest that can serve.")] = "auto",
    json: Json = False,
) -> None:
    """Dream a sound and write it as a WAV with its recipe inside.

    Example: studio dream --dataset events --architecture model2 --layer 3 --map 4
    --iterations 200 --output dream.wav
    """
    from studio import describe
    from studio.dreaming import wav
    from studio.dreaming.loop import dream
    from studio.networks.weights import load_weights

    begun = _read_recipe(recipe) if recipe else Recipe()
    targets = _targets(layer or [], map or [], target or [])
    if targets:
        changes["targets"] = targets
    if stage:
        changes["stages"] = [_stage(text) for text in stage]
    if targets and curve is None:
        changes["curves"] = ()  # those of the recipe were of other targets
    chosen = begun.replace(**changes)
    chosen, start = _initial(chosen, initial, given=changes)
    chosen, like = _guide(chosen, guide)
    if curve:
        chosen = chosen.replace(curves=_curves(curve, len(chosen.targets), chosen.seconds))
    path = output or _free_name(chosen)
    if not path.parent.is_dir():
        raise AudioError(f"There is no folder '{path.parent}'. Create it or choose another.")
    model = load_weights(chosen.dataset, chosen.architecture)
    began = time.perf_counter()
    planned = chosen.planned_iterations
    with tqdm(total=planned, unit=" iterations", leave=False, disable=None) as bar:
        made = dream(model, chosen, start, engine, lambda step: bar.update() and None, like)
    seconds = time.perf_counter() - began
    wav.write(path, made.audio, made.recipe, bits, made.origin)
    described = describe(made.middle)
    if json:
        print_json(
            {
                "output": str(path),
                "recipe": made.recipe.to_dict(),
                "features": described,
                "engine": made.engine,
                "seconds": round(seconds, 3),
                "message": made.message,
            }
        )
        return
    if made.message:
        print(made.message)
    print(
        f"{path}: {len(made.audio) / made.sample_rate:.1f} s of sound, dreamed in {seconds:.1f} s. "
        f"Loudness {described['loudness_mean']:.2f}, "
        f"brightness {described['brightness_mean'] / 1000:.1f} kHz, "
        f"noisiness {described['noisiness_mean']:.4f}, "
        f"roughness {described['roughness_mean']:.2f}."
    )


def _read_recipe(path: Path) -> Recipe:
    from studio.dreaming import wav

    if path.suffix.lower() != ".json":
        return wav.read_recipe(path)
    try:
        return Recipe.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise AudioError(f"'{path}' cannot be read. Check the name.") from None


def _targets(layers: list[int], maps: list[int], targets: list[str]) -> list[Target]:
    if len(maps) > len(layers):
        raise ParameterError("Every --map needs a --layer: give --layer as often as --map.")
    pairs = [Target(layer, maps[i] if i < len(maps) else None) for i, layer in enumerate(layers)]
    return pairs + [_target(text) for text in targets]


def _target(text: str) -> Target:
    parts = text.split(":")
    try:
        if len(parts) > 4:
            raise ValueError
        layer = int(parts[0])
        feature_map = int(parts[1]) if len(parts) > 1 and parts[1] else None
        weight = float(parts[2]) if len(parts) > 2 and parts[2] else 1.0
    except ValueError:
        raise ParameterError(f"--target {text} must be LAYER[:MAP[:WEIGHT[:MEASURE]]].") from None
    return checked_target([layer, feature_map, weight, *parts[3:]])


def _stage(text: str) -> dict[str, Any]:
    try:
        changes = from_json(text)
    except ValueError:
        changes = None
    if not isinstance(changes, dict):
        raise ParameterError(
            f"--stage {text} must be a JSON object such as '{{\"iterations\": 100}}'."
        )
    return changes


def _curves(texts: list[str], targets: int, seconds: float) -> list[Curve]:
    return [_curve(text, number, targets, seconds) for number, text in enumerate(texts)]


def _curve(text: str, number: int, targets: int, seconds: float) -> Curve:
    from studio.dreaming.shapes import SHAPES, shaped

    if text == "none":
        return ()
    name, _, detail = text.partition(":")
    given = {"pulse": "tempo_bpm", "walk": "seed"}.get(name)
    points: list[list[float]] = []
    details: dict[str, float] = {}
    try:
        if name not in SHAPES:
            points = [[float(part) for part in point.split(":")] for point in text.split(",")]
        elif detail:
            details[given or ""] = float(detail)
    except ValueError:
        details[""] = 0.0
    if "" in details:
        raise ParameterError(
            f"--curve {text} must be points TIME:VALUE, or one of: swell, decay, cross-fade, "
            "pulse:BPM, walk:SEED, none."
        )
    if points:
        return checked_curve(number + 1, points)
    return shaped(name, seconds, number, targets, **details)


def _guide(recipe: Recipe, guide: str | None) -> tuple[Recipe, Any]:
    """Return the recipe with its guide sound named, and its samples where it is a recording."""
    from studio.dreaming.sources import guided_by

    if guide is None:
        return recipe, None
    name = _SHORT_NAMES.get(guide, guide)
    if name in BUILT_IN_SOUNDS:
        return recipe.replace(guide=name), None
    return guided_by(recipe, Path(guide))


def _initial(recipe: Recipe, initial: str | None, given: dict[str, Any]) -> tuple[Recipe, Any]:
    """Return the recipe with its start named, and the recording it starts from (or None)."""
    from studio.dreaming.sources import notes_on, start_from

    if initial is None:
        return recipe, None
    name = _SHORT_NAMES.get(initial, initial)
    if name in BUILT_IN_SOUNDS:
        return recipe.replace(initial=name, start_seconds=0.0), None
    # A recording dreams at its own length unless told otherwise.
    told = "seconds" in given or recipe.initial not in BUILT_IN_SOUNDS
    chosen, sound = start_from(recipe, Path(initial), own_length=not told)
    for note in notes_on(chosen, Path(initial)):
        typer.echo(f"Note: {note}", err=True)
    if recipe.initial not in (*BUILT_IN_SOUNDS, chosen.initial):
        typer.echo(
            f"Note: the recipe started from '{recipe.initial}', which this is not.", err=True
        )
    return chosen, sound


def _free_name(recipe: Recipe) -> Path:
    layer, feature_map = recipe.targets[0][:2]
    which = "all" if feature_map is None else feature_map
    dataset = Path(recipe.dataset).name
    stem = f"dream-{dataset}-{recipe.architecture}-layer{layer}-map{which}"
    path, number = Path(f"{stem}.wav"), 2
    while path.exists():
        path, number = Path(f"{stem}-{number}.wav"), number + 1
    return path
