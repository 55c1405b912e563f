"""Kits read by parsers of their formats: every sound on its keys, in tune, looped, taking turns."""

import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from studio import Recipe
from studio.cli import app
from studio.errors import ParameterError, SaveError
from studio.export.collect import Source, export_folder, export_zip
from studio.export.kits import KitSound, decent_sampler, root_note, sfz
from studio.export.names import Names, safe_name, sound_name
from studio.export.options import ExportOptions
from studio.sound import material
from tests.waiting import PATIENCE


def tone(hertz, seconds=0.5):
    return np.sin(2 * np.pi * hertz * np.arange(round(44_100 * seconds)) / 44_100).astype("f4")


def regions(text):
    """Parse SFZ: regions of opcodes."""
    found = []
    for part in text.split("<region>")[1:]:
        pairs = re.findall(r"(\w+)=(.*?)(?=\s+\w+=|\s*$)", part, re.S)
        found.append({name: value.strip() for name, value in pairs})
    return found


def sounds(*notes, loops=False, groups=None):
    return [
        KitSound(
            file=f"samples/{i}.wav",
            samples=1000,
            root_note=note,
            loops=loops,
            group=groups[i] if groups else str(i),
        )
        for i, note in enumerate(notes)
    ]


@pytest.mark.parametrize("note", [33.0, 57.0, 69.0, 69.3, 90.0])
def test_the_root_note_is_that_of_the_strongest_partial(note):
    hertz = 440 * 2 ** ((note - 69) / 12)
    sound = tone(hertz) + 0.4 * tone(3.01 * hertz)
    assert root_note(sound) == pytest.approx(note, abs=0.05)
    assert root_note(np.stack([sound, sound], 1)) == pytest.approx(note, abs=0.05)
    assert root_note(np.zeros(1000)) == 60.0


@given(st.lists(st.floats(20, 110), min_size=1, max_size=40))
def test_every_key_plays_exactly_one_group_and_the_nearest(notes):
    kit = regions(sfz(sounds(*notes), spread=False))
    keys = [(int(r["lokey"]), int(r["hikey"])) for r in kit]
    assert keys[0][0] == 0 and keys[-1][1] == 127
    assert all(before[1] + 1 == after[0] for before, after in pairwise(keys))
    xml = ElementTree.fromstring(decent_sampler(sounds(*notes), spread=False))
    assert [(int(s.get("loNote")), int(s.get("hiNote"))) for s in xml.iter("sample")] == keys


def test_a_sound_between_two_keys_is_corrected():
    region = regions(sfz(sounds(60.25), spread=False))[0]
    assert region["pitch_keycenter"] == "60" and region["tune"] == "-25"
    sample = next(ElementTree.fromstring(decent_sampler(sounds(59.8), False)).iter("sample"))
    assert sample.get("rootNote") == "60" and float(sample.get("tuning")) == pytest.approx(0.2)


def test_pads_have_a_key_each_and_seeds_take_turns():
    kit = regions(sfz(sounds(60, 61, 90, groups=["a", "a", "b"]), spread=True))
    assert [(r["lokey"], r["hikey"], r["pitch_keycenter"]) for r in kit] == [
        ("36", "36", "36"),
        ("36", "36", "36"),
        ("37", "37", "37"),
    ]
    assert [r.get("seq_position") for r in kit] == ["1", "2", None]
    xml = ElementTree.fromstring(decent_sampler(sounds(60, 61, groups=["a", "a"]), True))
    assert next(xml.iter("group")).get("seqMode") == "round_robin"


def test_loops_have_loop_points():
    region = regions(sfz(sounds(60, loops=True), spread=False))[0]
    assert region["loop_mode"] == "loop_continuous"
    assert (region["loop_start"], region["loop_end"]) == ("0", "999")


@pytest.mark.parametrize(
    ("count", "spread"), [(0, False), (2001, False), (100, True), (200, False)]
)
def test_too_many_and_too_few_get_a_sentence(count, spread):
    with pytest.raises(ParameterError, match=r"Choose"):
        sfz(sounds(*range(count)), spread)


@given(st.text(max_size=300))
def test_names_are_safe_and_keep_their_letters(text):
    name = safe_name(text)
    assert name and len(name.encode()) <= 130 and not name.startswith((".", "-"))
    assert not re.search(r'[\x00-\x1f<>:"/\\|?*\s]', name)


