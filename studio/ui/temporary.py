"""Where Gradio puts files on their way in and out: a folder of this process that goes with it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

MOST_BYTES = 1 << 30
_IN_USE_SECONDS = 300.0


def gradio_folder() -> Path:
    """Make the folder and tell Gradio, unless the environment names one already."""
    if os.environ.get("GRADIO_TEMP_DIR"):
        return Path(os.environ["GRADIO_TEMP_DIR"])
    folder = Path(tempfile.mkdtemp(prefix="deep-dream-gradio-"))
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def make_room(
    folder: Path, most_bytes: int = MOST_BYTES, in_use_seconds: float = _IN_USE_SECONDS
) -> bool:
    """Remove the oldest files until the rest is small enough; return whether it is.

    Files younger than ``in_use_seconds`` stay: somebody may be reading them.
    """
    files = []
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                facts = path.stat()
                files.append((facts.st_mtime, facts.st_size, path))
        except OSError:  # it has just gone
            continue
    total = sum(size for _, size, _ in files)
    now = time.time()
    for changed, size, path in sorted(files):
        if total <= most_bytes or now - changed < in_use_seconds:
            break
        path.unlink(missing_ok=True)
        total -= size
    return total <= most_bytes
