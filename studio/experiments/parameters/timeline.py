"""Table 11 as data, and what changes when.

The paper: "A 20 seconds delay was applied before applying the step. Between each subsequent step, a
20 seconds pause was applied. [...] Changes in layers and feature maps were offset by 10 seconds to
changes in DD parameters." It does not say what happens at the end of a sequence, nor for how long a
run goes on. Decided here:

- Both sequences begin with their first entry, on white noise.
- The parameter steps at 20, 40, 60 … s, layer and map at 30, 50, 70 … s, in lockstep.
- At its end a sequence begins anew. Of four layers and five values every pair then comes up, and
  each twice: once just after a change of the parameter, once just after a change of the layer. A
  single passage would never show a layer at both ends of a parameter's sequence, which the claims
  compare.
- After 20 steps of each both sequences are back where they began, and all pairs have been heard in
  both ways: the run ends, at 420 s.

So the sound is made of 10-second *spans* between changes. The first 20 seconds, in which the noise
settles, count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from studio.gallery.feature_maps import EXPERIMENT_1
from studio.live.settings import LiveSettings

LAYERS = ((0, 3), (1, 3), (3, 4), (8, 8))
"""Layer and feature map; layer 8 is the log-softmax output, as in every recipe."""

SEQUENCES: dict[str, tuple[float, ...]] = {
    "max_offset": (1, 16, 64, 128, 512),
    "iterations": (1, 2, 4, 7, 10),
    "smoothing_coefficient": (0.1, 0.3, 0.5, 0.7, 0.9),
    "smoothing_kernel": (3, 5, 9, 13, 17),
    "learning_rate": (0.02, 0.04, 0.08, 0.12, 0.16),
    "cutoff_hz": (2000.0, 4000.0, 8000.0, 12_000.0, 16_000.0),
}
"""The parameters by their names in a recipe, in the order of table 11."""

FIXED = "fixed"
"""The run in which only layer and map change: the bold black line."""

RUNS = (FIXED, *SEQUENCES)

DELAY_SECONDS = 20
PAUSE_SECONDS = 20
LAYER_OFFSET_SECONDS = 10
STEPS = 20
"""Of each kind: the least common multiple of 4 and 5."""

SPAN_SECONDS = 10
"""Between a change of one kind and the next of the other."""

TOTAL_SECONDS = DELAY_SECONDS + STEPS * PAUSE_SECONDS

OPEN_CHOICES = (
    "smoothing",
    "padding",
    "low_pass",
    "low_pass_order",
    "normalisation",
    "tap",
    "unroll",
)
"""Fields of a recipe by which one algorithm of the paper differs from another."""

SETTINGS = LiveSettings().change(
    dataset="events",
    architecture="model2",
    initial="white noise",
    seconds=4.0,
    max_offset=1,
    iterations=10,
    smoothing_coefficient=0.5,
    smoothing_kernel=9,
    learning_rate=0.04,
    cutoff_hz=12_000.0,
    hop_seconds=0.5,
    level_db=0.0,
    **{name: getattr(EXPERIMENT_1, name) for name in OPEN_CHOICES},
)
"""The paper's fixed values. Where it leaves the algorithm open, the choice is that of Experiment 1,
made by other claims than those judged here: both experiments are of one algorithm. The rest is not
in the paper either; it is that of the Live tab:

- The circular buffer holds 4 s. It must be longer than an excerpt, and a steady state is read over
  5 s: a shorter round than that lets it tell of the whole waveform, and lets every part of it dream
  five times between two changes (two excerpts a round).
- An excerpt is taken every half second.
- The level is that of the waveform itself, so that loudness is the paper's.
"""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of settings.

    Attributes
    ----------
    seconds : int
        When.
    kind : str
        ``parameter`` or ``layer``.
    changes : dict
        For `LiveEngine.apply`.
    """

    seconds: int
    kind: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Ten seconds between two changes.

    Attributes
    ----------
    begin : int
        In seconds.
    after : str
        Which kind of change opens it: ``parameter`` or ``layer``.
    step : int
        Index of the parameter's value.
    place : int
        Index into `LAYERS`.
    """

    begin: int
    after: str
    step: int
    place: int

    @property
    def end(self) -> int:
        """When the next change comes, in seconds."""
        return self.begin + SPAN_SECONDS


def first_settings(run: str, seed: int, low_pass: str = "") -> LiveSettings:
    """Return what a run begins with: the fixed values, and the first of its sequences.

    Parameters
    ----------
    run : str
        One of `RUNS`.
    seed : int
    low_pass : str
        Another kind of low-pass than that of Experiment 1.
    """
    own: dict[str, Any] = {run: SEQUENCES[run][0]} if run in SEQUENCES else {}
    if low_pass:
        own["low_pass"] = low_pass
    return SETTINGS.change(targets=[LAYERS[0]], seed=seed, **own)


def moves(run: str, until_seconds: int = TOTAL_SECONDS) -> Iterator[Move]:
    """Yield the changes of a run in order; in the fixed run only layer and map change."""
    for number in range(1, STEPS + 1):
        at = DELAY_SECONDS + (number - 1) * PAUSE_SECONDS
        if at < until_seconds and run in SEQUENCES:
            values = SEQUENCES[run]
            yield Move(at, "parameter", {run: values[number % len(values)]})
        at += LAYER_OFFSET_SECONDS
        if at < until_seconds:
            yield Move(at, "layer", {"targets": [LAYERS[number % len(LAYERS)]]})


def spans() -> list[Span]:
    """Return all spans after the delay: 40, each pair of value and layer in two of them."""
    found = []
    for number in range(1, STEPS + 1):
        at = DELAY_SECONDS + (number - 1) * PAUSE_SECONDS
        step, before, after = number % 5, (number - 1) % len(LAYERS), number % len(LAYERS)
        found.append(Span(at, "parameter", step, before))
        found.append(Span(at + LAYER_OFFSET_SECONDS, "layer", step, after))
    return found
