"""Whether a sound file is whole, told from its header: decoders pass a part for a short sound.

Every container says how long it is, or how long its samples are, each in its own way. A size that
its writer could not know, as in a pipe, is accepted: such a file ends where it ends.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from studio.errors import AudioError
from studio.sound.old_containers import missing_of_old, size_of_caf

ByteOrder = Literal["little", "big"]

MOST_CHUNKS = 4096
"""Chunks that are looked at; a file of millions of tiny ones would take long."""

_UNKNOWN = 0x7F000000
"""32-bit sizes from here on, and 0, stand for "not known yet": two gigabytes are no sound here."""

_UNKNOWN_64 = 1 << 62
_TOLERATED_BYTES = 8
"""Some programs count a padding byte or their own chunk header into the size."""

_MP3_FRAME_BYTES = 1441

_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_OGG_END, _OGG_BEGIN = 4, 2
_OGG_BLOCK = 1 << 16


class CorrectedFile(io.FileIO):
    """A file that reads as if some of its bytes were others, by the place of their first."""

    def __init__(self, path: Path, corrections: dict[int, bytes]) -> None:
        super().__init__(path)
        self._corrections = corrections

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``."""
        place = self.tell()
        count = super().readinto(buffer) or 0
        bytes_of = memoryview(buffer).cast("B")
        for first, other in self._corrections.items():
            low, high = max(place, first), min(place + count, first + len(other))
            if low < high:
                bytes_of[low - place : high - place] = other[low - first : high - first]
        return count

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        left = os.fstat(self.fileno()).st_size - self.tell()
        buffer = bytearray(max(0, left if size is None or size < 0 else min(size, left)))
        return bytes(buffer[: self.readinto(buffer)])


def corrections(path: Path) -> dict[int, bytes]:
    """Return what must be read otherwise for libsndfile to know a sound, by its place.

    BW64, the broadcasters' WAV beyond four gigabytes, is RF64 by another name. A WAV whose samples
    are said to take no bytes, in a file that is longer than it says, was written into a pipe.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"BW64":
            return {0: b"RF64"}
        there = file.seek(0, 2)
        if head[:4] == b"caff":
            return size_of_caf(file, there)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            told = int.from_bytes(head[4:8], "little") + 8
            file.seek(12)
            for name, size in chunks(file, there):
                if name == b"data":
                    begin = file.tell()
                    if size == 0 and told != there and begin < there < _UNKNOWN:
                        return {begin - 4: (there - begin).to_bytes(4, "little")}
                    break
    return {}


def chunks(
    file: BinaryIO, end: int, order: ByteOrder = "little", most: int = MOST_CHUNKS
) -> Iterator[tuple[bytes, int]]:
    """Yield name and size of the chunks up to ``end``; the file then stands at their content."""
    position = file.tell()
    for _ in range(most):
        if position + 8 > end:
            return
        file.seek(position)
        header = file.read(8)
        size = int.from_bytes(header[4:], order)
        yield header[:4], size
        position += 8 + size + size % 2


def require_whole(path: Path) -> None:
    """Raise `AudioError` if a file is shorter than it says, or several in one.

    Looked at are WAV, RF64, BW64, AIFF, AU, W64, Ogg, MP3s whose encoder noted their size, and
    those of `old_containers`; of FLAC the decoder knows.
    """
    with path.open("rb") as file:
        head = file.read(16)
        there = file.seek(0, 2)
        missing = 0
        if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64") and head[8:12] == b"WAVE":
            missing = _missing_of_wave(file, head, there)
        elif head[:4] == b"FORM":
            missing = _missing_of_form(file, head, there)
        elif head[:4] in (b".snd", b"dns."):
            missing = _missing_of_au(file, head, there)
        elif head == _W64_RIFF:
            missing = _missing_of_w64(file, there)
        elif head[:4] == b"OggS":
            missing = _missing_of_ogg(path, file, there)
        elif head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
            missing = _missing_of_mp3(file, head, there)
        else:
            missing = missing_of_old(path, file, head, there)
    if missing > _TOLERATED_BYTES:
        raise AudioError(
            f"'{path.name}' is cut off: {there:,} of {there + missing:,} bytes are there. "
            "Export it again and retry."
        )


def _lacking(told: int, there: int, unknown: int = _UNKNOWN) -> int:
    return max(0, told - there) if 0 < told < unknown else 0


def _missing_of_wave(file: BinaryIO, head: bytes, there: int) -> int:
    """Return how many bytes the header of a WAV, or its samples' chunk, tells of beyond the end."""
    large = head[:4] in (b"RF64", b"BW64")
    order: ByteOrder = "big" if head[:4] == b"RIFX" else "little"
    missing = 0 if large else _lacking(int.from_bytes(head[4:8], order), there - 8)
    file.seek(12)
    samples = 0
    for name, size in chunks(file, there, order):
        if name == b"ds64" and large:
            sizes = file.read(16)
            missing = _lacking(int.from_bytes(sizes[:8], "little"), there - 8, _UNKNOWN_64)
            samples = int.from_bytes(sizes[8:], "little")
        elif name == b"data":
            told = samples if large and size == 0xFFFFFFFF else size
            limit = _UNKNOWN_64 if large and samples else _UNKNOWN
            return max(missing, _lacking(told, there - file.tell(), limit))
    return missing


