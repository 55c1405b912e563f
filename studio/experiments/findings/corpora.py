"""Claims on what the training sounds do to the dreams (paper, section 5)."""

from __future__ import annotations

import numpy as np

from studio.experiments.findings.cells import QUANTITIES, NotMeasurable, quantities
from studio.experiments.findings.early import FEATURES, layer_and_dataset
from studio.experiments.findings.registry import Case, Comparison, Evidence, claim, each_model
from studio.networks.architectures import ARCHITECTURES

_FOLDS = 5
_FEWEST_CLIPS = 50

TOLD_BY = tuple(name for name in QUANTITIES if name not in ("noisiness", "noisiness_dynamics"))
"""What the classifier of T4 hears: the claims' nine descriptors, noisiness by its logarithm."""


@claim("T1", "The datasets differ only in nuances", "η²(dataset) < 0.06, for each feature")
def datasets_are_nuances(evidence: Evidence) -> list[Case]:
    """Decide T1 by the same analyses of variance as L1: per architecture, 8 cases."""
    cases = []
    for architecture in ARCHITECTURES:
        for quantity in FEATURES:
            share = layer_and_dataset(evidence, quantity, architecture)["dataset"]
            comparison = Comparison("η²(dataset)", share, "<", 0.06)
            cases.append(Case(f"{architecture}, {QUANTITIES[quantity]}", (comparison,)))
    return cases


@claim(
    "T2",
    "Instruments: high loudness dynamics, low spectral dynamics; Speech the reverse",
    "over layers ≥ 2: loudness dynamics of Instruments above Speech, spectral dynamics below",
)
def instruments_against_speech(evidence: Evidence) -> list[Case]:
    """Decide T2; one case per architecture."""
    cases = []
    for architecture in ARCHITECTURES:
        comparisons = []
        for quantity, more, less in (
            ("loudness_dynamics", "instruments", "speech"),
            ("spectral_dynamics", "speech", "instruments"),
        ):
            words = QUANTITIES[quantity]
            comparisons.append(
                Comparison(
                    f"{words} of {more}",
                    _from_layer_2(evidence, quantity, more, architecture),
                    ">",
                    _from_layer_2(evidence, quantity, less, architecture),
                    f"{words} of {less}",
                )
            )
        cases.append(Case(architecture, tuple(comparisons)))
    return cases


@claim(
    "T3",
    "Loudness and spectral dynamics strongly correlated for Events and Instruments, little for "
    "Speech",
    "over layers ≥ 2: synchrony of Events and of Instruments above 0.5, of Speech below 0.3",
)
def synchrony_by_dataset(evidence: Evidence) -> list[Case]:
    """Decide T3."""
    cases = []
    for dataset, architecture in each_model():
        values = _from_layer_2(evidence, "synchrony", dataset, architecture)
        sign, limit = ("<", 0.3) if dataset == "speech" else (">", 0.5)
        cases.append(
            Case(f"{dataset}-{architecture}", (Comparison("synchrony", values, sign, limit),))
        )
    return cases


@claim(
    "T4",
    "No dream clearly reproduces the training sounds",
    "a linear classifier on the features tells dreams from training clips with AUC ≥ 0.95",
)
def dreams_are_not_clips(evidence: Evidence) -> list[Case]:
    """Decide T4: the dreams of a model against clips of the corpus it learned from."""
    clips = evidence.clips
    if clips is None or clips.empty:
        raise NotMeasurable("there is no table of training clips")
    cases = []
    for dataset, architecture in each_model():
        theirs = quantities(clips.loc[clips["dataset"] == dataset])
        if len(theirs) < _FEWEST_CLIPS:
            raise NotMeasurable(
                f"there are {len(theirs)} training clips of {dataset}; {_FEWEST_CLIPS} are needed"
            )
        ours = evidence.cells.sounds(dataset, architecture)
        values = told_apart(
            ours[list(TOLD_BY)].to_numpy(),
            theirs[list(TOLD_BY)].to_numpy(),
            evidence.cells.resamples,
        )
        cases.append(Case(f"{dataset}-{architecture}", (Comparison("AUC", values, "≥", 0.95),)))
    return cases


def told_apart(dreams: np.ndarray, clips: np.ndarray, resamples: int, seed: int = 0) -> np.ndarray:
    """Return how well a linear classifier tells dreams from clips.

    Logistic regression on standardised features, both kinds weighing the same, each sound judged
    by the classifier of a fold that did not learn from it.

    Parameters
    ----------
    dreams : ndarray, shape (n, d)
    clips : ndarray, shape (m, d)
    resamples : int
        Bootstrap over sounds of the judgements; the classifiers stay.
    seed : int

    Returns
    -------
    ndarray, shape (1 + resamples,)
        Area under the receiver operating characteristic, 0.5 (not at all) … 1.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kind = np.repeat([1, 0], [len(dreams), len(clips)])
    linear = make_pipeline(
        StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000)
    )
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    score = cross_val_predict(
        linear, np.concatenate([dreams, clips]), kind, cv=folds, method="decision_function"
    )
    ours, theirs = score[kind == 1], score[kind == 0]
    apart = ours[:, None] - theirs  # (n, m)
    higher = np.heaviside(apart, 0.5)
    rng = np.random.default_rng(seed)

    def drawn(count: int) -> np.ndarray:
        times = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
        return np.concatenate([np.ones((1, count)), times])

    mine, others = drawn(len(ours)), drawn(len(theirs))
    return ((mine @ higher) * others).sum(axis=1) / higher.size


def _from_layer_2(evidence: Evidence, quantity: str, dataset: str, architecture: str) -> np.ndarray:
    """Return the mean of the layers' medians from layer 2 on: every layer counts the same."""
    return evidence.cells.median(quantity, dataset, architecture)[:, 2:].mean(axis=1)
