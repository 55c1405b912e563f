"""What the engine in C is told: a network, a recipe and a length as three flat arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.dreaming.curves import of_each
from studio.dreaming.recipe import Recipe
from studio.dreaming.targets import MEASURES, Target
from studio.errors import ParameterError
from studio.networks.architectures import Convolution
from studio.networks.weights import in_order
from studio.sound import SAMPLE_RATE

_LOW_PASSES = ("off", "hard cut", "butterworth")
_NORMALISATIONS = ("none", "peak", "rms")
_TAPS = ("before swish", "after swish")
_PADDINGS = ("reflect", "circular", "loop")
_TEXTURES = ("peaked", "even")

EPSILON = 1e-5
"""What batch norm adds to the variance, unless told otherwise: PyTorch's."""

_LINE = 64
"""Bytes to which a plan is aligned."""

_REASONS = {
    -1: "A number of this network or recipe lies outside what the engine can hold.",
    -2: "The sound is too short for this network: choose a longer one or a shallower layer.",
    -3: "This dream needs more memory than the engine allows: choose a shorter sound.",
}
"""In sentences, what `dream_plan_bytes` refuses."""


class UnfitWeightsError(ParameterError):
    """The engine cannot compute with these weights."""


class _Array:
    """Type of an argument that is an array, or None."""

    @classmethod
    def from_param(cls, array: np.ndarray | None) -> ctypes.c_void_p:
        """Return where the array lies."""
        return ctypes.c_void_p(None if array is None else array.__array_interface__["data"][0])


def declare(functions: Any) -> Any:
    """Tell `ctypes` what the functions of a build take and return; see ``source/engine.h``."""
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "dream_plan_bytes": (ctypes.c_int64, [_Array] * 2),
        "dream_plan": (ctypes.c_int32, [_Array] * 4),
        "dream_guide": (None, [_Array] * 2),
        "dream_prepare": (None, [_Array] * 3),
        "dream_iterate": (
            ctypes.c_int32,
            [_Array] * 4 + [ctypes.c_int32] * 2 + [_Array] * 4,
        ),
        "dream_response": (ctypes.c_double, [_Array] * 2),
        "dream_gradient": (ctypes.c_double, [_Array] * 3),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(functions, name)
        function.restype, function.argtypes = result, arguments
    return functions


@dataclass(frozen=True, slots=True)
class Network:
    """A network as the engine takes it.

    Attributes
    ----------
    convolutions : tuple of Convolution
    maps : tuple of int
        Feature maps of every convolution.
    weights : ndarray of float32
        Of every layer the kernel (maps, channels, k), the bias, and of all layers but the last
        batch norm's weight, bias, mean and variance, one after the other.
    epsilon : float
        What batch norm adds to the variance.
    """

    convolutions: tuple[Convolution, ...]
    maps: tuple[int, ...]
    weights: np.ndarray
    epsilon: float = EPSILON

    @classmethod
    def of(cls, model: Any) -> Network:
        """Take the weights of a `WaveformClassifier`, or of `Weights`, as they are now.

        Raises
        ------
        UnfitWeightsError
            If there are numbers among them that are not finite.
        """
        arrays = getattr(model, "arrays", None) or model.state_dict()
        names = in_order(model.layers)
        parts = [np.asarray(arrays[name], dtype=np.float32).reshape(-1) for name in names]
        weights = np.concatenate(parts)
        if not np.isfinite(weights).all():
            raise UnfitWeightsError(
                "The model's weights hold numbers that are not finite. Load or train it anew."
            )
        return cls(model.architecture.convolutions, tuple(model.channels), weights)

    @staticmethod
    def unsupported_reason(model: Any) -> str | None:
        """Return why a model's weights cannot be taken, in a sentence, or None."""
        if hasattr(model, "arrays"):
            return None
        weight = next(iter(model.parameters()))
        if weight.device.type != "cpu":
            return f"The engine runs on the CPU and this model is on '{weight.device}'."
        if model.training:
            return "The engine needs a model in evaluation mode: call model.eval()."
        return None


class Plan:
    """One network, recipe, list of targets and length, prepared in memory of its own.

    Parameters
    ----------
    functions : ctypes library
        As `declare` leaves it.
    network : Network
    recipe : Recipe
    targets : sequence of Target
    samples : int

    Attributes
    ----------
    memory : ndarray of uint8
        The plan, first argument of the functions.

    Raises
    ------
    ParameterError
        If the engine cannot hold it; the message says why.
    """

    def __init__(
        self,
        functions: Any,
        network: Network,
        recipe: Recipe,
        targets: Sequence[Target],
        samples: int,
    ) -> None:
        numbers = np.array(_numbers(network, recipe, targets, samples), dtype=np.int32)
        reals = np.array(_reals(network, recipe, targets), dtype=np.float64)
        size = functions.dream_plan_bytes(numbers, reals)
        if size < 0:
            raise ParameterError(_REASONS[size])
        memory = np.zeros(size + _LINE, dtype=np.uint8)
        begin = -memory.ctypes.data % _LINE
        self.memory = memory[begin : begin + size]
        failed = functions.dream_plan(self.memory, numbers, reals, network.weights)
        assert failed == 0, failed


def _numbers(
    network: Network, recipe: Recipe, targets: Sequence[Target], samples: int
) -> list[int]:
    """Return `enum dream_number` of ``engine.h``, then layers and targets."""
    numbers = [
        samples,
        len(network.convolutions),
        len(targets),
        _TAPS.index(recipe.tap),
        recipe.iterations,
        recipe.smoothing_kernel if recipe.smoothing != "off" else 0,
        _PADDINGS.index(recipe.padding),
        _LOW_PASSES.index(recipe.low_pass),
        recipe.low_pass_order,
        _NORMALISATIONS.index(recipe.normalisation),
        int(recipe.unroll),
        _TEXTURES.index(recipe.texture),
    ]
    for row, maps in zip(network.convolutions, network.maps, strict=True):
        numbers += [row.kernel, row.stride, row.padding, maps]
    for target, curve in zip(targets, of_each(targets, recipe.curves), strict=True):
        feature_map = -1 if target.map is None else target.map
        numbers += [target.layer, feature_map, MEASURES.index(target.measure), len(curve)]
    return numbers


def _reals(network: Network, recipe: Recipe, targets: Sequence[Target]) -> list[float]:
    """Return `enum dream_real` of ``engine.h``, then weights, then points of curves."""
    return [
        float(SAMPLE_RATE),
        recipe.learning_rate,
        recipe.smoothing_coefficient,
        recipe.cutoff_hz,
        recipe.low_cut_hz,
        recipe.closeness,
        network.epsilon,
        recipe.texture_seconds,
        *(target.weight for target in targets),
        *(number for curve in recipe.curves for point in curve for number in point),
    ]
