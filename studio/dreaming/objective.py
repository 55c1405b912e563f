"""Objective: how strongly chosen layers and feature maps respond to the sound.

The paper takes the mean square error between activations and a zero vector and lets it grow
(section 3.4): the mean of the squared activations. Two more measures stand beside it; see
`target.MEASURES`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import NO_GUIDE_SOUND, Target
from studio.errors import ParameterError
from studio.networks.architectures import Tap
from studio.networks.classifier import WaveformClassifier


def response(
    activations: Sequence[Tensor], targets: Sequence[Target], guide: Sequence[Tensor] = ()
) -> Tensor:
    """Return the mean over targets of weight · mean(a²), or of what else the target measures.

    Parameters
    ----------
    activations : sequence of Tensor, each (B, C, steps)
        By layer index, as `WaveformClassifier.activations` gives them.
    targets : sequence of Target
    guide : sequence of Tensor, each (1, C, steps)
        The activations of the guide sound, where a target asks for them.

    Returns
    -------
    Tensor, shape (B,)
        One number per sound: sounds of a batch do not influence each other.
    """
    responses = []
    for layer, feature_map, weight, measure in targets:
        chosen = slice(None) if feature_map is None else slice(feature_map, feature_map + 1)
        heard = activations[layer][:, chosen]
        if measure == "response":
            value = heard.square()
        elif measure == "activation":
            value = heard
        else:
            value = -(heard - guide[layer][:, chosen]).square()
        responses.append(weight * value.mean(dim=(1, 2)))
    return torch.stack(responses).mean(dim=0)


def guide_activations(
    model: WaveformClassifier, targets: Sequence[Target], guide: Tensor | None, tap: Tap
) -> Sequence[Tensor]:
    """Return what the layers answer to a guide sound (1, T); nothing where no target asks for it.

    Raises
    ------
    ParameterError
        If a target asks for it and there is no guide sound.
    """
    layers = [target.layer for target in targets if target.measure == "guide"]
    if not layers:
        return ()
    if guide is None:
        raise ParameterError(NO_GUIDE_SOUND)
    with torch.no_grad():
        return model.activations(guide.to(next(model.parameters())), max(layers), tap)


def objective(
    model: WaveformClassifier, waveform: Tensor, recipe: Recipe, guide: Sequence[Tensor] = ()
) -> Tensor:
    """Return how strongly the recipe's targets respond to each waveform, shape (B,)."""
    deepest = max(target.layer for target in recipe.targets)
    return response(model.activations(waveform, deepest, recipe.tap), recipe.targets, guide)
