"""Dreaming the recipe of a WAV or FLAC again, to see whether the sound is the same to the bit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from studio.dreaming import wav
from studio.dreaming.engine.library import unsupported_reason
from studio.dreaming.loop import Progress, dream
from studio.dreaming.origin import Origin
from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.dreaming.sources import fit, recording_name
from studio.errors import AudioError, ParameterError
from studio.networks.weights import load_weights
from studio.sound import SAMPLE_RATE, files

_KINDS = {
    "FLOAT": ("float", "float32"),
    "PCM_16": ("16-bit", "int16"),
    "PCM_24": ("24-bit", "int32"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sound is what its recipe makes of it here.

    Attributes
    ----------
    same : bool
        To the bit.
    reasons : tuple of str
        Why not, in sentences; or what restricts the answer.
    differing_samples, samples : int
        How many samples differ, of how many.
    correlation : float or None
        Between the file's sound and the one dreamed here; None where one is constant.
    told, here : Origin or None, Origin
        By what the file says it was dreamed, and by what it was dreamed now.
    """

    same: bool
    reasons: tuple[str, ...]
    differing_samples: int
    samples: int
    correlation: float | None
    told: Origin | None
    here: Origin


def verify(
    path: str | Path,
    initial: np.ndarray | None = None,
    guide: np.ndarray | None = None,
    models: str | Path | None = None,
    on_step: Callable[[Progress], bool | None] | None = None,
) -> Verdict:
    """Dream a WAV's recipe again and compare every sample.

    Parameters
    ----------
    path : str or Path
        A WAV or FLAC of this studio.
    initial, guide : ndarray, shape (samples,), optional
        The recordings that the recipe names, where it names some; as for `dream`.
    models : path, optional
        Where models lie.
    on_step : callable, optional
        As for `dream`.

    Raises
    ------
    AudioError
        If the file holds no recipe, or no sound as the studio writes it.
    StudioError
        If the recipe cannot be dreamed here.
    """
    path = Path(path)
    recipe = wav.read_recipe(path)
    heard, subtype = _samples(path, recipe.channels)
    model = load_weights(recipe.dataset, recipe.architecture, models)
    made = dream(model, recipe, initial, guide=guide, on_step=on_step)
    form = "FLAC" if soundfile.info(path).format == "FLAC" else "WAV"
    dreamed = _stored(made.audio, subtype, form)
    if subtype == "16-bit" and not np.array_equal(dreamed, heard):
        dreamed = _stored(_turned_down(made.audio), subtype, form)
    told = wav.read_origin(path)
    common, longer = sorted((len(heard), len(dreamed)))
    unequal = _bits(heard)[:common] != _bits(dreamed)[:common]
    differing = int(unequal.sum()) + longer - common
    same = differing == 0
    reasons = [] if same else _why(told, made.origin, len(heard), len(dreamed))
    if subtype != "float":
        reasons.append(f"The file holds {subtype[:2]} bits a sample: no more was compared.")
    return Verdict(
        same,
        tuple(reasons),
        differing,
        len(dreamed),
        _correlation(heard[:common], dreamed[:common]),
        told,
        made.origin,
    )


def recording(
    path: str | Path | None, named: str, recipe: Recipe, start_seconds: float = 0.0
) -> np.ndarray | None:
    """Return the recording that a recipe names, or None where it names a built-in sound.

    Parameters
    ----------
    path : path or None
        Where the recording lies.
    named : str
        What the recipe calls it, with its fingerprint.
    recipe : Recipe
    start_seconds : float
        Where in the file it begins.

    Raises
    ------
    ParameterError
        If it is another recording, or none was given.
    """
    if named in BUILT_IN_SOUNDS:
        return None
    if path is None:
        raise ParameterError(f"This dream used '{named}': give that recording to verify it.")
    found = files.read(path, start_seconds, recipe.seconds)
    sound = fit(found, recipe.samples)
    if recording_name("", sound).rpartition("(")[2] != named.rpartition("(")[2]:
        raise ParameterError(f"'{path}' is not the recording that this dream used: '{named}'.")
    return sound


def _samples(path: Path, channels: int) -> tuple[np.ndarray, str]:
    """Return the stored samples of a WAV or FLAC, one after the other, and their kind."""
    with soundfile.SoundFile(path) as sound:
        known = sound.format in ("WAV", "WAVEX", "FLAC") and sound.subtype in _KINDS
        if not known or sound.channels != channels:
            count = "one channel" if channels == 1 else "two channels"
            raise AudioError(
                f"'{path.name}' was changed since it was dreamed: it is no longer a WAV or FLAC of "
                f"{count}, float, 24 or 16 bit."
            )
        if sound.samplerate != SAMPLE_RATE:
            raise AudioError(
                f"'{path.name}' was changed: it is not at {SAMPLE_RATE:,} Hz any more."
            )
        subtype, kind = _KINDS[sound.subtype]
        dtype: Any = kind
        return sound.read(dtype=dtype).ravel(), subtype


def _stored(audio: np.ndarray, subtype: str, form: str) -> np.ndarray:
    """Return a dream's samples as a file of this kind holds them; WAV and FLAC round otherwise."""
    if subtype == "float":
        return np.asarray(audio, dtype=np.float32).ravel()
    bits = int(subtype[:2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"again.{form.lower()}"
        held = np.clip(audio, -1.0, 1.0 - 2.0 ** (1 - bits))
        soundfile.write(path, held, SAMPLE_RATE, f"PCM_{bits}", format=form)
        return _samples(path, 1 if audio.ndim == 1 else audio.shape[1])[0]


def _turned_down(audio: np.ndarray) -> np.ndarray:
    """Return a sound as the studio's own 16-bit WAVs hold it: never beyond full scale."""
    return audio / max(1.0, float(np.abs(audio).max(initial=0.0)))


def _bits(samples: np.ndarray) -> np.ndarray:
    """Return samples as whole numbers, of which none equals another (as −0 does 0)."""
    return samples.view(np.dtype(f"i{samples.itemsize}"))


def _why(told: Origin | None, here: Origin, heard: int, dreamed: int) -> list[str]:
    """Return why two sounds may differ."""
    if heard != dreamed:
        return [f"The file holds {heard:,} samples, its recipe makes {dreamed:,}: it was cut."]
    if told is None:
        return [
            "The file does not say which engine and weights it was dreamed with: it is older than "
            "the engine whose sounds are the same everywhere."
        ]
    reasons = []
    if told.weights != here.weights:
        reasons.append(
            f"The weights differ: the file was dreamed with {told.weights or 'unsaved ones'}, here "
            f"lie {here.weights or 'unsaved ones'}."
        )
    if told.engine != here.engine:
        reasons.append(f"It was dreamed by the {told.engine}; here dreams the {here.engine}.")
    if "FMA" in told.engine:
        reasons.append("Without fused multiply-add (FMA) a browser rounds once more.")
    if "reference" in (told.engine, here.engine):
        reasons.append("The reference's sounds differ in their last bits from machine to machine.")
    if not here.exact and (reason := unsupported_reason()):
        reasons.append(reason)
    return reasons or [
        "Engine and weights are the same, so the file was changed after it was dreamed (levelled, "
        "say, as exports are: export it untouched), or began with another recording."
    ]


def _correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    if len(one) < 2 or one.std() == 0 or other.std() == 0:
        return None
    found = float(np.corrcoef(one.astype(np.float64), other.astype(np.float64))[0, 1])
    return found if np.isfinite(found) else None
