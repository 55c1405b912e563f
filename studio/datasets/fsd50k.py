"""FSD50K: 51,197 clips of sound events from Freesound, the paper's *Events*.

Published layout (all of it below one folder)::

    FSD50K.dev_audio/ID.wav         40,966 clips  } mono, 16 bit, 44.1 kHz, 0.3 to 30 s;
    FSD50K.eval_audio/ID.wav        10,231 clips  } ID is the number on Freesound
    FSD50K.ground_truth/dev.csv     fname,labels,mids,split   (split: train or val)
    FSD50K.ground_truth/eval.csv    fname,labels,mids
    FSD50K.ground_truth/vocabulary.csv   number,label,mid: 200 rows without a header

A clip has several labels, most specific first and followed by all their parents in the AudioSet
ontology. A classifier with one class per clip needs a rule; the paper does not state its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from studio.datasets.clips import ClipTable, clip_table
from studio.datasets.published import PublishedArchive, PublishedFile
from studio.errors import DataNotFoundError, ParameterError

NAME: str = "fsd50k"
TITLE: str = "FSD50K (sound events)"
ADDRESS: str = "https://zenodo.org/records/4060432"
LICENCE: str = (
    "The dataset as a whole CC BY 4.0; each clip CC0, CC BY, CC BY-NC or CC Sampling+, as told in "
    "FSD50K.metadata"
)
CITATION: str = (
    "E. Fonseca, X. Favory, J. Pons, F. Font, X. Serra: FSD50K: an Open Dataset of Human-Labeled "
    "Sound Events. IEEE/ACM Transactions on Audio, Speech, and Language Processing 30 (2022), "
    "pp. 829-852. doi:10.5281/zenodo.4060432"
)

Rule = Literal["single", "first", "duplicate"]
"""How several labels become one class.

``single``: keep the clips with exactly one most specific label (`most_specific`); that is the
class. ``first``: keep all clips; the class is the label that stands first. ``duplicate``: keep all
clips, once under each of their most specific labels.
"""

_PARTS = ("dev", "eval")


def recognises(root: Path) -> bool:
    """Tell whether a folder looks like FSD50K."""
    return (root / "FSD50K.ground_truth").is_dir() or (root / "FSD50K.dev_audio").is_dir()


def read(
    root: str | Path,
    name: str = NAME,
    *,
    rule: Rule = "single",
    split: Literal["ours", "published"] = "ours",
) -> ClipTable:
    """Return the clip table of FSD50K.

    Parameters
    ----------
    root : path
        The folder of the published layout above.
    name : str
        What models trained on it are called after.
    rule : {"single", "first", "duplicate"}
        See `Rule`.
    split : {"ours", "published"}
        ``ours`` pools development and evaluation clips and leaves the division to the studio
        (80/20, by recording), as the paper's 80/20 suggests. ``published`` trains on all
        development clips and tests on FSD50K's own evaluation clips.

    Raises
    ------
    DataNotFoundError
        When a folder or a table of the layout is missing.
    """
    root = Path(root)
    if rule not in get_args(Rule):
        raise ParameterError(f"rule={rule} must be one of {', '.join(get_args(Rule))}.")
    if split not in ("ours", "published"):
        raise ParameterError(f"split={split} must be ours or published.")
    labels = _read_labels(root)
    specific = most_specific(list(labels.values()))
    rows, problems = [], []
    present = {part: _wav_names(root, part) for part in _PARTS}
    for (part, clip), names in labels.items():
        path = f"FSD50K.{part}_audio/{clip}.wav"
        classes = _classes(rule, names, specific[tuple(names)])
        if classes and f"{clip}.wav" not in present[part]:
            problems.append(f"{path}: listed in {part}.csv, but there is no such file")
            continue
        side = "" if split == "ours" else "train" if part == "dev" else "test"
        rows += [(path, label, clip, side) for label in classes]
    clips = pd.DataFrame(rows, columns=["path", "label", "recording", "split"])
    return clip_table(name, root, clips, problems=problems)


def notes(root: Path) -> tuple[str, ...]:
    """Return how many clips each rule keeps, as sentences."""
    kept = count_rules(list(_read_labels(Path(root)).values()))
    return (
        f"{kept['all']:,} clips are listed. Rule 'single' (exactly one most specific label) keeps "
        f"{kept['single']:,}, rule 'first' {kept['first']:,}, rule 'duplicate' makes "
        f"{kept['duplicate']:,} of them.",
    )


def count_rules(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return how many clips each rule keeps (``duplicate``: how many it makes).

    Parameters
    ----------
    rows : sequence of sequences of str
        The labels of each clip.
    """
    specific = most_specific(rows)
    kept = {
        rule: sum(len(_classes(rule, names, specific[tuple(names)])) for names in rows)
        for rule in get_args(Rule)
    }
    return {"all": len(rows), **kept}


