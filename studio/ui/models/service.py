"""Data of the Models tab: cards, confusions, reports on sounds."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from studio.analysis import LONGEST_SECONDS
from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.errors import DataNotFoundError, ParameterError
from studio.networks.architectures import find_architecture
from studio.networks.listing import AvailableModel, available_models
from studio.sound import SAMPLE_RATE
from studio.text import shown
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    import numpy as np

    from studio.analysis.examine import Examined

log = logging.getLogger(__name__)

_BUILT_IN_SECONDS = 3.0
_MOST_EXAMINED = 12
_TOLD = ("title", "sources", "licence", "credit", "limits", "stand_in", "hours")


class ModelsService:
    """Answers what the Models tab asks; what listens is called by way of `Admission`.

    Parameters
    ----------
    sounds : SoundService
        Where uploads are found.
    model_cache : ModelCache
        Where the networks are.
    """

    def __init__(self, sounds: SoundService, model_cache: ModelCache) -> None:
        self.sounds = sounds
        self.model_cache = model_cache
        self._examined: OrderedDict[str, tuple[float, Examined]] = OrderedDict()

    def cards(self) -> list[dict[str, Any]]:
        """Return what is known of every model, its training curve included."""
        return [_card(model) for model in available_models()]

    def layer(self, name: str, layer: float) -> dict[str, Any]:
        """Return how the maps of a layer respond over frequency."""
        from studio.analysis.examine import layer_report

        if not layer.is_integer():
            raise ParameterError(f"layer={layer:g} must be a whole number.")
        model = self._find(name)
        return layer_report(self._examine(model), int(layer))

    def confusion(self, name: str) -> dict[str, Any]:
        """Return what a model mixes up; ``missing`` says so where that was not measured."""
        from studio.analysis.confusion import confusion_path, matrix, read_confusion

        model = self._find(name)
        found = read_confusion(confusion_path(model.path), model.card)
        if found is None:
            command = f"studio inside measure --dataset {model.dataset} --root FOLDER"
            return {"missing": True, "command": command}
        told = {key: found[key] for key in ("test", "clips", "accuracy", "order", "entries")}
        mistakes = matrix(found["entries"], len(model.card["classes"])).mistakes()
        return {**told, "mistakes": mistakes}

    def hear_upload(
        self, name: str, token: str, start: float, seconds: float | None = None
    ) -> dict[str, Any]:
        """Return what a model makes of a part of an upload, by default the most it listens to.

        Raises
        ------
        StudioError
            If the upload is gone, or the part silent or too long.
        """
        model = self._find(name)
        seconds = LONGEST_SECONDS if seconds is None else seconds
        if not 0 < seconds <= LONGEST_SECONDS:
            raise ParameterError(
                f"seconds={seconds:g} must be more than 0 and at most {LONGEST_SECONDS:g}."
            )
        _, sound = self.sounds.part(token, start, seconds)
        return self._hear(model, sound[: round(LONGEST_SECONDS * SAMPLE_RATE)])

    def hear_built_in(self, name: str, initial: str) -> dict[str, Any]:
        """Return what a model makes of a built-in sound."""
        from studio.dreaming.sources import initial_sound

        model = self._find(name)
        choices = [sound for sound in BUILT_IN_SOUNDS if sound != "silence"]
        if initial not in choices:
            raise ParameterError(
                f"There is no built-in sound {shown(initial)} to listen to; "
                f"choose {', '.join(choices)}."
            )
        sound = initial_sound(Recipe(initial=initial, seconds=_BUILT_IN_SECONDS, seed=1))
        return self._hear(model, sound)

    def _hear(self, model: AvailableModel, sound: np.ndarray) -> dict[str, Any]:
        from studio.analysis.examine import report

        return report(self._examine(model), sound)

    def _find(self, name: str) -> AvailableModel:
        there = {model.name: model for model in available_models()}
        if name not in there:
            raise DataNotFoundError(
                f"There is no model {shown(name)} here; there are {', '.join(there) or 'none'}."
            )
        return there[name]

    def _examine(self, model: AvailableModel) -> Examined:
        """Return a model with its measurements: one is measured at a time (`ROOMS`)."""
        from studio.analysis.examine import examine
        from studio.analysis.typical import typical_path
        from studio.networks.checkpoints import as_classifier

        beside = typical_path(model.path)
        stamp = beside.stat().st_mtime if beside.is_file() else 0.0
        kept = self._examined.get(model.name)
        if kept is None or kept[0] != stamp:
            weights = self.model_cache.get(model.dataset, model.architecture)
            self._examined[model.name] = (stamp, examine(as_classifier(weights), model.path))
        self._examined.move_to_end(model.name)
        while len(self._examined) > _MOST_EXAMINED:
            self._examined.popitem(last=False)
        return self._examined[model.name][1]


def _card(model: AvailableModel) -> dict[str, Any]:
    card = model.card
    architecture = find_architecture(model.architecture)
    data = card.get("data", {}) if isinstance(card.get("data"), dict) else {}
    return {
        "name": model.name,
        "dataset": model.dataset,
        "architecture": model.architecture,
        "label": architecture.label,
        "classes": list(card["classes"]),
        "channels": [*card["hidden_channels"], len(card["classes"])],
        "lengths": list(architecture.lengths(SAMPLE_RATE)),
        "chance": 1 / len(card["classes"]),
        "data": {key: data[key] for key in _TOLD if data.get(key)},
        "curve": _curve(card.get("curve", {})),
        **{
            key: card.get(key)
            for key in ("parameters", "epochs", "epochs_planned", "train_accuracy", "test", "paper")
        },
    }


def _curve(curve: dict[str, list[float | None]]) -> dict[str, list[list[float]]]:
    """Return the points (epoch, accuracy) of training and test."""
    epochs = curve.get("epoch", [])
    return {
        side: [
            [epoch, value]
            for epoch, value in zip(epochs, curve.get(f"{side}_accuracy", []), strict=False)
            if epoch is not None and value is not None
        ]
        for side in ("train", "test")
    }
