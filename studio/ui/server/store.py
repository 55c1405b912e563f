"""Temporary store for sounds, in a folder that is deleted with the process.

Every entry is a folder with an unguessable name: who does not have the name cannot have the sound.
Number, size and age of the entries are bounded; the ones not asked for the longest go first. Bytes
are reserved before they are written, so that many who write at once keep within the limit.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from studio.errors import BusyError
from studio.ui.server.temporary import files_in

log = logging.getLogger(__name__)

_NO_ROOM = "There is no room for more sounds here just now. Please try again later."
_RETRY_SECONDS = 60.0


@dataclass(slots=True)
class Entry:
    """A folder of the store. ``facts`` is free to use; ``reserved`` bytes may yet be written."""

    token: str
    folder: Path
    facts: dict = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)
    reserved: int = 0

    def size(self) -> int:
        """Return the bytes in the folder, or those that are reserved if they are more."""
        return max(self.reserved, sum(facts.st_size for _, facts in files_in(self.folder)))


class SoundStore:
    """Temporary sounds, found by token.

    Parameters
    ----------
    most : int
        How many entries are kept.
    most_bytes : int
        How large they may be together.
    oldest_seconds : float
        How long an entry stays that nobody asks for.
    """

    def __init__(
        self, most: int = 300, most_bytes: int = 2 << 30, oldest_seconds: float = 6 * 3600.0
    ) -> None:
        self.folder = _new_folder()
        self.most = most
        self.most_bytes = most_bytes
        self.oldest_seconds = oldest_seconds
        self._entries: dict[str, Entry] = {}
        self._lock = threading.RLock()
        atexit.register(self.close)

    def __len__(self) -> int:
        return len(self._entries)

    def new(self, reserve_bytes: int = 0) -> Entry:
        """Return a fresh entry, after making room for it and what is to be written into it.

        Raises
        ------
        BusyError
            If others are writing so much that there is no room.
        """
        with self._lock:
            self._mend()
            self._make_room(reserve_bytes, entries=1)
            token = secrets.token_urlsafe(18)
            entry = Entry(token, self.folder / token, reserved=reserve_bytes)
            entry.folder.mkdir()
            self._entries[token] = entry
        return entry

    def reserve(self, entry: Entry, more_bytes: int) -> None:
        """Make room for more bytes of an entry; see `new`."""
        with self._lock:
            entry.touched = time.monotonic()
            self._make_room(more_bytes)
            entry.reserved = entry.size() + more_bytes

    def settle(self, entry: Entry) -> None:
        """Say that an entry is written: from now on only what is there counts."""
        entry.reserved = 0

    def find(self, token: str) -> Entry | None:
        """Return the entry of ``token``, or None when there is none (any more)."""
        with self._lock:
            entry = self._entries.get(token)
            if entry is not None:
                entry.touched = time.monotonic()
            return entry

    def drop(self, token: str) -> None:
        """Forget an entry and its files."""
        with self._lock:
            entry = self._entries.pop(token, None)
        if entry is not None:
            shutil.rmtree(entry.folder, ignore_errors=True)

    def prune(self) -> None:
        """Drop what is too old, then the least recently used until the rest fits."""
        with self._lock:
            self._make_room(0)

    def is_well(self) -> bool:
        """Make the folder again if it was removed; return whether it can be written."""
        try:
            with self._lock:
                self._mend()
                folder = self.folder
            probe = folder / f".{secrets.token_hex(4)}"
            probe.write_bytes(b"well")
            probe.unlink()
        except OSError as error:
            log.error("the folder of sounds cannot be written: %s", error)
            return False
        return True

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        with self._lock:
            self._entries.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mend(self) -> None:
        """Take another folder if somebody, such as a cleaner of /tmp, has removed it."""
        if not self.folder.is_dir():
            log.warning("the folder of sounds was removed; their visitors have to make them again")
            self._entries.clear()
            self.folder = _new_folder()

    def _make_room(self, more_bytes: int, entries: int = 0) -> None:
        """Drop entries until so much more fits; the caller holds the lock."""
        oldest_first = sorted(self._entries.values(), key=lambda entry: entry.touched)
        sizes = {entry.token: entry.size() for entry in oldest_first}
        count = len(oldest_first) + entries
        total = sum(sizes.values()) + more_bytes
        now = time.monotonic()
        for entry in oldest_first:
            old = now - entry.touched > self.oldest_seconds
            if not (old or count > self.most or total > self.most_bytes):
                break
            if entry.reserved and not old:  # somebody is writing it
                continue
            self.drop(entry.token)
            count -= 1
            total -= sizes[entry.token]
        if total > self.most_bytes or count > self.most:
            raise BusyError(_NO_ROOM, _RETRY_SECONDS)


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="deep-dream-studio-"))
