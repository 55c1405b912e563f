"""Test a trained network again: confusion matrix and typical responses.

Both need the recordings, which a studio seldom has. So the results are kept beside the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.analysis.confusion import Confusion, confusion_path, write_confusion
from studio.analysis.responses import respond
from studio.analysis.typical import TEST_SOUNDS, Typical, typical_path, write_typical
from studio.datasets.clips import ClipTable
from studio.datasets.recordings import Recordings, decode
from studio.errors import DataNotFoundError, ParameterError
from studio.networks.classifier import WaveformClassifier
from studio.training.supervised import normalised

_TOGETHER = 128
_MIDDLE = 0.5


def test_recordings(
    table: ClipTable, seed: int = 0, on_file: Callable[[int, int], None] | None = None
) -> Recordings:
    """Return the decoded clips of the test side, as `studio train` divides them.

    Parameters
    ----------
    table : ClipTable
    seed : int
        Of the training, which decides the split where none came with the clips.
    on_file : callable, optional
        Is told ``(files done, files in all)`` while decoding.

    Raises
    ------
    DataNotFoundError
        If no clip is on the test side.
    """
    given = (table.clips["split"].astype(str).str.strip() != "").all()
    if given:  # what is trained on need not be decoded
        table = table.with_split(seed=seed)
        tested = table.clips[table.clips["split"] == "test"].reset_index(drop=True)
        table = replace(table, clips=tested)
    if table.clips.empty:
        raise DataNotFoundError(f"{table.root} holds no clip for testing. Check the column split.")
    recordings = decode(table, on_file=on_file)
    if not given:
        recordings = replace(recordings, table=recordings.table.with_split(seed=seed))
    return recordings


test_recordings.__test__ = False  # type: ignore[attr-defined]  (no test of pytest's)


def measure(model: WaveformClassifier, recordings: Recordings) -> tuple[Confusion, Typical]:
    """Test a network on the middle second of every clip of the test side.

    Parameters
    ----------
    model : WaveformClassifier
    recordings : Recordings
        With a split; see `test_recordings`.

    Returns
    -------
    confusion : Confusion
    typical : Typical

    Raises
    ------
    ParameterError
        If the recordings have a class that the network does not know.
    """
    clips = np.flatnonzero(recordings.table.clips["split"].to_numpy() == "test")
    index = {name: number for number, name in enumerate(model.classes)}
    labels = recordings.table.clips["label"].to_numpy()[clips]
    strange = sorted(set(labels) - set(index))
    if strange:
        raise ParameterError(
            f"The class '{strange[0]}' is none of this model's {len(index)}. Give the sounds that "
            "it was trained on."
        )
    targets = np.array([index[label] for label in labels], np.int64)
    answers: list[NDArray[np.int64]] = []
    responses: list[list[NDArray[np.float32]]] = []
    for first in range(0, len(clips), _TOGETHER):
        part = clips[first : first + _TOGETHER]
        offsets = recordings.spread_offsets(part, _MIDDLE)
        waveforms = normalised(recordings.excerpts(part, offsets))
        found, probabilities = respond(model, waveforms)
        responses.append(found)
        answers.append(probabilities.argmax(axis=1))
    confusion = Confusion.of(targets, np.concatenate(answers), len(model.classes))
    layers = [np.concatenate(layer) for layer in zip(*responses, strict=True)]
    return confusion, Typical.of(layers, TEST_SOUNDS)


def keep(weights: Path, model: WaveformClassifier, found: tuple[Confusion, Typical]) -> list[Path]:
    """Write what `measure` found beside a model's weights; return the files."""
    confusion, typical = found
    paths = [confusion_path(weights), typical_path(weights)]
    write_confusion(paths[0], confusion, model.card)
    write_typical(paths[1], typical, model.card.get("weights_sha256", ""))
    return paths
