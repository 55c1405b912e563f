"""Read, check, resample and write sound files."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile

from studio import __version__
from studio.errors import AudioError, ParameterError, SaveError
from studio.files import replacing
from studio.sound import SAMPLE_RATE
from studio.sound.containers import CorrectedFile, chunks, corrections, require_whole
from studio.stopping import checkpoint

LONGEST_SECONDS = 300.0
"""Recordings may last five minutes; of these the wanted part is chosen."""

_MOST_CHANNELS = 64
_MOST_FRAMES = 300 * 192_000
"""A small file can hold hours or millions of silent samples a second: five minutes at 192 kHz."""

MOST_COMMENT_BYTES = 1 << 20
"""All comments of a file together; longer ones are passed over: no recipe is as long."""

_MOST_ENTRIES = 256

SOFTWARE = f"Deep Dream studio {__version__}"
"""What a WAV says that made it."""

_SUBTYPES = {"float": "FLOAT", "16-bit": "PCM_16"}
_VALUES_AT_ONCE = 1 << 20
_FORMATS = "WAV, FLAC, OGG or MP3"
_FFMPEG_SECONDS = 60

_CONTAINERS = {
    **dict.fromkeys((".m4a", ".mp4"), "mov"),
    **{".aac": "aac", ".webm": "matroska", ".wma": "asf", ".opus": "ogg"},
}
"""What ffmpeg may take a file for. Left to guess, it would follow a playlist to other files."""

_LOUDEST = 2.0**32
"""Samples beyond this are no sound, whatever full scale was; their squares would exceed floats."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """What is known of a sound file before it is decoded."""

    name: str
    duration_seconds: float
    sample_rate: int
    channels: int


def probe(path: str | Path) -> AudioFile:
    """Return name, duration, sample rate in Hz and channels of a sound file.

    Raises
    ------
    AudioError
        If it is missing, empty, cut off, no sound, or longer than five minutes.
    """
    path = Path(path)
    with _opened(path) as sound:
        return AudioFile(
            path.name, sound.frames / sound.samplerate, sound.samplerate, sound.channels
        )


def read(
    path: str | Path,
    start_seconds: float = 0.0,
    seconds: float | None = None,
    stereo: bool = False,
) -> np.ndarray:
    """Return a part of a sound file as one channel at 44,100 Hz.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, OGG or MP3 of any rate and number of channels; M4A and others where ffmpeg is
        installed.
    start_seconds : float
        Where the part begins.
    seconds : float, optional
        How long it is; by default to the end.
    stereo : bool
        Keep both channels where the file has two.

    Returns
    -------
    ndarray, shape (T,), float32, or (T, 2) where both channels are kept
        The mean of the channels, not normalised.

    Raises
    ------
    AudioError
        If the file is missing, empty, cut off, no sound or too long, or if the part is silent or
        holds invalid numbers.
    """
    path = Path(path)
    with _opened(path) as sound:
        rate = sound.samplerate
        duration = sound.frames / rate
        if not 0 <= start_seconds < duration:
            raise AudioError(
                f"'{path.name}' lasts {duration:.2f} s: choose a start before its end, "
                f"not {start_seconds:.2f} s."
            )
        start = round(start_seconds * rate)
        wanted = sound.frames - start if seconds is None else round(seconds * rate)
        wanted = min(wanted, sound.frames - start)
        try:
            _skip(sound, start)
            if stereo and sound.channels == 2:
                audio = sound.read(wanted, dtype="float32", always_2d=True)
            else:
                audio = _mixed_down(sound, wanted)
        except soundfile.LibsndfileError:
            raise AudioError(f"'{path.name}' is damaged. Export it again and retry.") from None
    if len(audio) < wanted - rate // 10:
        raise AudioError(f"'{path.name}' is cut off. Export it again and retry.")
    if audio.size == 0:
        raise AudioError(f"'{path.name}' holds no sound in the part chosen. Choose another part.")
    if not np.isfinite(audio).all():
        raise AudioError(f"'{path.name}' holds invalid numbers (NaN). Export it again and retry.")
    if np.abs(audio).max() > _LOUDEST:
        raise AudioError(
            f"'{path.name}' holds numbers up to {np.abs(audio).max():.0e}, far beyond any sound "
            "(full scale is 1). Export it again and retry."
        )
    if rate != SAMPLE_RATE:
        audio = _resampled(audio, rate)
    if audio.size == 0 or np.abs(audio).max() < 1e-6:
        raise AudioError(
            f"'{path.name}' is silent in the part chosen. Choose another part or file."
        )
    return np.ascontiguousarray(audio, dtype=np.float32)


def read_channels(path: str | Path) -> np.ndarray:
    """Return a whole sound file at 44,100 Hz with one or two channels, (T,) or (T, 2), float32.

    More channels are mixed down to one. Errors as for `read`, but silence is a sound.
    """
    path = Path(path)
    with _opened(path) as sound:
        rate, channels = sound.samplerate, sound.channels
        try:
            if channels == 2:
                audio = sound.read(dtype="float32", always_2d=True)
            else:
                audio = _mixed_down(sound, sound.frames)
        except soundfile.LibsndfileError:
            raise AudioError(f"'{path.name}' is damaged. Export it again and retry.") from None
    if not np.isfinite(audio).all():
        raise AudioError(f"'{path.name}' holds invalid numbers (NaN). Export it again and retry.")
    if rate != SAMPLE_RATE:
        import soxr

        audio = soxr.resample(audio, rate, SAMPLE_RATE)
    return np.ascontiguousarray(audio, dtype=np.float32)


def _skip(sound: Any, frames: int) -> None:
    """Go to a place in an open file; some old telephone formats can only be read through."""
    if sound.seekable():
        sound.seek(frames)
        return
    while frames > 0 and len(block := sound.read(min(frames, _VALUES_AT_ONCE // sound.channels))):
        frames -= len(block)


def _resampled(mono: np.ndarray, rate: int) -> np.ndarray:
    """Return a sound at 44,100 Hz, to the bit as `soxr.resample` does, a part at a time."""
    import soxr

    if mono.ndim == 2:
        return np.stack([_resampled(channel, rate) for channel in mono.T], axis=1)
    stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
    parts = []
    for begin in range(0, len(mono), _VALUES_AT_ONCE):
        checkpoint()
        end = begin + _VALUES_AT_ONCE
        parts.append(stream.resample_chunk(mono[begin:end], last=end >= len(mono)))
    return np.concatenate(parts)


def _mixed_down(sound: Any, frames: int) -> np.ndarray:
    """Return the next frames of an open file as one channel; many channels are never held whole."""
    mono = np.empty(frames, dtype=np.float32)
    done = 0
    while done < frames:
        some = min(frames - done, max(1, _VALUES_AT_ONCE // sound.channels))
        checkpoint()
        block = sound.read(some, dtype="float32", always_2d=True)
        mono[done : done + len(block)] = block.mean(axis=1)
        done += len(block)
        if len(block) < some:
            break
    return mono[:done]


def write(
    path: str | Path,
    audio: np.ndarray,
    subtype: str = "float",
    comment: str = "",
    software: str = "",
) -> Path:
    """Write a WAV file, with a comment that other programs ignore.

    The file appears whole or not at all: an older file of that name stays if writing fails.

    Parameters
    ----------
    path : str or Path
    audio : ndarray, shape (T,) or (T, 2)
        At 44,100 Hz.
    subtype : {"float", "16-bit"}
        32-bit float keeps every bit. 16-bit is for programs that need it; a sound that exceeds
        full scale is turned down to fit.
    comment, software : str
        Written into the comment (ICMT) and software (ISFT) of the LIST INFO chunk; the latter is
        by default the studio's name and version.

    Raises
    ------
    SaveError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".wav":
        raise ParameterError(f"'{path.name}' must end in .wav: sounds are written as WAV.")
    audio = _fitted(audio, subtype)
    try:
        with replacing(path) as temporary:
            _write(temporary, audio, subtype, comment, software)
            if temporary.stat().st_size < audio.size * (4 if subtype == "float" else 2):
                raise OSError("the file is shorter than its sound")
    except (OSError, RuntimeError) as error:
        raise SaveError(
            f"'{path}' cannot be saved ({error}). Free some space or choose another folder; "
            "nothing that was there before is lost."
        ) from error
    return path


