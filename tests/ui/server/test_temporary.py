import os
import time

from studio.ui.server.temporary import make_room


def test_a_clock_that_was_set_back_does_not_fill_the_disk(tmp_path):
    now = time.time()
    for name, age in (("future", -86_400), ("used", 10), ("old", 3600)):
        path = tmp_path / f"{name}.wav"
        path.write_bytes(bytes(100))
        os.utime(path, (now - age,) * 2)
    assert make_room(tmp_path, most_bytes=100)
    assert [path.stem for path in tmp_path.iterdir()] == ["used"]
