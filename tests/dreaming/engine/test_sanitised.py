"""The engine's source under the address and undefined-behaviour sanitizers, and odd plans.

Built by GCC: a second compiler reads the source, and its bytes must be those of the builds.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studio.dreaming.engine.targets import SOURCE

FLAGS = [
    "-O1",
    "-g",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fPIC",
    "-shared",
    "-ffreestanding",
    "-DDREAM_HOSTED",
]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]


def compiler():
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("there is no GCC to build with")
    return found


def build(folder, *flags):
    path = folder / "engine.so"
    command = [compiler(), *FLAGS, *flags, str(SOURCE / "engine.c"), "-o", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


def run(path, what, environment=None):
    script = Path(__file__).with_name("sanitised.py")
    root = str(SOURCE.parents[3])
    variables = {**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1", **(environment or {})}
    command = [sys.executable, str(script), str(path), what]
    done = subprocess.run(command, capture_output=True, text=True, env=variables, cwd=root)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.fixture(scope="module")
def sanitised(tmp_path_factory):
    path = build(tmp_path_factory.mktemp("sanitised"), "-mavx2", "-mfma", *SANITIZERS)
    name = [compiler(), "-print-file-name=libasan.so"]
    library = subprocess.run(name, capture_output=True, text=True, check=True).stdout.strip()
    if not Path(library).is_absolute():
        pytest.skip("GCC has no address sanitizer here")
    options = "detect_leaks=0:allocator_may_return_null=1"
    return path, {"LD_PRELOAD": library, "ASAN_OPTIONS": options}


@pytest.mark.slow
@pytest.mark.parametrize("what", ["dreams", "networks", "fuzz"])
def test_the_source_is_clean(sanitised, what):
    path, environment = sanitised
    run(path, what, environment)


@pytest.mark.slow
@pytest.mark.parametrize("width", [16, 32, 64])
def test_another_compiler_gives_the_same_bytes(tmp_path, width):
    run(build(tmp_path, "-mavx2", "-mfma", f"-DENGINE_VECTOR_BYTES={width}"), "twins")
