"""The clip table that every dataset becomes, and its division into training and test.

A clip is a stretch of a sound file that belongs to one class. Clips cut from one recording share
its name in the column ``recording``, so that a split never puts them on both sides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import soundfile
from numpy.typing import NDArray

from studio.errors import AudioError, DataNotFoundError, ParameterError
from studio.sound.containers import require_whole

log = logging.getLogger(__name__)

COLUMNS = ("path", "start_seconds", "duration_seconds", "label", "recording", "split")
"""Columns of a clip table. ``path`` is relative to the root; a duration that is not a number
means "to the end of the file"; ``split`` is ``train``, ``test`` or empty (not decided)."""

_TEST_WORDS = ("test", "eval", "evaluation")

Reader = Callable[[Path], tuple[NDArray[np.float32], int]]
"""Reads a file: samples, shape (frames, channels), and the sample rate in Hz."""


def read_sound(path: Path) -> tuple[NDArray[np.float32], int]:
    """Read a sound file as ``(frames, channels)`` and sample rate, or raise `AudioError`."""
    try:
        require_whole(path)
        samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise AudioError(f"{path} cannot be read as sound ({error}).") from error
    return np.asarray(samples, np.float32), int(sample_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTable:
    """The clips of a dataset.

    Attributes
    ----------
    name : str
        What the dataset is called; models trained on it carry the name.
    root : Path
        Folder that the paths of the clips start from.
    clips : pandas.DataFrame
        One row per clip with (at least) `COLUMNS`.
    problems : tuple of str
        Files that were left out, each with the reason.
    channel : str
        Which channel of a file with several is heard: ``mean``, ``loudest`` or its number from 0.
    read : callable
        How a file of this dataset becomes samples.
    split_rule : str
        How training and test were divided, in words.
    """

    name: str
    root: Path
    clips: pd.DataFrame
    problems: tuple[str, ...] = ()
    channel: str = "mean"
    read: Reader = field(default=read_sound, repr=False)
    split_rule: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names in alphabetical order: the order of a classifier's output."""
        return tuple(sorted(self.clips["label"].unique()))

    def targets(self) -> NDArray[np.int64]:
        """Return the index of each clip's class, shape (clips,)."""
        index = {label: number for number, label in enumerate(self.classes)}
        return np.array([index[label] for label in self.clips["label"]], np.int64)

    def with_split(self, test_share: float = 0.2, seed: int = 0) -> ClipTable:
        """Return the table with every clip on one side; a split that came with it is kept."""
        given = self.clips["split"].astype(str).str.strip().str.lower()
        if (given != "").all():
            side = np.where(given.isin(_TEST_WORDS), "test", "train")
            rule = "as given with the clips"
        else:
            percent = round(100 * (1 - test_share))
            rule = f"{percent}/{100 - percent} by recording, stratified by class, seed {seed}"
            side = split_by_recording(
                self.clips["label"].tolist(), self.clips["recording"].tolist(), test_share, seed
            )
        return replace(self, clips=self.clips.assign(split=side), split_rule=rule)