def test_names_are_not_mangled_and_tell_where_a_sound_comes_from():
    assert safe_name("Münzen, 鐘 / Glocke") == "Münzen,-鐘-Glocke"
    assert safe_name("CON") == "sound-CON" and safe_name("..") == "sound"
    recipe = Recipe(dataset="events", architecture="model2", targets=[(3, 4)], seed=7)
    names = Names()
    assert sound_name(recipe, "Tür") == "events-model2-L3-m4-Tür-s7"
    assert [names.free(name) for name in ("a", "A", "a", "a-2")] == ["a", "A-2", "a-3", "a-2-2"]


def made(seed, hertz=440.0, gain=0.1, **changes):
    return Source(audio=gain * tone(hertz), recipe=Recipe(seed=seed, **changes), label="Glocke")


def test_a_kit_in_a_folder_is_levelled_and_complete(tmp_path):
    sources = [made(1), made(2, gain=0.9), made(1, 880, padding="circular")]
    done = []
    options = ExportOptions(kit="keys", name="Glocken")
    files = export_folder(tmp_path, sources, options, done.append)
    paths = [path for path in files if path.suffix == ".wav"]
    assert [path.name for path in files[3:]] == ["Glocken.sfz", "Glocken.dspreset", "sounds.csv"]
    assert done == [1, 2, 3] and len(set(paths)) == 3
    kit = regions((tmp_path / "Glocken.sfz").read_text())
    assert {r["sample"] for r in kit} == {p.relative_to(tmp_path).as_posix() for p in paths}
    levels = [material.loudness_lufs(soundfile.read(path)[0]) for path in paths]
    assert max(levels) - min(levels) < 0.5
    assert [r.get("loop_mode") for r in kit] == ["no_loop", "no_loop", "loop_continuous"]
    ElementTree.parse(tmp_path / "Glocken.dspreset")


def test_a_zip_is_whole_or_not_there(tmp_path):
    path = export_zip(tmp_path / "kit.zip", [made(1)], ExportOptions(kit="pads"))
    assert zipfile.ZipFile(path).testzip() is None
    before = path.read_bytes()

    def broken():
        yield made(1)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError):
        export_zip(path, broken(), ExportOptions())
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["kit.zip"]
    with pytest.raises(ParameterError, match="no sound"):
        export_zip(tmp_path / "none.zip", [], ExportOptions())


def test_a_disk_that_is_full_within_a_zip_costs_no_file(tmp_path, monkeypatch):
    path = export_zip(tmp_path / "kit.zip", [made(1)], ExportOptions())
    before, write = path.read_bytes(), zipfile.ZipFile.write

    def full(archive, *given):
        write(archive, *given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(SaveError):
        export_zip(path, [made(2), made(3)], ExportOptions())
    with pytest.raises(SaveError):
        export_zip(tmp_path / "new.zip", [made(2)], ExportOptions())
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["kit.zip"]


def test_an_export_that_is_given_up_leaves_nothing(tmp_path):
    def stop(_):
        assert len(list(tmp_path.iterdir())) == 1  # what is finished so far, beside the file
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_zip(tmp_path / "kit.zip", [made(1), made(2)], ExportOptions(), stop)
    assert not list(tmp_path.iterdir())
    with pytest.raises(SaveError, match="no folder"):
        export_zip(tmp_path / "none" / "kit.zip", [made(1)], ExportOptions())


def test_two_exports_of_one_name_at_once_give_one_whole_file(tmp_path):
    meet, path = threading.Barrier(2), tmp_path / "kit.zip"

    def export(seed):
        return export_zip(path, [made(seed)], ExportOptions(), lambda _: meet.wait(PATIENCE))

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(export, (1, 2))) == [path, path]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["kit.zip"]


def test_from_the_terminal_a_folder_of_sounds_becomes_a_kit(tmp_path):
    from typer.testing import CliRunner

    (tmp_path / "in").mkdir()
    for name, hertz in (("tief", 110), ("hoch", 1760)):
        soundfile.write(tmp_path / "in" / f"{name}.wav", 0.2 * tone(hertz), 44_100)
    stereo = np.stack([tone(440), 0.5 * tone(440)], 1)
    soundfile.write(tmp_path / "in" / "weit.flac", stereo, 44_100)
    arguments = ["export", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--kit", "keys"]
    answer = CliRunner().invoke(app, [*arguments, "--json"])
    assert answer.exit_code == 0, answer.output
    kit = regions((tmp_path / "out" / "dream-kit.sfz").read_text())
    assert [r["sample"] for r in kit] == [
        "samples/tief.wav",
        "samples/weit.wav",
        "samples/hoch.wav",
    ]
    assert soundfile.info(tmp_path / "out/samples/weit.wav").channels == 2
