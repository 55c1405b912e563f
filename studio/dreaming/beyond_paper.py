"""Fields of the recipe that go beyond the paper; with their defaults a dream is the paper's."""

from __future__ import annotations

from typing import Any

from studio.dreaming.control import control_field

STEREO_WIDTH: Any = control_field(
    0.0,
    "Stereo width",
    "0 is mono. Above, a second dream with another seed is spread around the first, which "
    "stays in the middle; takes twice as long.",
    minimum=0.0,
    maximum=1.0,
    step=0.05,
    group="space",
)

TUNE_HZ: Any = control_field(
    0.0,
    "Tune to",
    "Moves the pitch that the network's strides give every dream onto this note, in the "
    "octave that lies nearest; 0 leaves it where it is.",
    minimum=0.0,
    maximum=5_000.0,
    step=0.01,
    unit="Hz",
    group="space",
)

TEXTURE: Any = control_field(
    "peaked",
    "Texture",
    "The paper's dream gathers in its loudest moment; even lets every moment count alike, "
    "which keeps long sounds alive throughout.",
    choices=("peaked", "even"),
    paper="peaked",
    group="form",
)

CURVES: Any = control_field(
    (),
    "Form over time",
    "How much each layer or map counts along the sound: a curve for each target, in the same "
    "order, as points [time, value] from 0 to 1. Without a curve it counts alike throughout.",
)

TEXTURE_SECONDS: Any = control_field(
    0.25,
    "Even over",
    "How long the moments are that count alike in an even texture.",
    minimum=0.05,
    maximum=2.0,
    step=0.05,
    unit="s",
    group="form",
)

LOW_CUT_HZ: Any = control_field(
    0.0,
    "Low cut",
    "The lowest tones that are let through; 25 Hz removes what nobody hears, 0 nothing. The "
    "low-pass filter does it: where that is off, nothing is cut.",
    minimum=0.0,
    maximum=500.0,
    step=1.0,
    unit="Hz",
    paper=0.0,
)
