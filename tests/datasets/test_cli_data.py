import json
import sys

import pytest

from studio.cli import main
from studio.datasets import aishell3 as aishell3_module
from studio.datasets.published import PublishedArchive

from .test_archives import tar_of
from .test_obtain import contents_of, publish
from .trees import TREES


@pytest.fixture
def studio(monkeypatch, capsys, tmp_path):
    """Run the command line; return exit code, standard output and standard error."""
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["studio", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code
        written = capsys.readouterr()
        return code or 0, written.out, written.err

    return run


@pytest.fixture
def tree(tmp_path, rng):
    return TREES["FSD50K"](tmp_path / "tree", rng)


def test_check_tells_a_person_what_is_there(studio, tree):
    code, out, _ = studio("data", "check", tree.root)
    assert code == 0
    assert "FSD50K (sound events)" in out
    assert "CC BY 4.0" in out
    assert "12 of 12 recordings" in out
    assert "Bark (4)" in out
    assert "3 clips shorter than a second" in out
    assert "3 problems:" in out
    for name, reason in tree.left_out.items():
        assert any(name in line and reason in line for line in out.splitlines())


def test_check_tells_a_program_the_same(studio, tree):
    code, out, _ = studio("data", "check", tree.root, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["dataset"], found["clips"], len(found["problems"])) == ("fsd50k", 12, 3)


def test_options_of_the_dataset_are_handed_on(studio, tree):
    _, out, _ = studio("data", "check", tree.root, "--with", "rule=duplicate", "--json")
    assert json.loads(out)["clips"] == 14
    code, _, err = studio("data", "check", tree.root, "--with", "colour=red")
    assert code == 2
    assert err == "studio: colour=red is no option of fsd50k. It has: rule, split.\n"
    code, _, err = studio("data", "check", tree.root, "--with", "rule")
    assert code == 2
    assert "name=value" in err


def test_build_decodes_for_the_training(studio, tree, tmp_path):
    code, out, _ = studio("data", "build", tree.root, "--name", "events")
    assert code == 0
    assert "events: 12 clips of 3 classes" in out
    assert "studio train --dataset events" in out
    (decoded,) = (tmp_path / "cache" / "recordings").glob("events-*")
    assert (decoded / "samples.int16").stat().st_size > 0
    _, out, _ = studio("data", "build", tree.root, "--name", "events", "--json")
    assert json.loads(out)["clips"] == 12


def test_a_missing_folder_ends_in_one_line(studio, tmp_path):
    code, _, err = studio("data", "check", tmp_path / "nowhere")
    assert code == 1
    assert err.count("\n") == 1
    assert "is not a folder" in err


def test_download_fetches_verifies_and_unpacks(studio, host, tmp_path, rng, monkeypatch):
    tree = TREES["AISHELL-3"](tmp_path / "tree", rng)
    (tmp_path / "record").mkdir()
    path = tmp_path / "record" / "data_aishell3.tgz"
    tar_of(path, contents_of(tree.root / "data_aishell3"))
    archives = (PublishedArchive(parts=(publish(host, path),)),)
    monkeypatch.setattr(aishell3_module, "published_archives", lambda: archives)
    code, out, _ = studio("data", "download", "aishell3", "--to", tmp_path / "here")
    assert code == 0
    assert "Apache License 2.0" in out
    assert "verified   1 file by MD5" in out
    code, out, _ = studio("data", "check", tmp_path / "here")
    assert "3 speakers (3 female)" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["esc50"], "must be one of fsd50k, aishell3, tu-berlin"),
        (["fsd50k", "--only", "dog"], "--only is an option of tu-berlin"),
        (["tu-berlin", "--version", "1"], "version=1 must be 3 (SOFA) or 2 (WAV)"),
    ],
)
def test_a_wrong_wish_is_explained(studio, tmp_path, words, said):
    code, _, err = studio("data", "download", *words, "--to", tmp_path)
    assert code == 2
    assert said in err
