"""AISHELL-3: 88,035 Mandarin utterances of 218 speakers, the paper's *Speech*.

Published layout (in the archive's own folder, or in ``data_aishell3`` below it)::

    spk-info.txt                         speaker, age group, gender, accent; separated by tabs
    train/content.txt, test/content.txt  SSBxxxxyyyy.wav <tab> characters and pinyin
    train/wav/SSBxxxx/SSBxxxxyyyy.wav    44.1 kHz, 16 bit, mono; SSBxxxx is the speaker

Training and test part have different speakers: only pooled are they the 218 of the paper. The
classes are the speakers, and the studio divides the utterances of each into training and test.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from studio.datasets.clips import ClipTable, clip_table
from studio.datasets.published import PublishedArchive, PublishedFile
from studio.errors import DataNotFoundError

NAME: str = "aishell3"
TITLE: str = "AISHELL-3 (Mandarin speech)"
ADDRESS: str = "https://www.openslr.org/93/"
LICENCE: str = "Apache License 2.0"
CITATION: str = (
    "Y. Shi, H. Bu, X. Xu, S. Zhang, M. Li: AISHELL-3: A Multi-Speaker Mandarin TTS Corpus. "
    "Interspeech 2021, pp. 2756-2760. doi:10.21437/Interspeech.2021-755"
)

_PARTS = ("train", "test")
_SPEAKER_LENGTH = len("SSB0000")


def recognises(root: Path) -> bool:
    """Tell whether a folder looks like AISHELL-3."""
    home = _home(root)
    return any((home / part / "content.txt").is_file() for part in _PARTS)


def read(root: str | Path, name: str = NAME) -> ClipTable:
    """Return the clip table of AISHELL-3: training and test part pooled, a class per speaker.

    Parameters
    ----------
    root : path
        The folder of the published layout above.
    name : str
        What models trained on it are called after.

    Raises
    ------
    DataNotFoundError
        When a part of the layout is missing.
    """
    root = Path(root)
    home = _home(root)
    speakers = _speakers(home)
    rows, problems = [], []
    if not speakers:
        problems.append("spk-info.txt: missing or empty; speakers are taken from the file names")
    for part in _PARTS:
        listed = _listed(home / part / "content.txt")
        present = _present(home / part / "wav")
        for file in listed:
            path = (home / part / "wav" / file[:_SPEAKER_LENGTH] / file).relative_to(root)
            if file in present:
                rows.append((path.as_posix(), file[:_SPEAKER_LENGTH]))
            else:
                problems.append(f"{path.as_posix()}: listed in {part}/content.txt, but missing")
        for file in sorted(present - listed.keys()):
            problems.append(f"{part}/wav/…/{file}: not listed in {part}/content.txt")
    unknown = sorted({speaker for _, speaker in rows} - speakers.keys()) if speakers else []
    problems += [f"{speaker}: a speaker without a line in spk-info.txt" for speaker in unknown]
    clips = pd.DataFrame(rows, columns=["path", "label"])
    return clip_table(name, root, clips, problems=problems)


def notes(root: Path) -> tuple[str, ...]:
    """Return who speaks, as sentences."""
    speakers = _speakers(_home(Path(root)))
    if not speakers:
        return ()
    genders = Counter(gender for gender in speakers.values())
    counted = ", ".join(f"{count} {gender}" for gender, count in genders.most_common())
    return (f"spk-info.txt lists {len(speakers)} speakers ({counted}).",)


def _home(root: Path) -> Path:
    """Return the folder that holds train and test."""
    inner = root / "data_aishell3"
    return inner if inner.is_dir() and not (root / "train").is_dir() else root


def _listed(path: Path) -> dict[str, str]:
    """Return what is said in each utterance, by file name."""
    if not path.is_file():
        raise DataNotFoundError(_expected(path))
    with path.open(encoding="utf-8-sig") as stream:
        lines = (line.split(maxsplit=1) for line in stream if line.strip())
        return {line[0]: line[-1].strip() for line in lines}


def _present(folder: Path) -> set[str]:
    if not folder.is_dir():
        raise DataNotFoundError(_expected(folder))
    return {file.name for speaker in folder.iterdir() for file in speaker.glob("*.wav")}


def _speakers(home: Path) -> dict[str, str]:
    """Return the gender of every speaker of ``spk-info.txt``."""
    path = home / "spk-info.txt"
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        columns = [column.strip() for column in line.split("\t")]
        if columns[0] and not line.startswith("#"):
            found[columns[0]] = columns[2] if len(columns) > 2 else "unknown"
    return found


def _expected(place: Path) -> str:
    return (
        f"AISHELL-3 needs '{place}', which is missing. Give the folder that holds both train and "
        "test (only together do they have all 218 speakers), or fetch it with "
        f"'studio data download {NAME} --to FOLDER' (from {ADDRESS})."
    )


def published_archives() -> tuple[PublishedArchive, ...]:
    """Return what has to be fetched: 19.1 GB, about 27 GB more when unpacked."""
    archive = PublishedFile(
        name="data_aishell3.tgz",
        url="https://www.openslr.org/resources/93/data_aishell3.tgz",
        size_bytes=19_057_141_777,
        # OpenSLR publishes no checksum. This is what projects that fetched the file report.
        checksum="sha256:be2507d431ad59419ec871e60674caedb2b585f84ffa01fe359784686db0e0cc",
        checksum_source="reported by several projects that use it; OpenSLR publishes none",
    )
    return (PublishedArchive(parts=(archive,), unpacked_bytes=round(85.7 * 3600 * 88_200)),)
