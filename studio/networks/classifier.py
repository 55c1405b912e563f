"""The two networks of the paper (section 3.2, Table 1) as a module.

Each is a chain of strided one-dimensional convolutions over a raw waveform. Between two
convolutions stand Swish and batch normalisation; the last convolution has one channel per class
and is followed by a log-softmax.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.networks.architectures import (
    Tap,
    channels,
    find_architecture,
)


def use_one_thread() -> None:
    """Let PyTorch use one thread for what this thread computes from now on.

    Excerpts of a second are short: several threads gain little on an idle machine, and on a busy
    one they wait for each other (measured: nine times slower). So several dreams run side by side.
    """
    torch.set_num_threads(1)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch use one thread inside, and as many as before outside; see `use_one_thread`."""
    threads = torch.get_num_threads()
    use_one_thread()
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class WaveformClassifier(nn.Module):
    """A classifier of raw waveforms, built from an `Architecture`.

    Parameters
    ----------
    architecture : str
        ``"model1"``, ``"model2"`` or one of one's own, see `find_architecture`.
    classes : sequence of str
        Names of the classes, in the order of the output.
    hidden_channels : sequence of int, optional
        Channels of all convolutions but the last; by default those of the architecture.
    card : dict, optional
        The model card that came with the weights.

    Attributes
    ----------
    convolutions : nn.ModuleList
        The ``Conv1d`` modules in layer order.
    normalisations : nn.ModuleList
        The ``BatchNorm1d`` modules that stand behind all convolutions but the last.
    """

    def __init__(
        self,
        architecture: str,
        classes: Sequence[str],
        hidden_channels: Sequence[int] | None = None,
        card: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.architecture = find_architecture(architecture)
        self.classes = tuple(classes)
        self.card: dict[str, Any] = dict(card or {})
        self.channels = channels(self.architecture, self.classes, hidden_channels)
        """Channels (feature maps) of every convolution."""
        self.convolutions = nn.ModuleList(
            nn.Conv1d(inputs, outputs, row.kernel, stride=row.stride, padding=row.padding)
            for inputs, outputs, row in zip(
                (1, *self.channels[:-1]),
                self.channels,
                self.architecture.convolutions,
                strict=True,
            )
        )
        self.normalisations = nn.ModuleList(nn.BatchNorm1d(maps) for maps in self.channels[:-1])

    @property
    def layers(self) -> int:
        """Number of convolutions; as a layer index it stands for the log-softmax output."""
        return len(self.convolutions)

    def maps(self, layer: int) -> int:
        """Return the number of feature maps of ``layer`` (0 … `layers`)."""
        return self.channels[min(layer, self.layers - 1)]

    def forward(self, waveform: Tensor) -> Tensor:
        """Return log-probabilities.

        Parameters
        ----------
        waveform : Tensor, shape (B, T)
            Normalised mono sound at 44,100 Hz, one second or longer. Longer sounds give more
            output steps, whose class scores are averaged.

        Returns
        -------
        Tensor, shape (B, classes)
        """
        return self.activations(waveform, self.layers)[-1].squeeze(-1)

    def activations(
        self,
        waveform: Tensor,
        last_layer: int,
        tap: Tap = "before swish",
        loop: bool = False,
    ) -> list[Tensor]:
        """Return what layers 0 … ``last_layer`` answer to a waveform.

        Parameters
        ----------
        waveform : Tensor, shape (B, T)
        last_layer : int
            0 … `layers`. Index `layers` is the log-softmax output, shape (B, classes, 1). Nothing
            beyond ``last_layer`` is computed.
        tap : {"before swish", "after swish"}
            Which side of Swish to return. The last convolution has no Swish: both are the same.
        loop : bool
            The sound is a circle: beyond the ends of every layer's input lies its other end,
            instead of zeros.

        Returns
        -------
        list of Tensor, each (B, C, steps)
        """
        found: list[Tensor] = []
        signal = waveform.unsqueeze(1)  # (B, 1, T)
        for layer, convolution in enumerate(self.convolutions):
            output = _around(convolution, signal) if loop else convolution(signal)
            if layer == self.layers - 1:
                found.append(output)
                break
            swished = functional.silu(output)
            found.append(output if tap == "before swish" else swished)
            if layer == last_layer:
                break
            signal = self.normalisations[layer](swished)
        if last_layer == self.layers:
            found.append(functional.log_softmax(found[-1].mean(dim=-1, keepdim=True), dim=1))
        return found

    def parameter_count(self) -> int:
        """Return the number of trainable parameters."""
        return sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)


def _around(convolution: nn.Module, signal: Tensor) -> Tensor:
    """Apply a `Conv1d` to a circle, which its stride must divide."""
    assert isinstance(convolution, nn.Conv1d)
    reach = int(convolution.padding[0])
    return functional.conv1d(
        functional.pad(signal, (reach, reach), mode="circular"),
        convolution.weight,
        convolution.bias,
        convolution.stride,
    )


def count_parameters(architecture: str, classes: int) -> int:
    """Return the trainable parameters of ``architecture`` with its default channels."""
    with torch.device("meta"):
        return WaveformClassifier(architecture, [str(i) for i in range(classes)]).parameter_count()
