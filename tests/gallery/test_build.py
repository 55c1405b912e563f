import json
import shutil
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from studio.cli import app
from studio.errors import DataNotFoundError, DreamError
from studio.gallery import sprites
from studio.gallery.build import build, pack
from studio.gallery.check import check
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import all_units
from studio.gallery.index import COLUMNS, read_gallery, write_gallery
from studio.gallery.similar import nearest, vector_of
from studio.sound.descriptors import measure
from tests.gallery.conftest import QUICK


@pytest.fixture
def copied(built, tmp_path):
    gallery, units = built
    shutil.copytree(gallery.folder, tmp_path / "gallery")
    return tmp_path / "gallery", units


def sound_of(gallery, row):
    content = (gallery.folder / row.file).read_bytes()
    return sprites.decode(content[row.offset_bytes : row.offset_bytes + row.bytes], row.seconds)


def test_a_built_gallery_is_found_in_order(built):
    gallery, units = built
    assert check(gallery, units) == []


def test_the_index_has_its_columns_and_one_row_per_sound(built):
    gallery, units = built
    table = read_gallery(gallery.folder).table
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == len(units) == 36
    keys = list(table[["dataset", "architecture", "layer", "map"]].itertuples(index=False))
    assert [tuple(key) for key in keys] == [
        (unit.dataset, unit.architecture, unit.layer, unit.map) for unit in units
    ]
    assert table.loc[table.layer == 7, "label"].tolist() == ["class 0", "class 3", "class 6"]
    assert table[["x", "y"]].abs().to_numpy().max() <= 1
    assert json.loads((gallery.folder / "manifest.json").read_text())["recipe"]["iterations"] == 6


def test_statistics_are_those_of_the_original_sound(built, models):
    gallery, units = built
    work = DreamFolder(gallery.folder.parent / "work", QUICK, models)
    for number in (0, 17, 35):
        measured = measure(work.read(units[number]))
        row = gallery.table.iloc[number]
        for name, value in measured.items():
            assert row[name] == pytest.approx(value, rel=1e-5), name


def test_packing_again_leaves_the_same_files(built, models, tmp_path):
    gallery, units = built
    work = DreamFolder(gallery.folder.parent / "work", QUICK, models)
    pack(units, work, tmp_path, jobs=1)
    for path in gallery.folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_partly_dreamed_gallery_is_packed_as_far_as_it_is_and_says_what_lacks(models, tmp_path):
    units = all_units(["instruments-model1"], maps=3, folder=models)
    work = DreamFolder(tmp_path / "work", QUICK, models)
    work.dream(units[:4], jobs=1)
    gallery = pack(units, work, tmp_path / "gallery", jobs=1)
    assert len(gallery.table) == 4
    assert gallery.manifest["expected"] == {"instruments-model1": 12}
    findings = check(gallery, units)
    assert findings[0] == "instruments-model1, layer 1: 2 sounds are missing (map 32, 63)."
    assert len(findings) == 3


def test_what_a_gallery_holds_needs_no_dreaming_and_stays_as_it_is(built, models, tmp_path):
    gallery, units = built
    shutil.copytree(gallery.folder, tmp_path / "gallery")
    (tmp_path / "gallery" / "events-model2-layer6.mp3").unlink()
    told = []
    build(
        units,
        QUICK,
        tmp_path / "another machine",
        tmp_path / "gallery",
        jobs=1,
        models=models,
        on_progress=lambda *step: told.append(step),
    )
    assert [step for step in told if step[0] == "dreaming"] == [
        ("dreaming", number, 36) for number in (34, 35, 36)
    ]
    for path in gallery.folder.iterdir():
        assert (tmp_path / "gallery" / path.name).read_bytes() == path.read_bytes(), path.name


def test_sounds_of_other_settings_are_not_kept(built, models, tmp_path):
    gallery, _ = built
    shutil.copytree(gallery.folder, tmp_path / "gallery")
    units = all_units(["instruments-model1"], maps=1, folder=models)
    other = QUICK.replace(iterations=3)
    again = build(units, other, tmp_path / "work", tmp_path / "gallery", jobs=1, models=models)
    assert len(again.table) == 4
    assert check(again, units) == []


def test_nothing_dreamed_is_an_error(models, built, tmp_path):
    with pytest.raises(DreamError, match="no sound to pack"):
        pack(built[1], DreamFolder(tmp_path / "work", QUICK, models), tmp_path / "gallery")


def test_only_one_job_packs_at_a_time(built, models, tmp_path):
    gallery, units = built
    work = DreamFolder(gallery.folder.parent / "work", QUICK, models)
    with (
        FileLock(work.folder / f"pack-{tmp_path.name}.lock"),
        pytest.raises(DreamError, match="Another job"),
    ):
        pack(units, work, tmp_path, jobs=1)


