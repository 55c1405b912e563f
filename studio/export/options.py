"""What a person chooses of an export: one dataclass for page, terminal and Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.dreaming.control import Control, checked, control_field
from studio.errors import ParameterError
from studio.text import plain_name, shown

if TYPE_CHECKING:
    from studio.sound.finish import Finish

SOUNDS = ("as heard", "untouched")
LEVELS = ("loudness", "peak", "none")
FORMATS = ("wav", "flac")
BITS = ("16-bit", "24-bit", "float")
CHANNELS = ("as made", "mono", "stereo")
KITS = ("none", "keys", "pads")
OF_THE_FINISH = (
    *("level", "loudness_lufs", "ceiling_db", "low_cut_hz", "fade_in_ms", "fade_out_ms"),
    *("channels", "format", "bits"),
)
"""What an untouched sound has no use for."""

_LEAST_BPM = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How sounds are exported; every field carries its `Control`."""

    sound: str = control_field(
        "as heard",
        "Sound",
        "As heard: levelled as when it is played. Untouched: every bit of the dream, as 32-bit "
        "float WAV.",
        choices=SOUNDS,
    )
    level: str = control_field(
        "loudness",
        "Level",
        "Equal loudness, or the true peak at the ceiling, or as it is.",
        choices=LEVELS,
    )
    loudness_lufs: float = control_field(
        -18.0,
        "Loudness",
        "Integrated loudness (ITU-R BS.1770).",
        minimum=-40.0,
        maximum=-6.0,
        step=1.0,
        unit="LUFS",
    )
    ceiling_db: float = control_field(
        -1.0,
        "Ceiling",
        "Highest true peak, four times oversampled; a limiter holds it.",
        minimum=-24.0,
        maximum=0.0,
        step=0.1,
        unit="dBTP",
    )
    low_cut_hz: float = control_field(
        20.0,
        "Low cut",
        "Removes what lies below; 0: off.",
        minimum=0.0,
        maximum=1000.0,
        step=5.0,
        unit="Hz",
    )
    fade_in_ms: float = control_field(
        0.0,
        "Fade in",
        "From a zero crossing; loops are not faded.",
        minimum=0.0,
        maximum=50.0,
        step=1.0,
        unit="ms",
    )
    fade_out_ms: float = control_field(
        0.0,
        "Fade out",
        "To a zero crossing; loops are not faded.",
        minimum=0.0,
        maximum=50.0,
        step=1.0,
        unit="ms",
    )
    format: str = control_field(
        "wav", "Format", "FLAC is smaller and loses nothing; it has no float.", choices=FORMATS
    )
    bits: str = control_field(
        "24-bit", "Bits", "Of a sample; float keeps what exceeds full scale.", choices=BITS
    )
    channels: str = control_field(
        "as made",
        "Channels",
        "Mono mixes both channels; stereo writes one channel twice.",
        choices=CHANNELS,
    )
    loop_points: bool = control_field(
        True, "Loop points", "Sounds whose ends join carry loop points (WAV and kits)."
    )
    tempo_bpm: float = control_field(
        0.0,
        "Tempo",
        "Written into WAV files for programs that stretch loops; 0: none.",
        minimum=0.0,
        maximum=400.0,
        step=1.0,
        unit="BPM",
    )
    kit: str = control_field(
        "none",
        "Sampler kit",
        "Keys: every sound around its root note. Pads: a key for each, from C2 on. Both as SFZ and "
        "DecentSampler.",
        choices=KITS,
    )
    name: str = control_field("dream-kit", "Name", "Of the ZIP and the kit.")

    def __post_init__(self) -> None:
        for name, control in export_controls().items():
            value = checked(name, control, _DEFAULTS[name], getattr(self, name))
            object.__setattr__(self, name, value)
        if 0 < self.tempo_bpm < _LEAST_BPM:
            raise ParameterError(
                f"tempo_bpm={self.tempo_bpm:g} must be 0 or lie between {_LEAST_BPM:g} and 400 BPM."
            )
        if self.untouched:
            changed = [n for n in OF_THE_FINISH if getattr(self, n) != _DEFAULTS[n]]
            if changed:
                raise ParameterError(
                    f"An untouched sound is float WAV, as it was dreamed: leave out "
                    f"{', '.join(changed)}, or choose sound='as heard'."
                )
        elif (self.format, self.bits) == ("flac", "float"):
            raise ParameterError("FLAC has no float: choose 16-bit or 24-bit, or WAV.")

    @property
    def untouched(self) -> bool:
        """Whether samples stay as they were dreamed."""
        return self.sound == "untouched"

    @property
    def subtype(self) -> str:
        """Of the files that are written: one of `BITS`."""
        return "float" if self.untouched else self.bits

    @property
    def finish(self) -> Finish:
        """What is done to every sound."""
        from studio.sound.finish import UNTOUCHED, Finish

        if self.untouched:
            return UNTOUCHED
        names = [field.name for field in dataclasses.fields(Finish)]
        return Finish(**{name: getattr(self, name) for name in names})

    @classmethod
    def from_dict(cls, values: Any) -> ExportOptions:
        """Return options from plain JSON; what is left out has its default.

        Raises
        ------
        ParameterError
            If a field is unknown or its value is none that it may have.
        """
        if not isinstance(values, Mapping):
            raise ParameterError("options must be a JSON object.")
        unknown = [name for name in values if name not in _DEFAULTS]
        if unknown:
            said = plain_name(str(unknown[0]), 40) or shown(unknown[0])
            raise ParameterError(f"There is no option '{said}'. Known: {', '.join(_DEFAULTS)}.")
        return cls(**values)


_DEFAULTS = {field.name: field.default for field in dataclasses.fields(ExportOptions)}


def export_controls() -> dict[str, Control]:
    """Return the control of every field, in their order."""
    return {field.name: field.metadata["control"] for field in dataclasses.fields(ExportOptions)}


def export_schema() -> dict[str, Any]:
    """Return what the page's dialogue is made from: ``fields`` as those of the recipe's schema."""
    from studio.dreaming.schema import field_schema

    return {
        "fields": {
            name: field_schema(control, _DEFAULTS[name])
            for name, control in export_controls().items()
        },
        "of_the_finish": list(OF_THE_FINISH),
    }
