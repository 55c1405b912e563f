"""Listen in a real browser: first sound, how soon changes are heard, gaps, load, memory.

    python benchmarks/live_page.py [listeners] [minutes]

Starts the studio and headless Chromium (STUDIO_CHROMIUM, or chromium on the path), opens as many
pages as there are listeners, and changes a setting of each every two seconds.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--mute-audio", "--disable-quic"]


def serve() -> tuple[subprocess.Popen, str]:
    """Start the studio and wait until it is warm."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "GRADIO_SERVER_PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if b'"warm":true' in answer.read():
                    return process, address
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the studio did not start")


def begin(page: Page, address: str) -> None:
    """Open the Live tab and press Start."""
    page.goto(address)
    page.wait_for_selector("#dream[data-ready=true]")
    page.get_by_role("tab", name="Live").click()
    page.wait_for_selector("#live[data-ready=true]")
    page.click("#live-start")
    page.wait_for_function("studio.live.stream.firstSoundMs > 0")


def measure(pages: list[Page], minutes: float, process: subprocess.Popen) -> None:
    """Change settings in turns and print a row a minute."""
    print(f"{'minute':>7}{'gaps':>6}{'late':>6}{'load %':>8}{'studio MB':>11}{'heard s':>9}")
    began, move = time.monotonic(), 0
    for minute in range(1, 1 + round(minutes)):
        while time.monotonic() < began + 60 * minute:
            for page in pages:
                changes = {
                    "targets": [[move % 8, move % 8, 1]],
                    "cutoff_hz": 3000 + move % 10 * 1000,
                }
                page.evaluate("changes => studio.live.state.set(changes)", changes)
                move += 1
            time.sleep(2)
        counts = [page.evaluate("studio.live.stream.counts") for page in pages]
        heard = [page.evaluate("studio.live.stream.seconds") for page in pages]
        load = [page.inner_text("#live-load output").split()[0] for page in pages]
        held = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096 / 2**20
        gaps, late = (sum(count[name] for count in counts) for name in ("underruns", "late"))
        print(
            f"{minute:>7}{gaps:>6}{late:>6}{'/'.join(load):>8}{held:>11.0f}{min(heard):>9.1f}",
            flush=True,
        )


def main(listeners: int = 1, minutes: float = 5.0) -> None:
    """Measure and print."""
    chromium = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium")
    process, address = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            pages = [browser.new_context().new_page() for _ in range(listeners)]
            for page in pages:
                begin(page, address)
            measure(pages, minutes, process)
            for page in pages:
                first = page.evaluate("studio.live.stream.firstSoundMs")
                waits = sorted(page.evaluate("studio.live.stream.latencies"))
                most = waits[int(0.95 * (len(waits) - 1))]
                print(
                    f"first sound {first:.0f} ms; {len(waits)} changes heard after "
                    f"{statistics.median(waits):.0f} ms (median), {most:.0f} ms (95 %), "
                    f"{waits[-1]:.0f} ms (most)"
                )
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float), sys.argv[1:], strict=False)))
