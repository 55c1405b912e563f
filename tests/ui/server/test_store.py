"""The store of temporary sounds is bounded and private."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from studio.ui.server.store import SoundStore


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
    assert len(store) < 4
