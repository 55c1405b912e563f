"""What holds for every dataset, published or one's own."""

import json
import shutil

import numpy as np
import pytest

from studio.datasets.catalogue import open_dataset, recognise
from studio.datasets.check import survey
from studio.datasets.clips import COLUMNS
from studio.datasets.recordings import decode
from studio.errors import DataNotFoundError

from .trees import RATE, TREES


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """Every tree, made when it is first asked for; tests that change one make their own."""
    made = {}

    def make(name):
        if name not in made:
            root = tmp_path_factory.mktemp("tree")
            made[name] = TREES[name](root, np.random.default_rng(0))
        return made[name]

    return make


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(params=TREES)
def tree(request, trees):
    return trees(request.param)


@pytest.fixture
def decoded(tree, cache):
    return decode(open_dataset(tree.root, **tree.options), cache)


def test_its_layout_is_recognised(tree):
    assert recognise(tree.root) == tree.dataset


def test_its_clips_are_rows_of_the_same_table(tree):
    table = open_dataset(tree.root)
    assert set(COLUMNS) <= set(table.clips.columns)
    assert table.classes == tuple(sorted(tree.tones))
    assert (table.clips["recording"] != "").all()
    assert not table.clips["path"].str.startswith("/").any()
    assert not table.clips.duplicated(["path", "start_seconds", "label"]).any()


def test_every_usable_clip_is_decoded(tree, decoded):
    assert len(decoded) == tree.clips
    assert decoded.table.classes == tuple(sorted(tree.tones))


def test_every_clip_sounds_like_its_class(tree, decoded):
    """Rate, channels and labels survive: the strongest frequency is that of the class."""
    labels = decoded.table.clips["label"]
    for label, start, length in zip(labels, decoded.starts, decoded.lengths, strict=True):
        sound = decoded.samples[start : start + length].astype(float)
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(length)))
        hz = np.argmax(spectrum) * RATE / length
        assert hz == pytest.approx(tree.tones[label], abs=2 * RATE / length)


def test_what_cannot_be_used_is_named_with_a_reason(tree, decoded):
    for name, reason in tree.left_out.items():
        hits = [problem for problem in decoded.table.problems if name in problem]
        assert hits, f"{name} was left out silently"
        if reason != "no such file":  # decoding says it in the words of the system
            assert any(reason in hit for hit in hits), hits


def test_a_survey_finds_what_decoding_finds(tree, decoded):
    found = survey(tree.root)
    assert found.dataset == tree.dataset
    assert found.clips == tree.clips
    counts = decoded.table.clips["label"].value_counts()
    assert found.classes == {label: counts[label] for label in tree.tones}
    assert found.hours == pytest.approx(decoded.hours, rel=1e-3)
    for name, reason in tree.left_out.items():
        assert any(name in problem and reason in problem for problem in found.problems), name
    assert len(found.problems) == len(tree.left_out)
    json.dumps(found.to_dict())


def test_a_division_keeps_recordings_together(tree, decoded):
    clips = decoded.table.with_split(seed=1).clips
    assert set(clips["split"]) <= {"train", "test"}
    assert (clips.groupby("recording")["split"].nunique() == 1).all()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("FSD50K", 0),
        ("FSD50K", 1),
        ("FSD50K", 2),
        ("TU Berlin, version 2", 0),
        ("TU Berlin, version 3", 0),
        ("AISHELL-3", 0),
        ("AISHELL-3", 1),
        ("AISHELL-3", 2),
    ],
)
def test_a_missing_part_is_named_with_a_way_to_get_it(name, number, tmp_path, rng):
    tree = TREES[name](tmp_path, rng)
    for missing in tree.required[number].split(","):
        path = tree.root / missing
        path.unlink() if path.is_file() else shutil.rmtree(path)
    with pytest.raises(DataNotFoundError, match=r"studio data download") as caught:
        open_dataset(tree.root, tree.dataset)
    wanted = "2_<Instrument>" if name == "TU Berlin, version 3" else tree.required[number]
    assert wanted in str(caught.value)


def test_an_empty_folder_is_explained(tmp_path):
    with pytest.raises(DataNotFoundError, match="a folder of sounds per class"):
        survey(tmp_path)


def test_a_folder_without_one_usable_sound_is_explained(tmp_path):
    for label in "ab":
        (tmp_path / label).mkdir()
        (tmp_path / label / "x.wav").write_bytes(b"nothing")
    with pytest.raises(DataNotFoundError, match=r"Not one of the 2 clips .* a/x\.wav"):
        survey(tmp_path)
