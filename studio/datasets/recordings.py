"""Clips decoded once into a memory map, and the excerpts that training draws from them.

Decoding (Ogg, MP3, resampling) costs far more than training on a second of sound. So every clip is
decoded a single time into 16-bit samples at 44,100 Hz, one behind the other in one file; excerpts
are then slices of that file. Each clip is stored at full scale: excerpts are peak-normalised
anyway, and a pianissimo keeps its 16 bits.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import soxr
from filelock import FileLock
from numpy.typing import NDArray

from studio.datasets.clips import ClipTable, clip_table
from studio.errors import AudioError, DataNotFoundError, ParameterError
from studio.sound import SAMPLE_RATE

log = logging.getLogger(__name__)

EXCERPT_SAMPLES = SAMPLE_RATE
"""Length of what a network hears at once in training: one second."""

_FORMAT = 1


def cache_folder() -> Path:
    """Return the folder for what can be made again: STUDIO_CACHE of the environment, or cache/."""
    return Path(os.environ.get("STUDIO_CACHE") or "cache")


@dataclass(frozen=True, slots=True)
class Recordings:
    """Decoded clips.

    Attributes
    ----------
    table : ClipTable
        The clips that could be decoded; ``problems`` names the others.
    samples : ndarray of int16, shape (all samples,)
        A read-only memory map, clip behind clip.
    starts, lengths : ndarray of int64, shape (clips,)
        Where each clip begins in ``samples`` and how long it is, in samples.
    """

    table: ClipTable
    samples: NDArray[np.int16] = field(repr=False)
    starts: NDArray[np.int64] = field(repr=False)
    lengths: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def hours(self) -> float:
        """Sound in hours."""
        return float(self.lengths.sum()) / SAMPLE_RATE / 3600

    def excerpts(self, clips: NDArray[np.int64], offsets: NDArray[np.int64]) -> NDArray[np.int16]:
        """Cut one excerpt out of each of some clips.

        Parameters
        ----------
        clips : ndarray of int, shape (B,)
            Indices of clips; may repeat.
        offsets : ndarray of int, shape (B,)
            First sample of the excerpt within its clip. Negative: the excerpt begins with as much
            silence before the clip.

        Returns
        -------
        ndarray of int16, shape (B, 44100)
            Silence wherever an excerpt reaches beyond its clip.
        """
        cut = np.zeros((len(clips), EXCERPT_SAMPLES), np.int16)
        begins = np.maximum(offsets, 0)
        ends = np.minimum(offsets + EXCERPT_SAMPLES, self.lengths[clips])
        for row, clip, offset, begin, end in zip(cut, clips, offsets, begins, ends, strict=True):
            first = self.starts[clip]
            row[begin - offset : end - offset] = self.samples[first + begin : first + end]
        return cut

    def random_offsets(
        self, clips: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw where excerpts begin: anywhere inside; a short clip anywhere inside the silence."""
        room = self.lengths[clips] - EXCERPT_SAMPLES
        drawn = np.floor(rng.random(len(clips)) * (np.abs(room) + 1)).astype(np.int64)
        return np.where(room >= 0, drawn, -drawn)

    def spread_offsets(self, clips: NDArray[np.int64], position: float) -> NDArray[np.int64]:
        """Return fixed offsets.

        ``position`` 0 is a clip's first second, 0.5 its middle, 1 its last. A clip shorter than a
        second sits in the middle of the silence, whatever the position.
        """
        room = self.lengths[clips] - EXCERPT_SAMPLES
        return np.where(room >= 0, np.round(room * position), room // 2).astype(np.int64)


def decode(
    table: ClipTable,
    folder: str | Path | None = None,
    on_file: Callable[[int, int], None] | None = None,
) -> Recordings:
    """Decode all clips of a table, or take them from the cache.

    A run that was interrupted goes on with the first file it had not finished.

    Parameters
    ----------
    table : ClipTable
    folder : path, optional
        The cache; `cache_folder` by default.
    on_file : callable, optional
        Is told ``(files done, files in all)`` while decoding.

    Raises
    ------
    DataNotFoundError
        When not a single clip can be read.
    """
    place = Path(folder or cache_folder()) / "recordings" / f"{table.name}-{_fingerprint(table)}"
    if (place / "index.csv").is_file():
        try:
            return _cached(table, place)
        except (OSError, ValueError, KeyError, IndexError) as error:
            log.warning("the sounds in %s are damaged and decoded anew (%s)", place, error)
            (place / "index.csv").unlink(missing_ok=True)
    _write(table, place, on_file)
    return _cached(table, place)


def _cached(table: ClipTable, place: Path) -> Recordings:
    """Return what was decoded before; any error means that it is damaged."""
    index = pd.read_csv(place / "index.csv", dtype={"row": np.int64})
    problems = tuple(json.loads((place / "problems.json").read_text(encoding="utf-8")))
    clips = table.clips.iloc[index["row"].to_numpy()]
    kept = clip_table(
        table.name, table.root, clips, problems=problems, channel=table.channel, read=table.read
    )
    lengths = index["samples"].to_numpy(np.int64)
    there = (place / "samples.int16").stat().st_size
    if there != 2 * lengths.sum() or not (lengths > 0).all():
        raise ValueError(f"{there:,} of {2 * lengths.sum():,} bytes are there")
    return Recordings(
        table=replace(kept, problems=(*table.problems, *problems)),
        samples=np.memmap(place / "samples.int16", np.int16, mode="r"),
        starts=np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64),
        lengths=lengths,
    )


