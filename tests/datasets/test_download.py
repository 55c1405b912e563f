import hashlib
import json

import pytest

from studio.datasets import download as downloading
from studio.datasets.download import download, missing_bytes, read_json, require_space
from studio.datasets.published import DownloadError, Ledger, PublishedFile
from studio.errors import ParameterError

CONTENT = bytes(range(256)) * 400  # 102,400 bytes


def published(host, name="audio.bin", content=CONTENT, **changes):
    host.contents[name] = content
    facts = {
        "name": name,
        "url": host.address(name),
        "size_bytes": len(content),
        "checksum": "md5:" + hashlib.md5(content).hexdigest(),
        "checksum_source": "published by the record",
    }
    return PublishedFile(**(facts | changes))


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses that would have been made, in seconds."""
    made = []
    monkeypatch.setattr(downloading.time, "sleep", made.append)
    return made


def fetch(file, folder, **options):
    return download([file], folder, pause_seconds=0.0, **options)[0]


def test_a_file_arrives_whole_and_under_its_name(host, tmp_path):
    path = fetch(published(host), tmp_path)
    assert path == tmp_path / "audio.bin"
    assert path.read_bytes() == CONTENT
    assert not list(tmp_path.glob("*.part"))


def test_dropped_connections_are_taken_up_where_they_broke_off(host, tmp_path):
    file = published(host)
    host.drop_after = 30_000
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    ranges = [wanted for _, wanted in host.requests]
    assert ranges == [None, "bytes=30000-", "bytes=60000-", "bytes=90000-"]


def test_a_later_run_goes_on_where_the_first_was_killed(host, tmp_path):
    file = published(host)
    (tmp_path / "audio.bin.part").write_bytes(CONTENT[:50_001])
    assert missing_bytes([file], tmp_path) == len(CONTENT) - 50_001
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    assert host.requests == [("/audio.bin", "bytes=50001-")]


def test_a_server_without_ranges_is_read_from_the_start(host, tmp_path):
    file = published(host)
    host.honours_ranges = False
    (tmp_path / "audio.bin.part").write_bytes(b"x" * 50_000)
    assert fetch(file, tmp_path).read_bytes() == CONTENT


def test_a_wrong_byte_costs_a_second_download(host, tmp_path):
    file = published(host)
    host.wrong_byte_in = {0}
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    assert host.full_answers == 2


def test_a_file_that_stays_wrong_is_thrown_away_and_explained(host, tmp_path):
    file = published(host)
    host.wrong_byte_in = {0, 1}
    with pytest.raises(DownloadError, match=r"audio\.bin.*checksum is md5:\w+ instead of md5:"):
        fetch(file, tmp_path)
    assert not list(tmp_path.glob("audio*"))


def test_a_partial_file_with_a_wrong_byte_is_fetched_anew(host, tmp_path):
    file = published(host)
    (tmp_path / "audio.bin.part").write_bytes(b"wrong" + CONTENT[5:60_000])
    assert fetch(file, tmp_path).read_bytes() == CONTENT


def test_a_replaced_file_is_refused_before_it_is_fetched(host, tmp_path):
    file = published(host, size_bytes=len(CONTENT) + 1)
    with pytest.raises(DownloadError, match="offers 102,400 bytes, but 102,401 were published"):
        fetch(file, tmp_path)


def test_without_a_checksum_the_size_is_verified_and_people_are_told(host, tmp_path):
    file = published(host, checksum=None, size_bytes=None)
    host.drop_after = 40_000
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    assert "no checksum is published" in file.verified_by


def test_a_complete_partial_file_of_unknown_size_is_recognised(host, tmp_path):
    file = published(host, size_bytes=None)
    (tmp_path / "audio.bin.part").write_bytes(CONTENT)
    assert fetch(file, tmp_path).read_bytes() == CONTENT


def test_a_busy_server_is_asked_again_when_it_says(host, tmp_path, pauses):
    file = published(host)
    host.failures = [503, 429]
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    assert pauses == [7.0, 7.0]


def test_pauses_grow_up_to_a_minute(host, tmp_path, pauses):
    file = PublishedFile(name="x", url="http://127.0.0.1:9/x")  # nobody listens there
    with pytest.raises(DownloadError, match=r"9 times in a row"):
        download([file], tmp_path, attempts=9)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_server_that_never_answers_ends_in_one_sentence(host, tmp_path):
    file = published(host)
    host.failures = [503] * 10
    with pytest.raises(DownloadError, match=r"3 times in a row.*run the same command again"):
        fetch(file, tmp_path, attempts=3)


def test_a_missing_file_is_not_asked_for_twice(host, tmp_path):
    with pytest.raises(DownloadError, match="HTTP 404"):
        fetch(PublishedFile(name="gone.zip", url=host.address("gone.zip")), tmp_path)
    assert len(host.requests) == 1


def test_what_is_verified_is_neither_fetched_nor_hashed_again(host, tmp_path, monkeypatch):
    file = published(host)
    fetch(file, tmp_path)
    monkeypatch.setattr(downloading, "checksum_of", lambda *_: pytest.fail("hashed again"))
    fetch(file, tmp_path)
    assert len(host.requests) == 1


def test_a_file_changed_after_its_verification_is_fetched_again(host, tmp_path):
    file = published(host)
    fetch(file, tmp_path).write_bytes(CONTENT[:-1] + b"!")
    assert fetch(file, tmp_path).read_bytes() == CONTENT


def test_an_archive_that_was_unpacked_may_be_deleted(host, tmp_path):
    file = published(host)
    fetch(file, tmp_path).unlink()
    Ledger(tmp_path).note_unpacked(file.name)
    fetch(file, tmp_path)
    assert len(host.requests) == 1
    assert missing_bytes([file], tmp_path) == 0


def test_progress_ends_at_the_size(host, tmp_path):
    told = []
    fetch(published(host), tmp_path, on_progress=lambda *facts: told.append(facts))
    assert told[-1] == ("audio.bin", len(CONTENT), len(CONTENT))


def test_a_full_disk_is_noticed_beforehand(tmp_path):
    require_space(tmp_path / "new", 1000, "It")
    with pytest.raises(DownloadError, match=r"FSD50K needs 1000000000\.0 GB, but the disk"):
        require_space(tmp_path / "new", 10**18, "FSD50K")


@pytest.mark.parametrize("name", ["../audio.bin", "a/b", "", "..", "C:\\x"])
def test_a_published_name_cannot_lead_out_of_the_folder(name):
    with pytest.raises(ParameterError, match="bare file name"):
        PublishedFile(name=name, url="https://example.org/x")


def test_a_list_of_files_survives_a_busy_server(host):
    host.contents["record"] = json.dumps({"files": [1]}).encode()
    host.failures = [500]
    assert read_json(host.address("record"), pause_seconds=0.0) == {"files": [1]}
