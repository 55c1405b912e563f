r"""What targets measure at one layer, as one quadratic form of its activations y.

Every measure is at most quadratic in y, so a layer's share of the response is

    Σ_{c,t} y·(A·y / 2 + B) + C,      with the slope      s = A·y + B                       (1)

and κ being each target's weight shared out over its maps and divided by the number of targets:

    response     κ·mean_t y²              A = 2κ / steps
    activation   κ·mean_t y               B = κ / steps
    guide        −κ·mean_t (y − y_g)²     A = −2κ / steps,  B = 2κ·y_g / steps,  C = −κ·mean_t y_g²
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from studio.dreaming.recipe import MEASURES, Measure, Target


@dataclass(frozen=True, slots=True)
class QuadraticForm:
    """A, B and C of (1), per sound (1 or B rows) and activation, steps before maps.

    Attributes
    ----------
    curvature : Tensor, shape (1 or B, steps·maps)
    bias : Tensor, shape as curvature, or None where nothing is linear
    constant : ndarray, shape (1 or B,), or 0
    """

    curvature: Tensor
    bias: Tensor | None = None
    constant: np.ndarray | float = 0.0

    def slope(self, heard: Tensor) -> Tensor:
        """Return s of activations (B, steps·maps)."""
        if self.bias is None:
            return heard * self.curvature
        return torch.addcmul(self.bias, heard, self.curvature)

    def value(self, heard: Tensor, slope: Tensor) -> np.ndarray | float:
        """Return the value of activations whose slope is known, (B,)."""
        value = _half_product(heard, slope)  # with a bias half of it is missing yet
        if self.bias is None:
            return value
        return value + _half_product(heard, self.bias) + self.constant


@dataclass(frozen=True, slots=True)
class Shares:
    """κ of one layer for every measure, each (1 or B, maps), float64."""

    of: dict[Measure, Tensor]

    @classmethod
    def at(cls, targets: Sequence[Sequence[Target]], layer: int, maps: int) -> Shares:
        """Share out the weights of one or several lists of targets."""
        return cls(
            {
                measure: torch.stack([_shares(own, layer, maps, measure) for own in targets])
                for measure in MEASURES
            }
        )

    def any(self) -> bool:
        """Whether any map of the layer counts."""
        return any(bool(shares.any()) for shares in self.of.values())

    def chosen(self) -> Tensor:
        """Return which maps count: shape (m,), or (B, m) where sounds choose differently."""
        chosen = torch.stack(list(self.of.values())).ne(0).any(dim=0)
        if (chosen == chosen[:1]).all():
            return chosen[0].nonzero()[:, 0]
        most = int(chosen.sum(1).max())
        return chosen.int().argsort(dim=1, descending=True, stable=True)[:, :most]

    def form(
        self, maps: Tensor, steps: int, dtype: torch.dtype, guide: Tensor | None
    ) -> QuadraticForm:
        """Return (1) for the maps that are computed.

        Parameters
        ----------
        maps : Tensor, shape (m,) or (B, m)
        steps : int
        dtype : torch.dtype
        guide : Tensor, shape (1, all maps, steps), optional
            What the layer answers to the guide sound.
        """
        size, sign, nearness = (_at(self.of[measure], maps) for measure in MEASURES)
        curvature = (2 / steps * (size - nearness)).to(dtype).repeat(1, steps)
        if not (sign.any() or nearness.any()):
            return QuadraticForm(curvature)
        bias = (sign / steps).unsqueeze(1).expand(-1, steps, -1)  # (1 or B, steps, m)
        constant: np.ndarray | float = 0.0
        if nearness.any():
            assert guide is not None
            heard = guide[0].double().T[:, maps]  # (steps, m) or (steps, B, m)
            heard = heard.movedim(1, 0) if maps.ndim == 2 else heard[None]
            bias = bias + 2 / steps * nearness.unsqueeze(1) * heard
            constant = -(nearness.unsqueeze(1) * heard.square()).sum(dim=(1, 2)).div(steps).numpy()
        return QuadraticForm(curvature, bias.to(dtype).flatten(1).contiguous(), constant)


def _at(shares: Tensor, maps: Tensor) -> Tensor:
    return shares[:, maps] if maps.ndim == 1 else shares.expand(len(maps), -1).gather(1, maps)


def _shares(targets: Sequence[Target], layer: int, maps: int, measure: Measure) -> Tensor:
    """Return κ of one layer and measure, shape (maps,)."""
    shares = torch.zeros(maps, dtype=torch.float64)
    for target in targets:
        if target.layer == layer and target.measure == measure:
            part = target.weight / len(targets)
            if target.map is None:
                shares += part / maps
            else:
                shares[target.map] += part
    return shares


def _half_product(heard: Tensor, part: Tensor) -> np.ndarray | float:
    """Return half the sum of the products of each row, (B,)."""
    if heard.shape[0] == 1:
        return torch.dot(heard.flatten(), part.flatten()).item() / 2
    return torch.linalg.vecdot(heard, part).numpy() / 2
