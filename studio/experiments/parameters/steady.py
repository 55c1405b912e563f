"""What the claims of Experiment 2 are computed from: steady states, effects, times to settle.

Decided before any run was made, where the definitions leave it open:

- A *steady state* is the mean over the last 5 s of a span, so before the next change of either
  kind. Noisiness then goes on as its logarithm, as in all differences of it.
- An *effect* is the steady state at the last value of a parameter's sequence minus that at the
  first, at one layer and map: the mean over its two spans and over the seeds.
- The *spread* at a layer and map is the standard deviation over seeds of the fixed run's steady
  states, pooled over its ten spans there. It is a yardstick and is not resampled.
- *Time to settle*, after a change of layer and map: when the second that begins then has, in the
  mean, covered 90 % of the way from the old steady state to the new one. The latter is a mean of
  five such seconds, so one of them has. A round of the buffer is not waited for: what plays just
  after a change has dreamed already.
- It is read where a switch is heard in a feature: where in the fixed run the two steady states lie
  more than three spreads apart. These switches are the same for all values.
- Intervals: with three seeds all 27 ways of drawing three with replacement are known; the interval
  runs over them.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from studio.experiments.findings.cells import NotMeasurable
from studio.experiments.findings.variance import shares_of_variance
from studio.experiments.parameters import timeline
from studio.sound.features import FEATURES

STEADY_SECONDS = 5
SETTLED = 0.9
_HEARD_SPREADS = 3
_SECOND = 1.0
_LEAST_FLATNESS = 1e-8
_FEW_SEEDS = 4
_DRAWS = 1000


class Played:
    """The runs of Experiment 2.

    Every statistic is an array whose row 0 belongs to the seeds as they are and whose other rows
    belong to bootstrap resamples of them.

    Parameters
    ----------
    table : DataFrame
        ``run, seed, seconds`` and the features, a row per window; every run with every seed, over
        the whole timeline.

    Raises
    ------
    NotMeasurable
        If there are fewer than two seeds, or runs are missing.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.seeds = sorted(int(seed) for seed in table["seed"].unique())
        if len(self.seeds) < 2:
            raise NotMeasurable("the spread over seeds needs two seeds or more")
        grouped: Any = table.groupby(["run", "seed"])
        groups = {(str(run), int(seed)): rows for (run, seed), rows in grouped}
        missing = [
            f"{run} with seed {seed}"
            for run in timeline.RUNS
            for seed in self.seeds
            if (run, seed) not in groups
        ]
        if missing:
            raise NotMeasurable(f"the run {missing[0]} is missing")
        self._seconds = groups[timeline.FIXED, self.seeds[0]]["seconds"].to_numpy()
        self._windows = {
            run: np.stack([groups[run, seed][list(FEATURES)].to_numpy().T for seed in self.seeds])
            for run in timeline.RUNS
        }  # (seeds, features, windows)
        self.spans = timeline.spans()
        self._steady = {run: self._steady_states(run) for run in timeline.RUNS}
        self._rows = _resamples(len(self.seeds))

    def table(self) -> pd.DataFrame:
        """Return every steady state, noisiness by its logarithm to base 10.

        Columns ``run, seed, begin, after, value, layer, map`` and the features; ``value`` is empty
        in the fixed run.
        """
        rows = []
        for run in timeline.RUNS:
            for number, seed in enumerate(self.seeds):
                for index, span in enumerate(self.spans):
                    layer, feature_map = timeline.LAYERS[span.place]
                    own = timeline.SEQUENCES.get(run)
                    told = (run, seed, span.begin, span.after, own[span.step] if own else None)
                    rows.append((*told, layer, feature_map, *self._steady[run][number, :, index]))
        columns = ["run", "seed", "begin", "after", "value", "layer", "map", *FEATURES]
        return pd.DataFrame(rows, columns=columns)

    def level(self, run: str, feature: str, step: int, place: int) -> np.ndarray:
        """Return the steady state at a value and a layer, shape (1 + resamples,)."""
        spans = [i for i, s in enumerate(self.spans) if (s.step, s.place) == (step, place)]
        by_seed = self._steady[run][:, FEATURES.index(feature)][:, spans].mean(axis=1)
        return by_seed[self._rows].mean(axis=1)

    def effect(self, run: str, feature: str, place: int, step: int = -1) -> np.ndarray:
        """Return the change from a sequence's first value to another, by default its last."""
        last = len(timeline.SEQUENCES[run]) - 1 if step == -1 else step
        return self.level(run, feature, last, place) - self.level(run, feature, 0, place)

    def fixed(self, feature: str, place: int) -> float:
        """Return the fixed run's mean steady state at a layer."""
        spans = [i for i, span in enumerate(self.spans) if span.place == place]
        states = self._steady[timeline.FIXED]
        return float(states[:, FEATURES.index(feature)][:, spans].mean())

    def spread(self, feature: str, place: int) -> float:
        """Return the fixed run's spread over seeds at a layer."""
        spans = [i for i, span in enumerate(self.spans) if span.place == place]
        states = self._steady[timeline.FIXED][:, FEATURES.index(feature)][:, spans]
        return float(np.sqrt(states.var(axis=0, ddof=1).mean()))

    def shares(self, run: str, feature: str) -> dict[str, np.ndarray]:
        """Return the shares of variance, over steady states, of ``layer`` and ``parameter``."""
        cells = list(product(range(len(timeline.LAYERS)), range(len(timeline.SEQUENCES[run]))))
        drawn = self._steady[run][:, FEATURES.index(feature)][self._rows]  # (rows, seeds, spans)
        values = []
        for place, step in cells:
            spans = [i for i, s in enumerate(self.spans) if (s.step, s.place) == (step, place)]
            values.append(drawn[:, :, spans].reshape(len(drawn), -1))
        held = np.stack(values, axis=1)  # (rows, cells, states)
        return shares_of_variance(
            held.mean(axis=2),
            held.var(axis=2, ddof=1),
            np.full(len(cells), held.shape[2]),
            {
                "layer": np.array([place for place, _ in cells]),
                "parameter": np.array([step for _, step in cells]),
            },
        )

    def heard_switches(self) -> list[tuple[int, str]]:
        """Return the place that is switched to, and the feature, of all switches that are heard."""
        heard = []
        for place in range(len(timeline.LAYERS)):
            before = (place - 1) % len(timeline.LAYERS)
            for feature in FEATURES:
                apart = abs(self.fixed(feature, place) - self.fixed(feature, before))
                spread = max(self.spread(feature, place), self.spread(feature, before))
                if apart > _HEARD_SPREADS * spread:
                    heard.append((place, feature))
        return heard

    def seconds_to_settle(self, run: str, step: int) -> np.ndarray:
        """Return the mean time to settle at a value of a parameter, shape (1 + resamples,)."""
        heard = self.heard_switches()
        if not heard:
            raise NotMeasurable("no change of layer is heard in any feature")
        by_seed = []
        for seed in range(len(self.seeds)):
            times = [self._settled(run, seed, step, place, feature) for place, feature in heard]
            by_seed.append(float(np.mean(times)))
        return np.array(by_seed)[self._rows].mean(axis=1)

    def _settled(self, run: str, seed: int, step: int, place: int, feature: str) -> float:
        """Return how long a feature takes after the switch to ``place``, in seconds."""
        wanted = ("layer", step, place)
        index = next(i for i, s in enumerate(self.spans) if (s.after, s.step, s.place) == wanted)
        span = self.spans[index]
        number = FEATURES.index(feature)
        old, new = self._steady[run][seed, number, index - 1 : index + 1]
        inside = (self._seconds >= span.begin - 1e-9) & (self._seconds < span.end - 1e-9)
        values = self._windows[run][seed, number, inside]
        per_second = round(_SECOND * len(values) / timeline.SPAN_SECONDS)
        means = np.convolve(values, np.full(per_second, 1 / per_second), mode="valid")
        covered = (_scaled(feature, means) - old) / (new - old) if new != old else means * 0 + 1
        return float(np.argmax(covered >= SETTLED) * timeline.SPAN_SECONDS / len(values))

    def _steady_states(self, run: str) -> np.ndarray:
        """Return the steady state of every span, shape (seeds, features, spans)."""
        states = []
        for span in self.spans:
            inside = (self._seconds >= span.end - STEADY_SECONDS - 1e-9) & (
                self._seconds < span.end - 1e-9
            )
            if not inside.any():
                raise NotMeasurable(f"the runs end before {span.end} s")
            states.append(self._windows[run][:, :, inside].mean(axis=2))
        found = np.stack(states, axis=2)
        for number, feature in enumerate(FEATURES):
            found[:, number] = _scaled(feature, found[:, number])
        return found


def _scaled(feature: str, values: np.ndarray) -> np.ndarray:
    """Return noisiness as its logarithm to base 10, other features as they are."""
    return np.log10(np.maximum(values, _LEAST_FLATNESS)) if feature == "noisiness" else values


def _resamples(seeds: int) -> np.ndarray:
    """Return which seeds every row takes, shape (1 + resamples, seeds)."""
    if seeds <= _FEW_SEEDS:
        drawn = np.array(list(product(range(seeds), repeat=seeds)))
    else:
        drawn = np.random.default_rng(0).integers(seeds, size=(_DRAWS, seeds))
    return np.concatenate([np.arange(seeds)[None], drawn])
