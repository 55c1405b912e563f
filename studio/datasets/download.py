"""Fetching published files: resumed, verified, and never more than the disk can hold.

A file grows beside its final name as ``NAME.part``. A dropped connection is taken up again where
it broke off (HTTP ``Range``); a complete file must have the published size and checksum before it
gets its name (`studio.datasets.published`).
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import requests

from studio.datasets.published import (
    DownloadError,
    Ledger,
    PublishedFile,
    checksum_of,
    size_of,
)

log = logging.getLogger(__name__)

_HEADERS = {"User-Agent": "deep-dream-studio", "Accept-Encoding": "identity"}

_LONGEST_PAUSE_SECONDS = 300.0

Progress = Callable[[str, int, int | None], None]
"""Told the file's name, the bytes that are there and the bytes there will be (None: unknown)."""


def download(
    files: Iterable[PublishedFile],
    folder: Path,
    *,
    on_progress: Progress | None = None,
    attempts: int = 6,
    pause_seconds: float = 1.0,
) -> list[Path]:
    """Fetch published files into a folder; what is already there and verified stays.

    Parameters
    ----------
    files : iterable of PublishedFile
    folder : Path
        Made if it is missing.
    on_progress : callable, optional
        See `Progress`.
    attempts : int
        Connections in a row that may end without a single new byte.
    pause_seconds : float
        First pause between two of them; it doubles up to a minute.

    Returns
    -------
    list of Path, in the order of ``files``

    Raises
    ------
    DownloadError
        If a server does not deliver, or delivers something else than was published.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder)
    patience = _Patience(attempts, pause_seconds)
    tell = on_progress or (lambda name, have, total: None)
    return [_download_one(file, folder, ledger, patience, tell) for file in files]


def missing_bytes(files: Sequence[PublishedFile], folder: Path) -> int:
    """Return the bytes still to be fetched; files of unknown size count as nothing."""
    ledger = Ledger(folder)
    missing = 0
    for file in files:
        if file.size_bytes is None or ledger.is_unpacked(file.name):
            continue
        found = (folder / file.name, _partial(folder / file.name))
        missing += max(0, file.size_bytes - max((size_of(path) for path in found), default=0))
    return missing


def require_space(folder: Path, needed_bytes: int, purpose: str) -> None:
    """Raise `DownloadError` unless the disk of ``folder`` has room for ``needed_bytes``."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    if needed_bytes > free:
        raise DownloadError(
            f"{purpose} needs {needed_bytes / 1e9:.1f} GB, but the disk of '{folder}' has only "
            f"{free / 1e9:.1f} GB free. Make room or choose a folder on another disk."
        )


def read_json(url: str, *, attempts: int = 4, pause_seconds: float = 1.0) -> Any:
    """Return the JSON document at ``url``: a record's list of files."""
    patience = _Patience(attempts, pause_seconds)
    while True:
        try:
            answer = requests.get(
                url, timeout=60, headers=_HEADERS | {"Accept": "application/json"}
            )
            _refuse_final_answers(url, answer)
            return answer.json()
        except (requests.RequestException, ValueError, _Interrupted) as error:
            patience.wait(url, error)


