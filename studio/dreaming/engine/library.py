"""Finds the build of the engine that this machine runs fastest, checks and loads it.

Nothing of a build is run before it is known to be whole, and none of its vector instructions before
it is known that the processor has them: a missing or damaged file, or an old processor, is a
sentence of `unsupported_reason`, never a crash.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.dreaming.engine.chance import Chance, declare
from studio.dreaming.engine.targets import LIBRARIES, MANIFEST, TARGETS, VERSION, Target, targets_of
from studio.errors import ParameterError, StudioError

VARIABLE = "STUDIO_ENGINE_BUILD"
"""Environment variable that names one build to use, such as ``linux-x86_64-fma``."""

_TESTED = 2048
_SELF_TEST = "c9720038f6db4ac544b201345ae985991b00454c9424bbdbad8cd97b48277d20"
"""SHA-256 of so many normal numbers of seed 1."""


class EngineUnavailable(StudioError):
    """No build of the engine can be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded build.

    Attributes
    ----------
    target : Target
    functions : ctypes.CDLL
        What the build exports; a call frees Python's lock.
    """

    target: Target
    functions: ctypes.CDLL


def engine() -> Engine:
    """Return the build to use; it is looked for once.

    Raises
    ------
    ParameterError
        If there is none: `unsupported_reason`.
    """
    found = _found(os.environ.get(VARIABLE, ""))
    if isinstance(found, str):
        raise ParameterError(found)
    return found


def unsupported_reason() -> str | None:
    """Return why no build can be used, in a sentence that says what to do; None where one can."""
    found = _found(os.environ.get(VARIABLE, ""))
    return found if isinstance(found, str) else None


@cache
def _found(wanted: str) -> Engine | str:
    try:
        return choose(_candidates(wanted))
    except EngineUnavailable as error:
        return str(error)


def _candidates(wanted: str) -> list[Target]:
    system, machine = platform.system(), platform.machine()
    candidates = targets_of(system, machine)
    if not candidates:
        raise EngineUnavailable(
            f"There is no build of the engine for {system} on {machine}. Describe the machine in "
            f"studio/dreaming/engine/targets.py, then {_how_to_build()}."
        )
    if not wanted:
        return candidates
    named = [target for target in candidates if target.name == wanted]
    if not named:
        names = ", ".join(target.name for target in candidates)
        raise EngineUnavailable(
            f"{VARIABLE}={wanted} names no build for {system} on {machine}; choose one of {names}, "
            "or unset it."
        )
    return named


def choose(candidates: list[Target], folder: Path = LIBRARIES) -> Engine:
    """Return the first of some builds that can be used.

    Raises
    ------
    EngineUnavailable
        If none can; the message is that of the last one, which asks least of the processor.
    """
    trouble = EngineUnavailable("There is nothing to choose from.")
    for target in candidates:
        try:
            return load(target, folder)
        except EngineUnavailable as error:
            trouble = error
    raise trouble


def load(target: Target, folder: Path = LIBRARIES) -> Engine:
    """Load a build, once it is known to be whole, of this version and fit for this processor.

    Raises
    ------
    EngineUnavailable
        If it is not.
    """
    path = folder / target.file
    remedy = f"To mend it, {_how_to_build(target)}."
    if not path.is_file():
        raise EngineUnavailable(f"The engine's build {target.file} is missing. {remedy}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != checksums(folder).get(target.file):
        raise EngineUnavailable(
            f"The engine's build {target.file} is damaged (its checksum differs). {remedy}"
        )
    try:
        functions = ctypes.CDLL(str(path))
        version = functions.dream_version()
    except (OSError, AttributeError) as error:
        raise EngineUnavailable(
            f"The engine's build {target.file} cannot be loaded ({error}). {remedy}"
        ) from None
    if version != VERSION:
        raise EngineUnavailable(
            f"The engine's build {target.file} is of version {version}, not {VERSION}. {remedy}"
        )
    level = functions.dream_processor()
    if level < 1:
        raise EngineUnavailable(
            "This processor has no fused multiply-add (FMA), which the engine needs; x86 "
            "processors since 2013 have it."
        )
    if level < target.level:
        raise EngineUnavailable(
            f"This processor lacks instructions that the engine's build {target.name} needs. "
            f"Unset {VARIABLE}."
        )
    declare(functions)
    drawn = Chance(functions, 1).normals(_TESTED)
    if hashlib.sha256(drawn.astype("<f4").tobytes()).hexdigest() != _SELF_TEST:
        raise EngineUnavailable(
            f"The engine's build {target.file} computes wrong numbers here. {remedy}"
        )
    return Engine(target, functions)


def checksums(folder: Path = LIBRARIES) -> dict[str, str]:
    """Return the checksum of every build in a folder, by file name."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _how_to_build(target: Target | None = None) -> str:
    which = f" --target {target.name}" if target and target.name in TARGETS else ""
    python = Path(sys.executable).name or "python"
    return f"run 'pip install ziglang' and '{python} -m studio.dreaming.engine.build{which}'"