def most_specific(rows: Sequence[Sequence[str]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the most specific labels of every combination of labels.

    A label is an ancestor of another if it stands in every row in which the other stands: labels
    are propagated to their parents, so this recovers the ontology from the rows themselves. Of two
    labels that stand in exactly the same rows the one named first is the more specific, because
    parents follow their children. The most specific labels of a row are those that are ancestors
    of no other label of it.

    Parameters
    ----------
    rows : sequence of sequences of str

    Returns
    -------
    dict
        From the labels of a row to its most specific ones, both in the order of the row.
    """
    places: dict[str, set[int]] = {}
    for number, names in enumerate(rows):
        for label in names:
            places.setdefault(label, set()).add(number)

    @cache
    def is_covered(label: str, ancestor: str) -> bool:
        return places[label] <= places[ancestor]

    def is_ancestor(ancestor: str, label: str, names: Sequence[str]) -> bool:
        if not is_covered(label, ancestor):
            return False
        twins = len(places[label]) == len(places[ancestor])
        return not twins or names.index(label) < names.index(ancestor)

    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for names in rows:
        if tuple(names) not in found:
            found[tuple(names)] = tuple(
                label
                for label in names
                if not any(is_ancestor(label, other, names) for other in names if other != label)
            )
    return found


def _classes(rule: str, names: Sequence[str], specific: Sequence[str]) -> tuple[str, ...]:
    if rule == "first":
        return tuple(names[:1])
    if rule == "single" and len(specific) != 1:
        return ()
    return tuple(specific)


def _read_labels(root: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the labels of every listed clip, by (part, clip)."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for part in _PARTS:
        for row in _rows(root / "FSD50K.ground_truth" / f"{part}.csv"):
            names = dict.fromkeys(label.strip() for label in row["labels"].split(","))
            names.pop("", None)
            if names:
                found[part, row["fname"]] = tuple(names)
    return found


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    if not path.is_file():
        raise DataNotFoundError(_expected(path))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        if not {"fname", "labels"} <= set(rows.fieldnames or ()):
            raise ParameterError(
                f"{path} must begin with the columns fname,labels; it has "
                f"{','.join(rows.fieldnames or ())}. Unpack FSD50K.ground_truth.zip again."
            )
        yield from rows


def _wav_names(root: Path, part: str) -> set[str]:
    folder = root / f"FSD50K.{part}_audio"
    if not folder.is_dir():
        raise DataNotFoundError(_expected(folder))
    return {file.name for file in folder.iterdir()}


def _expected(place: Path) -> str:
    return (
        f"FSD50K needs '{place}', which is missing. Give the folder that holds FSD50K.dev_audio, "
        "FSD50K.eval_audio and FSD50K.ground_truth, or fetch them with "
        f"'studio data download {NAME} --to FOLDER' (from {ADDRESS})."
    )


_PUBLISHED = {  # bytes and MD5 as the Zenodo record tells them
    "FSD50K.ground_truth.zip": (334_701, "ca27382c195e37d2269c4c866dd73485"),
    "FSD50K.metadata.zip": (6_700_838, "b9ea0c829a411c1d42adb9da539ed237"),
    "FSD50K.doc.zip": (6_984, "3516162b82dc2945d3e7feba0904e800"),
    "FSD50K.eval_audio.z01": (3_221_225_472, "3090670eaeecc013ca1ff84fe4442aeb"),
    "FSD50K.eval_audio.zip": (3_037_675_767, "6fa47636c3a3ad5c7dfeba99f2637982"),
    "FSD50K.dev_audio.z01": (3_221_225_472, "faa7cf4cc076fc34a44a479a5ed862a3"),
    "FSD50K.dev_audio.z02": (3_221_225_472, "8f9b66153e68571164fb1315d00bc7bc"),
    "FSD50K.dev_audio.z03": (3_221_225_472, "1196ef47d267a993d30fa98af54b7159"),
    "FSD50K.dev_audio.z04": (3_221_225_472, "d088ac4e11ba53daf9f7574c11cccac9"),
    "FSD50K.dev_audio.z05": (3_221_225_472, "81356521aa159accd3c35de22da28c7f"),
    "FSD50K.dev_audio.zip": (2_306_663_327, "c480d119b8f7a7e32fdb58f3ea4d6c5a"),
}

_HOURS = {"dev": 80.4, "eval": 27.9}


def published_archives() -> tuple[PublishedArchive, ...]:
    """Return what has to be fetched: 24.7 GB, 34.4 GB when unpacked."""
    groups: dict[str, list[PublishedFile]] = {}
    for file, (size_bytes, md5) in _PUBLISHED.items():
        published = PublishedFile(
            name=file,
            url=f"{ADDRESS}/files/{file}?download=1",
            size_bytes=size_bytes,
            checksum=f"md5:{md5}",
            checksum_source="published by the Zenodo record",
        )
        groups.setdefault(file.rpartition(".")[0], []).append(published)
    sizes = {f"FSD50K.{part}_audio": round(h * 3600 * 88_200) for part, h in _HOURS.items()}
    return tuple(
        PublishedArchive(parts=tuple(parts), unpacked_bytes=sizes.get(group))
        for group, parts in groups.items()
    )
