"""Anyone's own sounds: a folder per class, or a ``clips.csv``."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from studio.datasets.clips import ClipTable, clip_table
from studio.errors import DataNotFoundError, ParameterError

SOUND_FILES = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff")
"""Endings of the files that are taken for sounds."""


def read_folder(root: str | Path, name: str | None = None, channel: str = "mean") -> ClipTable:
    """Return the clip table of a folder.

    Parameters
    ----------
    root : path
        Holds ``clips.csv`` (columns ``path,start_seconds,duration_seconds,label,recording``, all
        but path and label optional, and optionally ``split``), or one folder of sounds per class.
    name : str, optional
        Name of the dataset; that of the folder by default.
    channel : str
        ``mean``, ``loudest`` or the number of a channel.

    Raises
    ------
    DataNotFoundError, ParameterError
        When there is nothing to find, or the table breaks a rule: the message says which.
    """
    root = Path(root)
    if not root.is_dir():
        raise DataNotFoundError(f"{root} is not a folder. Give the folder that holds the sounds.")
    name = re.sub(r"[^\w.-]+", "_", name or root.resolve().name) or "own"
    listing = root / "clips.csv"
    clips = _read_listing(listing) if listing.is_file() else _walk(root)
    return clip_table(name, root, clips, channel=channel)


def _read_listing(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype={"label": str, "recording": str, "path": str}, comment=None)
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise ParameterError(
            f"{path} is not a table of comma-separated values ({str(error).strip()}). Its first "
            "line must name the columns path,start_seconds,duration_seconds,label,recording."
        ) from error


def _walk(root: Path) -> pd.DataFrame:
    rows = [
        {"path": file.relative_to(root).as_posix(), "label": folder.name}
        for folder in sorted(root.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in SOUND_FILES and file.is_file()
    ]
    return pd.DataFrame(rows, columns=["path", "label"])
