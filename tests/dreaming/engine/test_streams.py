"""Without a build of the engine, NumPy draws the same numbers."""

import numpy as np
import pytest

from studio.dreaming.engine import library, streams


@pytest.mark.parametrize(("seed", "child"), [(0, None), (17, 0), (17, 1), ((17, 4), None)])
def test_both_draw_the_same(monkeypatch, seed, child):
    def draw():
        stream = streams.stream(seed, child)
        return stream.integers(-44_100, 44_100, 300), stream.normals(3000)

    own = draw()
    monkeypatch.setattr(library, "unsupported_reason", lambda: "This processor is too old.")
    numpys = draw()
    np.testing.assert_array_equal(own[0], numpys[0])
    np.testing.assert_allclose(own[1], numpys[1], rtol=3e-7, atol=0)
    assert own[0].dtype == numpys[0].dtype
    assert own[1].dtype == numpys[1].dtype


def test_both_make_the_same_tone(monkeypatch):
    own = streams.tone(44_100, 220.0, 44_100)
    monkeypatch.setattr(library, "unsupported_reason", lambda: "This processor is too old.")
    np.testing.assert_allclose(streams.tone(44_100, 220.0, 44_100), own, rtol=0, atol=1e-7)
