"""For which machines the engine is built, and what each build asks of the processor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "source"
LIBRARIES = Path(__file__).parent / "libraries"

MANIFEST = "manifest.json"
"""In the folder of the builds: what they were made from, and their checksums."""

VERSION = 1
"""Of the engine: what `dream_version` of a build must say. A dream of the same version, recipe and
weights is the same to the bit."""

FMA, AVX2, AVX512 = 1, 3, 4
"""Levels of `dream_processor`: fused multiply-add; all of x86-64-v3; all of x86-64-v4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One build.

    Attributes
    ----------
    name : str
        ``<system>-<machine>``, and for several builds of one machine the level.
    system, machine : str
        As the `platform` module says them, in lower case; "wasm" for WebAssembly.
    level : int
        The least level of the processor that runs it.
    ending : str
        Of the file.
    zig, cpu : str
        Target triple and processor, as Zig names them.
    vector_bytes : int
        Width of the vectors that the source works with.
    """

    name: str
    system: str
    machine: str
    level: int = FMA
    ending: str
    zig: str
    cpu: str
    vector_bytes: int = 16

    @property
    def file(self) -> str:
        """Name of the build's file."""
        return self.name + self.ending

    @property
    def path(self) -> Path:
        """Where the build lies."""
        return LIBRARIES / self.file


def _x86(system: str, ending: str, zig: str) -> list[Target]:
    """Return the builds for x86-64: 128-bit vectors with FMA, and 256-bit ones."""
    shared: dict[str, Any] = {"system": system, "machine": "x86_64", "ending": ending, "zig": zig}
    name = f"{system}-x86_64"
    return [
        Target(name=f"{name}-fma", cpu="x86_64_v2+avx+fma", **shared),
        Target(name=f"{name}-v3", cpu="x86_64_v3", level=AVX2, vector_bytes=32, **shared),
    ]


_ARM: dict[str, Any] = {"machine": "arm64", "level": FMA}
_WEB: dict[str, Any] = {
    "system": "wasm",
    "machine": "wasm32",
    "ending": ".wasm",
    "zig": "wasm32-freestanding",
}
_SIMD = "generic+simd128+bulk_memory"

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        *_x86("linux", ".so", "x86_64-linux-gnu"),
        Target(
            name="linux-x86_64-v4",
            system="linux",
            machine="x86_64",
            level=AVX512,
            ending=".so",
            zig="x86_64-linux-gnu",
            cpu="x86_64_v4",
            vector_bytes=64,
        ),
        Target(
            name="linux-arm64",
            system="linux",
            ending=".so",
            zig="aarch64-linux-gnu",
            cpu="generic",
            **_ARM,
        ),
        *_x86("darwin", ".dylib", "x86_64-macos.11.0"),
        Target(
            name="darwin-arm64",
            system="darwin",
            ending=".dylib",
            zig="aarch64-macos.11.0",
            cpu="apple_m1",
            **_ARM,
        ),
        *_x86("windows", ".dll", "x86_64-windows-gnu"),
        Target(name="wasm-relaxed", cpu=f"{_SIMD}+relaxed_simd", **_WEB),
        Target(name="wasm-plain", cpu=_SIMD, **_WEB),
    )
}

MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
"""Other names of the same machines."""


def targets_of(system: str, machine: str) -> list[Target]:
    """Return the builds for a system and machine as `platform` names them, the fastest first."""
    system, machine = system.lower(), machine.lower()
    machine = MACHINES.get(machine, machine)
    found = [each for each in TARGETS.values() if (each.system, each.machine) == (system, machine)]
    return sorted(found, key=lambda target: -target.level)
