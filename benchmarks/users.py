"""Several users at once: what the studio's memory does, and how long they wait.

Starts the studio as a host does (with a host's limits) on this machine alone, lets users dream,
measure, upload and walk in the gallery, without a pause unless told, and prints a line of memory
twice a minute and a table of waiting times. Run
``python benchmarks/users.py --minutes 10 --users 8``.
"""

import argparse
import io
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from studio.ui.server.temporary import files_in  # noqa: E402

SECONDS_ALLOWED = 300
MODELS = [(d, a) for d in ("events", "instruments", "speech") for a in ("model1", "model2")]


class Times:
    """How long every kind of request took, and which failed."""

    def __init__(self):
        self.took, self.failed = defaultdict(list), defaultdict(list)
        self._lock = threading.Lock()

    def measure(self, kind, request):
        """Return what a request answers, or None when it fails."""
        began = time.perf_counter()
        try:
            answer = request()
        except Exception as error:  # counted and shown, whatever it is
            with self._lock:
                self.failed[kind].append(f"{type(error).__name__}: {error}"[:160])
            return None
        with self._lock:
            self.took[kind].append(time.perf_counter() - began)
        return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument(
        "--pause", type=float, default=0, help="seconds that each rests after a round, at most"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        process, address = start(scratch)
        try:
            run(process, address, Path(scratch), asked)
        finally:
            process.terminate()
            process.wait(60)
        left = [path.name for path in Path(scratch).glob("deep-dream-*")]
        print(f"temporary folders left when it has ended: {left or 'none'}")


def start(scratch):
    """Start the studio; return its process and address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port),
        "STUDIO_HOSTED": "1", "TMPDIR": scratch,
    }  # fmt: skip
    for name in ("PORT", "GRADIO_TEMP_DIR"):
        environment.pop(name, None)
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    first = None
    while time.perf_counter() - began < SECONDS_ALLOWED:
        try:
            warm = json.loads(get(f"{address}/healthz"))["warm"]
        except OSError:
            time.sleep(0.1)
            continue
        first = first or time.perf_counter() - began
        if warm:
            print(f"answers after {first:.1f} s, ready after {time.perf_counter() - began:.1f} s")
            return process, address
        time.sleep(0.1)
    process.terminate()
    raise SystemExit("the studio did not start")


def run(process, address, scratch, asked):
    times, over = Times(), threading.Event()
    users = [
        threading.Thread(target=use, args=(address, number, times, over, asked.pause), daemon=True)
        for number in range(asked.users)
    ]
    seen = [memory(process.pid)]
    print(f"before anyone comes: {seen[0]:,.0f} MB")
    for user in users:
        user.start()
    began = time.monotonic()
    while time.monotonic() - began < asked.minutes * 60:
        time.sleep(min(30, asked.minutes * 60))
        seen.append(memory(process.pid))
        waited = time.monotonic() - began
        print(
            f"{waited:5.0f} s  memory {seen[-1]:6,.0f} MB  temporary {size(scratch):6,.1f} MB",
            flush=True,
        )
    over.set()
    for user in users:
        user.join(SECONDS_ALLOWED)
    print(f"memory: largest {max(seen):,.0f} MB, last {memory(process.pid):,.0f} MB")
    report(times)


def use(address, number, times, over, pause=0.0):
    """Be a user until it is over."""
    from gradio_client import Client, handle_file

    chance = random.Random(number)
    sound = recording(number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"user {number}.wav"
        path.write_bytes(sound)
        patience = {"timeout": SECONDS_ALLOWED}
        client = Client(address, verbose=False, download_files=folder, httpx_kwargs=patience)
        while not over.is_set():
            recipe = some_recipe(chance)
            file = handle_file(path)
            times.measure("page", lambda: get(address))
            times.measure("upload", lambda: post(f"{address}/studio/uploads", sound))
            times.measure(
                "dream", lambda recipe=recipe: client.predict(recipe, None, api_name="/dream")
            )
            times.measure(
                "features", lambda file=file: client.predict(file, 0, 5, api_name="/features")
            )
            walk(address, chance, times, over)
            over.wait(chance.uniform(0, pause))


def walk(address, chance, times, over):
    """Hear some sounds of the gallery, where one is built."""
    table = times.measure(
        "gallery's table", lambda: json.loads(get(f"{address}/studio/gallery.json"))
    )
    files = [group["file"] for group in (table or {}).get("groups", ())]
    for _ in range(10 if files else 0):
        if over.is_set():
            return
        name, begin = chance.choice(files), chance.randrange(10_000)
        asked = urllib.request.Request(
            f"{address}/studio/gallery/sounds/{name}",
            headers={"range": f"bytes={begin}-{begin + 16_000}"},
        )
        times.measure("gallery's sound", lambda asked=asked: get(asked))


def some_recipe(chance):
    dataset, architecture = chance.choice(MODELS)
    return {
        "dataset": dataset,
        "architecture": architecture,
        "targets": [[chance.randrange(3), chance.randrange(8), 1.0]],
        "iterations": chance.choice((50, 100, 200)),
        "seconds": chance.choice((1, 2)),
        "seed": chance.randrange(1000),
    }


def recording(number):
    """Return twenty seconds of stereo as a WAV."""
    import numpy as np
    import soundfile

    noise = 0.2 * np.random.default_rng(number).standard_normal((20 * 44_100, 2))
    file = io.BytesIO()
    soundfile.write(file, noise.clip(-1, 1), 44_100, format="WAV")
    return file.getvalue()


def get(address):
    with urllib.request.urlopen(address, timeout=SECONDS_ALLOWED) as answer:
        return answer.read()


def post(address, body):
    return get(urllib.request.Request(address, body, {"x-file-name": "a.wav"}))


def memory(pid):
    """Return a process's resident memory in MB."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(told.stdout) / 1024


def size(folder):
    """Return what lies in a folder, in MB."""
    return sum(facts.st_size for _, facts in files_in(folder)) / 1e6


def report(times):
    print(f"{'':18}{'count':>7}{'failed':>8}{'median, s':>11}{'90 %, s':>9}{'largest, s':>12}")
    for kind in sorted({*times.took, *times.failed}):
        took, failed = sorted(times.took[kind]), times.failed[kind]
        row = f"{kind:18}{len(took):7}{len(failed):8}"
        if took:
            row += f"{statistics.median(took):11.2f}{took[int(0.9 * (len(took) - 1))]:9.2f}"
            row += f"{took[-1]:12.2f}"
        print(row)
        for message in sorted(set(failed))[:3]:
            print(f"    {message}")


if __name__ == "__main__":
    main()
