"""Unpacking what was downloaded: zip, zip in parts (``.z01 … .zip``) and tar.gz.

Members are written beside their final name and renamed when they are complete and their check sum
is right, so an interrupted run goes on where it stopped. Nothing is ever written outside the
folder: absolute names, ``..`` and links end the unpacking.
"""

from __future__ import annotations

import gzip
import io
import logging
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from studio.datasets.published import CHUNK_BYTES, DownloadError

log = logging.getLogger(__name__)

UnpackProgress = Callable[[str, int, int | None], None]
"""Told the member's name, the bytes unpacked so far and all there are (None: unknown)."""


def unpack(
    parts: Sequence[Path], folder: Path, *, on_progress: UnpackProgress | None = None
) -> int:
    """Unpack an archive into a folder.

    Parameters
    ----------
    parts : sequence of Path
        The archive; for a split zip all its parts in order, the ``.zip`` last.
    folder : Path
    on_progress : callable, optional
        See `UnpackProgress`.

    Returns
    -------
    int
        Number of files that lie there afterwards because of this archive.

    Raises
    ------
    DownloadError
        If the archive is damaged or wants to write outside ``folder``.
    """
    tell = on_progress or (lambda name, done, total: None)
    with _damage_explained(parts[-1]):
        if parts[-1].name.endswith((".tgz", ".tar.gz")):
            return _unpack_tar(parts[0], folder, tell)
        with open_zip(parts) as archive:
            return _unpack_zip(archive, folder, tell)


def bytes_to_unpack(parts: Sequence[Path], folder: Path) -> int | None:
    """Return the bytes an archive will still write; None if it does not tell (tar.gz)."""
    if parts[-1].suffix != ".zip":
        return None
    with _damage_explained(parts[-1]), open_zip(parts) as archive:
        return sum(
            info.file_size
            for info in archive.infolist()
            if not _is_there(_safe_target(folder, info.filename), info.file_size)
        )


def open_zip(parts: Sequence[Path]) -> zipfile.ZipFile:
    """Open a zip archive that may lie in several parts, without joining them on the disk."""
    if len(parts) == 1:
        return zipfile.ZipFile(parts[0])
    return zipfile.ZipFile(_JoinedZip(parts))


