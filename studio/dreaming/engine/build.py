"""Build the engine's C source for every machine, with PyPI's ``ziglang`` as compiler.

``python -m studio.dreaming.engine.build`` builds all targets into `libraries/`, ``--target NAME``
(again and again) some of them. The same source and the same version of Zig give the same bytes,
wherever and whenever they are built.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

from studio.dreaming.engine.targets import LIBRARIES, MANIFEST, SOURCE, TARGETS, Target
from studio.errors import StudioError
from studio.files import replacing, write_text

LARGEST_BYTES = 150_000

_FLAGS = [
    "-O3",
    # Every sum in the order in which it is written, and FMA only where it is written.
    "-ffp-contract=off",
    "-fno-math-errno",
    # No library below it, not even C's own.
    *("-ffreestanding", "-nostdlib", "-fno-stack-protector", "-fno-unwind-tables"),
    *("-fno-asynchronous-unwind-tables", "-fvisibility=hidden", "-g0", "-Wl,--strip-all"),
    *("-Wall", "-Wextra", "-Werror"),
]
_OF_SYSTEM = {
    "linux": ["-shared", "-fPIC", "-Wl,-z,defs", "-Wl,--build-id=none"],
    "darwin": ["-shared"],
    "windows": ["-shared", "-Wl,--no-entry", "-mno-stack-arg-probe"],
    "wasm": ["-Wl,--no-entry", "-Wl,--export-dynamic", "-Wl,-z,stack-size=65536"],
}


class BuildError(StudioError):
    """The engine could not be built."""


def compiler_version() -> str | None:
    """Return the version of the installed ``ziglang``, or None."""
    try:
        return metadata.version("ziglang")
    except metadata.PackageNotFoundError:
        return None


def source_checksum() -> str:
    """Return one checksum of all that decides about the builds: the source and the commands."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.glob("*.[ch]"), key=lambda path: path.name):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    for target in TARGETS.values():
        digest.update(" ".join(_arguments(target)).encode() + b"\n")
    return digest.hexdigest()


def build(target: Target) -> bytes:
    """Return the build for a target.

    Raises
    ------
    BuildError
        If the compiler is missing or finds fault, or the build is larger than `LARGEST_BYTES`.
    """
    if compiler_version() is None:
        raise BuildError("The compiler is missing. Install it with 'pip install ziglang'.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SOURCE, folder / "source")
        cache = str(folder / "cache")
        done = subprocess.run(
            [sys.executable, "-m", "ziglang", "cc", *_arguments(target)],
            cwd=folder / "source",
            env={**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise BuildError(f"{target.name} could not be built:\n{done.stderr.strip()}")
        content = (folder / "source" / target.file).read_bytes()
    if len(content) > LARGEST_BYTES:
        raise BuildError(
            f"{target.name} has {len(content):,} bytes; {LARGEST_BYTES:,} is the most."
        )
    return content


def _arguments(target: Target) -> list[str]:
    """Return the compiler's arguments; only relative names, since some formats keep them."""
    return [
        *("-target", target.zig, f"-mcpu={target.cpu}"),
        f"-DENGINE_VECTOR_BYTES={target.vector_bytes}",
        *(*_FLAGS, *_OF_SYSTEM[target.system], "engine.c", "-o", target.file),
    ]


def read_manifest(folder: Path = LIBRARIES) -> dict[str, Any]:
    """Return what `libraries/manifest.json` says: ``source``, ``zig`` and checksums by file."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_builds(targets: Iterable[Target], folder: Path = LIBRARIES) -> dict[str, int]:
    """Build targets into a folder and note their checksums; return the bytes of each file.

    Builds of an older source are deleted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_from = {"source": source_checksum(), "zig": compiler_version()}
    manifest = read_manifest(folder)
    kept = manifest.get("sha256", {}) if made_from.items() <= manifest.items() else {}
    checksums: dict[str, str] = dict(kept)
    chosen = list(targets)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # all of them, or none is written
        contents = dict(
            zip((target.file for target in chosen), threads.map(build, chosen), strict=True)
        )
    for file, content in contents.items():
        with replacing(folder / file) as temporary:
            temporary.write_bytes(content)
        checksums[file] = hashlib.sha256(content).hexdigest()
    for path in folder.iterdir():
        if path.name != MANIFEST and path.name not in checksums:
            path.unlink()
    told = {**made_from, "sha256": dict(sorted(checksums.items()))}
    write_text(folder / MANIFEST, json.dumps(told, indent=1) + "\n")
    return {file: len(content) for file, content in contents.items()}


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m studio.dreaming.engine.build", description="Build the engine."
    )
    parser.add_argument("--target", action="append", choices=TARGETS, help="repeatable; else all")
    parser.add_argument("--into", type=Path, default=LIBRARIES, help="folder of the builds")
    chosen = parser.parse_args()
    targets = [TARGETS[name] for name in chosen.target or TARGETS]
    try:
        for file, size in write_builds(targets, chosen.into).items():
            print(f"{file}: {size:,} bytes")
    except (StudioError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
