"""Batch size, excerpts and epochs that follow from the data.

The paper's settings suit thousands of clips: 75 clips in batches of 128 are one step an epoch, and
200 epochs are then 200 steps, far too few. Here the number of steps is about the same whatever the
size of the data, because it is steps that a network learns from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.datasets.recordings import EXCERPT_SAMPLES
from studio.training.cards import PAPER_DATA

STEPS = 2000
"""Steps of a whole training that chooses for itself."""

_BATCH_SIZES = (8, 16, 32, 64, 128)
_STEPS_AN_EPOCH = 16
"""Aimed at: enough for batch norm's running statistics, few enough to see progress by epochs."""

_SPACINGS = (2.0, 1.0, 0.5, 0.25)
_FEWEST_EXCERPTS = 128
_FEWEST_EPOCHS, _MOST_EPOCHS = 10, 1000


@dataclass(frozen=True, slots=True)
class Automatic:
    """What a training takes where nobody chose.

    Attributes
    ----------
    batch_size : int
        8 … 128.
    seconds_per_excerpt : float
        A clip gives one excerpt per epoch for each started so many seconds.
    steps_an_epoch : int
    """

    batch_size: int
    seconds_per_excerpt: float
    steps_an_epoch: int

    @property
    def epochs(self) -> int:
        """How many epochs make about `STEPS` steps, at least 10."""
        return self.epochs_for(STEPS)

    def epochs_for(self, steps: float) -> int:
        """Return how many epochs make about so many steps, 10 … 1,000."""
        return int(np.clip(round(steps / self.steps_an_epoch), _FEWEST_EPOCHS, _MOST_EPOCHS))


def automatic(
    lengths: NDArray[np.int64], batch_size: int | None = None, spacing: float | None = None
) -> Automatic:
    """Return the settings for training clips of these lengths.

    Parameters
    ----------
    lengths : ndarray of int, shape (clips,)
        Of the clips on the training side, in samples.
    batch_size, spacing : int, float, optional
        What was chosen; the rest follows from it.
    """

    def excerpts(seconds: float) -> int:
        return int(np.ceil(lengths / (seconds * EXCERPT_SAMPLES)).sum())

    enough = [seconds for seconds in _SPACINGS if excerpts(seconds) >= _FEWEST_EXCERPTS]
    spacing = spacing or (enough[0] if enough else _SPACINGS[-1])
    drawn = excerpts(spacing)
    fits = [size for size in _BATCH_SIZES if size * _STEPS_AN_EPOCH <= drawn]
    size = batch_size or (fits[-1] if fits else _BATCH_SIZES[0])
    return Automatic(size, spacing, max(1, -(-drawn // size)))


def is_the_papers(dataset: str) -> bool:
    """Tell whether a name stands for a dataset of the paper, whose settings are then used."""
    return dataset in PAPER_DATA
