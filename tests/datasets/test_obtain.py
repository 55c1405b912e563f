import hashlib

import pytest

from studio.datasets import aishell3, fsd50k
from studio.datasets.catalogue import open_dataset
from studio.datasets.obtain import obtain, space_needed
from studio.datasets.published import DownloadError, PublishedArchive, PublishedFile

from .test_archives import split, tar_of, write_parts, zip_of
from .trees import aishell3 as make_aishell3
from .trees import fsd50k as make_fsd50k


def contents_of(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def publish(host, path):
    content = host.contents[path.name] = path.read_bytes()
    return PublishedFile(
        name=path.name,
        url=host.address(path.name) + "?download=1",
        size_bytes=len(content),
        checksum=f"md5:{hashlib.md5(content).hexdigest()}",
    )


@pytest.fixture
def record(host, tmp_path, rng):
    """FSD50K as published, small: split zips and all, on a host that drops connections."""
    tree = make_fsd50k(tmp_path / "tree", rng)
    archives = []
    for name in ("FSD50K.ground_truth", "FSD50K.dev_audio", "FSD50K.eval_audio"):
        inside = contents_of(tree.root / name)
        packed = zip_of({f"{name}/{file}": content for file, content in inside.items()}, False)
        cuts = [] if "truth" in name else [len(packed) // 3, len(packed) // 2]
        folder = tmp_path / "record" / name
        folder.mkdir(parents=True)
        paths = write_parts(folder, split(packed, cuts, False) if cuts else [packed])
        paths = [path.rename(folder / f"{name}{path.suffix}") for path in paths]
        archives.append(PublishedArchive(parts=tuple(publish(host, path) for path in paths)))
    host.drop_after = 60_000
    return tree, archives


def get(archives, folder, **options):
    obtain(archives, folder, pause_seconds=0.0, **options)


def test_a_published_dataset_arrives_ready_to_train_on(record, tmp_path):
    tree, archives = record
    get(archives, tmp_path / "here")
    there, here = open_dataset(tree.root), open_dataset(tmp_path / "here")
    assert here.clips.equals(there.clips)
    assert contents_of(tmp_path / "here").items() >= contents_of(tree.root).items()


def test_a_second_run_fetches_and_unpacks_nothing(record, host, tmp_path):
    _, archives = record
    get(archives, tmp_path / "here", delete_archives=True)
    assert not list((tmp_path / "here").glob("*.z*"))
    asked = len(host.requests)
    get(archives, tmp_path / "here")
    assert len(host.requests) == asked
    assert space_needed(archives, tmp_path / "here") == 0


def test_an_interrupted_run_goes_on(record, host, tmp_path):
    tree, archives = record

    def stop(name, done, total):
        if name.endswith("65520.wav"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(archives, tmp_path / "here", on_unpack=stop)
    asked = len(host.requests)
    get(archives, tmp_path / "here")
    assert open_dataset(tmp_path / "here").clips.equals(open_dataset(tree.root).clips)
    assert not any("dev_audio" in path for path, _ in host.requests[asked:])


def test_too_small_a_disk_is_noticed_before_a_byte_is_fetched(host, tmp_path):
    with pytest.raises(DownloadError, match=r"needs .* GB, but the disk"):
        file = PublishedFile(name="a.zip", url=host.address("a.zip"), size_bytes=10**18)
        get([PublishedArchive(parts=(file,))], tmp_path / "here")
    assert not host.requests


def test_deleting_archives_on_the_way_needs_less_space(tmp_path):
    archives = fsd50k.published_archives()
    packed = sum(part.size_bytes for archive in archives for part in archive.parts)
    everything = space_needed(archives, tmp_path)
    assert everything == pytest.approx(packed + 34.4e9, rel=0.01)
    less = space_needed(archives, tmp_path, delete_archives=True)
    assert 34.4e9 < less < everything - 5e9


def test_the_speech_archive_unpacks_to_a_dataset(host, tmp_path, rng):
    tree = make_aishell3(tmp_path / "tree", rng)
    (tmp_path / "record").mkdir()
    path = tmp_path / "record" / "data_aishell3.tgz"
    tar_of(path, contents_of(tree.root / "data_aishell3"))
    get([PublishedArchive(parts=(publish(host, path),))], tmp_path / "here")
    assert open_dataset(tmp_path / "here").classes == open_dataset(tree.root).classes


def test_of_the_speech_archive_it_is_told_that_its_checksum_is_not_the_publishers():
    (archive,) = aishell3.published_archives()
    assert "OpenSLR publishes none" in archive.parts[0].verified_by
    assert archive.is_packed
