import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import os, time
from studio.workers import local_pool, task

def work(seconds):
    time.sleep(seconds)
    return os.getpid()

if __name__ == "__main__":
    with local_pool(2) as parallel:
        pids = set(parallel(task(work, 0.3) for _ in range(4)))
        print(os.getpid(), *pids, flush=True)
        list(parallel(task(work, 600) for _ in range(2)))
"""


def is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat").read_text()
    return stat.rsplit(")", 1)[1].split()[0] != "Z"  # a zombie has ended, too


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_workers_end_with_the_process_that_started_them(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as parent:
        first, *workers = map(int, parent.stdout.readline().split())
        assert first == parent.pid and workers and first not in workers
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(map(is_there, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_there, workers))