def damage_bytes(folder):
    path = folder / "events-model2-layer3.mp3"
    content = bytearray(path.read_bytes())
    content[:6000] = bytes(6000)
    path.write_bytes(content)


def cut_off(folder):
    path = folder / "events-model2-layer3.mp3"
    path.write_bytes(path.read_bytes()[:-3000])


def swap_sounds(folder):
    table = pd.read_csv(folder / "index.csv")
    rows = table.index[table.file == "events-model2-layer3.mp3"][:2]
    columns = ["offset_bytes", "bytes"]
    table.loc[rows, columns] = table.loc[rows[::-1], columns].to_numpy()
    table.to_csv(folder / "index.csv", index=False)


def silence(folder):
    table = pd.read_csv(folder / "index.csv")
    row = table.index[table.file == "events-model2-layer3.mp3"][-1]
    quiet = sprites.encode(np.zeros(44_100, np.float32))
    path = folder / "events-model2-layer3.mp3"
    path.write_bytes(path.read_bytes()[: table.offset_bytes[row]] + quiet)
    table.loc[row, "bytes"] = len(quiet)
    table.to_csv(folder / "index.csv", index=False)


def remove(folder):
    (folder / "events-model2-layer3.mp3").unlink()


def add(folder):
    (folder / "stray.mp3").write_bytes(b"x")


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        (damage_bytes, "layer3.mp3, map 0"),
        (cut_off, "lies outside its file"),
        (swap_sounds, "in the index"),
        (silence, "is silent"),
        (remove, "layer3.mp3 is missing, and with it 3 sounds"),
        (add, "stray.mp3 belongs to no sound"),
    ],
)
def test_the_check_finds(copied, harm, finding):
    folder, units = copied
    harm(folder)
    assert any(finding in text for text in check(read_gallery(folder), units))


def test_a_missing_gallery_says_how_to_build_one(tmp_path):
    with pytest.raises(DataNotFoundError, match="studio gallery build"):
        read_gallery(tmp_path)


@pytest.mark.parametrize("name", ["index.csv", "manifest.json", "vectors.npy"])
def test_a_broken_gallery_says_so(copied, name):
    folder, _ = copied
    (folder / name).write_bytes(b"{broken")
    with pytest.raises(DataNotFoundError, match="Build it again"):
        read_gallery(folder)


def test_the_sound_most_like_a_sound_is_itself(built):
    gallery, _ = built
    for number in (2, 30):
        sound = sound_of(gallery, gallery.table.iloc[number])
        for level in (1.0, 0.1):
            assert nearest(gallery, vector_of(sound * level), 3)[0] == number


def test_sounds_lie_in_the_cache_that_the_environment_names(models, tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("STUDIO_MODELS", str(models))
    monkeypatch.chdir(tmp_path)
    arguments = ["gallery", "build", "--models", "instruments-model1", "--maps", "1", "--jobs", "1"]
    arguments += ["--iterations", "2", "--output", str(tmp_path / "gallery")]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "gallery"]
    assert list((tmp_path / "cache" / "gallery").rglob("map-0.wav"))


@pytest.mark.parametrize(
    "text",
    [
        *("{}", "[]", "null", '{"recipe": 3}', "[" * 100_000, ""),
        '{"recipe": {}, "mean": [1], "sd": [1]}',
        '{"recipe": {}, "mean": {}, "sd": "x"}',
    ],
    ids=range(8),
)
def test_a_manifest_that_is_none_gets_a_sentence(built, tmp_path, text):
    folder = shutil.copytree(built[0].folder, tmp_path / "gallery")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(DataNotFoundError, match="Build it again"):
        read_gallery(folder)


@pytest.mark.parametrize("moved", range(4))
def test_a_kill_while_a_gallery_takes_its_place_leaves_the_new_one(built, tmp_path, moved):
    """The files are ready in a folder of their own; the kill comes after some have moved."""
    folder = shutil.copytree(built[0].folder, tmp_path / "gallery")
    shorter = built[0].table.iloc[: len(built[0].table) // 2]
    sounds = {name: b"other " * 99 for name in shorter["file"].unique()}
    new = replace(
        built[0], folder=folder, table=shorter, measured=built[0].measured[: len(shorter)]
    )
    with monkeypatched_settle(moved):
        write_gallery(new, sounds)
    assert (folder / ".gallery.ready").is_dir()
    found = read_gallery(folder)
    assert len(found.table) == len(shorter)
    assert (folder / shorter["file"].iloc[0]).read_bytes() == b"other " * 99
    assert not (folder / ".gallery.ready").exists()


@contextmanager
def monkeypatched_settle(moved):
    """Let only so many files be moved, as if the process were killed then."""
    with pytest.MonkeyPatch.context() as patch:

        def part(folder, name):
            ready = folder / f".{name}.ready"
            for path in sorted(ready.iterdir())[:moved] if ready.is_dir() else ():
                path.replace(folder / path.name)

        patch.setattr("studio.files.settle", part)
        yield
