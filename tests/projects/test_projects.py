"""Sounds come in, are cut, checked and moved; nothing that is not a sound gets in."""

import zipfile

import numpy as np
import pytest
import soundfile

from studio.errors import DataNotFoundError, ParameterError
from studio.projects import checks, importing, project, table
from studio.projects.cutting import cut
from studio.projects.editing import change, preview_cut
from studio.projects.sounds import stretch
from tests.projects.conftest import RATE, tone


def names(found):
    return {each.name: len(each.clips) for each in found.classes}


def test_folders_become_classes_and_what_is_no_sound_is_named(made):
    found, told = made
    assert found.slug == "täpes_of_mine" and told.clips == 12
    assert names(found) == {"Größe": 4, "mid": 4, "<b>high": 4}
    assert len(told.problems) == 3
    for name in ("notes.txt", "empty.wav", "broken.wav"):
        assert any(name in problem for problem in told.problems)


def test_the_same_sound_is_stored_once_and_said(made):
    found, _ = made
    source = found.folder / "sounds" / f"{found.classes[0].clips[0].sound}.flac"
    importing.add_file(found.slug, found.folder, "mid", source, "again.flac")
    after = project.load(found.slug)
    assert len(list((found.folder / "sounds").iterdir())) == 12
    told = checks.clip_remarks(after)
    twice = [clip.name for _, clip in after.clips() if "there twice" in told[clip.id]]
    assert twice == ["0.wav", "again.flac"]


@pytest.mark.parametrize("evil", ["../../../evil.wav", "/etc/evil.wav", "a/../../evil.wav"])
def test_a_zip_writes_nothing_outside_and_its_odd_names_are_kept_as_text(home, tmp_path, evil):
    soundfile.write(tmp_path / "tone.wav", tone(300), RATE)
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        for name in (evil, "ünï/\u202ertl.wav", "<i>x/tone.wav", "__MACOSX/x/._tone.wav"):
            archive.write(tmp_path / "tone.wav", name)
    made = project.create("odd")
    told = importing.add_zip(made.slug, made.folder, tmp_path / "odd.zip")
    assert told.clips == 3 and not told.problems
    assert {"ünï", "<i>x"} <= set(names(project.load(made.slug)))
    assert {clip.name for _, clip in project.load(made.slug).clips()} == {
        "evil.wav",
        "rtl.wav",
        "tone.wav",
    }
    assert not list(tmp_path.rglob("*evil*"))


def test_no_zip_ends_in_a_sentence(home, tmp_path):
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    made = project.create("no")
    with pytest.raises(ParameterError, match="no ZIP"):
        importing.add_zip(made.slug, made.folder, tmp_path / "no.zip")


def test_a_recording_is_cut_at_its_silences():
    silence = np.zeros(RATE // 2, np.float32)
    audio = np.concatenate([silence, tone(500), silence, tone(700, 0.5), silence, tone(900, 0.03)])
    pieces = cut(audio)
    assert [round(start, 1) for start, _ in pieces] == [0.5, 1.2]
    assert pieces[1][1] == pytest.approx(0.5, abs=0.1)
    assert len(cut(audio, gap_seconds=1)) == 1
    assert len(cut(audio, shortest_seconds=0)) == 3
    assert cut(silence) == []
    with pytest.raises(ParameterError, match="must lie between"):
        cut(audio, quieter_db=900)


def test_a_clip_is_replaced_by_its_pieces_which_sound_as_before(home, tmp_path):
    silence = np.zeros(RATE // 2, np.float32)
    soundfile.write(tmp_path / "long.wav", np.concatenate([tone(500), silence, tone(700)]), RATE)
    made = project.create("cut")
    (clip,) = importing.add_file(made.slug, made.folder, "one", tmp_path / "long.wav", "long.wav")
    pieces = preview_cut(project.load(made.slug), {"clip": clip.id})
    after = change(made.slug, "cut", {"clip": clip.id})
    found = after.classes[0].clips
    assert [(each.start, each.seconds) for each in found] == pieces and len(found) == 2
    part = stretch(made.folder, found[1].sound, found[1].start, found[1].seconds)
    crossings = np.count_nonzero(np.diff(np.sign(part[np.abs(part) > 0.02])))
    assert crossings / 2 / 0.2 == pytest.approx(700, rel=0.1)


def test_clips_move_and_classes_are_renamed_merged_and_deleted(made):
    found, _ = made
    first = found.find_class("Größe").clips[0].id
    assert names(change(found.slug, "move", {"clips": [first], "to": "new"}))["new"] == 1
    after = change(found.slug, "rename", {"name": "new", "to": "mid"})
    assert names(after) == {"Größe": 3, "mid": 5, "<b>high": 4}
    change(found.slug, "mute", {"clips": [first]})
    assert first not in set(table.rows(project.load(found.slug))["recording"])
    assert len(table.rows(project.load(found.slug))) == 11
    after = change(found.slug, "delete-clips", {"clips": [first]})
    assert names(after)["mid"] == 4
    assert "mid" not in names(change(found.slug, "delete-class", {"name": "mid"}))
    project.delete(found.slug)
    assert not found.folder.exists() and project.listing() == []


@pytest.mark.parametrize(
    ("kind", "asked", "error"),
    [
        ("explode", {}, ParameterError),
        ("rename", {"name": "mid"}, ParameterError),
        ("rename", {"name": "nobody", "to": "x"}, DataNotFoundError),
        ("rename", {"name": "mid", "to": "\u202e"}, ParameterError),
        ("move", {"clips": 5, "to": "x"}, ParameterError),
        ("cut", {"clip": "gone"}, DataNotFoundError),
        ("cut", {"clip": None, "quieter_db": "much"}, DataNotFoundError),
    ],
)
def test_an_odd_change_ends_in_a_sentence_and_changes_nothing(made, kind, asked, error):
    found, _ = made
    with pytest.raises(error):
        change(found.slug, kind, asked)
    assert project.load(found.slug) == found


@pytest.mark.parametrize("slug", ["..", "", "a/b", "../home", "nothing", ".lock"])
def test_a_project_is_named_by_its_folder_only(made, slug):
    with pytest.raises(DataNotFoundError):
        project.load(slug)
    with pytest.raises(DataNotFoundError):
        project.delete(slug)


def test_a_name_of_the_papers_data_is_not_taken(home):
    assert project.create("events").slug == "events_2"


def test_remarks_say_what_is_wrong_with_a_clip():
    assert checks.remarks(tone(300, 2), 2) == []
    assert "shorter" in checks.remarks(tone(300, 0.2), 0.2)[0]
    assert checks.remarks(np.zeros(2 * RATE, np.float32), 2) == ["silent: left out"]
    assert checks.remarks(np.clip(9 * tone(300, 2), -1, 1), 2) == ["clipped: recorded too loud"]


def test_too_little_to_train_on_is_said(made):
    found, _ = made
    for each in found.classes[1:]:
        change(found.slug, "delete-class", {"name": each.name})
    with pytest.raises(ParameterError, match="needs 2 classes and 6 clips"):
        table.rows(project.load(found.slug))
