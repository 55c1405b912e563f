"""What a sound file says about itself, without decoding it."""

from __future__ import annotations

from pathlib import Path

import soundfile

from studio.errors import AudioError

_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""Sizes that a recorder writes while it does not know the end yet."""

_TOLERATED_BYTES = 8
"""Some programs count a padding byte or their own chunk header into the size."""


def probe(path: Path) -> tuple[float, int, int]:
    """Return (seconds, channels, sample rate in Hz) of a sound file.

    Raises
    ------
    AudioError
        When it is no sound file, holds nothing or has lost its end.
    """
    try:
        header = soundfile.info(str(path))
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        reason = getattr(error, "error_string", error)
        raise AudioError(f"{path} cannot be read as sound ({reason})") from error
    if header.frames <= 0:
        raise AudioError(f"{path} holds no sound.")
    require_whole(path)
    return header.frames / header.samplerate, header.channels, header.samplerate


def require_whole(path: Path) -> None:
    """Raise `AudioError` if a WAV file is shorter than its header says.

    Decoders read such a file without complaint: the rest of an interrupted download or copy would
    pass for a short sound.
    """
    with path.open("rb") as stream:
        head = stream.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return
    told = int.from_bytes(head[4:8], "little")
    there = path.stat().st_size
    if told not in _UNKNOWN_SIZES and told + 8 > there + _TOLERATED_BYTES:
        raise AudioError(
            f"{path} is truncated: {there:,} of {told + 8:,} bytes are there. Copy or fetch it "
            "again."
        )
