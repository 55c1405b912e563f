"""Initial sounds and random offsets, drawn from one seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from studio.dreaming.engine import streams
from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe, controls
from studio.errors import AudioError, DreamError
from studio.sound import SAMPLE_RATE, files
from studio.text import plain_name

Reader = Callable[[Path, float, float | None, bool], np.ndarray]
"""Reads a part of a sound file at 44,100 Hz: path, start and length in seconds, whether to keep
both channels of a stereo file."""

TONE_HZ = 220.0

_SOON_SECONDS = 0.01
_SAME = 1e-4
"""Channels that differ by a smaller share of the peak (−80 dB) are the same."""

_NOISE, _OFFSETS = range(2)
"""Streams of a seed, independent of each other."""


def initial_sound(recipe: Recipe) -> np.ndarray:
    """Return the built-in sound that a recipe starts from.

    Returns
    -------
    ndarray, shape (T,), float32, peak 1 (silence: 0)

    Raises
    ------
    DreamError
        If the recipe starts from a recording, which only its owner has.
    """
    samples = recipe.samples
    if recipe.initial == "white noise":
        noise = streams.stream(recipe.seed, _NOISE).normals(samples)
        return noise / np.abs(noise).max()
    if recipe.initial == "tone":
        return streams.tone(samples, TONE_HZ, SAMPLE_RATE)
    sound = np.zeros(samples, dtype=np.float32)
    if recipe.initial == "impulse":
        sound[samples // 2] = 1.0
    elif recipe.initial != "silence":
        raise DreamError(
            f"This recipe starts from '{recipe.initial}': give that recording, "
            f"or choose one of {', '.join(BUILT_IN_SOUNDS)}."
        )
    return sound


def fit(sound: np.ndarray, samples: int) -> np.ndarray:
    """Cut a recording to ``samples``, or pad it with silence.

    Raises
    ------
    AudioError
        If it is not one row of finite numbers, or two, (T, 2); or if it is empty.
    """
    sound = np.asarray(sound, dtype=np.float32)
    if sound.ndim != 1 and sound.shape[1:] != (2,):
        raise AudioError(
            "A sound to start from has one channel, shape (samples,), or two, (samples, 2); got "
            f"{sound.shape}."
        )
    if sound.size == 0:
        raise AudioError("The sound to start from is empty. Choose another.")
    if not np.isfinite(sound).all():
        raise AudioError("The sound to start from holds invalid numbers (NaN). Choose another.")
    lacking = (0, max(0, samples - len(sound)))
    return np.pad(sound[:samples], (lacking, (0, 0))[: sound.ndim])


def middle_and_side(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Return what the two dreams of a stereo sound start from, each (T,), float32.

    The mean of both channels and half their difference; None for the latter where there is none:
    the sound is mono, or both channels are the same.
    """
    if sound.ndim == 1:
        return sound, None
    middle, side = sound.mean(axis=1), (sound[:, 0] - sound[:, 1]) / 2
    heard = float(np.abs(side).max(initial=0.0)) > _SAME * float(np.abs(sound).max(initial=0.0))
    return middle, side if heard else None


def offsets(recipe: Recipe) -> np.ndarray:
    """Return every iteration's shift in samples, even over −max_offset … max_offset.

    Those of all stages, one after the other.
    """
    stream = streams.stream(recipe.seed, _OFFSETS)
    return np.concatenate(
        [
            stream.integers(-stage.max_offset, stage.max_offset, stage.iterations)
            for stage in recipe.each_stage
        ]
    )


def start_from(
    recipe: Recipe, path: Path, own_length: bool = False, read: Reader = files.read
) -> tuple[Recipe, np.ndarray]:
    """Return a recipe that starts from a recording, and the part of it that it starts from.

    Parameters
    ----------
    recipe : Recipe
        ``start_seconds`` and ``seconds`` say which part.
    path : Path
        A sound file.
    own_length : bool
        The recording says how long the sound is, within what a recipe may ask for.
    read : callable
        Reads a part of a sound file: path, start in seconds, seconds (None: to the end).

    Returns
    -------
    recipe : Recipe
        With the recording's name and fingerprint as ``initial``.
    sound : ndarray, shape (T,), or (T, 2) where recording and recipe are stereo, float32

    Raises
    ------
    AudioError
        If it is no sound that can be used, or that part is silent.
    """
    length = None if own_length else recipe.seconds
    sound = read(path, recipe.start_seconds, length, recipe.channels == 2)
    if middle_and_side(sound)[1] is None:
        sound = middle_and_side(sound)[0]
    if own_length:
        length = controls()["seconds"]
        seconds = min(max(length.minimum or 0.0, len(sound) / SAMPLE_RATE), length.maximum or 60.0)
        recipe = recipe.replace(seconds=seconds)
    sound = fit(sound, recipe.samples)
    return recipe.replace(initial=recording_name(path.name, sound)), sound


def notes_on(recipe: Recipe, path: Path) -> list[str]:
    """Return what a dream does not take of a recording that it starts from, in sentences."""
    facts, notes = files.probe(path), []
    if facts.channels > 2 or (facts.channels == 2 and recipe.channels == 1):
        what = "is stereo" if facts.channels == 2 else f"has {facts.channels} channels"
        instead = "; a stereo width above 0 keeps both" if facts.channels == 2 else ""
        notes.append(f"'{path.name}' {what} and is mixed down to one{instead}.")
    there = facts.duration_seconds - recipe.start_seconds
    if there < recipe.seconds - _SOON_SECONDS:
        notes.append(
            f"'{path.name}' ends after {there:.2f} s of this part: silence follows up to "
            f"{recipe.seconds:g} s."
        )
    return notes


def guided_by(recipe: Recipe, path: Path, read: Reader = files.read) -> tuple[Recipe, np.ndarray]:
    """Return a recipe whose guide sound is a recording's beginning, and that; see `start_from`."""
    sound = fit(read(path, 0.0, recipe.seconds, False), recipe.samples)
    return recipe.replace(guide=recording_name(path.name, sound)), sound


def recording_name(name: str, sound: np.ndarray) -> str:
    """Return what a recipe's ``initial`` says of a recording: its name and a fingerprint."""
    digest = hashlib.sha256(np.ascontiguousarray(sound, dtype="<f4").tobytes()).hexdigest()
    return plain_name(f"{name} (sha256 {digest[:16]})")
