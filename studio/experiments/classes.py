"""How many classes a network tells apart, and what that does to its dreams.

The paper's outlook (section 7) names this as a next step: the same training with 3, 10, 50 and all
classes of one corpus, the same dreams with each, and the four features of the sounds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from studio import __version__
from studio.datasets.recordings import Recordings
from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.files import write_text
from studio.gallery.feature_maps import spread
from studio.networks.classifier import WaveformClassifier
from studio.sound.features import describe
from studio.training.cards import wilson_interval
from studio.training.supervised import Training, TrainingPlan

ACCURACIES_FILE = "accuracies.csv"
SOUNDS_FILE = "sounds.csv"
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesPlan:
    """What determines the experiment, beside the recordings.

    Attributes
    ----------
    counts : tuple of int
        Numbers of classes; all classes are always added. Smaller choices are part of larger ones.
    architecture : str
    training : TrainingPlan
        The same for every number of classes; its seed also chooses the classes.
    maps : int
        Feature maps dreamed per layer, spread evenly over the layer.
    recipe : Recipe
        The dream; layer, map and architecture are filled in.
    """

    counts: tuple[int, ...] = (3, 10, 50)
    architecture: str = "model1"
    training: TrainingPlan = field(default_factory=TrainingPlan)
    maps: int = 8
    recipe: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        if not self.counts or min(self.counts) < 2:
            raise ParameterError(f"counts={self.counts} must be numbers of classes, 2 or more.")
        if self.maps < 1:
            raise ParameterError(f"maps={self.maps} must be 1 or more.")


def chosen_classes(classes: tuple[str, ...], count: int, seed: int) -> list[str]:
    """Return ``count`` classes; a smaller choice with the same seed is part of a larger one."""
    order = np.random.default_rng(seed).permutation(len(classes))
    return sorted([classes[index] for index in order[:count]])


def with_classes(recordings: Recordings, classes: Sequence[str]) -> Recordings:
    """Return the recordings of some classes; the samples are shared."""
    rows = np.flatnonzero(recordings.table.clips["label"].isin(classes).to_numpy())
    clips = recordings.table.clips.iloc[rows].reset_index(drop=True)
    return replace(
        recordings,
        table=replace(recordings.table, clips=clips),
        starts=recordings.starts[rows],
        lengths=recordings.lengths[rows],
    )


def run(
    recordings: Recordings,
    plan: ClassesPlan,
    folder: Path,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train and dream with every number of classes; what is done already is not done again.

    Parameters
    ----------
    recordings : Recordings
        Split into training and test.
    plan : ClassesPlan
    folder : Path
        Gets `ACCURACIES_FILE`, `SOUNDS_FILE` and `MANIFEST_FILE`, rewritten as they grow.
    on_progress : callable, optional
        Told ``(what, done, of)``.

    Returns
    -------
    accuracies : DataFrame
        Per number of classes: ``classes, clips_test, chance, test_accuracy, low, high``
        (95 % Wilson interval), ``test_accuracy_five, train_accuracy, epochs``.
    sounds : DataFrame
        Per dreamed sound: ``classes, layer, map`` and what `describe` says.
    """
    everything = len(recordings.table.classes)
    too_many = [count for count in plan.counts if count > everything]
    if too_many:
        raise ParameterError(
            f"counts={too_many[0]} is more than the {everything} classes of these recordings."
        )
    folder.mkdir(parents=True, exist_ok=True)
    _keep_to_one_plan(folder / MANIFEST_FILE, plan, recordings.table.name)
    accuracies: list[dict[str, Any]] = []
    for count in sorted({*plan.counts, everything}):
        classes = chosen_classes(recordings.table.classes, count, plan.training.seed)
        training = Training.start(
            with_classes(recordings, classes), plan.architecture, plan.training
        )
        while training.epoch < plan.training.epochs:
            training.run_epoch()
            if on_progress:
                on_progress(f"training, {count} classes", training.epoch, plan.training.epochs)
        accuracies.append(_accuracy(training, count))
        write_text(folder / ACCURACIES_FILE, pd.DataFrame(accuracies).to_csv(index=False))
        model = training.model.eval().requires_grad_(False)
        _dream_all(model, count, plan, folder / SOUNDS_FILE, on_progress)
    return pd.DataFrame(accuracies), pd.read_csv(folder / SOUNDS_FILE)


def _accuracy(training: Training, count: int) -> dict[str, Any]:
    tested = training.test()
    clips = len(training.side("test"))
    low, high = wilson_interval(round(tested["test_accuracy"] * clips), clips)
    return {
        "classes": count,
        "clips_test": clips,
        "chance": 1 / count,
        "test_accuracy": tested["test_accuracy"],
        "low": low,
        "high": high,
        "test_accuracy_five": tested["test_accuracy_five"],
        "train_accuracy": training.history[-1]["train_accuracy"],
        "epochs": training.epoch,
    }


def _dream_all(
    model: WaveformClassifier,
    count: int,
    plan: ClassesPlan,
    path: Path,
    on_progress: Callable[[str, int, int], None] | None,
) -> None:
    """Dream the maps of every layer; each sound's features are kept as soon as it is done."""
    sounds: list[Any] = pd.read_csv(path).to_dict("records") if path.is_file() else []
    done = {(sound["classes"], sound["layer"], sound["map"]) for sound in sounds}
    units = [
        (layer, feature_map)
        for layer in range(model.layers)
        for feature_map in spread(model.maps(layer), plan.maps)
    ]
    for number, (layer, feature_map) in enumerate(units, 1):
        if (count, layer, feature_map) not in done:
            recipe = plan.recipe.replace(
                architecture=plan.architecture, targets=((layer, feature_map),)
            )
            made = dream(model, recipe)
            place = {"classes": count, "layer": layer, "map": feature_map}
            sounds.append({**place, **describe(made.audio)})
            write_text(path, pd.DataFrame(sounds).to_csv(index=False))
        if on_progress:
            on_progress(f"dreaming, {count} classes", number, len(units))


def _keep_to_one_plan(path: Path, plan: ClassesPlan, dataset: str) -> None:
    """Write the manifest, or raise if the folder holds another experiment's results."""
    manifest = {
        "experiment": "classes",
        "dataset": dataset,
        "plan": {**asdict(plan), "recipe": plan.recipe.to_dict()},
        "studio": __version__,
    }
    text = json.dumps(manifest, indent=2)
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) != json.loads(text):
        raise ParameterError(
            f"{path.parent} holds this experiment with other settings: choose another --output."
        )
    write_text(path, text)
