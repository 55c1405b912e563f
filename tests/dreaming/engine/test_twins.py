"""Every build gives the same bytes: on this processor, on ARM64, and in WebAssembly."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from studio.dreaming.engine import chance
from studio.dreaming.engine.build import compiler_version
from studio.dreaming.engine.targets import TARGETS
from tests.dreaming.engine import cases, elsewhere
from tests.dreaming.engine.builds import NATIVE

EXPECTED, WITHOUT_FMA = cases.hashes(cases.EXACT), cases.hashes(cases.WITHOUT_FMA)


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


def test_every_case_has_hashes_and_no_two_the_same_one():
    assert set(EXPECTED) == set(WITHOUT_FMA) == set(cases.CASES)
    assert len(set(EXPECTED.values())) == len(EXPECTED)


@pytest.mark.parametrize("engine", NATIVE, ids=lambda engine: engine.target.name)
@pytest.mark.parametrize("name", cases.CASES)
def test_builds_for_this_processor_give_the_bytes(engine, name):
    assert cases.digest(name, engine.functions) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", cases.EMULATED)
def test_arm64_gives_the_bytes(arm64, name):
    assert cases.digest(name, arm64) == EXPECTED[name]


@pytest.mark.parametrize("name", cases.CASES)
def test_webassembly_with_fma_gives_the_bytes(relaxed, name):
    assert cases.digest(name, relaxed) == EXPECTED[name]


@pytest.mark.parametrize("name", cases.CASES)
def test_plain_webassembly_gives_bytes_of_its_own(plain, name):
    assert cases.digest(name, plain) == WITHOUT_FMA[name]


def test_only_what_needs_fma_differs_without_it():
    assert {name for name in cases.CASES if EXPECTED[name] == WITHOUT_FMA[name]} == set(
        cases.NEEDS_NO_FMA
    )


def test_plain_webassembly_comes_close(plain):
    # Over few iterations: the longer a dream, the further apart.
    for functions in (NATIVE[0].functions, plain):
        chance.declare(functions)
    for name in ("speech-model1-layer1", "speech-model2-layer3", "several-maps"):
        exact, other = (cases.CASES[name](each)[0] for each in (NATIVE[0].functions, plain))
        assert np.corrcoef(exact, other)[0, 1] > 0.9999


def test_two_dreams_on_two_threads_are_what_they_are_alone():
    functions = NATIVE[0].functions
    names = ("speech-model1-layer1", "speech-model2-layer3") * 4
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda name: cases.digest(name, functions), names)
        assert list(found) == [EXPECTED[name] for name in names]
