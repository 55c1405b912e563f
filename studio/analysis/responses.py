"""Mean-square response of every feature map to a batch of waveforms."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.networks.classifier import WaveformClassifier, one_thread
from studio.stopping import checkpoint

LOWEST_POWER = 1e-20
"""Below this a response counts as none; it keeps logarithms finite."""

_TOGETHER = 40


def respond(
    model: WaveformClassifier, waveforms: Tensor
) -> tuple[list[NDArray[np.float32]], NDArray[np.float32]]:
    """Return what every map and every class makes of some waveforms.

    Parameters
    ----------
    model : WaveformClassifier
        In eval mode.
    waveforms : Tensor, shape (B, T)

    Returns
    -------
    responses : list of ndarray, one per convolution, shape (B, maps)
        Mean over time of the squared activation before Swish: what a dream increases.
    probabilities : ndarray, shape (B, classes)
    """
    found: list[list[Tensor]] = [[] for _ in range(model.layers)]
    scores: list[Tensor] = []
    with one_thread(), torch.inference_mode():
        for part in waveforms.split(_TOGETHER):
            checkpoint()
            *activations, output = model.activations(part, model.layers)
            scores.append(output.squeeze(-1).exp())
            for layer, activation in enumerate(activations):
                found[layer].append(activation.square().mean(dim=-1))
    return [torch.cat(parts).numpy() for parts in found], torch.cat(scores).numpy()


def decibels(responses: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return responses as levels in dB."""
    return 10 * np.log10(np.maximum(np.asarray(responses, np.float64), LOWEST_POWER))
