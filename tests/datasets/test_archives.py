import gzip
import io
import os
import shutil
import struct
import subprocess
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.datasets.archives import bytes_to_unpack, open_zip, unpack
from studio.datasets.published import DownloadError


def zip_of(contents, stored=True):
    stream = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def split(content, cuts, wide):
    """Cut a zip into parts as the format has it: places are told as (part, offset in it)."""
    end = content.rfind(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HLL", content, end + 10)
    ends = [*sorted({cut % start for cut in cuts} - {0}), start]

    def place(offset):
        part = next(i for i, limit in enumerate(ends) if offset < limit)
        return part, offset - (ends[part - 1] if part else 0)

    directory, at = bytearray(), start
    while at < start + length:
        entry = bytearray(content[at : at + 46])
        names, extras, comments = struct.unpack_from("<3H", entry, 28)
        name = content[at + 46 : at + 46 + names]
        part, offset = place(struct.unpack_from("<L", entry, 42)[0])
        extra = b""
        if wide:  # sizes and place in a ZIP64 extra, behind an extra of another kind
            packed, unpacked = struct.unpack_from("<2L", entry, 20)
            extra = struct.pack("<2H3s", 0x5455, 3, b"\0\0\0")
            extra += struct.pack("<2H3QL", 1, 28, unpacked, packed, offset, part)
            struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
            part, offset = 0xFFFF, 0xFFFFFFFF
        struct.pack_into("<H", entry, 30, len(extra))
        struct.pack_into("<H", entry, 34, part)
        struct.pack_into("<L", entry, 42, offset)
        directory += bytes(entry) + name + extra
        at += 46 + names + extras + comments
    last = len(ends) - 1
    offset = start - (ends[-2] if last else 0)
    tail = bytes(directory)
    if wide:
        record = (b"PK\x06\x06", 44, 45, 45, last, last, count, count, len(directory), offset)
        tail += struct.pack("<4sQ2H2L4Q", *record)
        tail += struct.pack("<4sLQL", b"PK\x06\x07", last, offset + len(directory), last + 1)
        tail += struct.pack(
            "<4s4H2LH", b"PK\x05\x06", last, last, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0
        )
    else:
        sizes = (last, last, count, count, len(directory), offset, 0)
        tail += struct.pack("<4s4H2LH", b"PK\x05\x06", *sizes)
    begins = [0, *ends[:-1]]
    parts = [content[begin:limit] for begin, limit in zip(begins, ends, strict=True)]
    parts[-1] += tail
    return parts


def write_parts(folder, parts):
    paths = [folder / f"a.z{number:02d}" for number in range(1, len(parts))] + [folder / "a.zip"]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(part)
    return paths


def lying_in(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


CONTENTS = {"audio/1.wav": os.urandom(3000), "audio/2.wav": b"b" * 5000, "audio/3.wav": b""}


@settings(deadline=None, max_examples=40)
@given(
    contents=st.dictionaries(
        st.text("abcé/ ", min_size=1, max_size=6).map(lambda name: f"d/{name}x"),
        st.binary(max_size=300),
        min_size=1,
        max_size=4,
    ),
    cuts=st.lists(st.integers(1, 10**6), max_size=5),
    wide=st.booleans(),
    stored=st.booleans(),
)
def test_a_zip_in_parts_reads_as_the_whole(tmp_path_factory, contents, cuts, wide, stored):
    paths = write_parts(
        tmp_path_factory.mktemp("parts"), split(zip_of(contents, stored), cuts, wide)
    )
    with open_zip(paths) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == contents


@pytest.mark.skipif(shutil.which("zip") is None, reason="Info-ZIP is not installed")
def test_what_info_zip_splits_is_unpacked(tmp_path):
    contents = {f"audio/{number}.wav": os.urandom(50_000) for number in range(5)}
    for name, content in contents.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    command = ["zip", "-q", "-r", "-s", "64k", "../big.zip", "audio"]
    subprocess.run(command, cwd=tmp_path / "in", check=True)
    parts = [*sorted(tmp_path.glob("big.z[0-9]*")), tmp_path / "big.zip"]
    assert len(parts) == 4
    assert unpack(parts, tmp_path / "out") == 5
    assert lying_in(tmp_path / "out") == contents


def test_a_missing_part_is_noticed(tmp_path):
    paths = write_parts(tmp_path, split(zip_of(CONTENTS), [1000, 4000], False))
    with pytest.raises(DownloadError, match=r"damaged .*part is missing"):
        unpack(paths[1:], tmp_path / "out")


def test_a_wrong_byte_in_an_archive_is_noticed(tmp_path):
    content = bytearray(zip_of(CONTENTS))
    content[200] ^= 1
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DownloadError, match=r"a\.zip' is damaged .*Delete it"):
        unpack([tmp_path / "a.zip"], tmp_path / "out")
    assert "audio/1.wav" not in lying_in(tmp_path / "out")


@pytest.mark.parametrize("cut", [100, 9000])
def test_a_truncated_zip_is_noticed(tmp_path, cut):
    (tmp_path / "a.zip").write_bytes(zip_of(CONTENTS)[:-cut])
    for attempt in (unpack, bytes_to_unpack):
        with pytest.raises(DownloadError, match=r"damaged"):
            attempt([tmp_path / "a.zip"], tmp_path / "out")


def test_unpacking_goes_on_where_it_stopped(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_of(CONTENTS))
    out = tmp_path / "out"
    assert bytes_to_unpack([tmp_path / "a.zip"], out) == 8000

    def stop(name, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpack([tmp_path / "a.zip"], out, on_progress=stop)
    assert bytes_to_unpack([tmp_path / "a.zip"], out) == 5000
    first = (out / "audio" / "1.wav").stat().st_mtime_ns
    assert unpack([tmp_path / "a.zip"], out) == 3
    assert (out / "audio" / "1.wav").stat().st_mtime_ns == first
    assert lying_in(out) == CONTENTS


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "..\\x", "C:/x", "C:\\x"])
def test_nothing_is_written_outside_the_folder(tmp_path, name):
    (tmp_path / "a.zip").write_bytes(zip_of({name: b"evil"}))
    out = tmp_path / "in" / "out"
    with pytest.raises(DownloadError, match=r"lies outside"):
        unpack([tmp_path / "a.zip"], out)
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"evil"))
    with pytest.raises(DownloadError, match=r"lies outside"):
        unpack([tmp_path / "a.tgz"], out)
    assert set(lying_in(tmp_path)) == {"a.zip", "a.tgz"}


