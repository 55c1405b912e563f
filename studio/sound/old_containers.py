"""How long the rarer sound files say they are: NIST, AVR, VOC, MATLAB, CAF, WVE, MPC2K and XI.

`missing_of_old` tells it for `containers.require_whole`. Laid out as in libsndfile's readers, and
in "Level 5 MAT-File Format" and "Apple Core Audio Format Specification". IRCAM, PAF and PVF do not
tell their length: of those only a cut in the middle of a sample is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from studio.errors import AudioError

ByteOrder = Literal["little", "big"]

_MOST_PARTS = 4096
_CAF_UNKNOWN = (1 << 64) - 1
_AVR_HEADER, _IRCAM_HEADER, _PAF_HEADER, _WVE_HEADER, _MPC_HEADER = 128, 1024, 2048, 32, 42
_XI_SAMPLES, _XI_SAMPLE_HEADER = 298, 40
_PVF_HEAD = re.compile(rb"PVF1\n(\d{1,3}) \d{1,9} (8|16|32)\n")
_NIST_FIELD = re.compile(rb"(sample_count|sample_n_bytes|channel_count) -\w+ (\d{1,12})\s")
_VOC_TYPES = range(1, 10)
_MAT4_WIDTHS = (8, 4, 4, 2, 2, 1)
_MAT4_FIRST = b"samplerate\0"
"""What libsndfile writes first, and looks for."""


def missing_of_old(path: Path, file: BinaryIO, head: bytes, there: int) -> int:
    """Return how many bytes a file lacks by its own account; 0 if it is none of these.

    Parameters
    ----------
    path : Path
        Its name, for errors.
    file : BinaryIO
        Opened; read from anywhere.
    head : bytes, length 16
        How it begins.
    there : int
        How many bytes it has.

    Raises
    ------
    AudioError
        If the last sample of an IRCAM, PAF or PVF is not whole.
    """
    end: Callable[[BinaryIO, int], int]
    if head[:8] == b"NIST_1A\n":
        end = _end_of_nist
    elif head[:4] == b"2BIT":
        end = _end_of_avr
    elif head == b"Creative Voice F":
        end = _end_of_voc
    elif head[:10] == b"MATLAB 5.0":
        end = _end_of_mat5
    elif head[:4] == b"caff":
        end = _end_of_caf
    elif head[:12] in _MAT4_HEADS:
        end = _end_of_mat4
    elif head == b"ALawSoundFile**\0":
        end = _end_of_wve
    elif head[:2] == b"\1\4":
        end = _end_of_mpc
    elif head == b"Extended Instrum":
        end = _end_of_xi
    else:
        _require_whole_sample(path, file, head, there)
        return 0
    return max(0, end(file, there) - there)


def _number(file: BinaryIO, place: int, size: int, order: ByteOrder) -> int:
    file.seek(place)
    return int.from_bytes(file.read(size), order)


def _end_of_nist(file: BinaryIO, _: int) -> int:
    """Return where the samples end: the header is text and tells its own size first."""
    file.seek(8)
    told = file.read(8).strip()
    header = int(told) if told.isdigit() else 1024
    file.seek(0)
    fields = {name: int(value) for name, value in _NIST_FIELD.findall(file.read(min(header, 8192)))}
    if b"sample_count" not in fields:
        return 0
    width = fields.get(b"sample_n_bytes", 2) * fields.get(b"channel_count", 1)
    return header + fields[b"sample_count"] * width


def _end_of_avr(file: BinaryIO, _: int) -> int:
    channels = 2 if _number(file, 12, 2, "big") else 1
    width = max(1, _number(file, 14, 2, "big") // 8)
    return _AVR_HEADER + _number(file, 26, 4, "big") * width * channels


def _end_of_voc(file: BinaryIO, there: int) -> int:
    """Return where the last block ends; a type and three bytes of size stand before each."""
    position = _number(file, 20, 2, "little")
    for _ in range(_MOST_PARTS):
        if position + 4 > there or _number(file, position, 1, "little") not in _VOC_TYPES:
            break
        position += 4 + _number(file, position + 1, 3, "little")
    return position


def _end_of_mat5(file: BinaryIO, there: int) -> int:
    order: ByteOrder = "little" if _number(file, 126, 2, "big") == int.from_bytes(b"IM") else "big"
    position = 128
    for _ in range(_MOST_PARTS):
        if position + 8 > there:
            break
        position += 8 + _number(file, position + 4, 4, order)
    return position


def _mat4_head(order: ByteOrder) -> bytes:
    kind = 0 if order == "little" else 1000
    return b"".join(number.to_bytes(4, order) for number in (kind, 1, 1))


_MAT4_HEADS: dict[bytes, ByteOrder] = {_mat4_head("little"): "little", _mat4_head("big"): "big"}


def _end_of_mat4(file: BinaryIO, there: int) -> int:
    """Return where the last matrix ends; kind, rows, columns, imaginary part, name's size first."""
    file.seek(0)
    order = _MAT4_HEADS[file.read(12)]
    file.seek(20)
    if file.read(len(_MAT4_FIRST)) != _MAT4_FIRST:
        return 0
    position = 0
    for _ in range(_MOST_PARTS):
        if position + 20 > there:
            break
        kind, rows, columns, imaginary, name = (
            _number(file, position + 4 * i, 4, order) for i in range(5)
        )
        precision = kind // 10 % 10
        if precision >= len(_MAT4_WIDTHS) or imaginary > 1:
            break
        position += 20 + name + rows * columns * _MAT4_WIDTHS[precision] * (1 + imaginary)
    return position


