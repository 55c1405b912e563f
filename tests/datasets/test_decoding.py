import threading

import numpy as np
import pytest
import soundfile

from studio.datasets import recordings
from studio.datasets.folder import read_folder
from studio.datasets.recordings import decode


@pytest.fixture
def sounds(tmp_path, rng):
    for number in range(6):
        path = tmp_path / "sounds" / f"class {number % 2}" / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, rng.uniform(-1, 1, 2000 + 100 * number), 44100)
    (tmp_path / "sounds" / "class 0" / "broken.wav").write_bytes(b"RIFF, but no sound")
    return read_folder(tmp_path / "sounds")


def everything(decoded):
    return (
        bytes(decoded.samples.tobytes()),
        decoded.starts.tolist(),
        decoded.lengths.tolist(),
        decoded.table.problems,
    )


@pytest.mark.parametrize("killed_after", [1, 3, 6])
def test_a_killed_decoding_goes_on_and_ends_the_same(sounds, tmp_path, monkeypatch, killed_after):
    whole = everything(decode(sounds, tmp_path / "whole"))

    def kill(done, _):
        if done == killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decode(sounds, tmp_path / "cache", on_file=kill)
    (unfinished,) = (tmp_path / "cache" / "recordings").glob(".*.tmp")
    with (unfinished / "samples.int16").open("ab") as stream:  # written, but not yet noted
        stream.write(b"half a file")
    with (unfinished / "journal.jsonl").open("a") as stream:
        stream.write('{"path": "half a li')

    read, seen = recordings._decoded, []
    monkeypatch.setattr(
        recordings,
        "_decoded",
        lambda table, path, rows: seen.append(path) or read(table, path, rows),
    )
    assert everything(decode(sounds, tmp_path / "cache")) == whole
    assert len(seen) == 7 - killed_after
    assert not list((tmp_path / "cache" / "recordings").glob(".*.tmp"))


def test_samples_lost_with_the_power_are_decoded_again(sounds, tmp_path):
    whole = everything(decode(sounds, tmp_path / "whole"))

    def kill(done, _):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decode(sounds, tmp_path / "cache", on_file=kill)
    (unfinished,) = (tmp_path / "cache" / "recordings").glob(".*.tmp")
    with (unfinished / "samples.int16").open("r+b") as stream:
        stream.truncate(5001)
    assert everything(decode(sounds, tmp_path / "cache")) == whole


def test_two_that_want_the_same_sounds_decode_them_once(sounds, tmp_path, monkeypatch):
    read, seen, found = recordings._decoded, [], []
    monkeypatch.setattr(
        recordings,
        "_decoded",
        lambda table, path, rows: seen.append(path) or read(table, path, rows),
    )
    threads = [
        threading.Thread(target=lambda: found.append(everything(decode(sounds, tmp_path / "c"))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert len(seen) == 7


def test_a_truncated_wav_is_left_out_by_name(sounds, tmp_path):
    path = sounds.root / "class 1" / "1.wav"
    path.write_bytes(path.read_bytes()[:1000])
    problems = decode(sounds, tmp_path / "cache").table.problems
    assert any("1.wav" in problem and "cut off: 1,000 of 4,244" in problem for problem in problems)
    assert np.sum(["broken.wav" in problem for problem in problems]) == 1


@pytest.mark.parametrize("name", ["samples.int16", "index.csv", "problems.json"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.97])
def test_a_cache_that_is_cut_off_is_made_anew(sounds, tmp_path, name, share):
    whole = everything(decode(sounds, tmp_path / "cache"))
    (path,) = (tmp_path / "cache").rglob(name)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    assert everything(decode(sounds, tmp_path / "cache")) == whole
    path.unlink()
    assert everything(decode(sounds, tmp_path / "cache")) == whole


def test_a_damaged_journal_costs_no_more_than_decoding_again(sounds, tmp_path):
    whole = everything(decode(sounds, tmp_path / "whole"))

    def kill(done, _):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decode(sounds, tmp_path / "cache", on_file=kill)
    (journal,) = (tmp_path / "cache").rglob("journal.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join([*lines[:2], "{half a line\n", *lines[3:]]))
    assert everything(decode(sounds, tmp_path / "cache")) == whole
