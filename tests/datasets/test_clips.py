import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.datasets.clips import clip_table, split_by_recording
from studio.datasets.folder import read_folder
from studio.datasets.recordings import choose_channel
from studio.errors import DataNotFoundError, ParameterError

CLIPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), min_size=1, max_size=120)


@given(CLIPS, st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_no_recording_is_on_both_sides(clips, seed):
    labels = [f"class {label}" for label, _ in clips]
    recordings = [f"take {recording}" for _, recording in clips]
    side = split_by_recording(labels, recordings, 0.2, seed)
    assert set(side) <= {"train", "test"}
    sides = pd.DataFrame({"recording": recordings, "side": side}).groupby("recording")["side"]
    assert (sides.nunique() == 1).all()
    assert (side == split_by_recording(labels, recordings, 0.2, seed)).all()


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6), st.sampled_from([0.1, 0.2, 0.5]))
@settings(max_examples=60, deadline=None)
def test_every_class_is_divided_by_the_share(sizes, share):
    labels = [f"class {i}" for i, size in enumerate(sizes) for _ in range(size)]
    side = split_by_recording(labels, [str(i) for i in range(len(labels))], share)
    for number, size in enumerate(sizes):
        tested = int((side[np.array(labels) == f"class {number}"] == "test").sum())
        if size == 1:
            assert tested == 0
        else:
            assert 1 <= tested <= size - 1
            assert abs(tested - share * size) <= 1


def test_another_seed_divides_differently():
    labels, recordings = ["a", "b"] * 50, [str(i) for i in range(100)]
    sides = [split_by_recording(labels, recordings, 0.2, seed) for seed in (0, 1)]
    assert (sides[0] != sides[1]).any()


@pytest.mark.parametrize("share", [0, 1, -1, float("nan")])
def test_an_impossible_share_is_refused(share):
    with pytest.raises(ParameterError, match="must lie between 0 and 1"):
        split_by_recording(["a"], ["b"], share)


def write(path, seconds=0.1):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.full(int(44100 * seconds), 0.5), 44100)


def test_a_folder_per_class_becomes_a_table(tmp_path):
    for name in ("b/1.wav", "a/deep/2.flac", "a/3.wav"):
        write(tmp_path / name)
    (tmp_path / "a" / "notes.txt").write_text("no sound")
    (tmp_path / ".hidden").mkdir()
    table = read_folder(tmp_path, "mine")
    assert table.classes == ("a", "b")
    assert table.clips["path"].tolist() == ["a/3.wav", "a/deep/2.flac", "b/1.wav"]
    assert table.targets().tolist() == [0, 0, 1]
    assert table.with_split().clips["split"].tolist().count("test") == 1


def test_a_listing_may_leave_out_what_it_does_not_know(tmp_path):
    (tmp_path / "clips.csv").write_text("path,label,duration_seconds\nx.wav,a,\nx.wav,b,0.5\n")
    clips = read_folder(tmp_path).clips
    assert clips["start_seconds"].tolist() == [0, 0]
    assert np.isnan(clips["duration_seconds"][0]) and clips["duration_seconds"][1] == 0.5
    assert clips["recording"].tolist() == ["x.wav", "x.wav"]


def test_a_split_that_is_given_is_kept(tmp_path):
    (tmp_path / "clips.csv").write_text(
        "path,label,split\n1.wav,a,train\n2.wav,b,Test\n3.wav,a,val\n"
    )
    table = read_folder(tmp_path).with_split()
    assert table.clips["split"].tolist() == ["train", "test", "train"]
    assert table.split_rule == "as given with the clips"


@pytest.mark.parametrize(
    ("listing", "error", "sentence"),
    [
        ("label\na\n", ParameterError, "lacks the column path"),
        ("path,label\n", DataNotFoundError, "holds no clips"),
        ("", ParameterError, "not a table"),
        ("path,label\n1.wav,a\n2.wav,a\n", ParameterError, "one class only"),
        ("path,label,start_seconds\n1.wav,a,-1\n", ParameterError, "start_seconds=-1"),
        ("path,label,start_seconds\n1.wav,a,soon\n", ParameterError, "start_seconds=soon"),
        ("path,label,duration_seconds\n1.wav,a,inf\n", ParameterError, "duration_seconds=inf"),
        ("path,label\n../1.wav,a\n2.wav,b\n", ParameterError, "stay inside"),
        ("path,label\n/1.wav,a\n2.wav,b\n", ParameterError, "stay inside"),
    ],
)
def test_a_bad_listing_ends_in_a_sentence(tmp_path, listing, error, sentence):
    (tmp_path / "clips.csv").write_text(listing)
    with pytest.raises(error, match=sentence):
        read_folder(tmp_path)


def test_a_missing_folder_ends_in_a_sentence(tmp_path):
    with pytest.raises(DataNotFoundError, match="is not a folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(DataNotFoundError, match="holds no clips"):
        read_folder(tmp_path)
    with pytest.raises(DataNotFoundError, match="is not a folder"):
        clip_table("x", tmp_path / "nowhere", pd.DataFrame())


def test_one_channel_of_many_is_chosen():
    sound = np.array([[1, 0, 0.5], [0.2, 0.1, -3]], np.float32)
    np.testing.assert_allclose(choose_channel(sound, "mean"), [0.5, -0.9], rtol=1e-6)
    np.testing.assert_array_equal(choose_channel(sound, "loudest"), sound[:, 2])
    np.testing.assert_array_equal(choose_channel(sound, "1"), sound[:, 1])
    with pytest.raises(ParameterError, match="channel=3 must be mean, loudest or a number"):
        choose_channel(sound, "3")
