"""Read a sound file's header without decoding it."""

from __future__ import annotations

from pathlib import Path

import soundfile

from studio.errors import AudioError
from studio.sound.containers import require_whole


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
