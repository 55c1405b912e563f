"""A published dataset from its record to a folder that can be trained on: fetch, verify, unpack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.datasets.archives import UnpackProgress, bytes_to_unpack, unpack
from studio.datasets.download import Progress, download, missing_bytes, require_space
from studio.datasets.published import Ledger, PublishedArchive


def space_needed(
    archives: Sequence[PublishedArchive], folder: Path, delete_archives: bool = False
) -> int:
    """Return the bytes that fetching and unpacking will take on the disk at their peak."""
    ledger = Ledger(folder)
    taken, peak = 0, 0
    for archive in archives:
        taken += missing_bytes(archive.parts, folder)
        if archive.is_packed and not ledger.is_unpacked(archive.name):
            packed = sum(part.size_bytes or 0 for part in archive.parts)
            taken += packed if archive.unpacked_bytes is None else archive.unpacked_bytes
            peak = max(peak, taken)
            taken -= packed if delete_archives else 0
    return max(peak, taken)


def obtain(
    archives: Sequence[PublishedArchive],
    folder: str | Path,
    *,
    delete_archives: bool = False,
    on_fetch: Progress | None = None,
    on_unpack: UnpackProgress | None = None,
    pause_seconds: float = 1.0,
) -> None:
    """Fetch, verify and unpack a dataset; a second run goes on where the first one stopped.

    Parameters
    ----------
    archives : sequence of PublishedArchive
    folder : path
        Archives and their contents come to lie here.
    delete_archives : bool
        Delete every archive once it has been unpacked completely.
    on_fetch, on_unpack : callable, optional
        Progress, see `Progress` and `UnpackProgress`.
    pause_seconds : float
        First pause after a connection that brought nothing.

    Raises
    ------
    DownloadError
        When the disk is too small (before anything is fetched), a server does not deliver, or
        something is not what was published.
    """
    folder = Path(folder)
    needed = space_needed(archives, folder, delete_archives)
    require_space(folder, needed, "Fetching and unpacking this")
    folder.mkdir(parents=True, exist_ok=True)
    for archive in archives:
        if Ledger(folder).is_unpacked(archive.name):
            continue
        parts = download(archive.parts, folder, on_progress=on_fetch, pause_seconds=pause_seconds)
        if not archive.is_packed:
            continue
        place = folder / archive.folder
        require_space(folder, bytes_to_unpack(parts, place) or 0, f"Unpacking {archive.name}")
        unpack(parts, place, on_progress=on_unpack)
        ledger = Ledger(folder)
        for part in parts:
            ledger.note_unpacked(part.name)
            if delete_archives:
                part.unlink(missing_ok=True)
