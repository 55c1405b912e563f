"""Least-recently-used cache of loaded models, and a light listing of all."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import ParameterError

if TYPE_CHECKING:
    from studio.dreaming.recipe import Recipe
    from studio.networks.weights import Weights

log = logging.getLogger(__name__)


class ModelCache:
    """Loads each model once and keeps the last few.

    Nothing heavy is imported before the first model is asked for, or `warm` is called.
    """

    def __init__(self, most: int = 8) -> None:
        self.most = most
        self.is_warm = threading.Event()
        self._models: OrderedDict[tuple[str, str], tuple[int, Weights]] = OrderedDict()
        self._lock = threading.Lock()

    def listing(self) -> list[dict[str, Any]]:
        """Return name, classes, channels and card of every model there is."""
        from studio.networks.listing import available_models

        return [
            {
                "name": model.name,
                "dataset": model.dataset,
                "architecture": model.architecture,
                "classes": list(model.card["classes"]),
                "channels": [*model.card["hidden_channels"], len(model.card["classes"])],
                "card": {key: value for key, value in model.card.items() if _is_light(value)},
            }
            for model in available_models()
        ]

    def left_out(self) -> list[str]:
        """Return the names of the models whose files cannot be used; the log says why."""
        from studio.networks.listing import survey

        return list(survey()[1])

    def get(self, dataset: str, architecture: str) -> Weights:
        """Return a model of the `listing`, from memory where possible: a page names no paths.

        Raises
        ------
        ParameterError
            If there is no such model.
        CheckpointError
            If its files are damaged.
        """
        from studio.networks.weights import load_weights

        key = (dataset, architecture)
        with self._lock:
            stamp = self._stamp(dataset, architecture)
            if key not in self._models or self._models[key][0] != stamp:
                self._models[key] = (stamp, load_weights(dataset, architecture))
            self._models.move_to_end(key)
            while len(self._models) > self.most:
                self._models.popitem(last=False)
            return self._models[key][1]

    @staticmethod
    def _stamp(dataset: str, architecture: str) -> int:
        """Return when a model was written: one that is trained again is loaded again."""
        from studio.networks.listing import available_models
        from studio.places import model_folders

        name = f"{dataset}-{architecture}"
        if Path(name).name == name and not dataset.endswith(".safetensors"):
            for place in model_folders():
                with contextlib.suppress(OSError, ValueError):
                    return (place / f"{name}.safetensors").stat().st_mtime_ns
        known = [model.name for model in available_models()]
        raise ParameterError(
            f"There is no model {name} here; there are {', '.join(known) or 'none'}."
        )

    def warm(self, first: Callable[[Sequence[dict[str, Any]]], Recipe]) -> None:
        """Import what a dream needs and take two steps, so that the first click is quick.

        ``first`` returns the recipe of that click from the `listing`.
        """
        try:
            from studio.dreaming.loop import dream
            from studio.sound.levels import listening_level

            recipe = first(self.listing()).replace(iterations=2)
            listening_level(dream(self.get(recipe.dataset, recipe.architecture), recipe).audio)
        except Exception as error:  # the first dream will say what is wrong
            log.warning("warming up failed: %s", error)
        finally:
            self.is_warm.set()


def _is_light(value: Any) -> bool:
    """Tell whether a value of a card is worth sending to every page."""
    return isinstance(value, str | int | float | bool) or (
        isinstance(value, dict) and len(str(value)) < 2_000
    )
