"""Claims on what the parameters do while a dream is played (paper, sections 4.2 and 5).

A case is one feature at one layer and map unless the claim is about something else: the effect of a
parameter is defined at the same layer and map.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from studio.experiments.findings.judging import Findings, judged
from studio.experiments.findings.registry import Case, Claim, Comparison
from studio.experiments.findings.registry import claim as registered
from studio.experiments.parameters.steady import Played
from studio.experiments.parameters.timeline import LAYERS, SEQUENCES
from studio.sound.features import FEATURES

PLAYED: dict[str, Claim] = {}
"""The claims of Experiment 2 by name, in order."""

WORDS = {
    "max_offset": "offset",
    "iterations": "iterations",
    "smoothing_coefficient": "smoothing coefficient",
    "smoothing_kernel": "smoothing kernel",
    "learning_rate": "learning rate",
    "cutoff_hz": "cut-off",
}

_LARGE_OFFSETS = range(2, 5)
"""64, 128 and 512 in their sequence."""

claim = partial(registered, among=PLAYED)


def judge_played(evidence: Played) -> Findings:
    """Judge every claim of Experiment 2."""
    return judged(list(PLAYED.values()), evidence)


@claim(
    "P1",
    "Most parameters matter little beside layer and map",
    "share of variance of layer and map > that of the parameter, all but offset and cut-off",
)
def layers_outweigh_parameters(evidence: Played) -> list[Case]:
    """Decide P1: four parameters, four features, 16 cases."""
    cases = []
    for run in SEQUENCES:
        if run in ("max_offset", "cutoff_hz"):
            continue
        for feature in FEATURES:
            share = evidence.shares(run, feature)
            comparison = Comparison(
                "η²(layer)", share["layer"], ">", share["parameter"], "η²(parameter)"
            )
            cases.append(Case(f"{WORDS[run]}, {feature}", (comparison,)))
    return cases


@claim(
    "P2",
    "The smoothing coefficient has no acoustic effect",
    "effect within the spread over seeds, each feature and layer",
)
def coefficient_is_unheard(evidence: Played) -> list[Case]:
    """Decide P2; 16 cases."""
    return _unheard(evidence, "smoothing_coefficient")


@claim(
    "P3",
    "The smoothing kernel's size has no acoustic effect",
    "effect within the spread over seeds, each feature and layer",
)
def kernel_is_unheard(evidence: Played) -> list[Case]:
    """Decide P3; 16 cases."""
    return _unheard(evidence, "smoothing_kernel")


@claim(
    "P4",
    "Iterations and learning rate act mainly on how fast features change after a switch",
    "time to 90 % of the new steady state falls from each value to the next",
)
def switches_are_faster(evidence: Played) -> list[Case]:
    """Decide P4: one case per parameter, the mean over all switches that are heard."""
    cases = []
    for run in ("iterations", "learning_rate"):
        times = [evidence.seconds_to_settle(run, step) for step in range(len(SEQUENCES[run]))]
        comparisons = tuple(
            Comparison(
                f"seconds to settle at {value:g}", times[step], "<", times[step - 1], f"at {last:g}"
            )
            for step, (last, value) in enumerate(
                zip(SEQUENCES[run][:-1], SEQUENCES[run][1:], strict=True), 1
            )
        )
        cases.append(Case(WORDS[run], comparisons))
    return cases


@claim(
    "P5",
    "More iterations: slightly more roughness where it is small",
    "positive effect on roughness at the layers whose roughness is below the median",
)
def iterations_roughen(evidence: Played) -> list[Case]:
    """Decide P5: the two layers, of four, that are least rough in the fixed run."""
    rough = [evidence.fixed("roughness", place) for place in range(len(LAYERS))]
    small = [place for place, value in enumerate(rough) if value < np.median(rough)]
    return [_positive(evidence, "iterations", "roughness", place) for place in small]


@claim(
    "P6",
    "A large learning rate: slightly more noise, brightness and roughness",
    "positive effects on noisiness, brightness and roughness, each layer",
)
def learning_rate_sharpens(evidence: Played) -> list[Case]:
    """Decide P6; 12 cases."""
    return [
        _positive(evidence, "learning_rate", feature, place)
        for feature in ("noisiness", "brightness", "roughness")
        for place in range(len(LAYERS))
    ]


@claim(
    "P7",
    "Large offsets: brightness and noise clearly up",
    "effects on brightness and noisiness above 3 spreads, from 64 on, each layer",
)
def offsets_brighten(evidence: Played) -> list[Case]:
    """Decide P7: two features, three offsets, four layers, 24 cases."""
    cases = []
    for feature in ("brightness", "noisiness"):
        for step in _LARGE_OFFSETS:
            for place in range(len(LAYERS)):
                effect = in_spreads(evidence, "max_offset", feature, place, step)
                value = SEQUENCES["max_offset"][step]
                name = f"offset {value:g}, {feature}, {layer_words(place)}"
                cases.append(Case(name, (Comparison("effect in spreads", effect, ">", 3.0),)))
    return cases


@claim(
    "P8", "The cut-off: brightness follows it", "Spearman(cut-off, brightness) ≥ 0.9, each layer"
)
def brightness_follows(evidence: Played) -> list[Case]:
    """Decide P8; 4 cases."""
    cases = []
    for place in range(len(LAYERS)):
        levels = np.stack(
            [evidence.level("cutoff_hz", "brightness", step, place) for step in range(5)], axis=1
        )
        follows = Comparison("Spearman", rank_correlation(levels), "≥", 0.9)
        cases.append(Case(layer_words(place), (follows,)))
    return cases


@claim(
    "P9",
    "The cut-off: loudness falls for low values",
    "loudness at 2 kHz below loudness at 16 kHz, each layer",
)
def low_cutoff_is_quiet(evidence: Played) -> list[Case]:
    """Decide P9; 4 cases."""
    return [
        Case(
            layer_words(place),
            (
                Comparison(
                    "loudness at 2 kHz",
                    evidence.level("cutoff_hz", "loudness", 0, place),
                    "<",
                    evidence.level("cutoff_hz", "loudness", 4, place),
                    "loudness at 16 kHz",
                ),
            ),
        )
        for place in range(len(LAYERS))
    ]


@claim(
    "P10",
    "The cut-off: noise and roughness rise only slightly",
    "effects on noisiness and roughness positive and, in spreads, smaller than on brightness",
)
def cutoff_spares_noise(evidence: Played) -> list[Case]:
    """Decide P10; 8 cases."""
    cases = []
    for feature in ("noisiness", "roughness"):
        for place in range(len(LAYERS)):
            effect = in_spreads(evidence, "cutoff_hz", feature, place)
            brightness = in_spreads(evidence, "cutoff_hz", "brightness", place)
            comparisons = (
                Comparison("effect in spreads", effect, ">", 0.0),
                Comparison("effect in spreads", effect, "<", brightness, "that on brightness"),
            )
            cases.append(Case(f"{feature}, {layer_words(place)}", comparisons))
    return cases


def in_spreads(evidence: Played, run: str, feature: str, place: int, step: int = -1) -> np.ndarray:
    """Return an effect in units of the spread over seeds, shape (1 + resamples,)."""
    return evidence.effect(run, feature, place, step) / max(evidence.spread(feature, place), 1e-12)


def layer_words(place: int) -> str:
    """Return layer and map in words."""
    layer, feature_map = LAYERS[place]
    return f"layer {layer}, map {feature_map}"


def rank_correlation(levels: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of each row (R, n) with 1 … n.

    Rounded: five values with two neighbours swapped have 0.9 exactly, which counts as 0.9.
    """
    from scipy.stats import rankdata

    ranks = rankdata(levels, axis=1)
    own = np.arange(levels.shape[1]) - (levels.shape[1] - 1) / 2
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    size = np.sqrt((ranks**2).sum(axis=1) * (own**2).sum())
    return np.round(np.divide(ranks @ own, size, out=np.zeros(len(ranks)), where=size > 0), 9)


def _unheard(evidence: Played, run: str) -> list[Case]:
    return [
        Case(
            f"{feature}, {layer_words(place)}",
            (
                Comparison(
                    "size of the effect in spreads",
                    np.abs(in_spreads(evidence, run, feature, place)),
                    "≤",
                    1.0,
                ),
            ),
        )
        for feature in FEATURES
        for place in range(len(LAYERS))
    ]


def _positive(evidence: Played, run: str, feature: str, place: int) -> Case:
    effect = in_spreads(evidence, run, feature, place)
    name = f"{feature}, {layer_words(place)}"
    return Case(name, (Comparison("effect in spreads", effect, ">", 0.0),))
