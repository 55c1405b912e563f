"""What is being maximised: the response of chosen layers and feature maps.

The paper takes the mean square error between activations and a zero vector and lets it grow
(section 3.4): the mean of the squared activations.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from studio.dreaming.recipe import Recipe, Target
from studio.errors import ParameterError
from studio.networks import WaveformClassifier


def check_targets(model: WaveformClassifier, targets: Sequence[Target]) -> None:
    """Raise `ParameterError` where a target names a layer or map that the model does not have."""
    label = model.architecture.label
    for target in targets:
        if not 0 <= target.layer <= model.layers:
            raise ParameterError(
                f"layer={target.layer} must lie between 0 and {model.layers}: {label} has the "
                f"layers 0 to {model.layers - 1}, and {model.layers} stands for its output."
            )
        maps = model.maps(target.layer)
        if target.map is not None and not 0 <= target.map < maps:
            raise ParameterError(
                f"map={target.map} must lie between 0 and {maps - 1}: layer {target.layer} of "
                f"{label} has {maps} feature maps here."
            )


def response(activations: Sequence[Tensor], targets: Sequence[Target]) -> Tensor:
    """Return the mean over targets of weight · mean(a²).

    Parameters
    ----------
    activations : sequence of Tensor, each (B, C, steps)
        By layer index, as `WaveformClassifier.activations` gives them.
    targets : sequence of Target

    Returns
    -------
    Tensor, shape (B,)
        One number per sound: sounds of a batch do not influence each other.
    """
    responses = []
    for layer, feature_map, weight in targets:
        chosen = activations[layer]
        if feature_map is not None:
            chosen = chosen[:, feature_map : feature_map + 1]
        responses.append(weight * chosen.square().mean(dim=(1, 2)))
    return torch.stack(responses).mean(dim=0)


def objective(model: WaveformClassifier, waveform: Tensor, recipe: Recipe) -> Tensor:
    """Return how strongly the recipe's targets respond to each waveform, shape (B,)."""
    deepest = max(target.layer for target in recipe.targets)
    return response(model.activations(waveform, deepest, recipe.tap), recipe.targets)
