"""Deep Dream studio: hear what small neural networks listen for.

>>> from studio import Recipe, dream, load_model
>>> recipe = Recipe(dataset="speech", architecture="model2", targets=[(3, 4)], iterations=300)
>>> dream(load_model("speech", "model2"), recipe).audio.shape
(44100,)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream, dream
    from studio.dreaming.recipe import Recipe, Target
    from studio.networks.checkpoints import load_model
    from studio.sound.features import describe

__version__ = "0.1.0"

__all__ = ["Dream", "Recipe", "Target", "describe", "dream", "load_model"]

_HOMES = {
    "Dream": "studio.dreaming.loop",
    "Recipe": "studio.dreaming.recipe",
    "Target": "studio.dreaming.recipe",
    "describe": "studio.sound.features",
    "dream": "studio.dreaming.loop",
    "load_model": "studio.networks.checkpoints",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the studio opens without PyTorch."""
    if name not in _HOMES:
        raise AttributeError(f"module 'studio' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)