def clip_table(
    name: str,
    root: str | Path,
    clips: pd.DataFrame,
    *,
    problems: Sequence[str] = (),
    channel: str = "mean",
    read: Reader = read_sound,
) -> ClipTable:
    """Check and complete a table of clips.

    Missing columns get what they mean when left out: start 0, duration to the end, a recording per
    path, no split.

    Raises
    ------
    DataNotFoundError
        When the root is missing or the table is empty.
    ParameterError
        When a required column is missing, a time is negative or not a number, a path leaves the
        root, or there are fewer than two classes.
    """
    root = Path(root)
    if not root.is_dir():
        raise DataNotFoundError(f"{root} is not a folder. Give the folder that holds the sounds.")
    missing = [column for column in ("path", "label") if column not in clips.columns]
    if missing:
        raise ParameterError(
            f"The clip table of {root} lacks the column {' and '.join(missing)}. Its first line "
            f"must name the columns {','.join(COLUMNS[:5])}[,split]."
        )
    found: Any = clips.copy()  # pandas' own types say too little about columns
    found["path"] = found["path"].fillna("").astype(str)
    found["label"] = found["label"].fillna("").astype(str).str.strip()
    for column, default in (("start_seconds", 0.0), ("duration_seconds", np.nan)):
        given: Any = found[column] if column in found.columns else pd.Series(default, found.index)
        numbers: Any = pd.to_numeric(given, errors="coerce")
        numbers = numbers.astype(float)
        wrong = (numbers.isna() & given.notna() & (given != "")) | (numbers < 0) | np.isinf(numbers)
        if wrong.any():
            raise ParameterError(
                f"{column}={given[wrong].iloc[0]} of {found['path'][wrong].iloc[0]} must be a "
                "number of seconds, 0 or more."
            )
        found[column] = numbers.fillna(default)
    for column in ("recording", "split"):
        given = found[column] if column in found.columns else pd.Series("", found.index)
        found[column] = given.fillna("").astype(str)
    found["recording"] = found["recording"].where(found["recording"] != "", found["path"])
    outside = found["path"].map(lambda path: Path(path).is_absolute() or ".." in Path(path).parts)
    if outside.any():
        raise ParameterError(
            f"path={found['path'][outside].iloc[0]} must be relative to {root} and stay inside it."
        )
    unusable = (found["path"] == "") | (found["label"] == "")
    if unusable.any():
        problems = (*problems, f"{int(unusable.sum())} rows without a path or a label")
        found = found[~unusable]
    if found.empty:
        raise DataNotFoundError(
            f"{root} holds no clips. It needs a folder of sounds per class, or a clips.csv."
        )
    if found["label"].nunique() < 2:
        raise ParameterError(
            f"{root} holds one class only ({found['label'].iloc[0]}). A classifier needs two or "
            "more: put the sounds of each class into a folder of its own."
        )
    return ClipTable(
        name=name,
        root=root,
        clips=found.reset_index(drop=True),
        problems=tuple(problems),
        channel=channel,
        read=read,
    )


def split_by_recording(
    labels: Sequence[str], recordings: Sequence[str], test_share: float = 0.2, seed: int = 0
) -> NDArray[np.str_]:
    """Divide clips into ``train`` and ``test`` so that no recording is on both sides.

    Stratified: in every class the recordings, in an order drawn with ``seed``, go to the test side
    until it holds ``test_share`` of the clips. A class of two recordings or more gets at least one
    on each side; a class of a single recording is trained on and not tested. A recording with
    clips of several classes counts as one of the class that most of its clips have.

    Parameters
    ----------
    labels, recordings : sequences of str, one entry per clip
    test_share : float
        Between 0 and 1, both excluded.
    seed : int

    Returns
    -------
    ndarray of str, shape (clips,)
    """
    if not 0 < test_share < 1:
        raise ParameterError(f"test_share={test_share} must lie between 0 and 1, like 0.2.")
    rng = np.random.default_rng(seed)
    table: Any = pd.DataFrame({"label": list(labels), "recording": list(recordings)})
    counts = table.value_counts(["recording", "label"], sort=False).reset_index(name="clips")
    counts = counts.sort_values(["recording", "clips", "label"], ascending=[True, False, True])
    home = counts.drop_duplicates("recording").set_index("recording")["label"]
    sizes = table["recording"].value_counts()
    test: set[str] = set()
    for label in sorted(home.unique()):
        members = np.sort(home.index[home == label].to_numpy(dtype=str))
        rng.shuffle(members)
        wanted = test_share * float(sizes[members].sum())
        held = 0
        for position, recording in enumerate(members):
            size = int(sizes[recording])
            # One stays for training, one goes to the test; beyond that, as near as can be.
            if position == len(members) - 1 or (position and held + size / 2 > wanted):
                break
            test.add(recording)
            held += size
    single = int((home.value_counts() == 1).sum())
    if single:
        log.warning("%d classes have a single recording: trained on, but not tested.", single)
    return np.where(table["recording"].isin(test), "test", "train")
