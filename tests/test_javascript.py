"""The page's scripts: one tab knows nothing of another, and imports run in no circle."""

from graphlib import CycleError, TopologicalSorter

import pytest

from studio.ui.scripts import SCRIPTS, imports_of, loaded_with

GROUND = ["lib", "audio", "picker"]
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
