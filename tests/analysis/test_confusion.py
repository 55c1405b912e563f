"""Confusion matrices of classifiers whose mistakes are known."""

import json

import numpy as np
import pytest

from studio.analysis.confusion import (
    Confusion,
    confusion_path,
    matrix,
    read_confusion,
    write_confusion,
)

TARGETS = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2])
ANSWERS = np.array([0, 1, 1, 2, 1, 0, 2, 2, 1])


@pytest.fixture
def confusion():
    return Confusion.of(TARGETS, ANSWERS, classes=4)


def test_every_clip_is_counted_at_its_class_and_its_answer(confusion):
    expected = [[1, 2, 1, 0], [1, 1, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0]]
    assert confusion.counts.tolist() == expected
    assert confusion.clips == 9 and confusion.accuracy == pytest.approx(4 / 9)


def test_mistakes_come_most_frequent_first_then_by_their_share_of_the_class(confusion):
    assert confusion.mistakes(10) == [(0, 1, 2), (1, 0, 1), (2, 1, 1), (0, 2, 1)]
    assert confusion.mistakes() == confusion.mistakes(10)
    assert confusion.mistakes(1) == [(0, 1, 2)]


def test_classes_that_are_mixed_up_stand_together():
    counts = np.diag(np.full(6, 8))
    for one, other in ((0, 3), (1, 4), (2, 5)):
        counts[one, other] = counts[other, one] = 4
    order = Confusion(counts).order()
    assert sorted(order) == list(range(6))
    for one, other in ((0, 3), (1, 4), (2, 5)):
        assert abs(order.index(one) - order.index(other)) == 1
    assert Confusion(np.eye(2, dtype=int)).order() == [0, 1]
    assert sorted(Confusion(np.zeros((4, 4), int)).order()) == [0, 1, 2, 3]


def test_a_matrix_comes_back_from_its_file_for_the_same_weights_only(confusion, tmp_path, caplog):
    path = confusion_path(tmp_path / "own-model1.safetensors")
    card = {"name": "own-model1", "classes": list("abcd"), "weights_sha256": "abc"}
    assert read_confusion(path, card) is None and not caplog.records
    write_confusion(path, confusion, card)
    found = read_confusion(path, card)
    assert (matrix(found["entries"], 4).counts == confusion.counts).all()
    assert found["clips"] == 9 and found["accuracy"] == pytest.approx(4 / 9, abs=1e-4)
    assert read_confusion(path, {**card, "weights_sha256": "new"}) is None
    assert "other weights" in caplog.text


@pytest.mark.parametrize(
    "change", [{"entries": [[0, 9, 1]]}, {"entries": 3}, {"order": [0, 0, 1, 2]}, {"order": None}]
)
def test_a_damaged_file_is_not_used(confusion, tmp_path, change, caplog):
    path = tmp_path / "own.confusion.json"
    card = {"classes": list("abcd"), "weights_sha256": "abc"}
    write_confusion(path, confusion, card)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert read_confusion(path, card) is None
    assert "measure this model again" in caplog.text
