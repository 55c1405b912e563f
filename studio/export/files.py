"""Write finished sounds as WAV or FLAC, with recipe, loop points, root note and tempo inside."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from studio.dreaming.origin import Origin
from studio.errors import ParameterError, SaveError
from studio.export.options import FORMATS
from studio.files import replacing
from studio.sound import SAMPLE_RATE
from studio.sound.files import SOFTWARE

SUBTYPES = {"16-bit": "PCM_16", "24-bit": "PCM_24", "float": "FLOAT"}
_FORWARD_LOOP = 0
_ACID_STRETCH, _ACID_ROOT = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a file says of its sound beside the samples.

    Attributes
    ----------
    comment : str
        The recipe as JSON.
    title : str
    origin : Origin, optional
        By what it was dreamed.
    root_note : float, optional
        MIDI note of the sound's pitch (69: 440 Hz), with cents as the fraction.
    loops : bool
        The whole sound is a loop: written as loop points of the ``smpl`` chunk (WAV).
    tempo_bpm : float, optional
        Written into the ``acid`` chunk (WAV).
    """

    comment: str = ""
    title: str = ""
    origin: Origin | None = None
    root_note: float | None = None
    loops: bool = False
    tempo_bpm: float | None = None


def write_sound(path: str | Path, audio: np.ndarray, tags: Tags, subtype: str = "24-bit") -> Path:
    """Write a sound (T,) or (T, 2) as the WAV or FLAC that ``path`` ends in, whole or not at all.

    Raises
    ------
    ParameterError
        If the ending or the subtype is none of `FORMATS` and `SUBTYPES` (FLAC has no float).
    SaveError
        If the file cannot be written.
    """
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise ParameterError(f"'{path.name}' must end in .wav or .flac.")
    if subtype not in SUBTYPES or (form, subtype) == ("flac", "float"):
        known = ", ".join(name for name in SUBTYPES if (form, name) != ("flac", "float"))
        raise ParameterError(f"bits={subtype!r} must be one of: {known} (for {form.upper()}).")
    audio = np.asarray(audio, dtype=np.float32)
    if subtype != "float":
        audio = np.clip(audio, -1.0, 1.0 - 2.0 ** (1 - int(subtype[:2])))
    channels = 1 if audio.ndim == 1 else audio.shape[1]
    try:
        with replacing(path) as temporary:
            with soundfile.SoundFile(
                temporary, "w", SAMPLE_RATE, channels, SUBTYPES[subtype], format=form.upper()
            ) as sound:
                sound.software = f"{SOFTWARE}; {tags.origin}" if tags.origin else SOFTWARE
                if tags.title:
                    sound.title = tags.title
                if tags.comment:
                    sound.comment = tags.comment
                sound.write(audio)
            if form == "wav":
                _append(temporary, _sampler_chunks(len(audio), tags))
    except (OSError, RuntimeError) as error:
        raise SaveError(
            f"'{path}' cannot be saved ({error}). Free some space or choose another folder; "
            "nothing that was there before is lost."
        ) from error
    return path


def _sampler_chunks(samples: int, tags: Tags) -> bytes:
    chunks = b""
    if tags.loops or tags.root_note is not None:
        note = 60.0 if tags.root_note is None else tags.root_note
        whole = int(np.clip(np.floor(note), 0, 127))
        fraction = int((note - np.floor(note)) * 2**32) & 0xFFFFFFFF
        loop = struct.pack("<6I", 0, _FORWARD_LOOP, 0, samples - 1, 0, 0) if tags.loops else b""
        period = round(1e9 / SAMPLE_RATE)
        head = struct.pack("<9I", 0, 0, period, whole, fraction, 0, 0, int(tags.loops), 0)
        chunks += _chunk(b"smpl", head + loop)
    if tags.tempo_bpm is not None:
        beats = max(1, round(samples / SAMPLE_RATE * tags.tempo_bpm / 60))
        root = 60 if tags.root_note is None else int(np.clip(round(tags.root_note), 0, 127))
        body = struct.pack(
            "<IHHfIHHf", _ACID_STRETCH | _ACID_ROOT, root, 0x8000, 0.0, beats, 4, 4, tags.tempo_bpm
        )
        chunks += _chunk(b"acid", body)
    return chunks


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _append(path: Path, chunks: bytes) -> None:
    """Add RIFF chunks to the end of a WAV and correct the size in its header."""
    if not chunks:
        return
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        if end % 2:
            file.write(b"\0")
            end += 1
        file.write(chunks)
        file.seek(4)
        file.write(struct.pack("<I", end + len(chunks) - 8))
