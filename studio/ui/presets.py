"""Named recipes to begin with, far from each other in how they sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.dreaming.recipe import Recipe, Target
from studio.ui.defaults import FIRST


@dataclass(frozen=True, slots=True)
class Preset:
    """A recipe with a name and a few words on its sound."""

    name: str
    says: str
    recipe: Recipe

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, strings and numbers."""
        return {"name": self.name, "says": self.says, "recipe": self.recipe.to_dict()}


def _preset(
    name: str, says: str, model: str, targets: list[tuple[int, int]], **settings: Any
) -> Preset:
    dataset, architecture = model.split("-")
    recipe = Recipe(
        dataset=dataset,
        architecture=architecture,
        targets=tuple(Target(*target) for target in targets),
        **settings,
    )
    return Preset(name, says, recipe)


PRESETS = (
    _preset(
        "Reed",
        "a held tone with a few strong overtones",
        "instruments-model1",
        [(0, 1)],
        initial="tone",
        seconds=1.5,
        iterations=300,
        learning_rate=0.06,
        max_offset=16,
        seed=85632,
    ),
    _preset(
        "Glass organ",
        "a still chord of high, unrelated tones",
        "events-model1",
        [(0, 23), (0, 25)],
        iterations=300,
        learning_rate=0.02,
        max_offset=16,
        cutoff_hz=8000.0,
        seed=56449,
    ),
    _preset(
        "Kettle",
        "a whistle above a hum",
        "instruments-model2",
        [(3, 26)],
        initial="tone",
        seconds=2.0,
        iterations=300,
        learning_rate=0.04,
        max_offset=64,
        seed=60731,
    ),
    _preset(
        "Whistle",
        "one tone that the noise around it swells and leaves",
        "instruments-model1",
        [(1, 4)],
        iterations=300,
        learning_rate=0.04,
        max_offset=64,
        cutoff_hz=8000.0,
        seed=66619,
    ),
    _preset(
        "Steam",
        "wide, even noise",
        "instruments-model2",
        [(2, 26)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.09,
        seed=2498,
    ),
    _preset(
        "Rain",
        "soft grains over the whole range",
        "instruments-model2",
        [(5, 54), (5, 100)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.03,
        max_offset=0,
        cutoff_hz=16000.0,
        seed=43842,
    ),
    _preset(
        "Surf",
        "bright noise that rises and falls",
        "speech-model2",
        [(2, 3)],
        seconds=2.0,
        iterations=200,
        learning_rate=0.04,
        max_offset=512,
        cutoff_hz=20000.0,
        seed=5,
        smoothing="off",
    ),
    _preset(
        "Under water",
        "everything below 900 Hz",
        "events-model2",
        [(5, 11)],
        seconds=2.0,
        iterations=300,
        learning_rate=0.06,
        cutoff_hz=900.0,
        seed=6,
    ),
    _preset(
        "Shutter",
        "bright and dark by turns",
        "events-model2",
        [(2, 6)],
        initial="impulse",
        iterations=300,
        learning_rate=0.06,
        max_offset=0,
        cutoff_hz=8000.0,
        seed=97621,
    ),
    _preset(
        "Babble",
        "quick syllables without words",
        "events-model2",
        [(6, 102)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.06,
        max_offset=16,
        cutoff_hz=4000.0,
        seed=34596,
    ),
    _preset(
        "Crowd",
        "rough, dense, full of small cries",
        "events-model2",
        [(7, 149)],
        initial="impulse",
        seconds=1.5,
        iterations=300,
        learning_rate=0.03,
        max_offset=4,
        cutoff_hz=8000.0,
        seed=67933,
    ),
    _preset(
        "Gargle",
        "dark and rough",
        "speech-model2",
        [(4, 44)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.06,
        max_offset=0,
        cutoff_hz=4000.0,
        seed=80411,
    ),
    _preset(
        "Growl",
        "a rough start that falls back into a hum",
        "speech-model2",
        [(3, 0), (3, 62)],
        iterations=300,
        learning_rate=0.06,
        cutoff_hz=4000.0,
        seed=45907,
    ),
    _preset(
        "Moan",
        "a low voice that comes closer",
        "speech-model1",
        [(2, 60), (2, 118)],
        iterations=300,
        learning_rate=0.06,
        cutoff_hz=8000.0,
        seed=20646,
    ),
    _preset(
        "Swell",
        "one broad wave over a faint hum",
        "events-model1",
        [(1, 22)],
        seconds=2.0,
        iterations=300,
        learning_rate=0.06,
        max_offset=4,
        cutoff_hz=16000.0,
        seed=21560,
    ),
    _preset(
        "Thump",
        "a dark stroke, late",
        "speech-model1",
        [(1, 22)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.02,
        max_offset=64,
        seed=57521,
    ),
    _preset(
        "Knock",
        "one stroke, then a faint ring",
        "speech-model2",
        [(1, 14)],
        seconds=2.0,
        iterations=300,
        learning_rate=0.02,
        seed=68626,
    ),
    _preset(
        "Footsteps",
        "two strokes with a pitch",
        "speech-model2",
        [(2, 12), (2, 17)],
        seconds=2.0,
        iterations=300,
        learning_rate=0.02,
        max_offset=4,
        cutoff_hz=16000.0,
        seed=26154,
    ),
    _preset(
        "Pipe",
        "a hollow stroke that rings on",
        "events-model2",
        [(1, 13)],
        seconds=1.5,
        iterations=300,
        learning_rate=0.04,
        cutoff_hz=16000.0,
        seed=73688,
    ),
    _preset(
        "Tick",
        "a short, pitched click; loop it",
        "events-model1",
        [(0, 14)],
        initial="tone",
        iterations=300,
        learning_rate=0.03,
        seed=73572,
    ),
    Preset("Murmur", "full of movement, like many voices", FIRST),
)
