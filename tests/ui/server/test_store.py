"""The store of temporary sounds is bounded and private."""

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from studio.errors import BusyError
from studio.ui.server.store import SoundStore
from studio.ui.server.temporary import files_in


@pytest.fixture
def store():
    made = SoundStore(most=4, most_bytes=1000, oldest_seconds=60)
    yield made
    made.close()


def test_an_entry_is_found_by_its_token_only(store):
    entry = store.new()
    assert store.find(entry.token) is entry
    assert len(entry.token) >= 20
    assert store.find("guess") is None
    assert store.find("../" + entry.token) is None


def test_the_number_of_entries_is_bounded_and_the_unused_go_first(store):
    entries = [store.new() for _ in range(4)]
    store.find(entries[0].token)
    store.new()
    assert len(store) == 4
    assert store.find(entries[0].token) is entries[0]
    assert store.find(entries[1].token) is None
    assert not entries[1].folder.exists()


def test_the_bytes_are_bounded(store):
    first = store.new()
    (first.folder / "a.wav").write_bytes(bytes(900))
    second = store.new()
    (second.folder / "b.wav").write_bytes(bytes(900))
    third = store.new()
    assert store.find(first.token) is None
    assert store.find(second.token) is second and store.find(third.token) is third


def test_what_nobody_asks_for_goes_after_a_while(store):
    old = store.new()
    old.touched = time.monotonic() - 61
    store.new()
    assert store.find(old.token) is None


def test_closing_leaves_nothing_behind(store):
    store.new()
    store.close()
    assert not store.folder.exists()


def test_many_may_make_room_at_once(store):
    def fill(_):
        entry = store.new()
        for name in "abcdefgh":
            if entry.folder.exists():  # somebody else may have dropped it by now
                try:
                    (entry.folder / name).write_bytes(bytes(10))
                except FileNotFoundError:
                    return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fill, range(800)))
    assert len(store) <= 4 + 8
    store.prune()
    assert len(store) <= 4


def test_bytes_are_reserved_before_they_are_written(store):
    first, second = store.new(400), store.new(400)
    with pytest.raises(BusyError, match="no room"):
        store.new(400)  # nobody's sound goes while it is being written
    (first.folder / "a.wav").write_bytes(bytes(300))
    store.settle(first)
    third = store.new(300)
    assert store.find(first.token) is first and store.find(second.token) is second
    store.settle(third)
    store.reserve(second, 500)
    assert second.reserved == 900 and store.find(second.token) is second
    # One of the others has gone for it.
    assert sum(store.find(one.token) is None for one in (first, third)) >= 1


def test_many_who_write_at_once_stay_within_the_limit(store):
    most = []

    def write(_):
        try:
            entry = store.new(300)
        except BusyError:
            return
        try:
            (entry.folder / "a.wav").write_bytes(bytes(300))
        except FileNotFoundError:  # dropped by now
            return
        most.append(sum(facts.st_size for _, facts in files_in(store.folder)))
        store.settle(entry)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(200)))
    assert max(most) <= 1000


def test_a_folder_that_a_cleaner_removed_is_made_again(store):
    lost = store.new()
    shutil.rmtree(store.folder)
    assert store.is_well()
    entry = store.new()
    (entry.folder / "a.wav").write_bytes(b"sound")
    assert store.find(entry.token) is entry and store.find(lost.token) is None


def test_a_folder_that_cannot_be_made_is_not_well(store, monkeypatch, tmp_path):
    shutil.rmtree(store.folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert not store.is_well()
