"""How much the page loads, and how soon it can be used: locally, and on a slow line.

    python benchmarks/page_load.py [address]

Without an address a studio is started. Prints requests, bytes over the line and the time from the
request until the Dream tab's script is there: medians of three loads with an empty cache, in
headless Chromium. The slow line has 150 ms of latency and 4 Mbit/s.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("STUDIO_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
LINES = {"local": None, "150 ms, 4 Mbit/s": (150, 4e6 / 8)}
READY = "#dream[data-ready=true]"
LOADS = 3


def load(browser: Browser, address: str, line: tuple[int, float] | None) -> tuple[int, int, float]:
    """Return requests, bytes and seconds of one load."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    if line:
        latency, rate = line
        condition = {"offline": False, "latency": latency}
        client.send(
            "Network.emulateNetworkConditions",
            {**condition, "downloadThroughput": rate, "uploadThroughput": rate},
        )
    sizes: list[int] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(READY, state="attached")
    seconds = time.perf_counter() - began
    found = len(sizes), int(sum(sizes)), seconds
    context.close()
    return found


def main(address: str = "") -> None:
    """Print the table."""
    process = None
    if not address:
        process = subprocess.Popen(
            [sys.executable, "app.py"], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if "://" in word)
        time.sleep(10)  # what warms up beside the page is not measured
    print("| line | requests | kB | s until Dream can be used |\n|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, line in LINES.items():
            loads = [load(browser, address, line) for _ in range(LOADS)]
            requests, size, seconds = (statistics.median(each) for each in zip(*loads, strict=True))
            print(f"| {name} | {requests:.0f} | {size / 1000:.0f} | {seconds:.2f} |", flush=True)
        browser.close()
    if process:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:2])
