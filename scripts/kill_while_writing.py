"""Kill writers at random moments, and look whether every file is whole and no earlier one lost.

Takes, finished exports, model cards and weights, states of a training, parts and index of a
gallery and its typical sounds are written over and over by a child process, which is killed
(SIGKILL) after a random time. Then everything is read as the studio reads it, and must be one of
the versions that were written: the last that the child said was finished, or a later one.

    python scripts/kill_while_writing.py --rounds 200

Needs ``fork``. Exits with 1 if something was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file

from studio.dreaming import wav
from studio.dreaming.recipe import Recipe
from studio.files import write_text
from studio.gallery.index import COLUMNS, Gallery, read_gallery, write_gallery
from studio.networks.checkpoints import load_model, load_state, save_model, save_state
from studio.networks.classifier import WaveformClassifier
from studio.sound import files as sound_files

LONGEST_SECONDS = 0.25
CLASSES = 3


def network(version: int) -> WaveformClassifier:
    """Return a network of which every number is the version's."""
    names = [f"class {number}" for number in range(CLASSES + version % 2)]
    model = WaveformClassifier("model1", names, (2, 3, 4), {"dataset": "kill", "epochs": version})
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(version)
    return model


class Take:
    """A float WAV with its recipe inside."""

    form = "float"

    def write(self, folder: Path, version: int) -> None:
        """Write a version."""
        sound = np.full(200_000, 1 / (1 + version), np.float32)
        wav.write(folder / f"{self.form}.wav", sound, Recipe(seed=version), self.form)

    def read(self, folder: Path) -> int:
        """Return the version that is there."""
        path = folder / f"{self.form}.wav"
        version = wav.read_recipe(path).seed
        sound = sound_files.read(path)
        assert len(sound) == 200_000
        np.testing.assert_allclose(sound, 1 / (1 + version), atol=1 / 30_000)
        return version


class Export(Take):
    """A finished 16-bit WAV."""

    form = "16-bit"


class Model:
    """Weights and their card."""

    def write(self, folder: Path, version: int) -> None:
        """Write a version; the number of classes changes, too."""
        save_model(network(version), folder)

    def read(self, folder: Path) -> int:
        """Return the version that is there."""
        model = load_model("kill", "model1", folder)
        version = model.card["epochs"]
        assert len(model.classes) == CLASSES + version % 2
        assert all((parameter == version).all() for parameter in model.parameters())
        return version


class State:
    """A training under way."""

    def write(self, folder: Path, version: int) -> None:
        """Write a version."""
        model = network(2 * version)
        save_state(
            folder / "state.safetensors",
            model,
            torch.optim.Adam(model.parameters()),
            [{"epoch": epoch} for epoch in range(version % 100)] + [{"version": version}],
        )

    def read(self, folder: Path) -> int:
        """Return the version that is there."""
        model = network(0)
        path = folder / "state.safetensors"
        history = load_state(path, model, torch.optim.Adam(model.parameters()))
        version = history[-1]["version"]
        assert len(history) == version % 100 + 1
        assert (load_file(path)["model.convolutions.0.bias"] == 2 * version).all()
        return version


class Index:
    """A gallery: sounds, vectors, manifest and table."""

    def write(self, folder: Path, version: int) -> None:
        """Write a version; the number of sounds and their bytes change, too."""
        count = 2 + version % 5
        table = pd.DataFrame({name: [version] * count for name in COLUMNS})
        names = {"dataset": "d", "architecture": "a", "label": "", "file": "x.mp3"}
        table = table.assign(**names, engine_version="")
        manifest = {"recipe": {"version": version}, "mean": [0.0, 0.0], "sd": [1.0, 1.0]}
        vectors = np.full((count, 2), version, np.float32)
        sounds = {"x.mp3": bytes([version % 256]) * 300_000}
        write_gallery(Gallery(folder / "gallery", table, vectors, manifest), sounds)

    def read(self, folder: Path) -> int:
        """Return the version that is there."""
        gallery = read_gallery(folder / "gallery")
        version = gallery.manifest["recipe"]["version"]
        assert len(gallery.table) == 2 + version % 5 == len(gallery.measured)
        assert (gallery.table["seed"] == version).all() and (gallery.measured == version).all()
        sound = (folder / "gallery" / "x.mp3").read_bytes()
        assert sound == bytes([version % 256]) * 300_000
        return version


class Note:
    """A small text, as logs and tables are."""

    def write(self, folder: Path, version: int) -> None:
        """Write a version."""
        write_text(folder / "note.json", json.dumps([version] * 20_000))

    def read(self, folder: Path) -> int:
        """Return the version that is there."""
        (version,) = set(json.loads((folder / "note.json").read_text()))
        return version


WRITERS = {writer.__name__: writer() for writer in (Take, Export, Model, State, Index, Note)}


def kill_one(writer: Any, folder: Path, first: int, seconds: float) -> int:
    """Write versions from ``first`` on in a child, kill it after some time, return what is there.

    Raises
    ------
    AssertionError
        If a file is not whole, or older than the last that was finished.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _write_until_killed(writer.write, folder, first, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        told.read(1)  # the first version is there
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        finished = first + len(told.read())
    found = writer.read(folder)
    assert found in (finished, finished + 1), f"{found} is there, {finished} was finished"
    return found


def _write_until_killed(
    write: Callable[[Path, int], None], folder: Path, version: int, told: int
) -> None:
    try:
        while True:
            write(folder, version)
            os.write(told, b".")
            version += 1
    finally:
        os._exit(1)


def run(rounds: int, seed: int, folder: Path) -> list[str]:
    """Kill so many writers of each kind; return what went wrong."""
    chance = random.Random(seed)
    failed = []
    versions = dict.fromkeys(WRITERS, 0)
    for number in range(rounds):
        for name, writer in WRITERS.items():
            place = folder / name
            place.mkdir(exist_ok=True)
            seconds = LONGEST_SECONDS * chance.random() ** 2
            try:
                versions[name] = 1 + kill_one(writer, place, versions[name], seconds)
            except Exception as error:
                failed.append(f"{name}, round {number}: {type(error).__name__}: {error}")
                versions[name] += 1_000
    return failed


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200, help="kills of each kind of writer")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        failed = run(given.rounds, given.seed, Path(folder))
    for failure in failed:
        print(failure)
    kinds = ", ".join(WRITERS)
    print(f"{given.rounds} kills of each of {kinds}: {len(failed)} times something was lost.")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
