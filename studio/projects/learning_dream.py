"""One map's dream of a network that is still learning, made anew every few seconds."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe
from studio.files import replacing
from studio.networks.classifier import WaveformClassifier
from studio.sound import files
from studio.sound.levels import listening_level

EVERY_SECONDS = 4.0
_ITERATIONS = 150
_SEED = 1


class LearningDream:
    """Dreams of the first class, always from the same noise: what changes is the network.

    Parameters
    ----------
    folder : Path
        Where ``dream.wav`` is put.
    dataset : str
        Of the recipe.
    """

    def __init__(self, folder: Path, dataset: str) -> None:
        self.folder = folder
        self.dataset = dataset
        self._due = 0.0
        self._number = time.time_ns() // 1_000_000

    def is_due(self) -> bool:
        """Tell whether it is time for the next one."""
        return time.monotonic() >= self._due

    def renew(self, model: WaveformClassifier, epoch: int) -> dict[str, Any]:
        """Write the dream of the network as it stands; return what it is of."""
        still = copy.deepcopy(model).cpu().eval().requires_grad_(False)
        layer = still.layers - 1
        recipe = Recipe(
            dataset=self.dataset,
            architecture=model.architecture.name,
            targets=((layer, 0),),  # pyright: ignore[reportArgumentType] (made into a `Target`)
            iterations=_ITERATIONS,
            seed=_SEED,
        )
        heard = listening_level(dream(still, recipe).audio)
        with replacing(self.folder / "dream.wav") as temporary:
            temporary.write_bytes(files.encode(heard, "16-bit"))
        self._due = time.monotonic() + EVERY_SECONDS
        self._number += 1
        return {
            "number": self._number,
            "epoch": epoch,
            "layer": layer,
            "map": 0,
            "label": model.classes[0],
        }
