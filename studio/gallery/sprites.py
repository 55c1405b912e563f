"""The sounds of one layer in one MP3, each of them a whole MP3 of its own within it.

Every browser plays MP3, and a part of the file can be asked for by its bytes: the page fetches and
decodes the one sound that is wanted, in a few milliseconds, and nothing of its neighbours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import soundfile

from studio.errors import AudioError
from studio.sound import SAMPLE_RATE

GAIN = 0.7
"""A sound that peaks at full scale would be clipped by what compression adds."""

_ENCODER_GAIN = 0.95
"""LAME turns sounds down by itself at this bit rate."""

PADDING_SECONDS = 0.1
"""Silence behind every sound, so that none runs into the next."""

_BITRATE_MODE, _COMPRESSION = "AVERAGE", 0.75
"""About 110 kbit/s, one channel; what differs from the original lies 22 to 25 dB below it."""


def encode(audio: np.ndarray) -> bytes:
    """Return a sound (T,) at 44,100 Hz as an MP3, `GAIN` times as loud, padded."""
    padded = np.pad(audio * (GAIN / _ENCODER_GAIN), (0, round(PADDING_SECONDS * SAMPLE_RATE)))
    memory = io.BytesIO()
    soundfile.write(
        memory,
        padded,
        SAMPLE_RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode=_BITRATE_MODE,
        compression_level=_COMPRESSION,
    )
    return memory.getvalue()


def decode(encoded: bytes, seconds: float) -> np.ndarray:
    """Return the sound of an MP3 as it was before `encode`, without the padding, (T,) float32.

    Raises
    ------
    AudioError
        If these are not the bytes of one whole sound.
    """
    try:
        sound, rate = soundfile.read(io.BytesIO(encoded), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise AudioError(f"not an MP3 ({error})") from None
    wanted = round(seconds * SAMPLE_RATE)
    if rate != SAMPLE_RATE or sound.ndim != 1 or len(sound) < wanted:
        raise AudioError(f"{len(sound)} samples at {rate} Hz instead of {wanted} at {SAMPLE_RATE}")
    return sound[:wanted] / np.float32(GAIN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sound lies in its file.

    Attributes
    ----------
    offset_bytes, bytes : int
        Its own MP3.
    offset_seconds : float
        When it begins, the MP3s of the file decoded one after the other.
    """

    offset_bytes: int
    bytes: int
    offset_seconds: float


def join(sounds: list[bytes]) -> tuple[bytes, list[Place]]:
    """Return MP3s one behind the other, and where each begins."""
    places, at, second = [], 0, 0.0
    for sound in sounds:
        places.append(Place(at, len(sound), round(second, 4)))
        at += len(sound)
        second += _duration_seconds(sound)
    return b"".join(sounds), places


def _duration_seconds(encoded: bytes) -> float:
    return soundfile.info(io.BytesIO(encoded)).duration
