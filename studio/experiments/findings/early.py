"""Claims on the weight of the layer, and on the first two layers (paper, sections 4.1 and 5)."""

from __future__ import annotations

import numpy as np

from studio.dreaming.recipe import DATASETS
from studio.experiments.findings.cells import QUANTITIES, layers_of
from studio.experiments.findings.registry import (
    Case,
    Comparison,
    Evidence,
    claim,
    each_model,
    without,
)
from studio.experiments.findings.variance import difference, shares_of_variance
from studio.networks.architectures import ARCHITECTURES

FEATURES = ("level", "brightness", "log_noisiness", "roughness")
"""The paper's four; noisiness on a logarithmic scale, as in all differences of it."""


def cells_of(architectures: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Return the cells of architectures, over all datasets."""
    return [
        (dataset, architecture, layer)
        for architecture in architectures
        for dataset in DATASETS
        for layer in range(layers_of(architecture))
    ]


def layer_and_dataset(evidence: Evidence, quantity: str, architecture: str) -> dict:
    """Return η² of ``layer`` and ``dataset`` over the sounds of one architecture."""
    cells = cells_of((architecture,))
    factors = {
        "layer": np.array([layer for _, _, layer in cells]),
        "dataset": np.array([dataset for dataset, _, _ in cells]),
    }
    return shares_of_variance(*evidence.cells.moments(quantity, cells), factors)


def distances(
    evidence: Evidence, quantity: str, dataset: str, architecture: str, pairs: list[tuple[int, int]]
) -> np.ndarray:
    """Return |Cohen's d| of a quantity between pairs of layers, shape (1 + resamples, pairs)."""
    cells = [(dataset, architecture, layer) for layer in range(layers_of(architecture))]
    moments = evidence.cells.moments(quantity, cells)
    return np.stack([difference(*moments, *pair) for pair in pairs], axis=1)


@claim(
    "L1",
    "The layer is by far the strongest influence, above the dataset",
    "η²(layer) > 2 · η²(dataset), for each feature and architecture",
)
def layer_above_dataset(evidence: Evidence) -> list[Case]:
    """Decide L1; 8 cases."""
    cases = []
    for architecture in ARCHITECTURES:
        for quantity in FEATURES:
            share = layer_and_dataset(evidence, quantity, architecture)
            comparison = Comparison(
                "η²(layer)", share["layer"], ">", 2 * share["dataset"], "2 · η²(dataset)"
            )
            cases.append(Case(f"{architecture}, {QUANTITIES[quantity]}", (comparison,)))
    return cases


@claim(
    "L2",
    "This is particularly strong for the first two layers",
    "Cohen's d between layers 0 and 1 exceeds the largest between neighbours from 2 on, for at "
    "least two of level, brightness, noisiness, roughness, loudness dynamics",
)
def first_step_is_the_largest(evidence: Evidence) -> list[Case]:
    """Decide L2. "Neighbours from 2 on": both of the pair lie at 2 or deeper (2–3, 3–4, …)."""
    cases = []
    for dataset, architecture in each_model():
        later = [(layer, layer + 1) for layer in range(2, layers_of(architecture) - 1)]
        comparisons = []
        for quantity in (*FEATURES, "loudness_dynamics"):
            apart = distances(evidence, quantity, dataset, architecture, [(0, 1), *later])
            comparisons.append(
                Comparison(
                    f"d(0, 1) of {QUANTITIES[quantity]}",
                    apart[:, 0],
                    ">",
                    apart[:, 1:].max(axis=1),
                    "largest d from layer 2 on",
                )
            )
        cases.append(Case(f"{dataset}-{architecture}", tuple(comparisons), needed=2))
    return cases


@claim(
    "L3",
    "More layers (Model2 against Model1) have no dramatic effect",
    "η²(architecture) < η²(layer) / 2, for each feature",
)
def architecture_below_layer(evidence: Evidence) -> list[Case]:
    """Decide L3; 4 cases.

    The analysis is over all sounds of both architectures, its factors architecture and index of
    the layer. Layers 4 to 7 exist in Model2 only, so that what the architecture explains beyond the
    layer comes from layers 0 to 3.
    """
    cells = cells_of(tuple(ARCHITECTURES))
    factors = {
        "layer": np.array([layer for _, _, layer in cells]),
        "architecture": np.array([architecture for _, architecture, _ in cells]),
    }
    cases = []
    for quantity in FEATURES:
        share = shares_of_variance(*evidence.cells.moments(quantity, cells), factors)
        comparison = Comparison(
            "η²(architecture)", share["architecture"], "<", share["layer"] / 2, "η²(layer) / 2"
        )
        cases.append(Case(QUANTITIES[quantity], (comparison,)))
    return cases


@claim(
    "O1",
    "Layer 0: strongly pitched, simple spectra",
    "pitchedness of layer 0 is the highest of its model",
)
def first_layer_is_pitched(evidence: Evidence) -> list[Case]:
    """Decide O1."""
    return [
        _extreme(evidence.cells.median("pitchedness", *model), 0, ">", "pitchedness", model)
        for model in each_model()
    ]


@claim(
    "O2",
    "Layer 0: sustained, small dynamic range",
    "loudness dynamics and burst share of layer 0 are the lowest, or within 10 % of the lowest",
)
def first_layer_is_sustained(evidence: Evidence) -> list[Case]:
    """Decide O2."""
    cases = []
    for model in each_model():
        comparisons = []
        for quantity in ("loudness_dynamics", "burst_share"):
            values = evidence.cells.median(quantity, *model)
            lowest = without(values, 0).min(axis=1)
            what = f"{QUANTITIES[quantity]} of layer 0"
            comparisons.append(
                Comparison(what, values[:, 0], "≤", 1.1 * lowest, "1.1 · lowest of the others")
            )
        cases.append(Case("-".join(model), tuple(comparisons)))
    return cases


@claim("O3", "Layer 0: little noise", "noisiness of layer 0 is the lowest, or below 0.01")
def first_layer_is_clean(evidence: Evidence) -> list[Case]:
    """Decide O3."""
    cases = []
    for model in each_model():
        values = evidence.cells.median("noisiness", *model)
        most = np.maximum(without(values, 0).min(axis=1), 0.01)
        than = "lowest of the others, or 0.01"
        comparison = Comparison("noisiness of layer 0", values[:, 0], "<", most, than)
        cases.append(Case("-".join(model), (comparison,)))
    return cases


@claim(
    "O4",
    "Layer 0: brightness constant within a sound",
    "spectral dynamics of layer 0 are the lowest of its model",
)
def first_layer_keeps_its_brightness(evidence: Evidence) -> list[Case]:
    """Decide O4."""
    return [
        _extreme(
            evidence.cells.median("spectral_dynamics", *model), 0, "<", "spectral dynamics", model
        )
        for model in each_model()
    ]


@claim(
    "O5",
    "Layer 0: brightness very different between maps",
    "spread of brightness is the largest at layer 0",
)
def first_layer_has_the_most_kinds_of_brightness(evidence: Evidence) -> list[Case]:
    """Decide O5."""
    return [
        _extreme(evidence.cells.spread("brightness", *model), 0, ">", "spread of brightness", model)
        for model in each_model()
    ]


@claim(
    "I1",
    "Layer 1: loudness in short bursts",
    "burst share of layer 1 is the highest of its model (Model1: all; Model2: Instruments, Speech)",
)
def second_layer_bursts(evidence: Evidence) -> list[Case]:
    """Decide I1; 5 cases."""
    return [
        _extreme(evidence.cells.median("burst_share", *model), 1, ">", "burst share", model)
        for model in each_model()
        if model != ("events", "model2")
    ]


@claim(
    "I2",
    "Model1, layer 1: low level for Instruments and Speech, medium for Events",
    "level of Instruments and of Speech below that of Events",
)
def second_layer_of_model1(evidence: Evidence) -> list[Case]:
    """Decide I2: one case, as every layer is one in D1 and D3."""
    level = _level_of_layer_1(evidence, "model1")
    comparisons = tuple(
        Comparison(f"level of {dataset}", level[dataset], "<", level["events"], "level of events")
        for dataset in ("instruments", "speech")
    )
    return [Case("model1, layer 1", comparisons)]


@claim(
    "I3",
    "Model2, layer 1: level high for Events, medium for Instruments, low for Speech",
    "level of Events > of Instruments > of Speech",
)
def second_layer_of_model2(evidence: Evidence) -> list[Case]:
    """Decide I3; one case."""
    level = _level_of_layer_1(evidence, "model2")
    comparisons = tuple(
        Comparison(f"level of {louder}", level[louder], ">", level[softer], f"level of {softer}")
        for louder, softer in (("events", "instruments"), ("instruments", "speech"))
    )
    return [Case("model2, layer 1", comparisons)]


def _level_of_layer_1(evidence: Evidence, architecture: str) -> dict[str, np.ndarray]:
    return {
        dataset: evidence.cells.median("level", dataset, architecture)[:, 1] for dataset in DATASETS
    }


def _extreme(values: np.ndarray, layer: int, sign: str, what: str, model: tuple[str, str]) -> Case:
    """Return the case that a layer lies above (``>``) or below (``<``) all others."""
    others = without(values, layer)
    limit = others.max(axis=1) if sign == ">" else others.min(axis=1)
    than = "highest of the others" if sign == ">" else "lowest of the others"
    comparison = Comparison(f"{what} of layer {layer}", values[:, layer], sign, limit, than)
    return Case("-".join(model), (comparison,))