@contextmanager
def _damage_explained(archive: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DownloadError(
            f"The archive '{archive}' is damaged ({error}). Delete it and fetch it again."
        ) from error


def _unpack_zip(archive: zipfile.ZipFile, folder: Path, tell: UnpackProgress) -> int:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    targets = [_safe_target(folder, info.filename) for info in infos]
    total, done = sum(info.file_size for info in infos), 0
    for info, target in zip(infos, targets, strict=True):
        if not _is_there(target, info.file_size):
            with archive.open(info) as stream:
                _write(stream, target)
        done += info.file_size
        tell(info.filename, done, total)
    return len(infos)


def _unpack_tar(path: Path, folder: Path, tell: UnpackProgress) -> int:
    files, done = 0, 0
    with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            if member.isdir():
                continue
            if not member.isreg():
                raise DownloadError(
                    f"'{path.name}' holds '{member.name}', which is a link or a device. Nothing "
                    "of the kind belongs into a dataset: the unpacking was stopped."
                )
            target = _safe_target(folder, member.name)
            if not _is_there(target, member.size):
                content = archive.extractfile(member)
                assert content is not None  # a regular file
                _write(content, target)
            files += 1
            done += member.size
            tell(member.name, done, None)
        while stream.read(CHUNK_BYTES):  # to the end, where gzip keeps the check sum
            pass
    return files


def _is_there(target: Path, size_bytes: int) -> bool:
    return target.is_file() and target.stat().st_size == size_bytes


def _safe_target(folder: Path, name: str) -> Path:
    """Return where a member belongs, or raise if that is not inside ``folder``."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    target = folder.joinpath(*parts)
    outside = not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]
    if outside or not target.resolve().is_relative_to(folder.resolve()):
        raise DownloadError(
            f"The archive wants to write '{name}', which lies outside '{folder}'. It is not what "
            "was published: delete it."
        )
    return target


def _write(stream: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    with partial.open("wb") as output:
        while chunk := stream.read(CHUNK_BYTES):
            output.write(chunk)
    partial.replace(target)


# A split zip is one zip cut into pieces, with one difference: every place in it is told as (part,
# offset in that part). Python's zipfile knows offsets from the beginning of a single file only. So
# the parts are shown to it as one file whose end is replaced: the same directory, with offsets
# from the beginning of the first part. (APPNOTE.TXT, sections 4.3.12 to 4.3.16 and 4.5.3.)

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ABSENT16, _ABSENT32 = 0xFFFF, 0xFFFFFFFF


class _JoinedZip(io.RawIOBase):
    """The parts of a split zip as one readable, seekable zip file."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._streams = [part.open("rb") for part in parts]
        self._starts = [0]
        for part in parts:
            self._starts.append(self._starts[-1] + part.stat().st_size)
        self._position = 0
        self._tail_start = self._starts[-1]  # where the replaced end begins
        self._tail = b""
        tail_start, tail = self._rewritten_end(parts[-1].name)
        self._tail_start, self._tail = tail_start, tail

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        end = self._tail_start + len(self._tail)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: end}[whence]
        if base + offset < 0:
            raise OSError("seek before the beginning")
        self._position = base + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = max(0, self._tail_start + len(self._tail) - self._position)
        chunks = []
        while size > 0 and (chunk := self._read_once(size)):
            chunks.append(chunk)
            self._position += len(chunk)
            size -= len(chunk)
        return b"".join(chunks)

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        super().close()

    def _read_once(self, size: int) -> bytes:
        if self._position >= self._tail_start:
            begin = self._position - self._tail_start
            return self._tail[begin : begin + size]
        part = next(i for i, end in enumerate(self._starts[1:]) if self._position < end)
        limit = min(self._starts[part + 1], self._tail_start) - self._position
        self._streams[part].seek(self._position - self._starts[part])
        return self._streams[part].read(min(size, limit))

    def _rewritten_end(self, name: str) -> tuple[int, bytes]:
        """Return where the directory begins, and what shall stand there instead."""
        size = self._starts[-1]
        window_start = max(0, size - _END.size - _ABSENT16)
        self.seek(window_start)
        window = self.read(size - window_start)
        found = window.rfind(b"PK\x05\x06")
        if found < 0 or len(window) - found < _END.size:
            raise zipfile.BadZipFile(f"{name} has no end-of-directory record")
        end = _END.unpack_from(window, found)
        part, entries, length, offset = end[2], end[4], end[5], end[6]
        if _ABSENT32 in (length, offset) or _ABSENT16 in (part, entries):
            part, entries, length, offset = self._end64(window_start + found)
        if part >= len(self._streams):
            raise zipfile.BadZipFile(f"a part is missing: there should be {part + 1} or more")
        start = self._starts[part] + offset
        self.seek(start)
        directory, count = self._absolute_directory(self.read(length))
        if count != entries:
            raise zipfile.BadZipFile(f"the directory has {count} of {entries} entries")
        end64_at = start + len(directory)
        record = _END64.pack(
            *(b"PK\x06\x06", _END64.size - 12, 45, 45, 0, 0),
            *(count, count, len(directory), start),
        )
        locator = _LOCATOR.pack(b"PK\x06\x07", 0, end64_at, 1)
        last = _END.pack(
            *(b"PK\x05\x06", 0, 0, _ABSENT16, _ABSENT16, _ABSENT32, _ABSENT32, 0),
        )
        return start, directory + record + locator + last

    def _end64(self, end_at: int) -> tuple[int, int, int, int]:
        self.seek(max(0, end_at - _LOCATOR.size))
        signature, part, offset, _ = _LOCATOR.unpack(self.read(_LOCATOR.size))
        if signature != b"PK\x06\x07" or part >= len(self._streams):
            raise zipfile.BadZipFile("its 64-bit directory cannot be located")
        self.seek(self._starts[part] + offset)
        record = _END64.unpack(self.read(_END64.size))
        return record[5], record[7], record[8], record[9]

    def _absolute_directory(self, directory: bytes) -> tuple[bytes, int]:
        """Return the directory with offsets from the beginning of the first part."""
        rewritten, position, count = bytearray(), 0, 0
        while position + _ENTRY.size <= len(directory):
            entry = list(_ENTRY.unpack_from(directory, position))
            if entry[0] != b"PK\x01\x02":
                raise zipfile.BadZipFile("its directory is broken")
            names = position + _ENTRY.size
            extras = names + entry[10]
            comment = extras + entry[11]
            position = comment + entry[12]
            places, others = _split_extra(directory[extras:comment], entry)
            packed, unpacked, part, offset = places
            if part >= len(self._streams):
                raise zipfile.BadZipFile(f"a part is missing: number {part + 1}")
            wide = struct.pack("<2H3Q", 1, 24, unpacked, packed, self._starts[part] + offset)
            entry[8], entry[9], entry[13], entry[16] = _ABSENT32, _ABSENT32, 0, _ABSENT32
            entry[11] = len(wide) + len(others)
            rewritten += _ENTRY.pack(*entry) + directory[names:extras] + wide + others
            rewritten += directory[comment:position]
            count += 1
        return bytes(rewritten), count


def _split_extra(extra: bytes, entry: Sequence[int]) -> tuple[tuple[int, int, int, int], bytes]:
    """Return (packed bytes, unpacked bytes, part, offset) of an entry and its other extras."""
    packed, unpacked, part, offset = entry[8], entry[9], entry[13], entry[16]
    others, position = bytearray(), 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        body = extra[position + 4 : position + 4 + length]
        if kind == 1:
            stream = io.BytesIO(body)
            if unpacked == _ABSENT32:
                unpacked = int.from_bytes(stream.read(8), "little")
            if packed == _ABSENT32:
                packed = int.from_bytes(stream.read(8), "little")
            if offset == _ABSENT32:
                offset = int.from_bytes(stream.read(8), "little")
            if part == _ABSENT16:
                part = int.from_bytes(stream.read(4), "little")
        else:
            others += extra[position : position + 4 + length]
        position += 4 + length
    return (packed, unpacked, part, offset), bytes(others)
