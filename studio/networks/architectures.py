"""The two architectures of the paper (section 3.2, Table 1), as data, and others like them.

An architecture of one's own is named by its layers, kernel and stride of each, as in
``net-85x49-43x25-17x9-7x4`` (which is Model1): the name is all there is to say, so recipes, links
and model files carry it. Kernels are odd and padded by half of them, as in the paper.

Importing this costs nothing: what only shows or checks an architecture needs no PyTorch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from studio.errors import ParameterError
from studio.text import shown

Tap = Literal["before swish", "after swish"]
"""Where a layer is listened to: the output of its convolution, or what Swish makes of it."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """One row of Table 1: kernel, stride and zero padding, in samples of the layer's input."""

    kernel: int
    stride: int
    padding: int

    def output_length(self, input_length: int) -> int:
        """Return the number of output steps for ``input_length`` input steps."""
        return (input_length + 2 * self.padding - self.kernel) // self.stride + 1


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network of Table 1.

    ``hidden_channels`` are the channels of all convolutions but the last, whose channels are the
    classes. The paper does not print them: see docs/dream.md.
    """

    name: str
    label: str
    convolutions: tuple[Convolution, ...]
    hidden_channels: tuple[int, ...]

    def lengths(self, samples: int) -> tuple[int, ...]:
        """Return the output steps of every convolution for a waveform of ``samples``."""
        lengths = []
        for convolution in self.convolutions:
            samples = convolution.output_length(samples)
            lengths.append(samples)
        return tuple(lengths)


ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            name="model1",
            label="Model1",
            convolutions=(
                Convolution(85, 49, 42),
                Convolution(43, 25, 21),
                Convolution(17, 9, 8),
                Convolution(7, 4, 3),
            ),
            hidden_channels=(32, 64, 128),
        ),
        Architecture(
            name="model2",
            label="Model2",
            convolutions=(
                Convolution(129, 7, 64),
                Convolution(65, 7, 32),
                Convolution(33, 5, 16),
                Convolution(17, 5, 8),
                Convolution(9, 3, 4),
                Convolution(5, 3, 2),
                Convolution(3, 2, 1),
                Convolution(3, 2, 1),
            ),
            hidden_channels=(8, 16, 32, 64, 96, 128, 160),
        ),
    )
}


FEWEST_LAYERS, MOST_LAYERS = 2, 8
_MOST_KERNEL, _MOST_STRIDE_PRODUCT = 1025, 44_100
_OWN = re.compile(r"net(-[1-9]\d{0,3}x[1-9]\d{0,3}){2,8}")
_NARROWEST, _WIDEST = 8, 160


def find_architecture(name: str) -> Architecture:
    """Return the architecture called ``name``: one of the paper's, or one of one's own.

    Raises
    ------
    ParameterError
        If there is none, or its layers are not what a network can have.
    """
    if isinstance(name, str) and name in ARCHITECTURES:
        return ARCHITECTURES[name]
    if not isinstance(name, str) or not _OWN.fullmatch(name):
        raise ParameterError(
            f"There is no architecture {shown(name)}; choose one of {', '.join(ARCHITECTURES)}, or "
            "name kernel and stride of 2 to 8 layers, like net-85x49-43x25-17x9."
        )
    return _own(name)


@lru_cache(maxsize=256)
def _own(name: str) -> Architecture:
    rows = [tuple(map(int, layer.split("x"))) for layer in name.split("-")[1:]]
    for kernel, stride in rows:
        if kernel % 2 == 0 or kernel > _MOST_KERNEL:
            raise ParameterError(
                f"kernel={kernel} of {name} must be odd and at most {_MOST_KERNEL}."
            )
        if stride > kernel:
            raise ParameterError(f"stride={stride} of {name} must be at most its kernel, {kernel}.")
    product = math.prod(stride for _, stride in rows)
    if product > _MOST_STRIDE_PRODUCT:
        raise ParameterError(
            f"The strides of {name} make {product:,} together, {_MOST_STRIDE_PRODUCT:,} at most: a "
            "second has to leave a step for the deepest layer."
        )
    return Architecture(
        name=name,
        label=f"Own, {len(rows)} layers",
        convolutions=tuple(Convolution(kernel, stride, kernel // 2) for kernel, stride in rows),
        hidden_channels=tuple(min(_NARROWEST << layer, _WIDEST) for layer in range(len(rows) - 1)),
    )


def name_of(layers: Sequence[tuple[int, int]]) -> str:
    """Return the name of the architecture of these kernels and strides, checked."""
    rows = [f"{kernel}x{stride}" for kernel, stride in layers]
    return find_architecture("-".join(["net", *rows])).name


def channels(
    architecture: Architecture, classes: Sequence[str], hidden: Sequence[int] | None = None
) -> tuple[int, ...]:
    """Return the feature maps of every convolution; by default those of the architecture.

    Raises
    ------
    ParameterError
        If there are too few classes, or not as many counts as convolutions but the last.
    """
    if len(classes) < 2:
        raise ParameterError(f"A classifier needs two classes or more, not {len(classes)}.")
    counts = tuple(hidden or architecture.hidden_channels)
    wanted = len(architecture.convolutions) - 1
    if len(counts) != wanted:
        raise ParameterError(
            f"{architecture.label} needs {wanted} hidden channel counts, not {len(counts)}."
        )
    if not all(isinstance(count, int) and count >= 1 for count in counts):
        raise ParameterError(f"Hidden channel counts must be 1 or more, not {list(counts)}.")
    return (*counts, len(classes))
