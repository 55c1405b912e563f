"""Memory that the C library holds back: returned after work, once a while."""

import platform
import subprocess
import sys

import pytest

from studio.ui.server import admission
from studio.ui.server.allocator import Trimmer, malloc_trim
from tests.ui.streams import LOOP

HELD_BACK = """
import ctypes
from studio.ui.server.allocator import malloc_trim

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
c.free.argtypes = [ctypes.c_void_p]
blocks = []
for _ in range(800):
    blocks.append(c.malloc(100_000))
    ctypes.memset(blocks[-1], 1, 100_000)
c.malloc(100_000)  # what lies above the others keeps them
for block in blocks:
    c.free(block)
before = resident()
malloc_trim()
print(before - resident())
"""


def test_work_is_followed_by_one_trim_however_much_there_is():
    trims, waiting = [], []
    trimmer = Trimmer(lambda: trims.append(len(trims)), waiting.append)
    for _ in range(3):
        trimmer.soon()
    assert (len(waiting), trims) == (1, [])
    waiting.pop()()
    assert trims == [0]
    trimmer.soon()
    waiting.pop()()
    assert trims == [0, 1]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_what_glibc_holds_back_is_returned():
    told = subprocess.run([sys.executable, "-c", HELD_BACK], capture_output=True, check=True)
    assert int(told.stdout) > 40_000_000


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    malloc_trim()
    monkeypatch.setattr("sys.platform", "win32")
    malloc_trim()


def test_computing_asks_for_it(monkeypatch):
    asked = []
    monkeypatch.setattr(admission, "trim_soon", lambda: asked.append("computed"))
    rooms = admission.Admission()
    LOOP.run(rooms.compute("sound", int))
    assert rooms.close(10) and asked == ["computed"]
