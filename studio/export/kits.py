"""Sampler instruments: SFZ and DecentSampler files beside the sounds that they play.

Formats: SFZ 1 and 2 (opcodes ``sample``, ``lokey``, ``hikey``, ``pitch_keycenter``, ``tune``,
``loop_mode``, ``loop_start``, ``loop_end``, ``seq_length``, ``seq_position``), DecentSampler's
``.dspreset`` XML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np

from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE

MOST_SOUNDS = 2000
_LOWEST_HZ, _HIGHEST_HZ = 20.0, 5000.0
_LOWEST_KEY, _HIGHEST_KEY = 0, 127
_FIRST_KEY = 36
"""C2, where the pads of most controllers begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSound:
    """One sound of a kit.

    Attributes
    ----------
    file : str
        Path beside the kit's file, with forward slashes.
    samples : int
        Its length.
    root_note : float
        MIDI note of its strongest partial, with cents as the fraction.
    loops : bool
    group : str
        Sounds of one group are alternatives (seeds of one recipe): they take turns on one key.
    """

    file: str
    samples: int
    root_note: float
    loops: bool
    group: str


def root_note(audio: np.ndarray) -> float:
    """Return the MIDI note (69: 440 Hz) of the strongest partial between 20 Hz and 5 kHz.

    The peak of the magnitude spectrum of the whole sound (T,) or (T, 2), refined by a parabola
    through the logarithms of its neighbours. Silence: 60.
    """
    mono = audio if audio.ndim == 1 else audio.mean(axis=1)
    if len(mono) < 64:
        return 60.0
    from scipy import fft

    size = int(fft.next_fast_len(max(len(mono), SAMPLE_RATE), real=True) or SAMPLE_RATE)
    spectrum: Any = fft.rfft(mono * np.hanning(len(mono)), size)
    magnitude = np.abs(spectrum)
    frequency = fft.rfftfreq(size, 1 / SAMPLE_RATE)
    inside = np.flatnonzero((frequency >= _LOWEST_HZ) & (frequency <= _HIGHEST_HZ))
    peak = int(inside[np.argmax(magnitude[inside])])
    if magnitude[peak] <= 0:
        return 60.0
    left, middle, right = np.log(np.maximum(magnitude[peak - 1 : peak + 2], 1e-30))
    bend: Any = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    hertz = (peak + shift) * SAMPLE_RATE / size
    return float(69 + 12 * np.log2(hertz / 440))


def sfz(sounds: Sequence[KitSound], spread: bool) -> str:
    """Return the text of an SFZ instrument.

    ``spread``: every group is one key from C2 on, untransposed (a drum kit); else every group
    covers the keys around its root note, transposed.
    """
    lines = ["// Made by Deep Dream studio"]
    for low, high, members in _keys(sounds, spread):
        for place, sound in enumerate(members, 1):
            key, cents = _key_and_cents(sound, low, spread)
            region = [
                "<region>",
                f"sample={sound.file}",
                f"lokey={low} hikey={high} pitch_keycenter={key}",
            ]
            if cents:
                region.append(f"tune={cents}")
            if sound.loops:
                region.append(
                    f"loop_mode=loop_continuous loop_start=0 loop_end={sound.samples - 1}"
                )
            else:
                region.append("loop_mode=one_shot" if spread else "loop_mode=no_loop")
            if len(members) > 1:
                region.append(f"seq_length={len(members)} seq_position={place}")
            lines.append("\n".join(region))
    return "\n\n".join(lines) + "\n"


def decent_sampler(sounds: Sequence[KitSound], spread: bool) -> str:
    """Return the text of a DecentSampler preset; ``spread`` as for `sfz`."""
    root = ElementTree.Element("DecentSampler", minVersion="1.0.0")
    groups = ElementTree.SubElement(root, "groups")
    for low, high, members in _keys(sounds, spread):
        group = ElementTree.SubElement(groups, "group")
        if len(members) > 1:
            group.set("seqMode", "round_robin")
        for place, sound in enumerate(members, 1):
            key, cents = _key_and_cents(sound, low, spread)
            sample = {
                "path": sound.file,
                "loNote": str(low),
                "hiNote": str(high),
                "rootNote": str(key),
            }
            if cents:
                sample["tuning"] = f"{cents / 100:g}"
            if sound.loops:
                sample |= {
                    "loopEnabled": "true",
                    "loopStart": "0",
                    "loopEnd": str(sound.samples - 1),
                }
            if len(members) > 1:
                sample["seqPosition"] = str(place)
            ElementTree.SubElement(group, "sample", sample)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _key_and_cents(sound: KitSound, low: int, spread: bool) -> tuple[int, int]:
    """Return the key that plays a sound as it is, and the cents by which to correct it."""
    if spread:
        return low, 0
    key = int(np.clip(round(sound.root_note), _LOWEST_KEY, _HIGHEST_KEY))
    return key, round(100 * (key - sound.root_note)) if abs(key - sound.root_note) <= 1 else 0


def require_room(groups: Iterable[str], spread: bool) -> None:
    """Say no to sounds of these groups, one each, where no kit can hold them.

    Raises
    ------
    ParameterError
        If there are none, or more than there are keys.
    """
    listed = list(groups)
    if not 1 <= len(listed) <= MOST_SOUNDS:
        raise ParameterError(
            f"A kit holds between 1 and {MOST_SOUNDS:,} sounds, not {len(listed):,}. Choose "
            f"{'some' if not listed else 'fewer'}."
        )
    needed = len(set(listed))
    if spread and needed > _HIGHEST_KEY - _FIRST_KEY + 1:
        raise ParameterError(
            f"{needed:,} sounds need a key each, and there are {_HIGHEST_KEY - _FIRST_KEY + 1} "
            "from C2 on. Choose fewer sounds, or map them by pitch."
        )
    if needed > _HIGHEST_KEY + 1:
        raise ParameterError(
            f"{needed:,} sounds do not fit on {_HIGHEST_KEY + 1} keys by pitch. Choose fewer."
        )


def _keys(sounds: Sequence[KitSound], spread: bool) -> list[tuple[int, int, list[KitSound]]]:
    """Return lowest key, highest key and sounds of every group, in the order of the keys."""
    require_room((sound.group for sound in sounds), spread)
    groups: dict[str, list[KitSound]] = {}
    for sound in sounds:
        groups.setdefault(sound.group, []).append(sound)
    ordered = list(groups.values())
    if spread:
        return [(_FIRST_KEY + i, _FIRST_KEY + i, members) for i, members in enumerate(ordered)]
    ordered.sort(key=lambda members: members[0].root_note)
    roots = [members[0].root_note for members in ordered]
    found, low = [], _LOWEST_KEY
    for i, members in enumerate(ordered):
        last = i == len(ordered) - 1
        high = _HIGHEST_KEY if last else int(np.floor((roots[i] + roots[i + 1]) / 2))
        high = int(np.clip(high, low, _HIGHEST_KEY - (len(ordered) - 1 - i)))
        found.append((low, high, members))
        low = high + 1
    return found
