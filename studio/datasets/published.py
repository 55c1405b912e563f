"""Published files and what has been done with them: size, checksum, verified, unpacked.

`Ledger` keeps ``downloads.json`` in the download folder, so that neither a second run nor a crash
costs another hour of hashing or unpacking.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from studio.errors import ParameterError, StudioError

CHUNK_BYTES = 1 << 20
"""Bytes read from a connection or a file at a time."""

LEDGER = "downloads.json"
"""Name of the note of what has been verified and unpacked."""


class DownloadError(StudioError):
    """A published file cannot be fetched, or is not what was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """One file of a published record.

    Attributes
    ----------
    name : str
        Name of the file in the download folder: a bare name, no folders.
    url : str
        Where it lies (http or https).
    size_bytes : int or None
        Published size; None if the record does not tell.
    checksum : str or None
        ``"md5:…"`` or ``"sha256:…"``. None if nobody publishes one: the file is then verified by
        its size and by the archive's own check sums while it is unpacked, and people are told so.
    checksum_source : str
        Who says so, in words.
    """

    name: str
    url: str
    size_bytes: int | None = None
    checksum: str | None = None
    checksum_source: str = ""

    def __post_init__(self) -> None:
        if Path(self.name).name != self.name or self.name in ("", "..") or "\\" in self.name:
            raise ParameterError(f"'{self.name}' must be a bare file name, without folders.")
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ParameterError(f"'{self.url}' must begin with http:// or https://.")
        if self.checksum is not None and self.checksum.partition(":")[0] not in ("md5", "sha256"):
            raise ParameterError(f"'{self.checksum}' must read md5:… or sha256:….")

    @property
    def verified_by(self) -> str:
        """What a complete download is compared with, in words."""
        if self.checksum is None:
            return "size and archive integrity only: no checksum is published"
        algorithm = self.checksum.partition(":")[0].upper()
        return f"{algorithm} {self.checksum_source}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArchive:
    """Files that are unpacked together: an archive, all parts of a split one, or a loose file.

    Attributes
    ----------
    parts : tuple of PublishedFile
        In order; of a split zip the ``.zip`` comes last.
    unpacked_bytes : int or None
        Roughly what it takes on the disk when unpacked; None: about as much as packed.
    folder : str
        Where in the dataset's folder it is unpacked; empty: right there.
    """

    parts: tuple[PublishedFile, ...]
    unpacked_bytes: int | None = None
    folder: str = ""

    @property
    def name(self) -> str:
        """Name of the part that holds the directory: the last one."""
        return self.parts[-1].name

    @property
    def is_packed(self) -> bool:
        """Whether there is something to unpack."""
        return self.name.endswith((".zip", ".tgz", ".tar.gz"))


class Ledger:
    """What has been verified and unpacked in a download folder (``downloads.json``)."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER
        try:
            self.entries: dict[str, dict[str, Any]] = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            self.entries = {}

    def is_verified(self, file: PublishedFile, path: Path) -> bool:
        """Tell whether ``path`` has been verified as ``file`` and not been touched since."""
        entry = self.entries.get(file.name, {})
        try:
            found = path.stat()
        except OSError:
            return False
        return (
            entry.get("checksum", "") == file.checksum
            and entry.get("bytes") == found.st_size
            and entry.get("modified_ns") == found.st_mtime_ns
        )

    def is_unpacked(self, name: str) -> bool:
        """Tell whether the archive ``name`` has been unpacked completely."""
        return bool(self.entries.get(name, {}).get("unpacked"))

    def note_verified(self, file: PublishedFile, path: Path) -> None:
        """Remember that ``path`` is ``file``."""
        found = path.stat()
        self._note(
            file.name,
            checksum=file.checksum,
            bytes=found.st_size,
            modified_ns=found.st_mtime_ns,
            verified_by=file.verified_by,
        )

    def note_unpacked(self, name: str) -> None:
        """Remember that the archive ``name`` has been unpacked."""
        self._note(name, unpacked=True)

    def _note(self, name: str, **facts: Any) -> None:
        self.entries.setdefault(name, {}).update(facts)
        partial = self.path.with_name(self.path.name + ".part")
        partial.write_text(json.dumps(self.entries, indent=1, ensure_ascii=False), "utf-8")
        partial.replace(self.path)


def checksum_of(path: Path, algorithm: str) -> str:
    """Return ``"algorithm:hex digest"`` of a file."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return f"{algorithm}:{digest.hexdigest()}"


def size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 if there is none."""
    return path.stat().st_size if path.exists() else 0
