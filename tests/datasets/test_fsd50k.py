from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.datasets import fsd50k
from studio.errors import ParameterError

from .trees import fsd50k as make_tree

ROWS = [
    ("Electric_guitar", "Guitar", "Music"),
    ("Acoustic_guitar", "Guitar", "Music"),
    ("Guitar", "Music"),
    ("Bark", "Dog", "Animal"),
    ("Bark", "Electric_guitar", "Dog", "Animal", "Guitar", "Music"),
    ("Music",),
]


def test_ancestors_are_found_from_the_rows_alone():
    found = fsd50k.most_specific(ROWS)
    assert found[ROWS[0]] == ("Electric_guitar",)
    assert found[ROWS[2]] == ("Guitar",)  # nothing more specific stands beside it
    assert found[ROWS[4]] == ("Bark", "Electric_guitar")
    assert found[ROWS[5]] == ("Music",)


def test_of_labels_that_never_part_the_first_is_the_more_specific():
    """Dog and Animal stand in the same rows; parents follow their children."""
    assert fsd50k.most_specific(ROWS)[ROWS[3]] == ("Bark",)
    assert fsd50k.most_specific([("Owl", "Bird")]) == {("Owl", "Bird"): ("Owl",)}


def test_each_rule_keeps_what_it_says():
    assert fsd50k.count_rules(ROWS) == {"all": 6, "single": 5, "first": 6, "duplicate": 7}


@st.composite
def ontologies(draw):
    """Return parents by label and rows of propagated labels, most specific first."""
    parents = {0: None}
    for label in range(1, draw(st.integers(3, 12))):
        parents[label] = draw(st.one_of(st.none(), st.integers(0, label - 1)))

    def line(label):
        found = []
        while label is not None:
            found.append(label)
            label = parents[label]
        return found

    leaves = [[label] for label in parents]  # every label alone: no ancestor by accident
    leaves += draw(st.lists(st.lists(st.sampled_from(sorted(parents)), min_size=1, max_size=3)))
    rows = []
    for picked in leaves:
        depths = sorted({label for leaf in picked for label in line(leaf)}, key=lambda x: -x)
        rows.append(tuple(str(label) for label in depths))  # a child's number exceeds its parent's
    return {str(k): None if v is None else str(v) for k, v in parents.items()}, rows


@settings(deadline=None, max_examples=50)
@given(ontologies())
def test_the_most_specific_labels_are_those_without_a_child_in_the_row(ontology):
    parents, rows = ontology
    found = fsd50k.most_specific(rows)
    for row in rows:
        has_child = {parents[label] for label in row}
        assert set(found[row]) == {label for label in row if label not in has_child}


@settings(deadline=None, max_examples=50)
@given(ontologies(), st.randoms())
def test_the_order_of_the_clips_does_not_matter(ontology, random):
    _, rows = ontology
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert fsd50k.most_specific(shuffled) == fsd50k.most_specific(rows)


@pytest.fixture
def tree(tmp_path, rng):
    return make_tree(tmp_path, rng)


@pytest.mark.parametrize(("rule", "extra"), [("single", []), ("first", ["Bark"])])
def test_a_clip_of_two_kinds_is_left_to_the_rule(tree, rule, extra):
    clips = fsd50k.read(tree.root, rule=rule).clips
    assert clips["label"][clips["recording"] == "4"].tolist() == extra


def test_duplicates_have_one_recording_and_so_one_side_of_the_division(tree):
    table = fsd50k.read(tree.root, rule="duplicate").with_split()
    rows = table.clips[table.clips["recording"] == "4"]
    assert sorted(rows["label"]) == ["Bark", "Rain"]
    assert rows["split"].nunique() == 1


def test_the_published_division_tests_on_the_evaluation_clips(tree):
    clips = fsd50k.read(tree.root, split="published").with_split().clips
    tested = clips["path"].str.startswith("FSD50K.eval_audio")
    assert (clips["split"] == "test").tolist() == tested.tolist()
    assert tested.any()
    assert not tested.all()


def test_it_says_how_many_clips_each_rule_keeps(tree):
    (note,) = fsd50k.notes(tree.root)
    assert "16 clips are listed" in note
    assert "'single' (exactly one most specific label) keeps 15" in note
    assert "'duplicate' makes 17" in note


@pytest.mark.parametrize("options", [{"rule": "best"}, {"split": "random"}])
def test_unknown_options_are_explained(tree, options):
    with pytest.raises(ParameterError, match=r"must be"):
        fsd50k.read(tree.root, **options)


def test_a_table_of_other_columns_is_explained(tree):
    (tree.root / "FSD50K.ground_truth" / "dev.csv").write_text("id,tags\n1,Rain\n")
    with pytest.raises(ParameterError, match=r"fname,labels; it has id,tags"):
        fsd50k.read(tree.root)


def test_every_part_of_the_record_has_a_size_and_a_checksum():
    archives = fsd50k.published_archives()
    files = [part for archive in archives for part in archive.parts]
    assert len(files) == 11
    assert all(file.size_bytes and file.checksum for file in files)
    assert max(Counter(file.checksum for file in files).values()) == 1
    dev = next(a for a in archives if a.name == "FSD50K.dev_audio.zip")
    assert [part.name[-4:] for part in dev.parts] == [
        ".z01",
        ".z02",
        ".z03",
        ".z04",
        ".z05",
        ".zip",
    ]
    audio = sum(f.size_bytes for f in files if "audio" in f.name)
    assert audio == 24_671_691_926
