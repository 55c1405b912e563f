"""Objective: how strongly chosen layers and feature maps respond to the sound.

The paper takes the mean square error between activations and a zero vector and lets it grow
(section 3.4): the mean of the squared activations. Two more measures stand beside it; see
`target.MEASURES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from studio.dreaming.curves import Curve, curve_values, of_each
from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import NO_GUIDE_SOUND, Target
from studio.errors import ParameterError
from studio.networks.classifier import WaveformClassifier
from studio.sound import SAMPLE_RATE

EVEN_FLOOR = 1e-12
"""Added to a window's mean square before its logarithm is taken: silence has one, too."""


def response(
    activations: Sequence[Tensor],
    targets: Sequence[Target],
    guide: Sequence[Tensor] = (),
    cells: int = 0,
    loop: bool = False,
    curves: Sequence[Curve] = (),
) -> Tensor:
    """Return the mean over targets of weight · mean(a²), or of what else the target measures.

    Parameters
    ----------
    activations : sequence of Tensor, each (B, C, steps)
        By layer index, as `WaveformClassifier.activations` gives them.
    targets : sequence of Target
    guide : sequence of Tensor, each (1, C, steps)
        The activations of the guide sound, where a target asks for them.
    cells : int
        Above 0 the texture is even: `even_mean` takes the place of the mean of squares.
    loop : bool
        Whether windows of an even texture go around.
    curves : sequence of Curve
        Of the targets, in the same order: what they measure at a step, or in a window, is taken
        times the curve's value at its middle.

    Returns
    -------
    Tensor, shape (B,)
        One number per sound: sounds of a batch do not influence each other.
    """
    responses = []
    for target, curve in zip(targets, of_each(targets, curves), strict=True):
        layer, feature_map, weight, measure = target
        chosen = slice(None) if feature_map is None else slice(feature_map, feature_map + 1)
        heard = activations[layer][:, chosen]
        if measure == "activation":
            responses.append(weight * curved_mean(heard, curve))
            continue
        squares = heard.square()
        if measure == "guide":
            squares, weight = (heard - guide[layer][:, chosen]).square(), -weight
        mean = even_mean(squares, cells, loop, curve) if cells else curved_mean(squares, curve)
        responses.append(weight * mean)
    return torch.stack(responses).mean(dim=0)


def curved_mean(values: Tensor, curve: Curve = ()) -> Tensor:
    """Return the mean over maps and steps of (B, C, steps), each times the curve at its step."""
    if curve:
        steps = values.shape[-1]
        factors = curve_values(curve, (np.arange(steps) + 0.5) / steps)
        values = values * torch.from_numpy(factors).to(values)
    return values.mean(dim=(1, 2))


def even_mean(squares: Tensor, cells: int, loop: bool = False, curve: Curve = ()) -> Tensor:
    """Return the mean over windows of log(mean of the squares in the window + `EVEN_FLOOR`).

    The steps are cut into cells as equal as can be, cell k from ⌊k·steps / K⌋ on, with
    K = min(cells, steps). A window is two neighbouring cells. At the ends a window reaches beyond
    the sound and holds the one cell that is there (in a loop it goes around): so every step lies
    in two windows. Of a curve a window takes the value where its two cells meet.

    Parameters
    ----------
    squares : Tensor, shape (B, C, steps)
    cells : int
    loop : bool
    curve : Curve

    Returns
    -------
    Tensor, shape (B,)
    """
    maps, steps = squares.shape[1:]
    count = min(cells, steps)
    bounds = [k * steps // count for k in range(count + 1)]
    sums = torch.stack(
        [squares[..., a:b].sum(dim=(1, 2)) for a, b in pairwise(bounds)], dim=-1
    )  # (B, K)
    sizes = torch.tensor([float(b - a) for a, b in pairwise(bounds)]).to(sums)
    none = torch.zeros_like(sums[:, :1])
    before, size_before = (sums[:, -1:], sizes[-1:]) if loop else (none, none[0])
    energy = torch.cat([before, sums], dim=-1)
    size = torch.cat([size_before, sizes])
    if loop:  # window k: the cells k − 1 and k
        energy, size = energy[:, :-1] + sums, size[:-1] + sizes
    else:
        energy = energy + torch.cat([sums, none], dim=-1)
        size = size + torch.cat([sizes, none[0]])
    logs = (energy / (size * maps) + EVEN_FLOOR).log()
    if curve:
        middles = np.array(bounds[: logs.shape[-1]]) / steps
        logs = logs * torch.from_numpy(curve_values(curve, middles)).to(logs)
    return logs.mean(dim=-1)


def guide_activations(
    model: WaveformClassifier, recipe: Recipe, guide: Tensor | None
) -> Sequence[Tensor]:
    """Return what the layers answer to a guide sound (1, T); nothing where no target asks for it.

    Raises
    ------
    ParameterError
        If a target asks for it and there is no guide sound.
    """
    layers = [target.layer for target in recipe.targets if target.measure == "guide"]
    if not layers:
        return ()
    if guide is None:
        raise ParameterError(NO_GUIDE_SOUND)
    with torch.no_grad():
        sound = guide.to(next(model.parameters()))
        return model.activations(sound, max(layers), recipe.tap, recipe.padding == "loop")


def objective(
    model: WaveformClassifier, waveform: Tensor, recipe: Recipe, guide: Sequence[Tensor] = ()
) -> Tensor:
    """Return how strongly the recipe's targets respond to each waveform, shape (B,)."""
    deepest = max(target.layer for target in recipe.targets)
    loop = recipe.padding == "loop"
    heard = model.activations(waveform, deepest, recipe.tap, loop)
    cells = 0
    if recipe.texture == "even":
        cells = even_cells(waveform.shape[-1], recipe.texture_seconds)
    return response(heard, recipe.targets, guide, cells, loop, recipe.curves)


def even_cells(samples: int, texture_seconds: float) -> int:
    """Return into how many cells, half as long as windows, an even texture cuts a sound."""
    return max(1, int(2 * samples / (SAMPLE_RATE * texture_seconds) + 0.5))
