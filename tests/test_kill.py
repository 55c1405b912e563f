"""A short run of ``scripts/kill_while_writing.py``."""

import os
import runpy
from pathlib import Path

import pytest

from studio.errors import StudioError

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "kill_while_writing.py"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_whoever_is_killed_while_writing_leaves_whole_files(tmp_path):
    script = runpy.run_path(str(SCRIPT))
    assert script["run"](rounds=4, seed=1, folder=tmp_path) == []


def test_the_script_notices_a_file_that_is_half_or_old(tmp_path):
    script = runpy.run_path(str(SCRIPT))
    for name, writer in script["WRITERS"].items():
        folder = tmp_path / name
        folder.mkdir()
        writer.write(folder, 1)
        assert writer.read(folder) == 1
        path = max(folder.rglob("*.*"), key=lambda path: path.stat().st_size)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises((AssertionError, StudioError, ValueError)):
            writer.read(folder)
