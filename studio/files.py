"""Files that appear whole or not at all, one by one or several together."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEFT_OVER_SECONDS = 3600.0
"""A temporary file that nobody has written to for so long was left by a process that was killed."""

_ORPHAN_SECONDS = 60.0
"""The same of one whose process is known to be gone: containers may share a name and a disk."""

_TRIES, _PAUSE_SECONDS = 500, 0.01
_NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder that replaces ``path`` once all went well.

    Whatever goes wrong before, a full disk or a kill, what was at ``path`` stays. Several may
    write the same file at once: each has a temporary file of its own, and the last one stays.
    """
    _sweep(path)
    temporary = _beside(path, "tmp")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """Give an empty folder for what goes into ``path``; it is removed at the end.

    What a killed process left goes when the same ``path`` is written again.
    """
    _sweep(path)
    folder = _beside(path, "tmp")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` so that a reader sees the old file or the new one, never half of one."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextmanager
def replacing_together(folder: Path, name: str) -> Iterator[Path]:
    """Give an empty folder, whose files replace those of ``folder`` all together or not at all.

    Once they are all written, the folder is renamed to ``.NAME.ready``: from then on they count.
    They are then moved to their places; where a kill comes between, `settle` does the rest.

    Parameters
    ----------
    folder : Path
    name : str
        What belongs together in ``folder``; readers call `settle` with the same name.
    """
    ready = _ready(folder, name)
    _sweep(ready)
    temporary = _beside(ready, "tmp")
    temporary.mkdir()
    try:
        yield temporary
        for path in temporary.iterdir():
            with path.open("rb") as written:
                os.fsync(written.fileno())
        for tries_left in reversed(range(_TRIES)):
            settle(folder, name)
            try:
                temporary.rename(ready)
                break
            except OSError as error:  # another one was quicker and still moves its files
                if not tries_left or error.errno not in _NOT_EMPTY:
                    raise
                time.sleep(_PAUSE_SECONDS)
        settle(folder, name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def settle(folder: Path, name: str) -> None:
    """Move files of `replacing_together` to their places that a killed process left on their way.

    Raises
    ------
    OSError
        If that cannot be done, for instance in a folder that may only be read.
    """
    ready = _ready(folder, name)
    if not ready.is_dir():
        return
    try:
        for path in sorted(ready.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                path.replace(folder / path.name)
        ready.rmdir()
    except FileNotFoundError:  # another one does the same
        pass
    except OSError as error:  # the next files are ready
        if error.errno not in _NOT_EMPTY:
            raise


def _ready(folder: Path, name: str) -> Path:
    return folder / f".{name}.ready"


def _prefix(path: Path) -> str:
    """Return how the names of temporary files for ``path`` begin; a long name is shortened."""
    return f".{path.name.lstrip('.').encode()[:100].decode(errors='ignore')}."


def _beside(path: Path, ending: str) -> Path:
    """Return a path in the same folder that nobody else uses, in this process or another."""
    return path.with_name(f"{_prefix(path)}{_here()}{secrets.token_hex(6)}.{ending}")


def _here(process: int | None = None) -> str:
    """Return what names this machine and a process of it, by default this one."""
    machine = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]
    return f"{machine}-{os.getpid() if process is None else process}-"


def _sweep(path: Path) -> None:
    """Remove what killed processes left of ``path``."""
    prefix, now = _prefix(path), time.time()
    with contextlib.suppress(OSError):
        for other in os.scandir(path.parent):
            if not (other.name.startswith(prefix) and other.name.endswith(".tmp")):
                continue
            with contextlib.suppress(OSError):
                quiet = now - other.stat().st_mtime
                wait = (
                    _ORPHAN_SECONDS if _is_orphan(other.name[len(prefix) :]) else _LEFT_OVER_SECONDS
                )
                if quiet < wait:
                    continue
                if other.is_dir():
                    shutil.rmtree(other.path, ignore_errors=True)
                else:
                    Path(other.path).unlink()


def _is_orphan(name: str) -> bool:
    """Tell whether a temporary file is known to belong to a process that is no more."""
    number = name.split("-")[1] if name.count("-") == 2 else ""
    if os.name != "posix" or not number.isdecimal() or not name.startswith(_here(int(number))):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False
