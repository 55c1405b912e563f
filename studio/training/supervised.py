"""The paper's training (section 3.3), resumable and quick on a CPU.

Everything random in epoch e comes from a generator seeded with (seed, e), and the state is written
whole after every epoch: a run killed at any moment goes on from its last epoch and ends with the
same bits as one that was never interrupted (same machine, same number of threads).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from studio.datasets.recordings import EXCERPT_SAMPLES, Recordings, cache_folder
from studio.errors import ParameterError, StudioError
from studio.networks.checkpoints import as_stored, load_state, save_state
from studio.networks.classifier import WaveformClassifier
from studio.training.strided import FastForward

log = logging.getLogger(__name__)

SPREAD = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Positions of the five excerpts that the second test averages over; 0.5 is the first test's."""

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}

STATE_FILE = "state.safetensors"

_SETTLING = 200
"""Batches over which batch norm is measured before a test; thirty left two points to chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """Everything that determines a training, beside data and network. Defaults: the paper's.

    Attributes
    ----------
    epochs : int
        How many to train for.
    batch_size : int
        Excerpts per step; an epoch's excerpts are shared out evenly over its steps.
    learning_rate, drop_every, drop_factor : float, int, float
        Adam's rate, multiplied by ``drop_factor`` every ``drop_every`` epochs.
    weight_decay : float
        Of Adam; the paper names none.
    seconds_per_excerpt : float
        A clip gives one random excerpt per epoch for each started ``seconds_per_excerpt``.
    flip : bool
        Turn the polarity of every other excerpt.
    seed : int
        Of the initial weights, the split, the excerpts and their order.
    precision : str
        ``float32``, or ``bfloat16`` for the convolutions.
    evaluate_every : int
        Epochs between two tests.
    hidden_channels : tuple of int or None
        Channels of all layers but the last; None: the architecture's own.
    """

    epochs: int = 200
    batch_size: int = 128
    learning_rate: float = 1e-3
    drop_every: int = 100
    drop_factor: float = 0.1
    weight_decay: float = 0.0
    seconds_per_excerpt: float = 2.0
    flip: bool = False
    seed: int = 0
    precision: str = "float32"
    evaluate_every: int = 10
    hidden_channels: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "drop_every", "evaluate_every"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name}={getattr(self, name)} must be 1 or more.")
        if self.batch_size < 2:
            raise ParameterError("batch_size=1 must be 2 or more: batch norm compares excerpts.")
        for name in ("learning_rate", "drop_factor", "seconds_per_excerpt"):
            if not getattr(self, name) > 0:
                raise ParameterError(f"{name}={getattr(self, name)} must be greater than 0.")
        if self.precision not in PRECISIONS:
            raise ParameterError(
                f"precision={self.precision} must be one of {', '.join(PRECISIONS)}."
            )

    def rate(self, epoch: int) -> float:
        """Return the learning rate of ``epoch`` (from 0)."""
        return self.learning_rate * self.drop_factor ** (epoch // self.drop_every)


@dataclass(slots=True)
class Training:
    """A training under way: the network, its optimiser, and what happened so far.

    Attributes
    ----------
    history : list of dict
        One row per finished epoch: ``epoch`` (from 1), ``learning_rate``, ``loss``,
        ``train_accuracy`` (of the training excerpts as they passed), ``seconds`` it took, and
        where tested ``test_accuracy`` (middle second) and ``test_accuracy_five``.
    """

    recordings: Recordings = field(repr=False)
    architecture: str
    plan: TrainingPlan
    model: WaveformClassifier = field(repr=False)
    optimiser: torch.optim.Adam = field(repr=False)
    folder: Path
    device: torch.device
    history: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _answers: tuple[NDArray[np.float32], NDArray[np.float32]] | None = field(
        default=None, repr=False
    )

    @classmethod
    def start(
        cls,
        recordings: Recordings,
        architecture: str,
        plan: TrainingPlan,
        *,
        folder: Path | None = None,
        device: str = "cpu",
        resume: bool = True,
    ) -> Training:
        """Begin a training, or take up the one of the same plan and data where it stopped.

        Parameters
        ----------
        recordings : Recordings
            Split (`ClipTable.with_split`).
        architecture : str
        plan : TrainingPlan
        folder : path, optional
            Where the state is kept; by default one in the cache, named after all that matters.
        device : str
            ``cpu`` or ``cuda``.
        resume : bool
            False: start anew.
        """
        if "train" not in set(recordings.table.clips["split"]):
            raise ParameterError("No clip is on the training side. Check the column split.")
        _check_device(device, plan.precision)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(plan.seed)
            model = WaveformClassifier(
                architecture, recordings.table.classes, plan.hidden_channels
            ).to(device)
        optimiser = torch.optim.Adam(
            model.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
        )
        place = folder or run_folder(recordings, architecture, plan)
        place.mkdir(parents=True, exist_ok=True)
        training = cls(
            recordings, architecture, plan, model, optimiser, place, torch.device(device)
        )
        if resume:
            training.restore()
        return training

    @property
    def finished(self) -> date:
        """The day of the last epoch."""
        state = self.folder / STATE_FILE
        when = datetime.fromtimestamp(state.stat().st_mtime, UTC) if state.is_file() else None
        return (when or datetime.now(UTC)).date()

    @property
    def epoch(self) -> int:
        """Number of epochs done."""
        return len(self.history)

    def forward(self, precision: str) -> Callable[[Tensor], Tensor]:
        """Return the forward pass: the fast one on a CPU, the plain network elsewhere."""
        if self.device.type != "cpu":
            return self.model
        return FastForward(self.model, EXCERPT_SAMPLES, PRECISIONS[precision])

    def side(self, name: str) -> NDArray[np.int64]:
        """Return the indices of the clips on one side, ``train`` or ``test``."""
        return np.flatnonzero(self.recordings.table.clips["split"].to_numpy() == name)

    def batches(self, epoch: int) -> list[NDArray[np.int64]]:
        """Return the clips of each step of an epoch, a clip once per excerpt it gives."""
        clips = self.side("train")
        step = self.plan.seconds_per_excerpt * EXCERPT_SAMPLES
        drawn = np.repeat(clips, np.ceil(self.recordings.lengths[clips] / step).astype(int))
        np.random.default_rng([self.plan.seed, epoch, 0]).shuffle(drawn)
        return np.array_split(drawn, -(-len(drawn) // self.plan.batch_size))

    def run_epoch(self, on_batch: Callable[[int, int], None] | None = None) -> dict[str, Any]:
        """Train for one epoch, test if it is due, write the state; return the epoch's row."""
        began = perf_counter()
        epoch = self.epoch
        rng = np.random.default_rng([self.plan.seed, epoch, 1])
        targets = self.recordings.table.targets()
        rate = self.plan.rate(epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self._answers = None
        self.model.train()
        forward = self.forward(self.plan.precision)
        batches = self.batches(epoch)
        losses, correct, seen = 0.0, 0, 0
        for number, clips in enumerate(batches):
            offsets = self.recordings.random_offsets(clips, rng)
            waveform = normalised(self.recordings.excerpts(clips, offsets)).to(self.device)
            if self.plan.flip:
                signs = rng.integers(0, 2, len(clips)).astype(np.float32) * 2 - 1
                waveform *= torch.from_numpy(signs).to(self.device)[:, None]
            target = torch.from_numpy(targets[clips]).to(self.device)
            output = forward(waveform)
            loss = functional.nll_loss(output, target)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            losses += float(loss.detach()) * len(clips)
            correct += int((output.detach().argmax(1) == target).sum())
            seen += len(clips)
            if on_batch:
                on_batch(number + 1, len(batches))
        if not np.isfinite(losses):
            raise StudioError(
                f"The loss is not a number any more after epoch {epoch + 1}. Lower learning_rate="
                f"{rate:g}; the state of epoch {epoch} is kept in {self.folder}."
            )
        row: dict[str, Any] = {
            "epoch": epoch + 1,
            "learning_rate": rate,
            "loss": losses / seen,
            "train_accuracy": correct / seen,
            "seconds": round(perf_counter() - began, 2),
        }
        self.history.append(row)
        if self.epoch % self.plan.evaluate_every == 0 or self.epoch == self.plan.epochs:
            row |= self.test()
        self.save()
        return row

    def test(self) -> dict[str, float]:
        """Return the accuracies on the test side, if there is any."""
        clips = self.side("test")
        if not len(clips):
            return {}
        middle, five = self.answers()
        targets = self.recordings.table.targets()[clips]
        return {
            "test_accuracy": float(np.mean(middle.argmax(1) == targets)),
            "test_accuracy_five": float(np.mean(five.argmax(1) == targets)),
        }

    def answers(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return `predict` of the test side for the network as it stands, computed once."""
        if self._answers is None:
            self.settle()
            self._answers = self.predict(self.side("test"))
        return self._answers

    def settle(self) -> None:
        """Measure batch norm's statistics anew, over training excerpts and with fixed weights.

        The running ones lag behind weights that still move quickly (and training itself never
        uses them). So before every test they become the mean over up to `_SETTLING` batches. The
        batches of training alone are counted: settled twice, the network is the same, every byte.
        """
        rng = np.random.default_rng([self.plan.seed, self.epoch, 2])
        forward = self.forward("float32")
        norms: list[Any] = list(self.model.normalisations)
        momenta = [norm.momentum for norm in norms]
        counts = [norm.num_batches_tracked.clone() for norm in norms]
        self.model.train()
        with torch.no_grad():
            for number, clips in enumerate(self.batches(self.epoch)[:_SETTLING]):
                for norm in norms:
                    norm.momentum = 1 / (number + 1)  # a running mean of all batches so far
                offsets = self.recordings.random_offsets(clips, rng)
                forward(normalised(self.recordings.excerpts(clips, offsets)).to(self.device))
        for norm, momentum, count in zip(norms, momenta, counts, strict=True):
            norm.momentum = momentum
            norm.num_batches_tracked.copy_(count)

    def predict(self, clips: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return log-probabilities of clips: of the middle second, and the mean of five seconds.

        Returns
        -------
        middle, five : ndarray of float32, shape (clips, classes)
        """
        self.model.eval()
        answers = np.zeros((len(SPREAD), len(clips), len(self.model.classes)), np.float32)
        with torch.no_grad(), as_stored(self.model):
            forward = self.forward("float32")  # what is shipped is used in float32
            for answer, position in zip(answers, SPREAD, strict=True):
                for first in range(0, len(clips), 128):
                    part = clips[first : first + 128]
                    offsets = self.recordings.spread_offsets(part, position)
                    waveform = normalised(self.recordings.excerpts(part, offsets))
                    answer[first : first + 128] = forward(waveform.to(self.device)).cpu().numpy()
        return answers[SPREAD.index(0.5)], answers.mean(axis=0)

    def save(self) -> None:
        """Write network, optimiser and history into one file, whole or not at all."""
        save_state(self.folder / STATE_FILE, self.model, self.optimiser, self.history)

    def restore(self) -> None:
        """Take up the written state, if there is one."""
        path = self.folder / STATE_FILE
        if path.is_file():
            self.history = load_state(path, self.model, self.optimiser)


def _check_device(device: str, precision: str) -> None:
    if device not in ("cpu", "cuda"):
        raise ParameterError(f"device={device} must be cpu or cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise ParameterError("device=cuda needs an NVIDIA card that PyTorch can use. Take cpu.")
    if device == "cuda" and precision != "float32":
        raise ParameterError(f"precision={precision} is for cpu; on cuda it must be float32.")


def normalised(excerpts: NDArray[np.int16]) -> Tensor:
    """Return excerpts (B, T) as float32 with a peak of 1 each; silence stays silence."""
    waveform = torch.from_numpy(excerpts).to(torch.float32)
    peak = torch.maximum(waveform.amax(1), -waveform.amin(1)).clamp_min(1)
    return waveform.mul_(peak.reciprocal().unsqueeze(1))


def run_folder(recordings: Recordings, architecture: str, plan: TrainingPlan) -> Path:
    """Return the folder of a training in the cache: another plan or other data, another folder.

    The number of epochs does not count: a training can be taken further.
    """
    matters = asdict(plan)
    del matters["epochs"], matters["evaluate_every"]
    table = recordings.table
    digest = hashlib.sha256(json.dumps(matters, sort_keys=True).encode())
    columns = ["path", "start_seconds", "duration_seconds", "label", "split"]
    digest.update(table.clips[columns].to_csv().encode())
    name = f"{table.name}-{architecture}-{digest.hexdigest()[:8]}"
    return cache_folder() / "training" / name
