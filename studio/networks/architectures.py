"""The two architectures of the paper (section 3.2, Table 1), as data.

Importing this costs nothing: what only shows or checks an architecture needs no PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studio.errors import ParameterError
from studio.text import shown

"""Samples per second of everything the networks hear."""


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


def find_architecture(name: str) -> Architecture:
    """Return the architecture called ``name`` or raise `ParameterError`."""
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise ParameterError(
            f"There is no architecture {shown(name)}; choose one of {', '.join(ARCHITECTURES)}."
        ) from None


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
