"""Responses beside what is usual: shares, decibels, and the file they are kept in."""

import numpy as np
import pytest

from studio.analysis.typical import (
    NOISE,
    TEST_SOUNDS,
    Typical,
    read_typical,
    typical_of_noise,
    typical_path,
    write_typical,
)


@pytest.fixture
def typical():
    """Map 0 responded with 1 … 100, map 1 with a thousand times as much."""
    values = np.arange(1, 101)
    return Typical.of([np.stack([values, 1000 * values], axis=1)], TEST_SOUNDS)


def test_a_share_says_for_how_many_sounds_a_map_responds_less(typical):
    shares = typical.shares(0, np.array([50.5, 90_000]))
    assert shares == pytest.approx([0.5, 0.9], abs=0.01)
    assert typical.shares(0, np.array([0.001, 1e9])).tolist() == [0, 1]
    assert typical.shares(0, np.array([[50_500.0]]), [1]) == pytest.approx(0.5, abs=0.01)


def test_maps_of_different_scale_can_be_compared(typical):
    over = typical.over_usual_db(0, np.array([505, 50_500]))
    assert over == pytest.approx([10, 0], abs=0.1)
    assert typical.order(0, np.array([505, 50_500])).tolist() == [0, 1]
    assert typical.order(0, np.array([1000, 10_000_000])).tolist() == [1, 0]  # both above all


def test_noise_is_what_to_compare_with_where_no_recordings_are(model1):
    typical = typical_of_noise(model1)
    assert typical.sounds == NOISE and typical.count == 64
    assert [len(layer) for layer in typical.quantiles_db] == [32, 64, 128, 7]


def test_typical_responses_come_back_for_the_same_weights_only(model1, tmp_path, caplog):
    path = typical_path(tmp_path / "own-model1.safetensors")
    assert path.name == "own-model1.typical.npz"
    assert read_typical(path, model1, "abc") is None and not caplog.records
    typical = typical_of_noise(model1)
    write_typical(path, typical, "abc")
    back = read_typical(path, model1, "abc")
    assert (back.sounds, back.count) == (typical.sounds, typical.count)
    for own, read in zip(typical.quantiles_db, back.quantiles_db, strict=True):
        assert np.allclose(own, read, atol=0.04)  # half precision, in dB
    assert read_typical(path, model1, "other") is None
    assert "other weights" in caplog.text


def test_a_damaged_file_or_one_of_another_network_is_not_used(model1, tmp_path, caplog):
    path = tmp_path / "own.typical.npz"
    path.write_bytes(b"no zip")
    assert read_typical(path, model1, "abc") is None
    write_typical(path, Typical("s", 1, [np.zeros((2, 41))] * 4), "abc")
    assert read_typical(path, model1, "abc") is None
    assert "measure this model again" in caplog.text
