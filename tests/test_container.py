"""The container gets everything that it copies and runs."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LET_IN = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)


def test_what_it_copies_by_name_is_there_and_let_in():
    copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()} - {"."}
    assert names == {"packages.txt", "requirements.txt", "requirements-cpu.txt"}
    for name in names:
        assert (ROOT / name).is_file() and name in LET_IN


def test_what_it_runs_is_let_in():
    assert {"app.py", "studio", "models", "assets/experiments", "assets/gallery"} <= set(LET_IN)
    assert 'CMD ["python", "app.py"]' in DOCKERFILE


def test_the_small_build_of_pytorch_is_asked_for_in_its_own_file_only():
    index = "--extra-index-url https://download.pytorch.org/whl/cpu"
    small = (ROOT / "requirements-cpu.txt").read_text().splitlines()
    assert index in small and "-r requirements.txt" in small
    assert "index" not in (ROOT / "requirements.txt").read_text()
    assert "pip install --no-cache-dir -r requirements-cpu.txt" in DOCKERFILE
