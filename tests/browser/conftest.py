"""One real studio and one real browser for all browser tests; a new visitor for each."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--mute-audio",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
QUIET = ("Failed to load resource",)
"""Console errors that only say that a request was answered with a sentence."""


def find_chromium():
    named = os.environ.get("STUDIO_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        reason = "NO CHROMIUM FOUND: install it, or set STUDIO_CHROMIUM to its path."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory):
    """The studio's own models where all six are there, else six that have learned nothing."""
    from studio.networks.listing import available_models

    own = ROOT / "models"
    names = {model.name for model in available_models(own)}
    wanted = {f"{d}-{a}" for d in ("events", "instruments", "speech") for a in ("model1", "model2")}
    if wanted <= names:
        return own
    import torch

    from studio.networks.checkpoints import save_model
    from studio.networks.classifier import WaveformClassifier

    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(5)
    for name in sorted(wanted):
        dataset, architecture = name.split("-")
        classes = [f"{dataset} {number}" for number in range(70)]
        save_model(WaveformClassifier(architecture, classes, card={"dataset": dataset}), folder)
    return folder


@pytest.fixture(scope="session")
def gallery_place(tmp_path_factory):
    """Where the server looks for a gallery; nothing is there until `gallery` is asked for."""
    return tmp_path_factory.mktemp("gallery") / "built"


@pytest.fixture(scope="session")
def gallery(gallery_place, models_folder, tmp_path_factory):
    """A small real gallery: four maps of every layer of two models, the last layer not dreamed."""
    from studio.dreaming.recipe import Recipe
    from studio.gallery.build import pack
    from studio.gallery.dreams import DreamFolder
    from studio.gallery.feature_maps import all_units
    from studio.gallery.index import read_gallery

    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent  # of all workers: the first that asks builds it
    with FileLock(place / "gallery.lock"):
        if not (place / "gallery built").exists():
            units = all_units(["instruments-model1", "speech-model2"], maps=4, folder=models_folder)
            settings = Recipe(iterations=5, learning_rate=0.1)
            dreams = DreamFolder(tmp_path_factory.mktemp("dreams"), settings, models_folder)
            dreams.dream([unit for unit in units if unit.layer < 7], jobs=1)
            pack(units, dreams, place / "gallery built", jobs=1)
    shutil.copytree(place / "gallery built", gallery_place)
    return read_gallery(gallery_place)


@pytest.fixture(scope="session")
def experiments_folder(tmp_path_factory, models_folder):
    """Results of experiments on sounds that agree with the paper, but for D2 and P7."""
    from studio.experiments import layers, sensitivity
    from studio.experiments.findings import judge
    from studio.gallery.index import COLUMNS, Gallery
    from tests.experiments.sounds import agreeing_table, agreeing_vectors

    folder = tmp_path_factory.mktemp("experiments")
    table = agreeing_table(maps=8)
    table["noisiness_mean"] = 10 ** (-3.0 - 0.2 * table["layer"])
    whole = table.assign(**{name: 0 for name in COLUMNS if name not in table})
    manifest = {"recipe": {}, "expected": {"all": 3492}, "mean": [0.0] * 47, "sd": [1.0] * 47}
    made = Gallery(folder, whole, agreeing_vectors(table), {**manifest, "versions": {}})
    layers.run(made, folder / "layers", outside_slice=False)
    slices = [
        sensitivity.Slice(name, table, judge(table, resamples=5))
        for name in (sensitivity.BASE, "smoothing off")
    ]
    summary = sensitivity.summary_of(slices)
    sensitivity.write(folder / "sensitivity", slices, summary, 6, 216)
    write_played(folder / "parameters", models_folder)
    return folder


def write_played(folder, models_folder):
    """Write Experiment 2's results, and for its sounds one that rises with time."""
    import numpy as np

    from studio.experiments.parameters import results, timeline
    from tests.experiments.played import agreeing_effect, played_table

    def effect(run, step, feature):
        return 0.0 if run == "max_offset" else agreeing_effect(run, step, feature)

    folder.mkdir()
    results.write_tables(played_table(effect), (1, 2, 3), folder)
    manifest = results.manifest_of(models_folder, (1, 2, 3))
    (folder / "manifest.json").write_text(json.dumps(manifest))
    seconds = np.arange(100 * 44_100) / 44_100
    sound = 0.2 * np.sin(2 * np.pi * (200 + 5 * seconds) * seconds)
    results.write_sound(sound.astype(np.float32), folder / results.SOUNDS / "fixed.opus")
    for run in timeline.SEQUENCES:
        shutil.copy(folder / manifest["sounds"]["fixed"], folder / manifest["sounds"][run])