class _Interrupted(Exception):
    """A connection ended early; it may be taken up again, after a pause the server asked for."""

    def __init__(self, reason: str, pause_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


class _Patience:
    """Counts the attempts that brought nothing, and waits between them."""

    def __init__(self, attempts: int, pause_seconds: float) -> None:
        self.attempts, self.pause_seconds, self.failures = attempts, pause_seconds, 0

    def reward(self) -> None:
        """Begin to count anew: bytes have come."""
        self.failures = 0

    def wait(self, url: str, error: Exception) -> None:
        """Wait, longer each time, or give up."""
        self.failures += 1
        if self.failures >= self.attempts:
            raise DownloadError(
                f"'{url}' did not answer properly {self.failures} times in a row "
                f"({_in_words(error)}). What has arrived is kept: run the same command again later "
                "and it goes on from there."
            ) from error
        level = logging.WARNING if self.failures > 1 else logging.INFO
        log.log(level, "taking up %s again: %s", url, _in_words(error))
        asked_for = getattr(error, "pause_seconds", 0.0)
        time.sleep(max(asked_for, min(60.0, self.pause_seconds * 2 ** (self.failures - 1))))


def _download_one(
    file: PublishedFile, folder: Path, ledger: Ledger, patience: _Patience, tell: Progress
) -> Path:
    path = folder / file.name
    if ledger.is_unpacked(file.name) or ledger.is_verified(file, path):
        tell(file.name, size_of(path), size_of(path))
        return path
    partial = _partial(path)
    if path.exists():  # fetched by other means, or changed since: it has to prove itself
        path.replace(partial)
    complaint = ""
    for _ in range(2):  # a wrong byte may have happened on the way: one more chance from scratch
        _fetch(file, partial, patience, tell)
        complaint = _complaint(file, partial)
        if not complaint:
            partial.replace(path)
            ledger.note_verified(file, path)
            return path
        log.warning("%s: %s; fetching it once more from the beginning", file.name, complaint)
        partial.unlink()
    raise DownloadError(
        f"{file.name} from '{file.url}' is not the published file: {complaint}. It was fetched "
        "twice and thrown away. Try again later, or ask the publisher whether it was replaced."
    )


def _complaint(file: PublishedFile, partial: Path) -> str:
    if file.size_bytes is not None and (size := size_of(partial)) != file.size_bytes:
        return f"it has {size:,} bytes instead of {file.size_bytes:,}"
    if file.checksum is not None:
        found = checksum_of(partial, file.checksum.partition(":")[0])
        if found != file.checksum.lower():
            return f"its checksum is {found} instead of {file.checksum}"
    return ""


def _fetch(file: PublishedFile, partial: Path, patience: _Patience, tell: Progress) -> None:
    """Let ``partial`` grow until it is complete."""
    patience.reward()
    while True:
        have = size_of(partial)
        if file.size_bytes is not None and have == file.size_bytes:
            tell(file.name, have, have)
            return
        if file.size_bytes is not None and have > file.size_bytes:
            partial.unlink()
            continue
        try:
            _receive(file, partial, have, tell)
            return
        except (requests.RequestException, ConnectionError, TimeoutError, _Interrupted) as error:
            if size_of(partial) > have:
                patience.reward()
            patience.wait(file.url, error)


def _receive(file: PublishedFile, partial: Path, have: int, tell: Progress) -> None:
    """Append what one connection delivers; raise `_Interrupted` if it ended early."""
    headers = _HEADERS | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(file.url, headers=headers, stream=True, timeout=60) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            if answer.headers.get("Content-Range", "").endswith(f"*/{have}"):
                return  # complete already; the run before ended between the last byte and here
            partial.unlink(missing_ok=True)
            raise _Interrupted("there is nothing beyond what was fetched: beginning anew")
        _refuse_final_answers(file.url, answer)
        begin, total = _extent(answer, have)
        if None not in (total, file.size_bytes) and total != file.size_bytes:
            raise DownloadError(
                f"'{file.url}' offers {total:,} bytes, but {file.size_bytes:,} were published as "
                f"{file.name}. It seems to have been replaced: nothing was fetched."
            )
        total = file.size_bytes if total is None else total
        with partial.open("r+b" if begin and partial.exists() else "wb") as stream:
            stream.seek(begin)
            stream.truncate()
            position = begin
            answer.raw.enforce_content_length = False  # keep what came before a break
            for chunk in answer.iter_content(1 << 16):
                stream.write(chunk)
                position += len(chunk)
                tell(file.name, position, total)
    if total is not None and position < total:
        raise _Interrupted(f"the connection ended after {position:,} of {total:,} bytes")


def _extent(answer: requests.Response, have: int) -> tuple[int, int | None]:
    """Return where the answer begins in the file, and how long the whole file is."""
    if answer.status_code == requests.codes.partial_content:
        span, _, total = answer.headers.get("Content-Range", "").partition("/")
        begin = span.removeprefix("bytes").strip().partition("-")[0]
        if begin != str(have):  # not what was asked for: do not stitch it to what is there
            raise _Interrupted(f"asked for bytes from {have}, was sent '{span}'")
        return have, int(total) if total.isdigit() else None
    length = answer.headers.get("Content-Length", "")  # the server ignores ranges: from the start
    return 0, int(length) if length.isdigit() else None


def _refuse_final_answers(url: str, answer: requests.Response) -> None:
    status = answer.status_code
    if status in (408, 425, 429) or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        pause = min(float(wait), _LONGEST_PAUSE_SECONDS) if wait.isdigit() else 0.0
        raise _Interrupted(f"HTTP {status} {answer.reason}", pause)
    if status >= 400:
        raise DownloadError(
            f"'{url}' answers HTTP {status} {answer.reason}. The record may have moved: look at "
            "the dataset's own page."
        )


def _in_words(error: Exception) -> str:
    """Return what went wrong, without the layers that an HTTP library wraps around it."""
    cause: BaseException = error
    while cause.args and isinstance(cause.args[0], Exception):
        cause = cause.args[0]
    cause = getattr(cause, "reason", None) or cause
    if "NameResolution" in type(cause).__name__:
        return "its name cannot be resolved: is there a network?"
    return str(cause).rpartition("): ")[2]


def _partial(path: Path) -> Path:
    return path.with_name(path.name + ".part")
