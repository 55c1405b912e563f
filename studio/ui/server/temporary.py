"""Room for the files that Gradio keeps in its temporary folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MOST_BYTES = 1 << 30
_IN_USE_SECONDS = 300.0


def files_folder() -> Path:
    """Return where Gradio puts files on their way in and out: it goes with this process.

    Unless the environment's GRADIO_TEMP_DIR names a folder already. Gradio looks there when it is
    imported: call this before.
    """
    if os.environ.get("GRADIO_TEMP_DIR"):
        return Path(os.environ["GRADIO_TEMP_DIR"])
    folder = Path(tempfile.mkdtemp(prefix="deep-dream-gradio-"))
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def files_in(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield every file in a folder and its folders, but for what others remove meanwhile."""
    for place, _, names in os.walk(folder):  # `Path.rglob` fails where a folder has just gone
        for path in (Path(place, name) for name in names):
            try:
                facts = path.stat()
            except OSError:
                continue
            yield path, facts


def make_room(
    folder: Path, most_bytes: int = MOST_BYTES, in_use_seconds: float = _IN_USE_SECONDS
) -> bool:
    """Remove the oldest files until the rest is small enough; return whether it is.

    Files younger than ``in_use_seconds`` stay: somebody may be reading them.
    """
    files = [(facts.st_mtime, facts.st_size, path) for path, facts in files_in(folder)]
    total = sum(size for _, size, _ in files)
    now = time.time()
    for changed, size, path in sorted(files):
        if total <= most_bytes:
            break
        if 0 <= now - changed < in_use_seconds:  # a file from the future: the clock was set back
            continue
        path.unlink(missing_ok=True)
        total -= size
    return total <= most_bytes