def _missing_of_form(file: BinaryIO, head: bytes, there: int) -> int:
    """Return the same of an AIFF or another IFF file, whose sizes begin with the large byte."""
    missing = _lacking(int.from_bytes(head[4:8], "big"), there - 8)
    file.seek(12)
    for name, size in chunks(file, there, "big"):
        if name in (b"SSND", b"BODY"):
            return max(missing, _lacking(size, there - file.tell()))
    return missing


def _missing_of_au(file: BinaryIO, head: bytes, there: int) -> int:
    order: ByteOrder = "big" if head[:4] == b".snd" else "little"
    begin, told = (int.from_bytes(head[i : i + 4], order) for i in (4, 8))
    return _lacking(told, there - begin)


def _missing_of_w64(file: BinaryIO, there: int) -> int:
    """Return the same of a Sony Wave64, whose chunks have names of 16 bytes and count those in."""
    file.seek(16)
    missing = _lacking(int.from_bytes(file.read(8), "little"), there, _UNKNOWN_64)
    position = 40
    for _ in range(MOST_CHUNKS):
        if position + 24 > there:  # looked at before going there: a size may exceed all files
            break
        file.seek(position)
        header = file.read(24)
        size = int.from_bytes(header[16:], "little")
        if size < 24:
            break
        if header[:16] == _W64_DATA:
            return max(missing, _lacking(size, there - position, _UNKNOWN_64))
        position += (size + 7) // 8 * 8
    return missing


def _missing_of_mp3(file: BinaryIO, head: bytes, there: int) -> int:
    """Return the same of an MP3 whose first frame says how many bytes there are (Xing, Info).

    A frame more or less is no matter.
    """
    begin = 0
    if head[:3] == b"ID3":  # its size has seven bits in every byte
        begin = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
    file.seek(begin)
    frame = file.read(64)
    if len(frame) < 64 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return 0
    first, mono = frame[1] & 0x08, frame[3] >> 6 == 3
    place = 4 + ((17 if mono else 32) if first else (9 if mono else 17))
    tag, told = frame[place : place + 4], frame[place + 4 : place + 16]
    if tag not in (b"Xing", b"Info") or not told[3] & 2:
        return 0
    counted = 8 if told[3] & 1 else 4  # the number of frames comes before, where it is told
    missing = _lacking(int.from_bytes(told[counted : counted + 4], "big"), there - begin)
    return missing if missing > _MP3_FRAME_BYTES else 0


def _missing_of_ogg(path: Path, file: BinaryIO, there: int) -> int:
    """Return how much the last page lacks; a file that begins a second time is refused.

    Internet radio leaves such chains behind, of which decoders read the first link and no more.
    """
    position, ended = 0, False
    while position + 27 <= there:
        file.seek(position)
        header = file.read(27 + 255)
        if header[:4] != b"OggS":
            return 0  # something else behind it, or damaged: the decoder will tell
        if header[5] & _OGG_BEGIN and ended:
            raise AudioError(
                f"'{path.name}' holds several sounds one behind the other, as recorded radio does. "
                "Export it anew as one sound."
            )
        ended = ended or bool(header[5] & _OGG_END)
        lacing = header[27 : 27 + header[26]]
        position += 27 + header[26] + sum(lacing)
    return _TOLERATED_BYTES + max(1, position - there) if position != there else 0