def test_a_link_in_the_way_leads_nowhere(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "audio").symlink_to(tmp_path)
    (tmp_path / "a.zip").write_bytes(zip_of(CONTENTS))
    with pytest.raises(DownloadError, match=r"lies outside"):
        unpack([tmp_path / "a.zip"], tmp_path / "out")


def tar_of(path, contents):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def test_a_tar_is_unpacked_and_taken_up_again(tmp_path):
    tar_of(tmp_path / "a.tgz", CONTENTS)
    out = tmp_path / "out"
    (out / "audio").mkdir(parents=True)
    (out / "audio" / "1.wav").write_bytes(CONTENTS["audio/1.wav"])
    (out / "audio" / "2.wav").write_bytes(b"half")
    assert unpack([tmp_path / "a.tgz"], out) == 3
    assert lying_in(out) == CONTENTS


def test_a_tar_with_a_link_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(DownloadError, match=r"'link', which is a link"):
        unpack([tmp_path / "a.tgz"], tmp_path / "out")


def test_a_damaged_tar_is_noticed(tmp_path):
    tar_of(tmp_path / "whole.tgz", CONTENTS)
    content = gzip.decompress((tmp_path / "whole.tgz").read_bytes())
    whole = gzip.compress(content)
    for damaged in (whole[:-4], whole[: len(whole) // 2], whole[:-8] + b"\0\0\0\0" + whole[-4:]):
        (tmp_path / "a.tgz").write_bytes(damaged)
        with pytest.raises(DownloadError, match=r"damaged"):
            unpack([tmp_path / "a.tgz"], tmp_path / "out")
