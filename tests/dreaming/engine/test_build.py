"""The committed builds are those of the source, byte for byte."""

import pytest

from studio.dreaming.engine import build
from studio.dreaming.engine.build import BuildError, compiler_version, read_manifest
from studio.dreaming.engine.targets import LIBRARIES, MANIFEST, TARGETS


def test_the_builds_were_made_from_the_source_as_it_is():
    manifest = read_manifest()
    assert manifest["source"] == build.source_checksum(), (
        "the source changed: run python -m studio.dreaming.engine.build"
    )
    assert set(manifest["sha256"]) == {target.file for target in TARGETS.values()}
    assert {path.name for path in LIBRARIES.iterdir()} == {*manifest["sha256"], MANIFEST}


def test_every_build_is_small():
    for target in TARGETS.values():
        assert target.path.stat().st_size <= build.LARGEST_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_new_build_has_the_same_bytes(target):
    version = compiler_version()
    if version is None:
        pytest.skip("ziglang is not installed: pip install 'deep-dream-studio[test]'")
    made_with = read_manifest()["zig"]
    assert version == made_with, f"the builds were made with ziglang {made_with}, not {version}"
    assert build.build(target) == target.path.read_bytes()


def test_without_the_compiler_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(build, "compiler_version", lambda: None)
    with pytest.raises(BuildError, match="pip install ziglang"):
        build.build(TARGETS["wasm-plain"])