def _fingerprint(table: ClipTable) -> str:
    """Return a name for the sound of the clips: other files, times or channel give another one."""
    digest = hashlib.sha256(f"{_FORMAT} {table.channel}".encode())
    digest.update(table.clips[["path", "start_seconds", "duration_seconds"]].to_csv().encode())
    for path in sorted(table.clips["path"].unique()):
        file = table.root / path
        size = file.stat().st_size if file.is_file() else -1
        digest.update(f"{path} {size}".encode())
    return digest.hexdigest()[:16]


def _write(table: ClipTable, place: Path, on_file: Callable[[int, int], None] | None) -> None:
    """Decode into an unfinished folder beside ``place``; a run that was killed is taken up again.

    ``journal.jsonl`` gets a line per decoded file, after its samples are written. A second process
    that wants the same sounds waits for the first.
    """
    unfinished = place.with_name(f".{place.name}.tmp")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_name(f".{place.name}.lock")):
            if (place / "index.csv").is_file():
                shutil.rmtree(unfinished, ignore_errors=True)
                return
            unfinished.mkdir(exist_ok=True)
            journal = _write_samples(table, unfinished, on_file)
            rows = [row for entry in journal for row in entry["rows"]]
            problems = [problem for entry in journal for problem in entry["problems"]]
            if not rows:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise DataNotFoundError(
                    f"Not one of the {len(table.clips)} clips of {table.root} can be read: "
                    f"{problems[0]}."
                )
            text = json.dumps(problems, ensure_ascii=False)
            (unfinished / "problems.json").write_text(text, encoding="utf-8")
            index = pd.DataFrame(rows, columns=["row", "samples"])
            index.to_csv(unfinished / "index.csv", index=False)
            (unfinished / "journal.jsonl").unlink()
            if place.exists():
                shutil.rmtree(place)
            unfinished.rename(place)
    except OSError as error:
        if isinstance(error, DataNotFoundError):
            raise
        raise AudioError(
            f"The decoded sounds could not be written to {place.parent} "
            f"({error.strerror or error}). Free some space, or set STUDIO_CACHE to another folder."
        ) from error


