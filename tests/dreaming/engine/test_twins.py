"""Every build gives the same bytes: on this processor, on ARM64, and in WebAssembly."""

import json

import pytest

from studio.dreaming.engine.build import compiler_version
from studio.dreaming.engine.targets import TARGETS
from tests.dreaming.engine import cases, elsewhere
from tests.dreaming.engine.builds import NATIVE

EXPECTED = json.loads(cases.HASHES.read_text())
INTEGERS_AND_DOUBLES = ("noise", "offsets", "tones")
"""What needs no fused multiply-add."""


@pytest.fixture(scope="module")
def arm64(tmp_path_factory):
    reason = elsewhere.why_no_arm64()
    if reason is None and compiler_version() is None:
        reason = "ziglang is not installed"
    if reason:
        pytest.skip(reason)
    caller = elsewhere.build_caller(tmp_path_factory.mktemp("caller"))
    build = elsewhere.Arm64(TARGETS["linux-arm64"].path, caller)
    yield build
    build.close()


@pytest.fixture(scope="module")
def relaxed():
    pytest.importorskip("wasmtime")
    return elsewhere.Wasm(TARGETS["wasm-relaxed"].path)


@pytest.fixture(scope="module")
def plain():
    pytest.importorskip("wasmtime")
    return elsewhere.Wasm(TARGETS["wasm-plain"].path)


def test_every_case_has_a_hash():
    assert set(EXPECTED) == set(cases.CASES)


@pytest.mark.parametrize("engine", NATIVE, ids=lambda engine: engine.target.name)
@pytest.mark.parametrize("name", cases.CASES)
def test_builds_for_this_processor_give_the_bytes(engine, name):
    assert cases.digest(name, engine.functions) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", cases.CASES)
def test_arm64_gives_the_bytes(arm64, name):
    assert cases.digest(name, arm64) == EXPECTED[name]


@pytest.mark.parametrize("name", cases.CASES)
def test_webassembly_with_fma_gives_the_bytes(relaxed, name):
    assert cases.digest(name, relaxed) == EXPECTED[name]


@pytest.mark.parametrize("name", INTEGERS_AND_DOUBLES)
def test_plain_webassembly_gives_the_bytes_of_what_needs_no_fma(plain, name):
    assert cases.digest(name, plain) == EXPECTED[name]
