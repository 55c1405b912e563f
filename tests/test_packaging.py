"""What an installation brings: every file, and every package that is imported."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_IMPORTED = {"websockets"}
"""Dependencies that another package looks for: uvicorn answers WebSockets with it."""


def name_of(requirement):
    return re.match(r"[\w.-]+", requirement).group().lower().replace("_", "-")


def imported():
    """Return the packages that the studio imports, as distributions."""
    heads = set()
    for path in (ROOT / "studio").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                heads |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                heads.add(node.module.split(".")[0])
    known = packages_distributions()
    others = heads - set(sys.stdlib_module_names) - {"studio"}
    return {name_of(known[head][0]) if head in known else head for head in others}


def test_every_import_is_a_dependency_and_every_dependency_is_imported():
    needed = set(map(name_of, PROJECT["dependencies"]))
    extras = PROJECT["optional-dependencies"]
    optional = {name_of(line) for name, lines in extras.items() if name != "test" for line in lines}
    assert imported() - optional == needed - NOT_IMPORTED - optional
    assert needed >= NOT_IMPORTED


def test_requirements_are_those_of_the_project():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == PROJECT["dependencies"]


def test_start_test_and_container_install_one_version_of_pytorch():
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in pinned if not line.startswith("#")] == ["torch==2.13.0"]
    assert "torch>=2.13,<3" in PROJECT["dependencies"]
    for name in ("scripts/environment.sh", "requirements-cpu.txt"):
        assert "-c constraints.txt" in (ROOT / name).read_text(encoding="utf-8")


def files_in(folder):
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.slow
def test_a_wheel_holds_the_package_models_gallery_and_results(tmp_path):
    build = ["setup.py", "egg_info", "--egg-base", tmp_path, "build_py", "--build-lib", tmp_path]
    subprocess.run([sys.executable, *build], cwd=ROOT, check=True, capture_output=True)
    built = tmp_path / "studio"
    bundled = {name for name in files_in(built) if name.startswith("_bundled/")}
    assert files_in(built) - bundled == files_in(ROOT / "studio")
    for folder in ("models", "assets/gallery", "assets/experiments"):
        assert files_in(built / "_bundled" / folder) == files_in(ROOT / folder)
    assert sum((built / name).stat().st_size for name in files_in(built)) < 100e6


def test_what_others_made_is_named_with_its_licence():
    notices = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    foreign = [ROOT / "studio/ui/static" / name for name in ("fonts", "vendor")]
    for path in (path for folder in foreign for path in folder.iterdir()):
        assert str(path.relative_to(ROOT)) in notices
        if "LICENSE" in path.name:
            assert str(path.relative_to(ROOT)) in PROJECT["license-files"]
    assert set(PROJECT["license-files"]) >= {"LICENSE", "THIRD_PARTY.md"}