def encode(
    audio: np.ndarray, subtype: str = "float", comment: str = "", software: str = ""
) -> bytes:
    """Return the bytes of the WAV file that `write` would write."""
    file = io.BytesIO()
    _write(file, _fitted(audio, subtype), subtype, comment, software)
    return file.getvalue()


def _fitted(audio: np.ndarray, subtype: str) -> np.ndarray:
    """Return samples that the format can hold."""
    if subtype not in _SUBTYPES:
        raise ParameterError(f"subtype={subtype!r} must be one of: {', '.join(_SUBTYPES)}.")
    audio = np.asarray(audio, dtype=np.float32)
    if subtype == "16-bit":
        audio = audio / max(1.0, float(np.abs(audio).max(initial=0.0)))
    return audio


def _write(
    file: Path | BinaryIO, audio: np.ndarray, subtype: str, comment: str, software: str
) -> None:
    with soundfile.SoundFile(
        file, "w", SAMPLE_RATE, audio.ndim, _SUBTYPES[subtype], format="WAV"
    ) as sound:
        sound.software = software or SOFTWARE
        if comment:
            sound.comment = comment
        sound.write(audio)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a sound file, checked; what libsndfile cannot read goes through ffmpeg, if there."""
    if not path.is_file():
        raise AudioError(f"There is no file '{path}'. Check the name.")
    if path.stat().st_size == 0:
        raise AudioError(f"'{path.name}' is empty. Choose another file.")
    with contextlib.ExitStack() as stack:
        require_whole(path)
        try:
            other = corrections(path)
            file = stack.enter_context(CorrectedFile(path, other)) if other else path
            sound = stack.enter_context(soundfile.SoundFile(file))
        except (soundfile.LibsndfileError, RuntimeError, TypeError):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sound = stack.enter_context(_converted(path, folder))
        if sound.channels > _MOST_CHANNELS:
            raise AudioError(f"'{path.name}' has {sound.channels} channels; mix it down first.")
        if not sound.frames > 0:
            raise AudioError(f"'{path.name}' lasts 0 seconds. Choose another file.")
        if sound.frames / sound.samplerate > LONGEST_SECONDS + 0.5:
            raise AudioError(
                f"'{path.name}' lasts {sound.frames / sound.samplerate:.0f} s; "
                f"{LONGEST_SECONDS:.0f} s ({LONGEST_SECONDS / 60:.0f} minutes) is the most. "
                "Cut out the part you want."
            )
        if sound.frames > _MOST_FRAMES:
            raise AudioError(
                f"'{path.name}' has {sound.samplerate:,} samples a second, too many for its "
                "length. Export it at 48,000 Hz and retry."
            )
        yield sound


def _converted(path: Path, folder: Path) -> soundfile.SoundFile:
    ffmpeg = shutil.which("ffmpeg")
    container = _CONTAINERS.get(path.suffix.lower())
    if container and ffmpeg is None:
        raise AudioError(
            f"Reading '{path.name}' needs ffmpeg, which is not installed here. "
            f"Convert it to {_FORMATS}."
        )
    if ffmpeg is not None and container:
        target = folder / "converted.wav"
        command = [
            *(ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-f", container),
            *("-i", f"file:{path.resolve()}", "-vn", "-t", str(LONGEST_SECONDS + 1)),
            *("-ac", "1", "-c:a", "pcm_f32le", "-f", "wav", str(target)),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_FFMPEG_SECONDS)
            return soundfile.SoundFile(target)
        except (subprocess.SubprocessError, soundfile.LibsndfileError, OSError):
            pass
    raise AudioError(f"'{path.name}' is not a sound the studio can read. Use {_FORMATS}.")


def read_comments(path: str | Path) -> Iterator[str]:
    """Yield the comments of a WAV or FLAC; other programs may add their own.

    Raises
    ------
    AudioError
        If it is no sound that the studio can read.
    """
    yield from _information(Path(path), b"ICMT", "comment")


def read_software(path: str | Path) -> str:
    """Return what a WAV or FLAC says of the software that made it; errors as `read_comments`."""
    return next(_information(Path(path), b"ISFT", "software"), "")


def _information(path: Path, wanted: bytes, attribute: str) -> Iterator[str]:
    """Yield some entries of a WAV's LIST INFO chunks, or what stands for them in a FLAC.

    libsndfile drops comments above 2 kB, so the chunks are read here: from header to header,
    whatever lies between them.
    """
    with _opened(path) as sound, path.open("rb") as file:  # says what is wrong with no sound
        if sound.format == "FLAC":
            yield getattr(sound, attribute)
            return
        end = file.seek(0, 2)
        file.seek(12)
        left = MOST_COMMENT_BYTES
        for name, size in chunks(file, end):
            if name != b"LIST" or size < 4 or file.read(4) != b"INFO":
                continue
            last = min(end, file.tell() + size - 4)
            for entry, length in chunks(file, last, most=_MOST_ENTRIES):
                if entry == wanted and length <= left:
                    left -= length
                    yield file.read(length).rstrip(b"\0").decode("utf-8", errors="replace")