def _write_samples(
    table: ClipTable, unfinished: Path, on_file: Callable[[int, int], None] | None
) -> list[dict[str, Any]]:
    """Decode the files that the journal does not name yet; return the whole journal."""
    samples_path, journal_path = unfinished / "samples.int16", unfinished / "journal.jsonl"
    journal = _taken_up(samples_path, journal_path)
    done = {entry["path"] for entry in journal}
    files = table.clips.groupby("path", sort=False).indices
    with samples_path.open("ab") as out, journal_path.open("a", encoding="utf-8") as notes:
        for number, (path, rows) in enumerate(files.items(), 1):
            if path not in done:
                entry: dict[str, Any] = {"path": path, "rows": [], "problems": []}
                for row, samples, problem in _decoded(table, str(path), np.asarray(rows)):
                    if samples is None:
                        entry["problems"].append(problem)
                        log.warning("left out: %s", problem)
                        continue
                    scaled = np.round(samples * (32767 / np.abs(samples).max()))
                    out.write(scaled.astype("<i2").data)
                    entry["rows"].append((row, len(samples)))
                out.flush()
                notes.write(json.dumps(entry) + "\n")
                notes.flush()
                journal.append(entry)
            if on_file:
                on_file(number, len(files))
    return journal


def _taken_up(samples_path: Path, journal_path: Path) -> list[dict[str, Any]]:
    """Return the journal as far as its samples are there, and cut both files to that point."""
    there = samples_path.stat().st_size if samples_path.is_file() else 0
    journal, used = [], 0
    for line in journal_path.read_bytes().split(b"\n")[:-1] if journal_path.is_file() else ():
        try:
            entry = json.loads(line)
            used += 2 * sum(length for _, length in entry["rows"])
        except (ValueError, KeyError, TypeError):  # damaged: what follows is decoded again
            break
        if used > there:
            break
        journal.append(entry)
    kept = 2 * sum(length for entry in journal for _, length in entry["rows"])
    with samples_path.open("ab") as out:
        out.truncate(kept)
    lines = (json.dumps(entry) + "\n" for entry in journal)
    journal_path.write_text("".join(lines), encoding="utf-8")
    return journal


def _decoded(
    table: ClipTable, path: str, rows: NDArray[np.intp]
) -> Iterator[tuple[int, NDArray[np.float32] | None, str]]:
    """Yield row number, samples at 44,100 Hz (or None) and what is wrong, for clips of a file."""
    try:
        sound, rate = table.read(table.root / path)
        mono = choose_channel(sound, table.channel)
    except (AudioError, OSError) as error:
        for row in rows:
            yield int(row), None, f"{path}: {error}"
        return
    for row in rows:
        start = round(float(table.clips["start_seconds"].iloc[row]) * rate)
        duration = float(table.clips["duration_seconds"].iloc[row])
        end = len(mono) if np.isnan(duration) else start + round(duration * rate)
        clip = mono[start:end]
        if not len(clip):
            yield int(row), None, f"{path}: nothing at {start / rate:.3f} s"
        elif not np.isfinite(clip).all():
            yield int(row), None, f"{path}: samples that are not numbers"
        elif not clip.any():
            yield int(row), None, f"{path}: silent at {start / rate:.3f} s"
        else:
            heard = soxr.resample(clip, rate, SAMPLE_RATE) if rate != SAMPLE_RATE else clip
            yield int(row), np.asarray(heard, np.float32), ""


def choose_channel(sound: NDArray[np.float32], channel: str) -> NDArray[np.float32]:
    """Return one channel of ``(frames, channels)``: ``mean``, ``loudest`` or the number of one."""
    if sound.shape[1] == 1:
        return sound[:, 0]
    if channel == "mean":
        return sound.mean(axis=1)
    if channel == "loudest":
        return sound[:, int(np.argmax(np.square(sound).sum(axis=0)))]
    if not channel.isdecimal() or int(channel) >= sound.shape[1]:
        raise ParameterError(
            f"channel={channel} must be mean, loudest or a number from 0 to {sound.shape[1] - 1}."
        )
    return sound[:, int(channel)]
