"""Which engine serves: the fast one wherever it can, else the reference."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Union

import numpy as np

from studio.dreaming.ascent import Ascent
from studio.dreaming.engine.ascent import EngineAscent, unsupported_reason
from studio.dreaming.engine.plan import UnfitWeightsError
from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.networks.weights import Weights

if TYPE_CHECKING:
    from studio.networks.classifier import WaveformClassifier

log = logging.getLogger(__name__)

ENGINES = ("auto", "fast", "reference")

Model = Union["WaveformClassifier", Weights]
"""What dreams: a network of PyTorch's, or just its weights."""


def choose_ascent(
    engine: str, model: Model, recipe: Recipe, guide: np.ndarray | None = None
) -> Ascent:
    """Return an engine, prepared for a model and a recipe.

    Parameters
    ----------
    engine : {"auto", "fast", "reference"}
        ``auto`` takes the fast one where it can serve, and otherwise says in the log why not.
    model : WaveformClassifier or Weights
    recipe : Recipe
    guide : ndarray, shape (samples,), optional
        The guide sound as it was recorded, where a target asks for it.

    Raises
    ------
    ParameterError
        If the engine asked for cannot serve.
    """
    if engine not in ENGINES:
        raise ParameterError(f"engine={engine!r} must be one of: {', '.join(ENGINES)}.")
    if engine != "reference":
        reason = unsupported_reason(model)
        if reason is None:
            try:
                return EngineAscent(model, recipe, guide)
            except UnfitWeightsError as error:
                reason = str(error)
        if engine == "fast":
            raise ParameterError(f"{reason} Choose engine='auto' or 'reference'.")
        log.info("Dreaming with the reference engine. %s", reason)
    # Only here PyTorch is needed, which takes seconds to import.
    from studio.dreaming.reference import Reference
    from studio.networks.checkpoints import as_classifier

    return Reference(as_classifier(model), recipe, guide)
