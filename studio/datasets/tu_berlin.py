"""Single notes of 41 instruments, recorded by TU Berlin: the paper's *Instruments*.

About 3,305 notes at pp and ff, played in an anechoic chamber inside a sphere of 32 microphones.

Version 2 holds sound files, 32 channels, 44.1 kHz::

    1_Recordings/<Instrument>/<Instrument>_<era>_et_<ff|pp>_<note>.wav

Version 3 holds the same notes as spectra (SOFA, which is HDF5), an archive per instrument::

    2_<Instrument>_recordings.zip    one .sofa per note; 1 is a sound pressure of 1 Pa
    3_Audio_Features.csv             its second row holds the real column names

(The files of version 3 name themselves doi:10.14279/depositonce-5861.3; its record is found under
doi:10.14279/depositonce-19858.)

``et`` is "Einzelton", a single note; the era is modern or historical and missing for the timpani
and the voice. The paper counts 255 classes "of instruments played at different loudness levels and
with different tone types" and does not say how they were formed. Here a class is what the groups
of a pattern find in the file name: instrument, era, dynamic and register (the octave of the note).
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studio.datasets.clips import ClipTable, clip_table, read_sound
from studio.datasets.download import read_json
from studio.datasets.published import DownloadError, PublishedArchive, PublishedFile
from studio.errors import AudioError, DataNotFoundError, ParameterError

log = logging.getLogger(__name__)

NAME: str = "tu-berlin"
TITLE: str = "Musical instruments, TU Berlin (anechoic single notes)"
ADDRESS: str = "https://doi.org/10.14279/depositonce-19858"
LICENCE: str = "CC BY-NC-SA 4.0, as told in the documentation and in every SOFA file"
CITATION: str = (
    "S. Weinzierl, M. Vorländer, D. Ackermann, G. Behler, F. Brinkmann, H. v. Coler, E. Detzner, "
    "J. Krämer, A. Lindau, M. Pollow, F. Schulz, N. R. Shabtai: Musical Instruments - A data base "
    "with recordings, directivities, and features of classical musical instruments. DepositOnce, "
    "Technische Universität Berlin, 5861, version 3 (2024). doi:10.14279/depositonce-19858; "
    "version 2: doi:10.14279/depositonce-5861.2"
)

PATTERN = (
    r"^(?P<instrument>[A-Za-z].*?)(?:_(?P<era>modern|historical))?"
    r"(?:_et)?_(?P<dynamic>pp|ff)(?:_[A-Ha-h](?:is|es|s|b|#)?(?P<register>-?\d)(?!\d))?(?:_|$)"
)
"""Where instrument, era, dynamic and register stand in ``Oboe_modern_et_ff_c5``."""

_NOT_RECORDINGS = ("_singletones", "_3rdoctave", "_tensordata")
"""Ends of the names of SOFA files that hold directivities, not sound."""

_SAMPLE_RATE = 44_100  # "all data were measured with a sampling frequency of 44.1 kHz"


def recognises(root: Path) -> bool:
    """Tell whether a folder looks like version 2 or 3 of the recordings."""
    spectra = (root.glob("*/" * depth + "*.sofa") for depth in range(3))
    return bool(_wav_files(root)) or any(any(files) for files in spectra)


def read(
    root: str | Path, name: str = NAME, *, pattern: str = PATTERN, channel: str = "mean"
) -> ClipTable:
    """Return the clip table of the recordings; version 2 (WAV) is preferred where both are there.

    Parameters
    ----------
    root : path
        The folder of the published layout above.
    name : str
        What models trained on it are called after.
    pattern : str
        Regular expression that is searched in the file name without its ending. The class is the
        text of its groups, joined by spaces, underscores read as spaces.
    channel : str
        ``mean`` of all microphones, ``loudest``, or the number of one from 0.

    Raises
    ------
    DataNotFoundError
        When there are neither WAV nor SOFA recordings.
    ParameterError
        When the pattern is no regular expression or has no groups.
    """
    root = Path(root)
    found = _compiled(pattern)
    sounds, problems = _wav_files(root), []
    every = sorted(root.rglob("*.sofa"))
    spectra = [path for path in every if not _is_directivity(path)]
    if len(spectra) < len(every):
        problems.append(f"{len(every) - len(spectra)} .sofa files: directivities, not recordings")
    if sounds and spectra:
        problems.append(f"{len(spectra)} .sofa files: the same notes are there as WAV (version 2)")
    elif spectra:
        require_h5py()
    rows = []
    for path in sounds or spectra:
        place = path.relative_to(root).as_posix()
        label = label_of(path.stem, found)
        if label:
            rows.append((place, label, path.stem))
        else:
            problems.append(f"{place}: its name does not fit the pattern of a single note")
    if not rows:
        raise DataNotFoundError(
            f"No recordings of the TU Berlin instruments in '{root}'. Expected are "
            "1_Recordings/<Instrument>/*.wav (version 2) or the .sofa files of the unpacked "
            f"2_<Instrument>_recordings.zip (version 3): fetch them with 'studio data download "
            f"{NAME} --to FOLDER' (from {ADDRESS})"
            + (f"; the first of {len(problems)} problems: {problems[0]}." if problems else ".")
        )
    clips = pd.DataFrame(rows, columns=["path", "label", "recording"])
    return clip_table(name, root, clips, problems=problems, channel=channel, read=read_recording)


def notes(root: Path) -> tuple[str, ...]:
    """Return which version was found, as sentences."""
    if _wav_files(root):
        return ("Version 2: sound files of 32 microphones.",)
    return ("Version 3: spectra (SOFA), turned back into sound while decoding.",)


def label_of(stem: str, pattern: re.Pattern[str]) -> str:
    """Return the class that a file name tells; empty if the pattern does not fit."""
    match = pattern.search(stem)
    if match is None:
        return ""
    return " ".join(text.replace("_", " ").strip() for text in match.groups() if text)


def read_recording(path: Path) -> tuple[NDArray[np.float32], int]:
    """Read a recording of either version: samples, shape (frames, channels), and its rate in Hz."""
    return read_sofa(path) if path.suffix.lower() == ".sofa" else read_sound(path)


def read_sofa(path: Path) -> tuple[NDArray[np.float32], int]:
    """Turn the spectra of a SOFA file back into sound.

    The file holds single-sided spectra: of every microphone r the bins k = 0 … K-1 up to half the
    sample rate. All bins but the first and (for an even number of samples) the last are doubled,
    because they stand for their mirror images too. Halved, they are what an inverse real FFT
    expects (documentation of the database, equation 1).

    Returns
    -------
    samples : ndarray of float32, shape (frames, microphones)
        In pascal: fortissimo exceeds 1.
    sample_rate : int
        In Hz.
    """
    h5py = require_h5py()
    try:
        with h5py.File(path, "r") as file:
            real, imaginary = file["Data.Real"][0], file["Data.Imag"][0]  # (R, K)
            frequencies = np.asarray(file["N"], float).ravel()  # (K,)
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise AudioError(f"{path} cannot be read as SOFA spectra ({error}).") from error
    samples = _sample_count(path, frequencies, real.shape[-1])
    halved = np.empty(real.shape, np.complex64)
    halved.real, halved.imag = real / 2, imaginary / 2
    halved[:, 0] *= 2
    if samples % 2 == 0:
        halved[:, -1] *= 2
    waveform = np.fft.irfft(halved, n=samples, axis=-1)
    return np.ascontiguousarray(waveform.T, np.float32), _SAMPLE_RATE


def probe(path: Path) -> tuple[float, int, int] | None:
    """Return (seconds, microphones, sample rate) of a SOFA file without reading the spectra.

    None for a sound file: its own header tells.
    """
    if path.suffix.lower() != ".sofa":
        return None
    h5py = require_h5py()
    try:
        with h5py.File(path, "r") as file:
            shape = file["Data.Real"].shape
            frequencies = np.asarray(file["N"], float).ravel()
            samples = _sample_count(path, frequencies, shape[-1])
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise AudioError(f"{path} cannot be read as SOFA spectra ({error}).") from error
    return samples / _SAMPLE_RATE, shape[-2], _SAMPLE_RATE


def require_h5py() -> Any:
    """Return h5py, or say how to install it."""
    try:
        import h5py
    except ImportError as error:
        raise AudioError(
            "Version 3 of the TU Berlin instruments consists of SOFA files, which need the package "
            "h5py. Install it with: pip install 'deep-dream-studio[sofa]'"
        ) from error
    return h5py


def _sample_count(path: Path, frequencies: NDArray[np.float64], bins: int) -> int:
    """Return how many samples the spectra stand for: the reciprocal of their frequency step."""
    if bins < 2 or len(frequencies) != bins or frequencies[1] <= frequencies[0]:
        raise AudioError(
            f"{path} holds {bins} bins for {len(frequencies)} frequencies; spectra of a recording "
            "have one frequency per bin, in rising order from 0 Hz."
        )
    samples = round(_SAMPLE_RATE / ((frequencies[-1] - frequencies[0]) / (bins - 1)))
    if frequencies[0] != 0 or samples // 2 + 1 != bins:
        raise AudioError(
            f"{path} holds frequencies from {frequencies[0]:g} to {frequencies[-1]:g} Hz; spectra "
            f"of a recording at {_SAMPLE_RATE} Hz run from 0 Hz to half of it. (The directivities "
            "of this database are no recordings.)"
        )
    return samples


def _compiled(pattern: str, needs_groups: bool = True) -> re.Pattern[str]:
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise ParameterError(
            f"pattern={pattern} is not a regular expression: {error}. An example: {PATTERN}"
        ) from error
    if needs_groups and not found.groups:
        raise ParameterError(
            f"pattern={pattern} must have groups in parentheses: their text becomes the class."
        )
    return found


def _wav_files(root: Path) -> list[Path]:
    folders = [root] if root.name == "1_Recordings" else []
    folders += [*root.glob("1_Recordings"), *root.glob("*/1_Recordings")]
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix.lower() == ".wav"
    )


def _is_directivity(path: Path) -> bool:
    return path.stem.lower().endswith(_NOT_RECORDINGS)


_SERVER = "https://api-depositonce.tu-berlin.de/server/api/core"
_ITEMS = {
    3: "b194da8b-e98c-4761-9100-2b0bb6ba93e8",  # handle 11303/21058
    2: "50133366-e4a3-453d-8df6-cd577225a3d1",  # handle 11303/6305.2
}
_RECORDINGS = {3: r"(?i)^2_.*recordings.*\.zip$", 2: r"(?i)^1_.*\.zip$|recordings.*\.zip$"}
_FEATURES = "3_Audio_Features.csv"


def published_archives(
    version: int = 3, only: str = ".*", server: str | None = None
) -> tuple[PublishedArchive, ...]:
    """Ask the repository for its list of files, with their sizes and MD5 sums.

    Parameters
    ----------
    version : {3, 2}
        3 is SOFA: about 54 GB in 42 archives; 2 is WAV.
    only : str
        Regular expression searched in the archives' names, to fetch some instruments only.
    server : str, optional
        Address of the repository's interface.

    Raises
    ------
    DownloadError
        When the record does not list such archives.
    """
    if version not in _ITEMS:
        raise ParameterError(f"version={version} must be 3 (SOFA) or 2 (WAV).")
    server = server or _SERVER
    files = _listing(f"{server}/items/{_ITEMS[version]}/bundles", server)
    chosen = _compiled(only, needs_groups=False)
    wanted = [n for n in sorted(files) if re.search(_RECORDINGS[version], n) and chosen.search(n)]
    if not wanted:
        raise DownloadError(
            f"The record of version {version} lists no recordings that fit '{only}'. It lists: "
            f"{', '.join(sorted(files))}. See {ADDRESS}."
        )
    archives = [
        PublishedArchive(parts=(_published(files[name], server),), folder=_folder(name, version))
        for name in wanted
    ]
    if _FEATURES in files:
        archives.insert(0, PublishedArchive(parts=(_published(files[_FEATURES], server),)))
    return tuple(archives)


def _listing(bundles_address: str, server: str) -> dict[str, dict[str, Any]]:
    """Return what the repository tells about every file of a record, by name."""
    try:
        bundles = read_json(bundles_address)["_embedded"]["bundles"]
        original = next(bundle for bundle in bundles if bundle["name"] == "ORIGINAL")
        address = f"{server}/bundles/{quote(original['uuid'])}/bitstreams?size=200"
        return {entry["name"]: entry for entry in read_json(address)["_embedded"]["bitstreams"]}
    except (KeyError, TypeError, StopIteration) as error:
        raise DownloadError(
            f"'{bundles_address}' does not list the record's files as expected ({error!r}). Fetch "
            f"the archives by hand from {ADDRESS} and unpack them into one folder."
        ) from error


def _folder(name: str, version: int) -> str:
    return name.removesuffix(".zip") if version == 3 else "1_Recordings"


def _published(entry: dict[str, Any], server: str) -> PublishedFile:
    checksum = entry.get("checkSum") or {}
    known = checksum.get("checkSumAlgorithm") == "MD5" and checksum.get("value")
    return PublishedFile(
        name=entry["name"],
        url=f"{server}/bitstreams/{quote(entry['uuid'])}/content",
        size_bytes=entry.get("sizeBytes"),
        checksum=f"md5:{checksum['value'].lower()}" if known else None,
        checksum_source="published by the repository of TU Berlin",
    )
