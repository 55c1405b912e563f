"""How soon the Gallery tab shows, how soon a sound is heard, how soon a kit of 40 is in a folder.

Starts the studio with the gallery that STUDIO_GALLERY names (by default the studio's own) and opens
it in headless Chromium. Run ``python benchmarks/gallery_tab.py``; it prints a table; with
``kit`` it only makes the kit, whose 40 sounds are dreamed again, and counts clicks. Headless
Chromium draws without a graphics card: a person's browser is rather faster.
"""

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--mute-audio"]
POINTS = 60


def main():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    try:
        wait_for(address)
        report("table, bytes", size(address, "identity"))
        report("table, bytes compressed", size(address, "gzip"))
        with sync_playwright() as playwright:
            chromium = os.environ.get("STUDIO_CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            (kit if sys.argv[1:] == ["kit"] else measure)(page, address)
            browser.close()
    finally:
        process.terminate()
        process.wait(15)


def measure(page, address):
    page.goto(address)
    page.wait_for_selector("#dream[data-ready=true]")
    began = time.perf_counter()
    page.get_by_role("tab", name="Gallery").click()
    page.wait_for_selector("#gallery[data-ready=true]")
    report("tab shown after, s", time.perf_counter() - began)
    count = page.evaluate("studio.gallery.catalogue.count")
    report("sounds", count)
    page.wait_for_timeout(1000)
    chance = random.Random(1)
    rows = [chance.randrange(count) for _ in range(POINTS)]
    times = {False: [], True: []}
    for row in rows + rows[-20:]:
        heard = hover(page, row)
        times[heard["cached"]].append(heard["ms"])
    for cached, name in ((False, "never heard before"), (True, "heard before")):
        if times[cached]:
            report(f"hover to sound, {name}, ms (median)", statistics.median(times[cached]))
            report(f"hover to sound, {name}, ms (largest)", max(times[cached]))


def kit(page, address):
    """Filter, choose the 40 most different, and download them as a kit with a key for each."""
    page.goto(f"{address}?unit=events-model1-1-0")
    page.wait_for_selector("#gallery[data-ready=true]")
    began, clicks = time.perf_counter(), 0
    for selector, shown in (
        ("#filter-dataset [data-kind=events]", "studio.gallery.filters.active === 1"),
        ("#most-different", "studio.gallery.filters.shown === 40"),
        ("#export-shown", "document.querySelector('dialog.export[open]')"),
    ):
        page.click(selector)
        page.wait_for_function(shown)
        clicks += 1
    page.select_option("#export-kit", "pads")
    clicks += 2  # to open the choice, and to choose
    report("filter to kit, chosen after, s", time.perf_counter() - began)
    with page.expect_download(timeout=1_800_000) as download:
        page.click("dialog.export .primary")
    download.value.path()
    report("filter to kit, in the folder after, s", time.perf_counter() - began)
    report("filter to kit, clicks", clicks + 1)


def hover(page, row):
    """Point at a sound's place, wait, and return what the page measured from the event on."""
    box = page.locator("#gallery-map").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    before = page.evaluate("studio.gallery.voice.heard")
    x, y = page.evaluate(f"studio.gallery.map.place({row})")
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_function(f"studio.gallery.voice.heard > {before}")
    page.wait_for_timeout(120)
    return page.evaluate("studio.gallery.voice.last")


def size(address, encoding):
    asked = urllib.request.Request(
        f"{address}/studio/gallery.json", headers={"accept-encoding": encoding}
    )
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read())


def wait_for(address):
    for _ in range(900):
        try:
            with urllib.request.urlopen(f"{address}/healthz") as answer:
                if json.load(answer)["warm"]:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the studio did not start")


def report(name, value):
    print(f"{name:52} {value:10,.2f}" if isinstance(value, float) else f"{name:52} {value:10,}")


if __name__ == "__main__":
    main()
