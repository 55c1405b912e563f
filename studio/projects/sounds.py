"""Sounds of a project: stored once as mono FLAC at the studio's rate, named by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import soundfile

from studio.errors import AudioError, DataNotFoundError, SaveError
from studio.files import replacing
from studio.sound import SAMPLE_RATE, files
from studio.text import shown


def store(folder: Path, source: Path) -> tuple[str, np.ndarray]:
    """Read a sound file and keep it in a project.

    Parameters
    ----------
    folder : Path
        Of the project.
    source : Path
        WAV, FLAC, OGG, MP3 …, see `studio.sound.files.read`.

    Returns
    -------
    name : str
        Hexadecimal digits of its content: the same sound is stored once.
    audio : ndarray, shape (T,), float32

    Raises
    ------
    AudioError
        If it is no sound; SaveError if it cannot be written.
    """
    audio = files.read(source)
    audio = audio / max(1.0, float(np.abs(audio).max()))
    name = hashlib.sha256(audio.tobytes()).hexdigest()[:32]
    target = path_of(folder, name)
    if not target.is_file():
        try:
            target.parent.mkdir(exist_ok=True)
            with replacing(target) as temporary:
                soundfile.write(temporary, audio, SAMPLE_RATE, subtype="PCM_24", format="FLAC")
        except (OSError, RuntimeError) as error:
            raise SaveError(
                f"The sound cannot be kept in {folder} ({error}). Free some space and try again."
            ) from error
    return name, audio


def path_of(folder: Path, sound: str) -> Path:
    """Return where a stored sound lies."""
    return folder / "sounds" / f"{sound}.flac"


def stretch(folder: Path, sound: str, start: float, seconds: float) -> np.ndarray:
    """Return a part of a stored sound, (T,), float32.

    Raises
    ------
    DataNotFoundError, AudioError
        If the sound is gone, or damaged.
    """
    path = path_of(folder, sound)
    if not path.is_file():
        raise DataNotFoundError(f"The sound {shown(sound)} is not in this project any more.")
    try:
        with soundfile.SoundFile(path) as file:
            file.seek(min(round(start * SAMPLE_RATE), file.frames))
            return file.read(round(seconds * SAMPLE_RATE), dtype="float32")
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise AudioError(f"The sound {path.name} is damaged. Delete its clips.") from error
