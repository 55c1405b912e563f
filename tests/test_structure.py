"""Imports point in one direction, and what is written twice says the same."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [
    line.split(", ")
    for line in re.search(
        r"```layers\n(.*?)```",
        (ROOT / "docs/architecture.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    .group(1)
    .splitlines()
]
"""What may import what: a module imports from its own line and the lines above it."""


def modules():
    for path in sorted((ROOT / "studio").rglob("*.py")):
        parts = path.relative_to(ROOT / "studio").with_suffix("").parts
        yield path, ".".join(part for part in parts if part != "__init__")


def rank(name):
    matches = [
        (len(entry), number)
        for number, entries in enumerate(LAYERS)
        for entry in entries
        if name == entry or name.startswith(entry + ".")
    ]
    return max(matches)[1] if matches else None


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name.removeprefix("studio.") for name in names)


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, name in modules() if name not in ("", "__main__")]
)
def test_imports_point_down(path, name):
    own = rank(name)
    assert own is not None, f"say in LAYERS where {name} belongs"
    for other in imported(path):
        level = rank(other)
        if level is not None:
            assert level <= own, f"{name} imports {other}"


@pytest.mark.parametrize("path", [path for path, name in modules() if name.startswith("ui")])
def test_the_page_holds_no_signal_processing_and_no_torch(path):
    heads = {name.split(".")[0] for name in imported(path)}
    assert not heads & {"torch", "librosa", "scipy"}


def test_every_room_of_the_architecture_is_there_and_described():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    names = {name for _, name in modules()}
    for entry in (entry for line in LAYERS for entry in line):
        assert any(name == entry or name.startswith(entry + ".") for name in names), entry
    for folder in (path.parent for path in (ROOT / "studio").glob("*/__init__.py")):
        assert f"`{folder.name}/" in page, f"describe {folder.name} in docs/architecture.md"


def test_packages_import_each_other_in_no_circle():
    graph = {}
    for path, name in modules():
        own = name.split(".")[0]
        for other in imported(path):
            room = other.split(".")[0]
            if (ROOT / "studio" / room).is_dir() and room != own:
                graph.setdefault(own, set()).add(room)
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_one_module_knows_gradio():
    knowing = {
        name
        for path, name in modules()
        if any(other.split(".")[0].startswith("gradio") for other in imported(path))
    }
    assert knowing == {"ui.shell"}


def test_no_module_is_too_long_to_read_at_a_sitting():
    long = {
        str(path.relative_to(ROOT)): length
        for path, _ in modules()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
