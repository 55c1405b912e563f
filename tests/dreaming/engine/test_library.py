"""A build is used only where it is whole, of this version, and fit for the processor."""

import dataclasses
import json
import platform
import shutil

import pytest

from studio.dreaming.engine import library
from studio.dreaming.engine.library import EngineUnavailable
from studio.dreaming.engine.targets import LIBRARIES, MANIFEST, TARGETS, targets_of
from studio.errors import ParameterError
from tests.dreaming.engine.builds import NATIVE

pytestmark = pytest.mark.skipif(not NATIVE, reason="no build of the engine runs here")


@pytest.fixture
def folder(tmp_path):
    """A copy of the builds, to damage."""
    return shutil.copytree(LIBRARIES, tmp_path / "libraries")


@pytest.fixture
def target():
    return NATIVE[0].target


@pytest.fixture(autouse=True)
def looked_for_anew(monkeypatch):
    monkeypatch.delenv(library.VARIABLE, raising=False)
    library._found.cache_clear()
    yield
    library._found.cache_clear()


def accept(folder, file):
    """Let the manifest say that a changed file is as it should be."""
    import hashlib

    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sha256"][file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_the_fastest_build_that_runs_is_used():
    assert library.unsupported_reason() is None
    assert library.engine().target == NATIVE[0].target


def test_every_build_can_be_asked_for(monkeypatch):
    for engine in NATIVE:
        monkeypatch.setenv(library.VARIABLE, engine.target.name)
        assert library.engine().target == engine.target


def test_an_unknown_build_is_refused_with_the_names_of_those_there_are(monkeypatch, target):
    monkeypatch.setenv(library.VARIABLE, "linux-z80")
    with pytest.raises(ParameterError, match=rf"linux-z80 names no build .*{target.name}"):
        library.engine()


def test_a_missing_build_says_how_to_build_it(folder, target):
    (folder / target.file).unlink()
    with pytest.raises(EngineUnavailable, match=rf"missing.*ziglang.*--target {target.name}"):
        library.load(target, folder)


def test_a_build_cut_short_is_never_loaded(folder, target):
    content = (folder / target.file).read_bytes()
    (folder / target.file).write_bytes(content[: len(content) // 2])
    with pytest.raises(EngineUnavailable, match="damaged"):
        library.load(target, folder)


def test_a_missing_or_broken_manifest_is_a_sentence(folder, target):
    for text in (None, "{", "[]", '{"sha256": 3}'):
        if text is None:
            (folder / MANIFEST).unlink()
        else:
            (folder / MANIFEST).write_text(text)
        with pytest.raises(EngineUnavailable, match="damaged"):
            library.load(target, folder)


def test_what_is_no_library_is_a_sentence(folder, target):
    (folder / target.file).write_bytes(b"not a library")
    accept(folder, target.file)
    with pytest.raises(EngineUnavailable, match=f"{target.file} cannot be loaded"):
        library.load(target, folder)


def test_a_build_of_another_version_is_refused(monkeypatch, target):
    monkeypatch.setattr(library, "VERSION", 10_000)
    with pytest.raises(EngineUnavailable, match=r"is of version .*, not 10000"):
        library.load(target)


def test_wrong_numbers_are_noticed(monkeypatch, target):
    monkeypatch.setattr(library, "_SELF_TEST", "0" * 64)
    with pytest.raises(EngineUnavailable, match="computes wrong numbers"):
        library.load(target)


def test_a_build_for_a_better_processor_is_refused(target):
    better = dataclasses.replace(target, level=99)
    with pytest.raises(EngineUnavailable, match="lacks instructions"):
        library.load(better)


def test_a_damaged_build_leaves_the_turn_to_the_next(folder):
    if len(NATIVE) < 2:
        pytest.skip("only one build runs here")
    (folder / NATIVE[0].target.file).unlink()
    candidates = targets_of(platform.system(), platform.machine())
    assert library.choose(candidates, folder).target == NATIVE[1].target


def test_a_machine_without_a_build_is_named(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert "no build of the engine for" in library.unsupported_reason()
    assert "riscv64" in library.unsupported_reason()


@pytest.mark.parametrize(
    ("system", "machine", "best"),
    [
        ("Linux", "x86_64", "linux-x86_64-v4"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Darwin", "x86_64", "darwin-x86_64-v3"),
        ("Windows", "AMD64", "windows-x86_64-v3"),
    ],
)
def test_every_usual_machine_has_a_build(system, machine, best):
    assert targets_of(system, machine)[0] == TARGETS[best]


def test_a_processor_without_fma_is_named(monkeypatch, target):
    class Old:
        """A build as it answers on a processor of 2010."""

        dream_version = staticmethod(lambda: library.VERSION)
        dream_processor = staticmethod(lambda: 0)

    monkeypatch.setattr(library.ctypes, "CDLL", lambda path: Old)
    assert "no fused multiply-add" in library.unsupported_reason()
    with pytest.raises(EngineUnavailable, match="no fused multiply-add"):
        library.load(target)
