"""A project of a dozen short clips, made once."""

import numpy as np
import pytest
import soundfile
import torch

from studio.gallery import own
from studio.projects import importing, project, training, worker

RATE = 44_100


def tone(pitch, seconds=0.2, level=0.3):
    return (level * np.sin(2 * np.pi * pitch * np.arange(int(RATE * seconds)) / RATE)).astype("f4")


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Three folders of four clips each, by pitch, beside files that are no sounds."""
    root = tmp_path_factory.mktemp("clips")
    for name, pitch in (("Größe", 200), ("mid", 900), ("<b>high", 4000)):
        (root / name).mkdir()
        for number in range(4):
            path = root / name / f"{number}.wav"
            soundfile.write(path, tone(pitch * (1 + number / 50)), RATE)
    (root / "mid" / "notes.txt").write_text("no sound")
    (root / "mid" / "empty.wav").write_bytes(b"")
    (root / "mid" / "broken.wav").write_bytes(b"RIFFnot really")
    return root


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def made(home, clips):
    """A project with the clips in it, and what its import said."""
    empty = project.create("Täpes / of mine")
    told = importing.add_folder(empty.slug, empty.folder, clips)
    return project.load(empty.slug), told


@pytest.fixture
def here(monkeypatch):
    """Let the worker run in this process, four epochs, when it is asked for."""
    threads = torch.get_num_threads()
    monkeypatch.setattr(training, "start_worker", lambda folder: worker.main(folder.parent))
    monkeypatch.setattr(own, "start", lambda name: None)
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr(worker, "_MOST_EPOCHS", 4)
    yield
    torch.set_num_threads(threads)
