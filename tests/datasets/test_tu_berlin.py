import json
import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.datasets import tu_berlin
from studio.datasets.catalogue import open_dataset
from studio.datasets.published import DownloadError
from studio.datasets.recordings import choose_channel
from studio.errors import AudioError, ParameterError

from .trees import RATE, tone, tu_berlin_v2, tu_berlin_v3, write_sofa

PATTERN = re.compile(tu_berlin.PATTERN)


@pytest.mark.parametrize(
    ("stem", "label"),
    [
        ("Oboe_modern_et_ff_c5", "Oboe modern ff 5"),
        ("Acoustic_guitar_modern_et_pp_fis3", "Acoustic guitar modern pp 3"),
        ("Baroque_traverse_flute_historical_et_ff_d#6", "Baroque traverse flute historical ff 6"),
        ("Violin_historical_et_ff_g4_rawData", "Violin historical ff 4"),
        ("Double_bass_modern_ff_e1", "Double bass modern ff 1"),
        ("Pedal_timpani_et_pp_c3", "Pedal timpani pp 3"),
        ("Soprano_et_ff_A4", "Soprano ff 4"),
        ("Timpani_et_ff", "Timpani ff"),
        ("Oboe_modern_a5_singleTones", ""),
        ("Oboe_modern_et_mf_c5", ""),
        ("ff_c5", ""),
    ],
)
def test_a_class_is_what_the_file_name_tells(stem, label):
    assert tu_berlin.label_of(stem, PATTERN) == label


def test_another_pattern_makes_other_classes(tmp_path, rng):
    tree = tu_berlin_v2(tmp_path, rng)
    table = open_dataset(tree.root, pattern=r"^(.+?)(?:_modern|_historical)?_et_(pp|ff)_")
    assert table.classes == (
        "Acoustic guitar ff",
        "Classic oboe ff",
        "Oboe ff",
        "Oboe pp",
        "Pedal timpani ff",
    )


@pytest.mark.parametrize("pattern", ["(", "_et_"])
def test_a_pattern_without_groups_is_explained(tmp_path, rng, pattern):
    tree = tu_berlin_v2(tmp_path, rng)
    with pytest.raises(ParameterError, match=r"pattern="):
        open_dataset(tree.root, pattern=pattern)


@settings(deadline=None, max_examples=25)
@given(st.integers(3, 400), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_spectra_become_the_sound_they_were_made_from(tmp_path_factory, samples, channels, seed):
    sound = np.random.default_rng(seed).normal(size=(samples, channels))
    path = tmp_path_factory.mktemp("sofa") / "note.sofa"
    write_sofa(path, sound)
    heard, rate = tu_berlin.read_sofa(path)
    assert rate == RATE
    np.testing.assert_allclose(heard, sound, atol=1e-5)
    assert tu_berlin.probe(path) == (samples / RATE, channels, RATE)


def test_a_sound_lies_where_its_channel_says(tmp_path):
    sound = np.zeros((1000, 32))
    sound[:, 7] = tone(440.0, 1.0)[:1000, 0]
    sound[:, 9] = tone(880.0, 1.0)[:1000, 0] / 2
    write_sofa(tmp_path / "note.sofa", sound)
    heard, _ = tu_berlin.read_sofa(tmp_path / "note.sofa")
    for channel, expected in (
        ("loudest", sound[:, 7]),
        ("9", sound[:, 9]),
        ("mean", sound.mean(axis=1)),
    ):
        np.testing.assert_allclose(choose_channel(heard, channel), expected, atol=1e-5)


def test_a_directivity_is_not_taken_for_a_recording(tmp_path):
    import h5py

    with h5py.File(tmp_path / "partials.sofa", "w") as file:
        file["Data.Real"] = np.ones((1, 32, 4))
        file["Data.Imag"] = np.zeros((1, 32, 4))
        file["N"] = [440.0, 880.0, 1320.0, 1760.0]
    with pytest.raises(AudioError, match=r"from 440 to 1760 Hz; spectra of a recording"):
        tu_berlin.read_sofa(tmp_path / "partials.sofa")


def test_without_h5py_it_is_said_how_to_install_it(tmp_path, rng, monkeypatch):
    tree = tu_berlin_v3(tmp_path, rng)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(AudioError, match=r"pip install 'deep-dream-studio\[sofa\]'"):
        open_dataset(tree.root)


def test_sound_files_are_preferred_to_spectra_of_the_same_notes(tmp_path, rng):
    tu_berlin_v3(tmp_path, rng)
    tree = tu_berlin_v2(tmp_path, rng)
    table = open_dataset(tree.root)
    assert table.clips["path"].str.endswith(".wav").all()
    assert any("the same notes are there as WAV" in problem for problem in table.problems)


@pytest.fixture
def repository(host):
    """The part of the repository's interface that lists the files of a record."""

    def entry(name, size, md5):
        return {
            "uuid": f"uuid of {name}",
            "name": name,
            "sizeBytes": size,
            "checkSum": {"checkSumAlgorithm": "MD5", "value": md5},
        }

    item = f"items/{tu_berlin._ITEMS[3]}/bundles"
    bundles = [{"name": "LICENSE", "uuid": "l"}, {"name": "ORIGINAL", "uuid": "o"}]
    host.contents[item] = json.dumps({"_embedded": {"bundles": bundles}}).encode()
    files = [
        entry("1a_DirectivitiesSingleTones_SOFA.zip", 5, "aa"),
        entry("2_Oboe_modern_recordings.zip", 7, "BB"),
        entry("2_Violin_modern_recordings.zip", 9, "cc"),
        entry("3_Audio_Features.csv", 3, "dd"),
    ]
    host.contents["bundles/o/bitstreams"] = json.dumps(
        {"_embedded": {"bitstreams": files}}
    ).encode()
    return host


def test_the_record_itself_tells_files_sizes_and_checksums(repository):
    features, oboe, violin = tu_berlin.published_archives(server=repository.url)
    assert not features.is_packed
    assert oboe.parts[0].checksum == "md5:bb"
    assert oboe.parts[0].size_bytes == 7
    assert oboe.parts[0].url.endswith(
        "/bitstreams/uuid%20of%202_Oboe_modern_recordings.zip/content"
    )
    assert violin.folder == "2_Violin_modern_recordings"


def test_some_instruments_can_be_chosen(repository):
    archives = tu_berlin.published_archives(only="(?i)OBOE", server=repository.url)
    assert [a.name for a in archives] == ["3_Audio_Features.csv", "2_Oboe_modern_recordings.zip"]
    with pytest.raises(DownloadError, match=r"no recordings that fit 'Kazoo'.*It lists: 1a_"):
        tu_berlin.published_archives(only="Kazoo", server=repository.url)


def test_another_answer_of_the_repository_is_explained(repository):
    repository.contents[f"items/{tu_berlin._ITEMS[3]}/bundles"] = b'{"status": "moved"}'
    with pytest.raises(DownloadError, match=r"by hand from https://doi\.org/"):
        tu_berlin.published_archives(server=repository.url)
