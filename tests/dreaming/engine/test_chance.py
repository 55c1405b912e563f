"""The engine's random numbers are NumPy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.dreaming.engine.chance import Chance, tone
from studio.dreaming.engine.ziggurat import HEADER, header
from tests.dreaming.engine.builds import NATIVE

pytestmark = pytest.mark.skipif(not NATIVE, reason="no build of the engine runs here")

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(params=NATIVE, ids=lambda engine: engine.target.name)
def functions(request):
    return request.param.functions


def numpys(seed, child=None):
    if child is None:
        return np.random.default_rng(seed)
    return np.random.default_rng(np.random.SeedSequence(seed).spawn(child + 1)[child])


def units_apart(one, other):
    """Return how many neighbouring numbers lie between two of single precision, at most."""
    return np.abs(one.view(np.int32).astype(np.int64) - other.view(np.int32)).max()


@given(seed=SEEDS, child=st.none() | st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_normals_are_numpys_but_for_the_last_bit_of_the_tails(seed, child):
    for engine in NATIVE:
        drawn = Chance(engine.functions, seed, child).normals(5001)
        expected = numpys(seed, child).standard_normal(5001, dtype=np.float32)
        inner = np.abs(expected) < 3.65
        np.testing.assert_array_equal(drawn[inner], expected[inner])
        assert units_apart(drawn, expected) <= 1


def test_a_million_normals_of_one_stream_stay_in_step(functions):
    drawn = Chance(functions, 3, 0).normals(1_000_000)
    expected = numpys(3, 0).standard_normal(1_000_000, dtype=np.float32)
    assert units_apart(drawn, expected) <= 1
    assert (drawn != expected).sum() <= 10


@given(
    seed=SEEDS | st.lists(st.integers(0, 2**40), min_size=1, max_size=6),
    ranges=st.lists(
        st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(0, 2**32 - 1), st.integers(0, 9)),
        max_size=8,
    ),
)
@settings(max_examples=60, deadline=None)
def test_integers_are_numpys_over_any_ranges_of_one_stream(seed, ranges):
    for engine in NATIVE:
        own, numpy = Chance(engine.functions, seed), numpys(seed)
        for low, size, count in ranges:
            high = min(low + size, 2**31 - 1)
            expected = numpy.integers(low, high, size=count, endpoint=True)
            np.testing.assert_array_equal(own.integers(low, high, count), expected)


def test_normals_and_integers_of_one_stream_may_take_turns(functions):
    own, numpy = Chance(functions, 8, 1), numpys(8, 1)
    for count in (1, 2, 7):
        np.testing.assert_array_equal(
            own.integers(-5, 5, count), numpy.integers(-5, 5, size=count, endpoint=True)
        )
        expected = numpy.standard_normal(count, dtype=np.float32)
        assert units_apart(own.normals(count), expected) <= 1


def test_uneven_draws_are_refused_as_numpy_does(functions):
    # Just above half of all 32-bit numbers: nearly every second draw would make some likelier.
    own, numpy = Chance(functions, 5), numpys(5)
    expected = numpy.integers(-(2**31), 1, size=500, endpoint=True)
    np.testing.assert_array_equal(own.integers(-(2**31), 1, 500), expected)


@pytest.mark.parametrize("frequency_hz", [1.0, 220.0, 441.0, 19_999.3])
def test_a_tone_is_a_sine_rounded_once(functions, frequency_hz):
    samples = 60 * 44_100
    expected = np.sin(2 * np.pi * frequency_hz * (np.arange(samples) / 44_100)).astype(np.float32)
    drawn = tone(functions, samples, frequency_hz, 44_100)
    # A sum of errors in double precision turns a rounding about once in 10^8 samples.
    assert (drawn != expected).sum() <= 1
    assert np.abs(drawn - expected).max() <= 1e-7


def test_the_header_holds_the_tables_as_they_are_computed():
    assert HEADER.read_text(encoding="ascii") == header()
