"""Reports on a model and a sound as plain data, for the page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.analysis import tones
from studio.analysis.listening import Heard, listen
from studio.analysis.typical import Typical, read_typical, typical_of_noise, typical_path
from studio.errors import ParameterError
from studio.networks.checkpoints import find_model, load_model
from studio.networks.classifier import WaveformClassifier

_CLASSES_TOLD = 8
_MAPS_TOLD = 12
_LIKED = 0.95
"""A response is strong if it is stronger than for this share of the sounds it is set beside."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A network and its measured responses.

    Attributes
    ----------
    model : WaveformClassifier
    typical : Typical
        To the sounds it was tested with, else to white noise.
    responses : list of ndarray, one per convolution, shape (maps, tones)
        To `tones.tone_frequencies`.
    """

    model: WaveformClassifier
    typical: Typical
    responses: list[NDArray[np.float32]] = field(repr=False)


def load(dataset: str, architecture: str) -> Examined:
    """Return a model by name, examined."""
    return examine(load_model(dataset, architecture), find_model(dataset, architecture))


def examine(model: WaveformClassifier, weights: Path) -> Examined:
    """Measure a network with tones, and take what was measured with recordings from beside it."""
    known = read_typical(typical_path(weights), model, model.card.get("weights_sha256", ""))
    return Examined(model, known or typical_of_noise(model), tones.tone_responses(model))


def layer_report(examined: Examined, layer: int) -> dict[str, Any]:
    """Return how the maps of a convolution respond over frequency.

    Returns
    -------
    dict
        ``frequencies_hz``; per map ``best_hz`` and ``levels_db`` (below its best, whole numbers);
        ``order`` of the maps by best frequency; for the first layer also ``taps`` of the filters,
        their ``spectra_db``, and ``spectra_order`` by the frequency of their peak.
    """
    model = examined.model
    if not 0 <= layer < model.layers:
        raise ParameterError(f"layer={layer} must be a whole number from 0 to {model.layers - 1}.")
    frequencies = tones.tone_frequencies()
    responses = examined.responses[layer]
    found: dict[str, Any] = {
        "layer": layer,
        "frequencies_hz": np.round(frequencies, 2).tolist(),
        "best_hz": np.round(tones.best_frequencies(responses, frequencies), 1).tolist(),
        "levels_db": np.round(tones.below_best_db(responses)).astype(int).tolist(),
        "order": tones.by_frequency(responses, frequencies).tolist(),
    }
    if layer == 0:
        spectra = tones.filter_spectra(model, frequencies) ** 2
        found["taps"] = np.round(tones.filter_taps(model).astype(float), 5).tolist()
        found["spectra_db"] = np.round(tones.below_best_db(spectra)).astype(int).tolist()
        peaks = tones.best_frequencies(spectra, frequencies)
        found["spectra_best_hz"] = np.round(peaks, 1).tolist()
        found["spectra_order"] = tones.by_frequency(spectra, frequencies).tolist()
    return found


def report(examined: Examined, waveform: NDArray[np.floating]) -> dict[str, Any]:
    """Return what a network makes of a sound; see `listen` for what may be wrong with it.

    Returns
    -------
    dict
        ``seconds, times``; ``classes``: the likeliest, each with ``index, name, mean`` and its
        probability over ``times``; ``layers``: see `_layer`; ``beside``: what responses are
        compared with.
    """
    heard = listen(examined.model, waveform)
    classes = [
        {
            "index": int(number),
            "name": examined.model.classes[number],
            "mean": round(float(heard.probabilities[:, number].mean()), 4),
            "over_time": np.round(heard.probabilities[:, number].astype(float), 3).tolist(),
        }
        for number in heard.strongest_classes(_CLASSES_TOLD)
    ]
    return {
        "seconds": round(heard.seconds, 3),
        "times": np.round(heard.times, 3).tolist(),
        "classes": classes,
        "layers": [_layer(examined, heard, layer) for layer in range(examined.model.layers)],
        "beside": f"{examined.typical.count:,} {examined.typical.sounds}",
    }


def _layer(examined: Examined, heard: Heard, layer: int) -> dict[str, Any]:
    """Return the responses of a layer's maps.

    ``order``: maps, those first that respond most beside what is usual; per map ``share`` of the
    sounds for which it responds less and ``over_db``, dB above half of them; ``strong``: how many
    maps are above 95 %; ``over_time``: the shares of the first maps in order, as time goes on.
    """
    typical, strengths = examined.typical, heard.strengths(layer)
    shares = typical.shares(layer, strengths)
    order = typical.order(layer, strengths)
    told = order[:_MAPS_TOLD]
    moments = typical.shares(layer, heard.responses[layer][:, told], told)
    return {
        "layer": layer,
        "order": order.tolist(),
        "share": (np.floor(1000 * shares) / 1000).tolist(),  # 1 only if stronger than for all
        "over_db": np.round(typical.over_usual_db(layer, strengths), 1).tolist(),
        "strong": int((shares >= _LIKED).sum()),
        "over_time": np.round(moments.T, 2).tolist(),
    }
