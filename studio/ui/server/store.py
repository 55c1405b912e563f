"""Temporary store for sounds, in a folder that is deleted with the process.

Every entry is a folder with an unguessable name: who does not have the name cannot have the sound.
Number, size and age of the entries are bounded; the ones not asked for the longest go first.
"""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from studio.ui.server.temporary import files_in


@dataclass(slots=True)
class Entry:
    """A folder of the store. ``facts`` is free to use."""

    token: str
    folder: Path
    facts: dict = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)

    def size(self) -> int:
        """Return the bytes in the folder."""
        return sum(facts.st_size for _, facts in files_in(self.folder))


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
        self.folder = Path(tempfile.mkdtemp(prefix="deep-dream-studio-"))
        self.most = most
        self.most_bytes = most_bytes
        self.oldest_seconds = oldest_seconds
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()
        atexit.register(self.close)

    def __len__(self) -> int:
        return len(self._entries)

    def new(self) -> Entry:
        """Return a fresh entry, after making room for it."""
        self.prune()
        token = secrets.token_urlsafe(18)
        entry = Entry(token, self.folder / token)
        entry.folder.mkdir()
        with self._lock:
            self._entries[token] = entry
        return entry

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
            entries = sorted(self._entries.values(), key=lambda entry: entry.touched)
        sizes = {entry.token: entry.size() for entry in entries}
        count, total = len(entries), sum(sizes.values())
        now = time.monotonic()
        for entry in entries:
            old = now - entry.touched > self.oldest_seconds
            if not (old or count >= self.most or total > self.most_bytes):
                break
            self.drop(entry.token)
            count -= 1
            total -= sizes[entry.token]

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        with self._lock:
            self._entries.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
