"""One iteration, native and in browsers, in turns.

    python benchmarks/browser.py [rounds]

Starts the studio, headless Chromium (STUDIO_CHROMIUM, or chromium on the path) and, where it is
installed, Firefox. Every row is a layer of a model that comes with the studio, one map, a sound of
a second. In each round the native engine dreams, then each browser with each build, on one thread;
what is printed is the best stretch of 64 iterations of each, wall time, in ms per iteration.
Firefox tells the time to the millisecond: a sixtieth of one per iteration.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from live_page import FLAGS, serve
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from studio.dreaming import sources  # noqa: E402
from studio.dreaming.engine.ascent import EngineAscent  # noqa: E402
from studio.dreaming.recipe import Recipe, Target  # noqa: E402
from studio.networks.weights import load_weights  # noqa: E402
from tests.browser import other_browsers  # noqa: E402

ITERATIONS, TOGETHER = 320, 64
"""Of a turn, and as many as are timed together."""
LAYERS = [("model1", 1), ("model1", 3), ("model2", 1), ("model2", 3), ("model2", 7)]

BEGIN = """(async () => {
  const baseUrl = new URL('studio/', document.baseURI);
  const ask = async name => (await fetch(new URL(name, baseUrl))).json();
  const script = name => import(new URL(`static/js/engine/${name}.js`, baseUrl));
  const [contract, listing] = await Promise.all(['contract.json', 'models.json'].map(ask));
  const [{ Chance }, { dream }, { fetchBuild, Models }, { compiled }] = await Promise.all(
    ['chance', 'dream', 'models', 'wasm'].map(script));
  const models = new Models(baseUrl, contract.architectures, listing.models);
  window.engines = {};
  for (const build of ['relaxed', 'plain']) {
    const module = await compiled(await fetchBuild(baseUrl, build));
    const chance = new Chance(module, contract.sample_rate);
    window.engines[build] = async (recipe, together) => {
      const network = await models.get(recipe.dataset, recipe.architecture);
      const means = { module, chance, network, fields: contract.recipe.fields };
      let best = Infinity;
      let since = null; // the first look only begins: plans are not counted
      await dream(recipe, means, done => {
        if (done % together) return;
        const now = performance.now();
        if (since !== null) best = Math.min(best, (now - since) / together);
        since = now;
      });
      return best;
    };
  }
  return Object.keys(window.engines);
})()"""

Dreams = Callable[[Recipe], float]
"""Dreams a recipe and says how many milliseconds an iteration took at best."""


def native(recipe: Recipe) -> float:
    """Dream with the native engine."""
    weights = load_weights(recipe.dataset, recipe.architecture)
    start, offsets = sources.initial_sound(recipe), sources.offsets(recipe)
    ascent = EngineAscent(weights, recipe)
    sound, best = ascent.prepare(start), float("inf")
    for first in range(0, ITERATIONS, TOGETHER):
        began = time.perf_counter()
        sound = ascent.run(sound, first, offsets[first : first + TOGETHER]).waveform
        best = min(best, (time.perf_counter() - began) / TOGETHER)
    return 1e3 * best


def in_page(evaluate: Callable[[str], Any], build: str) -> Dreams:
    """Return how a page dreams with a build."""

    def dreams(recipe: Recipe) -> float:
        return evaluate(f"engines['{build}']({json.dumps(recipe.to_dict())}, {TOGETHER})")

    return dreams


@contextlib.contextmanager
def pages(address: str) -> Iterator[dict[str, Callable[[str], Any]]]:
    """Open the studio in every browser there is; gives what evaluates an expression in each."""
    with contextlib.ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        path = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        stack.callback(browser.close)
        page = browser.new_page()
        page.goto(address)
        found: dict[str, Callable[[str], Any]] = {"Chromium": lambda text: page.evaluate(text)}
        lacking = other_browsers.missing("firefox")
        if lacking:
            print(f"Firefox is left out, it needs: {lacking}.")
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            firefox = stack.enter_context(other_browsers.opened("firefox", folder))
            firefox.goto(address)
            found["Firefox"] = firefox.evaluate
        yield found


def main(rounds: int = 5) -> None:
    """Measure and print."""
    process, address = serve()
    try:
        with pages(address) as opened:
            for name, evaluate in opened.items():
                assert evaluate(BEGIN) == ["relaxed", "plain"], name
            ways: dict[str, Dreams] = {"native": native}
            for name, evaluate in opened.items():
                for build in ("relaxed", "plain"):
                    ways[f"{name} {build}"] = in_page(evaluate, build)
            print(f"{'ms per iteration':<20}" + "".join(f"{way:>18}" for way in ways))
            for architecture, layer in LAYERS:
                recipe = Recipe(
                    dataset="speech",
                    architecture=architecture,
                    targets=(Target(layer, 3),),
                    iterations=ITERATIONS,
                )
                times: dict[str, list[float]] = {way: [] for way in ways}
                for _ in range(1 + rounds):  # the first warms up
                    for way, dreams in ways.items():
                        times[way].append(dreams(recipe))
                best = [min(taken[1:]) for taken in times.values()]
                row = f"{architecture}, layer {layer}"
                print(f"{row:<20}" + "".join(f"{each:>18.2f}" for each in best), flush=True)
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