def _end_of_caf(file: BinaryIO, there: int) -> int:
    """Return where the last chunk ends."""
    end = there
    for name, begin, size in _caf_chunks(file, there):
        if size == _CAF_UNKNOWN and name == b"data":
            return there
        end = begin + size
    return end


def _caf_chunks(file: BinaryIO, there: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and size of every chunk."""
    position = 8
    for _ in range(_MOST_PARTS):
        if position + 12 > there:
            return
        size = _number(file, position + 4, 8, "big")
        file.seek(position)
        yield file.read(4), position + 12, size
        position += 12 + size


def size_of_caf(file: BinaryIO, there: int) -> dict[int, bytes]:
    """Return what must stand in a CAF that was still being written: the size of its samples.

    Its place, and the bytes; libsndfile does not read the -1 that stands for "to the end".
    """
    for name, begin, size in _caf_chunks(file, there):
        if name == b"data" and size == _CAF_UNKNOWN:
            return {begin - 8: (there - begin).to_bytes(8, "big")}
    return {}


def _end_of_wve(file: BinaryIO, _: int) -> int:
    return _WVE_HEADER + _number(file, 18, 4, "big")


def _end_of_mpc(file: BinaryIO, there: int) -> int:
    """Return where the frames of an Akai MPC 2000 end."""
    file.seek(0)
    head = file.read(_MPC_HEADER)
    if len(head) < _MPC_HEADER or head[21] > 1:  # two bytes are little to know a format by
        return 0
    frames = int.from_bytes(head[30:34], "little")
    return _MPC_HEADER + frames * 2 * (1 + head[21])


def _end_of_xi(file: BinaryIO, there: int) -> int:
    """Return where the samples of an instrument end, each of which has a header with its bytes."""
    count = min(_number(file, _XI_SAMPLES - 2, 2, "little"), there // _XI_SAMPLE_HEADER)
    begin = _XI_SAMPLES + count * _XI_SAMPLE_HEADER
    heads = range(_XI_SAMPLES, begin, _XI_SAMPLE_HEADER)
    return begin + sum(_number(file, place, 4, "little") for place in heads)


def _require_whole_sample(path: Path, file: BinaryIO, head: bytes, there: int) -> None:
    header = width = 0
    order: ByteOrder
    if head[:2] == b"\x64\xa3" and head[3:4] == b"\0":
        order = "big" if head[2] in (2, 4) else "little"  # Sun, NeXT; VAX, MIPS
        header = _IRCAM_HEADER
        width = _number(file, 8, 4, order) * (_number(file, 12, 4, order) & 0xFF)
    elif head[:4] in (b" paf", b"fap "):
        order = "big" if head[:4] == b" paf" else "little"
        header, kind = _PAF_HEADER, _number(file, 16, 4, order)
        # 16 bits; ten samples of 24 bits in 32 bytes; 8 bits.
        width = {0: 2, 1: 32, 2: 1}.get(kind, 1) * _number(file, 20, 4, order)
    elif head[:5] == b"PVF1\n":
        file.seek(0)
        told = _PVF_HEAD.match(file.read(32))
        if told:
            header, width = told.end(), int(told[1]) * int(told[2]) // 8
    if there < header or (width and (there - header) % width):
        raise AudioError(
            f"'{path.name}' is cut off in the middle of a sample. Export it again and retry."
        )
