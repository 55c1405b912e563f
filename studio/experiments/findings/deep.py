"""Claims on the layers from 2 on, and on roughness (paper, sections 4.1 and 5)."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from studio.dreaming.recipe import DATASETS
from studio.experiments.findings.cells import QUANTITIES
from studio.experiments.findings.early import distances
from studio.experiments.findings.registry import Case, Comparison, Evidence, claim, each_model

_TREND = 0.7


def rank_correlation_with_layer(values: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of (R, layers) with the layers' index, shape (R,)."""
    ranks = rankdata(values, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    index = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    length = np.sqrt((ranks**2).sum(axis=1) * (index**2).sum())
    return (ranks @ index) / np.where(length > 0, length, 1.0)


@claim(
    "D1",
    "Model2, layers 2 to 7: Speech quieter than Events and Instruments",
    "level of Speech below that of Events and of Instruments, at each layer",
)
def speech_is_quieter(evidence: Evidence) -> list[Case]:
    """Decide D1; one case per layer."""
    level = {dataset: evidence.cells.median("level", dataset, "model2") for dataset in DATASETS}
    return [
        Case(
            f"model2, layer {layer}",
            tuple(
                Comparison(
                    "level of speech",
                    level["speech"][:, layer],
                    "<",
                    level[louder][:, layer],
                    f"level of {louder}",
                )
                for louder in ("events", "instruments")
            ),
        )
        for layer in range(2, 8)
    ]


@claim("D2", "Deeper is noisier", "Spearman(layer, noisiness) ≥ 0.7")
def deeper_is_noisier(evidence: Evidence) -> list[Case]:
    """Decide D2."""
    return [
        _trend(evidence.cells.median("noisiness", *model), "≥", "noisiness", model)
        for model in each_model()
    ]


@claim(
    "D3",
    "Model1, layers 2 and 3: considerably noisier for Events and Instruments than for Speech",
    "noisiness of Events and of Instruments above that of Speech",
)
def speech_is_cleaner(evidence: Evidence) -> list[Case]:
    """Decide D3; one case per layer."""
    noise = {dataset: evidence.cells.median("noisiness", dataset, "model1") for dataset in DATASETS}
    return [
        Case(
            f"model1, layer {layer}",
            tuple(
                Comparison(
                    f"noisiness of {noisier}",
                    noise[noisier][:, layer],
                    ">",
                    noise["speech"][:, layer],
                    "noisiness of speech",
                )
                for noisier in ("events", "instruments")
            ),
        )
        for layer in (2, 3)
    ]


@claim(
    "D4",
    "Brightness varies more within a sound with depth",
    "Spearman(layer, spectral dynamics) ≥ 0.7",
)
def brightness_moves_more_with_depth(evidence: Evidence) -> list[Case]:
    """Decide D4."""
    return [
        _trend(evidence.cells.median("spectral_dynamics", *model), "≥", "spectral dynamics", model)
        for model in each_model()
    ]


@claim(
    "D5",
    "Brightness differs less between maps with depth",
    "Spearman(layer, spread of brightness) ≤ −0.7",
)
def brightness_differs_less_with_depth(evidence: Evidence) -> list[Case]:
    """Decide D5."""
    return [
        _trend(evidence.cells.spread("brightness", *model), "≤", "spread of brightness", model)
        for model in each_model()
    ]


@claim(
    "D6",
    "Model2: layers 6 and 7 sound like 5",
    "|Cohen's d| between 5 and 6 and between 5 and 7 below 0.3 for level, brightness, noisiness, "
    "roughness, loudness dynamics, spectral dynamics",
)
def last_layers_are_alike(evidence: Evidence) -> list[Case]:
    """Decide D6."""
    named = ("level", "brightness", "log_noisiness", "roughness")
    cases = []
    for dataset, architecture in each_model(("model2",)):
        comparisons = []
        for quantity in (*named, "loudness_dynamics", "spectral_dynamics"):
            apart = distances(evidence, quantity, dataset, architecture, [(5, 6), (5, 7)])
            what = f"larger |d| of {QUANTITIES[quantity]}"
            comparisons.append(Comparison(what, apart.max(axis=1), "<", 0.3))
        cases.append(Case(f"{dataset}-{architecture}", tuple(comparisons)))
    return cases


@claim(
    "D7",
    "Model2: layers 4 and 5 slightly more complex and diverse than shallower ones",
    "mean pairwise distance of MFCC statistics within layers 4 and 5 larger than in layers 0 to 3",
)
def middle_layers_are_diverse(evidence: Evidence) -> list[Case]:
    """Decide D7: each of the two exceeds each of the four."""
    cases = []
    for model in each_model(("model2",)):
        apart = evidence.cells.distance(*model)
        comparison = Comparison(
            "smaller distance of layers 4, 5",
            apart[:, 4:6].min(axis=1),
            ">",
            apart[:, :4].max(axis=1),
            "largest distance of layers 0 to 3",
        )
        cases.append(Case("-".join(model), (comparison,)))
    return cases


@claim(
    "R1",
    "Roughness minimal in layers 0 and 1, higher from 2 on",
    "the larger roughness of layers 0, 1 is below the smallest of the others",
)
def first_layers_are_smooth(evidence: Evidence) -> list[Case]:
    """Decide R1."""
    cases = []
    for model in each_model():
        values = evidence.cells.median("roughness", *model)
        comparison = Comparison(
            "larger roughness of layers 0, 1",
            values[:, :2].max(axis=1),
            "<",
            values[:, 2:].min(axis=1),
            "smallest of the others",
        )
        cases.append(Case("-".join(model), (comparison,)))
    return cases


@claim(
    "R2",
    "Model2: roughness of layer 1 even less than of layer 0",
    "roughness of layer 1 below that of layer 0",
)
def second_layer_is_smoothest(evidence: Evidence) -> list[Case]:
    """Decide R2."""
    cases = []
    for model in each_model(("model2",)):
        values = evidence.cells.median("roughness", *model)
        comparison = Comparison(
            "roughness of layer 1", values[:, 1], "<", values[:, 0], "roughness of layer 0"
        )
        cases.append(Case("-".join(model), (comparison,)))
    return cases


@claim(
    "R3",
    "Model2: roughness in step with loudness at layers 2 and 3, partly independent from 4 on",
    "synchrony of layers 2 and 3 above that of layers 4 to 7",
)
def synchrony_falls_with_depth(evidence: Evidence) -> list[Case]:
    """Decide R3: each of the two exceeds each of the four."""
    cases = []
    for model in each_model(("model2",)):
        values = evidence.cells.median("synchrony", *model)
        comparison = Comparison(
            "smaller synchrony of layers 2, 3",
            values[:, 2:4].min(axis=1),
            ">",
            values[:, 4:].max(axis=1),
            "largest of layers 4 to 7",
        )
        cases.append(Case("-".join(model), (comparison,)))
    return cases


def _trend(values: np.ndarray, sign: str, what: str, model: tuple[str, str]) -> Case:
    limit = _TREND if sign == "≥" else -_TREND
    correlation = rank_correlation_with_layer(values)
    # Sums of ranks are exact but for rounding: 0.7 itself shall count.
    comparison = Comparison(f"Spearman(layer, {what})", correlation.round(9), sign, limit)
    return Case("-".join(model), (comparison,))