@pytest.fixture(scope="session")
def server(models_folder, gallery_place, experiments_folder, tmp_path_factory):
    """Start ``app.py`` as a person does, on a free port, and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    scratch = tmp_path_factory.mktemp("server")
    environment = {
        **os.environ, "GRADIO_SERVER_PORT": str(port), "STUDIO_MODELS": str(models_folder),
        "STUDIO_GALLERY": str(gallery_place), "TMPDIR": str(scratch),
        "STUDIO_EXPERIMENTS": str(experiments_folder), "STUDIO_HOME": str(scratch / "home"),
    }  # fmt: skip
    environment.pop("PORT", None)
    log = (scratch / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(address, process, scratch / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(90)
        log.close()
        assert not list(scratch.glob("deep-dream-*")), "temporary sounds were left behind"


def wait_for_health(address, process, log, seconds=300):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                if json.load(answer)["warm"]:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("the studio did not start:\n" + log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Visitors:
    """Pages that are used again: what a visitor stored is forgotten, what is compiled stays.

    A new context costs twice the processor time of a page that is opened again, and hardly a test
    is about that.
    """

    FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"

    def __init__(self, browser, address):
        self._browser, self._address = browser, address
        self._idle = {}

    def come(self, size, tour, options):
        """Return the page of a visitor who was never here."""
        kind = repr((tour, options))
        idle = self._idle.setdefault(kind, [])
        if idle:
            page = idle.pop()
            page.set_viewport_size(size)
            return kind, page
        options = {"reduced_motion": "reduce", **options}  # nothing to wait for while it moves
        context = self._browser.new_context(viewport=size, accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE * 1000)
        if not tour:
            context.add_init_script("try { localStorage.setItem('studio-tour', 'true') } catch {}")
        return kind, context.new_page()

    def go(self, kind, page):
        """Take a page back, forget what its visitor left, and close what else was opened."""
        if page.is_closed():
            return page.context.close()
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.goto(f"{self._address}/healthz")  # of the same origin, and without scripts
        page.evaluate(self.FORGET)
        page.context.clear_cookies()
        return self._idle[kind].append(page)


@pytest.fixture(scope="session")
def visitors(browser, server):
    return Visitors(browser, server)


@pytest.fixture
def visit(server, visitors):
    """Open the studio as a new visitor; fail on script errors and on requests to other hosts."""
    with visiting(server, visitors) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def visit_once(server, visitors):
    """Do as `visit`, for a page that all tests of a file share: each leaves it as it found it."""
    with visiting(server, visitors) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def shared(visit_once):
    from studio_page import StudioPage

    page = StudioPage(visit_once())
    return page, page.recipe


@pytest.fixture
def page(shared):
    """The Dream tab of a page that tests share, with all controls as a new visitor finds them."""
    page, recipe = shared
    page.change(**recipe)
    return page


@contextmanager
def visiting(server, visitors):
    lent, troubles = [], []

    def open_page(width=1440, height=900, path="", tour=False, **options):
        kind, page = visitors.come({"width": width, "height": height}, tour, options)
        lent.append((kind, page))
        for event, note in watched.items():
            page.on(event, note)
        page.goto(server + path)
        page.wait_for_selector("#dream[data-ready=true]", state="attached")
        return page

    def note_error(error):
        troubles.append(f"script error: {error}")

    def note_console(message):
        if message.type == "error" and not message.text.startswith(QUIET):
            troubles.append(f"console: {message.text}")

    def note_request(request):
        if not request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
            troubles.append(f"request to another host: {request.url}")

    watched = {"pageerror": note_error, "console": note_console, "request": note_request}
    yield open_page
    for kind, page in lent:
        for event, note in watched.items():
            page.remove_listener(event, note)
        visitors.go(kind, page)
    assert not troubles, "\n".join(troubles)
