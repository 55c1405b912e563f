import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from studio.files import replacing, replacing_together, settle, write_text


def test_threads_that_write_one_file_at_once_do_not_meet(tmp_path):
    """Each had the other's temporary file, when that was named after the process alone."""
    path = tmp_path / "sound.wav"
    barrier, failed = threading.Barrier(8), []

    def write(number):
        try:
            for _ in range(20):
                barrier.wait(10)
                with replacing(path) as temporary:
                    for _ in range(5):
                        with temporary.open("ab") as file:
                            file.write(bytes([number]) * 1000)
        except BaseException as error:
            failed.append(error)
            barrier.abort()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    content = path.read_bytes()
    assert len(content) == 5000 and len(set(content)) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_a_disk_takes_can_be_written(tmp_path):
    path = tmp_path / ("ü" * 125 + ".json")
    write_text(path, "whole")
    assert path.read_text() == "whole"


def test_what_a_killed_process_left_is_swept_and_what_another_writes_is_not(tmp_path):
    path = tmp_path / "state.safetensors"
    left, written, other = (tmp_path / f".state.safetensors.{i}.tmp" for i in (1, 2, 3))
    other = other.with_name(".state.safetensors2.3.tmp")
    for file in (left, written, other):
        file.write_bytes(b"half")
    for file in (left, other):
        os.utime(file, (time.time() - 7200,) * 2)
    write_text(path, "whole")
    assert not left.exists() and written.exists() and other.exists()


def test_what_a_process_left_that_is_no_more_is_swept_after_a_minute(tmp_path):
    path = tmp_path / "state.safetensors"
    code = (
        "import os, signal, sys, pathlib\n"
        "from studio.files import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)]).returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    with replacing(path) as own:
        own.write_bytes(b"whole")
        for file in (left, own):
            os.utime(file, (time.time() - 61,) * 2)
        write_text(path, "whole")
        assert own.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_files_that_belong_together_take_their_places_together(tmp_path):
    for name in ("a", "b", "c"):
        write_text(tmp_path / name, "old")
    with pytest.raises(ZeroDivisionError), replacing_together(tmp_path, "abc") as new:
        (new / "a").write_text("new")
        raise ZeroDivisionError
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        "abc", "old"
    )
    with replacing_together(tmp_path, "abc") as new:
        (new / "a").write_text("new")
        (new / "b").write_text("new")
    settle(tmp_path, "abc")
    contents = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert contents == {"a": "new", "b": "new", "c": "old"}


def test_many_may_replace_the_same_files_at_once(tmp_path):
    failed = []

    def write(number):
        try:
            for _ in range(25):
                with replacing_together(tmp_path, "pair") as new:
                    (new / "a").write_text(str(number))
                    (new / "b").write_text(str(number))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
