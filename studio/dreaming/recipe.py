"""The recipe: everything that determines a dreamed sound.

Every field carries its label, range, unit and a plain sentence, from which the page, the command
line and the documentation are made. Defaults are those of the paper's Experiment 1 (section 4.1);
what the paper leaves open is decided as the fidelity table in docs/dream.md says.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from studio import __version__
from studio.dreaming.beyond_paper import (
    CURVES,
    LOW_CUT_HZ,
    STEREO_WIDTH,
    TEXTURE,
    TEXTURE_SECONDS,
    TUNE_HZ,
)
from studio.dreaming.control import Control, checked, control_field
from studio.dreaming.curves import Curve, check_curves, checked_curves
from studio.dreaming.looping import check_loop
from studio.dreaming.stages import MOST_STAGES, Stage, checked_changes, listed
from studio.dreaming.targets import MEASURES, Measure, Target, checked_targets
from studio.errors import ParameterError
from studio.networks.architectures import ARCHITECTURES, Tap, find_architecture
from studio.sound import SAMPLE_RATE
from studio.text import shown

__all__ = ["BUILT_IN_SOUNDS", "DATASETS", "MEASURES", "Control", "Measure", "Recipe", "Target"]

DATASETS = ("events", "instruments", "speech")
"""The paper's three datasets; a recipe may also name a model of the user's own."""

BUILT_IN_SOUNDS = ("white noise", "silence", "tone", "impulse")
"""Initial sounds that need no file. Anything else in ``initial`` names a recording."""

NO_GUIDE = "none"
_MOST_NAMED = 5

UNSAID = (
    "guide",
    "closeness",
    "stereo_width",
    "tune_hz",
    "stages",
    "texture",
    "texture_seconds",
    "low_cut_hz",
    "curves",
)
"""Fields that are written only where they say something: recipes without them stay as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that determines a sound, checked; see `Control` for what each field carries.

    Raises
    ------
    ParameterError
        If a value lies outside its range; the message says which and what to do.
    """

    dataset: str = control_field(
        "instruments",
        "Dataset",
        "What the network has learned to tell apart: everyday events, musical instruments or "
        "voices.",
    )
    architecture: str = control_field(
        "model1",
        "Architecture",
        "How the network is built: Model1 has four layers, Model2 eight. Each layer listens to "
        "what the one before it found.",
        choices=tuple(ARCHITECTURES),
    )
    targets: tuple[Target, ...] = control_field(
        (Target(0, 0),),
        "Layers and feature maps",
        "A network listens in layers. Each has feature maps: small detectors that respond to "
        "something in a sound. Choose what shall respond more and more.",
    )
    initial: str = control_field(
        "white noise",
        "Initial audio",
        "The sound the dream starts from.",
        paper="white noise",
    )
    start_seconds: float = control_field(
        0.0,
        "Start at",
        "Where in the recording the sound begins.",
        minimum=0.0,
        maximum=300.0,
        step=0.01,
        unit="s",
    )
    seconds: float = control_field(
        1.0,
        "Length",
        "How long the sound is. The paper's sounds last one second.",
        minimum=1.0,
        maximum=60.0,
        step=0.1,
        unit="s",
        paper=1.0,
    )
    iterations: int = control_field(
        2000,
        "Iterations",
        "How many small steps the dream takes: more lead further away from the start.",
        minimum=1,
        maximum=10_000,
        step=1,
        paper=2000,
    )
    learning_rate: float = control_field(
        0.01,
        "Learning rate",
        "How far each step goes. Large steps change the sound sooner and add some noise.",
        minimum=0.0001,
        maximum=1.0,
        step=0.001,
        paper=0.01,
    )
    max_offset: int = control_field(
        1,
        "Temporal offset",
        "The sound is shifted by up to this many samples after each step (44,100 are a second). "
        "Large offsets blur repeating patterns: brighter and noisier.",
        minimum=0,
        maximum=22_050,
        step=1,
        unit="samples",
        paper=1,
    )
    cutoff_hz: float = control_field(
        12_000.0,
        "Cut-off frequency",
        "The highest tones that are let through: a low-pass filter removes what lies above. Most "
        "dreams have little up there; for a brighter one smooth less.",
        minimum=20.0,
        maximum=SAMPLE_RATE / 2,
        step=10.0,
        unit="Hz",
        paper=12_000.0,
    )
    smoothing_coefficient: float = control_field(
        0.5,
        "Smoothing coefficient",
        "How strongly the gradient (the change that a step would make) is smoothed at the start; "
        "smoothing grows with every step.",
        minimum=0.01,
        maximum=10.0,
        step=0.05,
        paper=0.5,
    )
    smoothing_kernel: int = control_field(
        9,
        "Smoothing kernel size",
        "Over how many neighbouring samples each step's change is smoothed.",
        minimum=1,
        maximum=255,
        step=2,
        unit="samples",
        paper=9,
        odd=True,
    )
    seed: int = control_field(
        1,
        "Seed",
        "One number for all that is random: same seed, same sound.",
        minimum=0,
        maximum=2**32 - 1,
        step=1,
    )
    smoothing: str = control_field(
        "cascade",
        "Smoothing",
        "The paper smooths each step's change with three bell curves (Gaussians); off lets more "
        "treble through.",
        choices=("cascade", "off"),
        paper="cascade",
        advanced=True,
    )
    padding: str = control_field(
        "reflect",
        "Edges",
        "What lies beyond the ends: the mirrored sound, its other end (circular), or a true loop, "
        "which the network hears as one, too.",
        choices=("reflect", "circular", "loop"),
        advanced=True,
        group="form",
    )
    low_pass: str = control_field(
        "hard cut",
        "Low-pass filter",
        "A hard cut removes everything above the cut-off; Butterworth fades it out.",
        choices=("hard cut", "butterworth", "off"),
        advanced=True,
    )
    low_pass_order: int = control_field(
        4,
        "Butterworth order",
        "How steeply the Butterworth low-pass falls: higher is closer to a hard cut.",
        minimum=1,
        maximum=12,
        step=1,
        advanced=True,
    )
    normalisation: str = control_field(
        "peak",
        "Normalisation",
        "How the level is kept after every step: by its peak, by its average (RMS), or not at all.",
        choices=("peak", "rms", "none"),
        advanced=True,
    )
    tap: Tap = control_field(
        "before swish",
        "Tap",
        "Where the layer is read: before or after Swish, the curve that bends its values.",
        choices=("before swish", "after swish"),
        advanced=True,
    )
    unroll: bool = control_field(
        False,
        "Shift back",
        "Undo the temporal offset after each step, so that the sound stays in its place.",
        advanced=True,
    )

    stop_after: int = control_field(
        0,
        "Stop after",
        "End after this many iterations, as if Stop had been pressed; 0 runs them all.",
        minimum=0,
        maximum=10_000 * (1 + MOST_STAGES),
        step=1,
        paper=0,
        advanced=True,
    )
    guide: str = control_field(
        NO_GUIDE,
        "Guide sound",
        "A map that shall respond as to the guide is led to respond to the dream as it does to "
        "this sound.",
    )
    closeness: float = control_field(
        0.0,
        "Stay close",
        "How strongly every step pulls back to the sound at the start: 0 not at all, 10 clearly, "
        "100 back all the way.",
        minimum=0.0,
        maximum=100.0,
        step=0.5,
    )
    stereo_width: float = STEREO_WIDTH
    tune_hz: float = TUNE_HZ
    stages: tuple[Stage, ...] = control_field(
        (),
        "Next stages",
        "What comes after these iterations: each stage goes on from the sound before it, with "
        "some settings changed.",
    )
    texture: str = TEXTURE
    texture_seconds: float = TEXTURE_SECONDS
    low_cut_hz: float = LOW_CUT_HZ
    curves: tuple[Curve, ...] = CURVES

    def __post_init__(self) -> None:
        for item in fields(self):
            name = item.name
            if name == "architecture":
                find_architecture(self.architecture)
            elif name not in ("targets", "stages", "curves"):
                value = checked(name, controls()[name], item.default, getattr(self, name))
                object.__setattr__(self, name, value)
        object.__setattr__(self, "targets", checked_targets(self.targets))
        object.__setattr__(self, "curves", checked_curves(self.curves))
        check_curves(self)
        object.__setattr__(self, "stages", self._checked_stages(self.stages))
        check_loop(self)

    def _checked_stages(self, stages: Any) -> tuple[Stage, ...]:
        if not (stages := listed(stages)):
            return ()
        found: list[Stage] = []
        before = self.replace(stages=())
        for number, stage in enumerate(stages, 2):
            changes = checked_changes(number, stage, controls())
            try:
                before = before.replace(**changes)
            except ParameterError as error:
                raise ParameterError(f"Stage {number}: {error}") from None
            found.append(tuple((name, getattr(before, name)) for name in changes))
        return tuple(found)

    @property
    def each_stage(self) -> tuple[Recipe, ...]:
        """The recipes of all stages, the first included, each without stages of its own."""
        if not self.stages:
            return (self,)
        chain = [self.replace(stages=())]
        for changes in self.stages:
            chain.append(chain[-1].replace(**dict(changes)))
        return tuple(chain)

    @property
    def total_iterations(self) -> int:
        """Iterations of all stages together."""
        return sum(stage.iterations for stage in self.each_stage)

    @property
    def planned_iterations(self) -> int:
        """How many of them are done: all, unless ``stop_after`` ends the dream before."""
        return min(self.stop_after or self.total_iterations, self.total_iterations)

    @property
    def needs_guide(self) -> bool:
        """Whether a target of any stage is to be like the guide sound."""
        return any(
            target.measure == "guide" for stage in self.each_stage for target in stage.targets
        )

    @property
    def channels(self) -> int:
        """Two where the sound is stereo, else one."""
        return 2 if self.stereo_width else 1

    @property
    def samples(self) -> int:
        """Length of the sound in samples at 44,100 Hz."""
        return round(self.seconds * SAMPLE_RATE)

    def replace(self, **changes: Any) -> Recipe:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self, everything: bool = False) -> dict[str, Any]:
        """Return plain lists, strings and numbers.

        What is `UNSAID` is left out where it has its default, unless ``everything`` is asked for.
        """
        return {
            item.name: _plain(item.name, getattr(self, item.name))
            for item in fields(self)
            if everything or item.name not in UNSAID or getattr(self, item.name) != item.default
        }

    def to_json(self) -> str:
        """Return the recipe as one line of ASCII JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Build a recipe from `to_dict`; fields that are missing keep their defaults."""
        if not isinstance(values, Mapping):
            raise ParameterError("A recipe is a JSON object of names and values.")
        known = {item.name for item in fields(cls)}
        unknown = sorted(str(name) for name in values if name not in known)
        if unknown:
            some = ", ".join(shown(name) for name in unknown[:_MOST_NAMED])
            more = len(unknown) - _MOST_NAMED
            raise ParameterError(
                f"A recipe has no field {some}{f' and {more} more' if more > 0 else ''}, as far as "
                f"studio {__version__} knows. If it is from a newer studio, update this one; "
                f"known fields: {', '.join(sorted(known))}."
            )
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read `to_json`."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:  # also a number of thousands of digits
            reason = str(error).split(";")[0]
            raise ParameterError(f"This is no recipe: it is not valid JSON ({reason}).") from None
        return cls.from_dict(values)


def controls() -> dict[str, Control]:
    """Return how every field of the recipe is shown and checked, by name, in order."""
    return {item.name: item.metadata["control"] for item in fields(Recipe)}


def _plain(name: str, value: Any) -> Any:
    if name == "targets":
        return [target.to_list() for target in value]
    if name == "stages":
        return [{each: _plain(each, own) for each, own in stage} for stage in value]
    if name == "curves":
        return [[list(point) for point in curve] for curve in value]
    return value
