"""List of datasets, and how a folder is recognised as one of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from studio.datasets import aishell3, fsd50k, tu_berlin
from studio.datasets.clips import ClipTable
from studio.datasets.folder import read_folder
from studio.datasets.published import PublishedArchive
from studio.errors import DataNotFoundError, ParameterError

FOLDER = "folder"
"""Name of the layout of anyone's own sounds: a folder per class, or a ``clips.csv``."""


class Dataset(Protocol):
    """What every dataset's module tells and does."""

    NAME: str
    TITLE: str
    ADDRESS: str
    LICENCE: str
    CITATION: str
    recognises: Callable[[Path], bool]
    notes: Callable[[Path], tuple[str, ...]]
    read: Callable[..., ClipTable]
    published_archives: Callable[..., tuple[PublishedArchive, ...]]


_MODULES: tuple[Dataset, ...] = (fsd50k, aishell3, tu_berlin)

PUBLISHED: dict[str, Dataset] = {module.NAME: module for module in _MODULES}
"""The paper's three datasets by name."""


def recognise(root: str | Path) -> str:
    """Return the name of the dataset whose layout a folder has, or `FOLDER`.

    A ``clips.csv`` decides: whoever wrote one wants it to be read.
    """
    root = Path(root)
    if not root.is_dir():
        raise DataNotFoundError(f"{root} is not a folder. Give the folder that holds the sounds.")
    if (root / "clips.csv").is_file():
        return FOLDER
    return next((name for name, kind in PUBLISHED.items() if kind.recognises(root)), FOLDER)


def open_dataset(
    root: str | Path, dataset: str = "auto", name: str | None = None, **options: Any
) -> ClipTable:
    """Return the clip table of a folder, whatever dataset it holds.

    Parameters
    ----------
    root : path
    dataset : str
        ``auto``, ``folder`` or a name in `PUBLISHED`.
    name : str, optional
        What models trained on it are called after.
    **options
        What the dataset offers: see the ``read`` function of its module.

    Raises
    ------
    DataNotFoundError, ParameterError
        When the layout is incomplete, or an option does not belong to the dataset.
    """
    known = ("auto", FOLDER, *PUBLISHED)
    if dataset not in known:
        raise ParameterError(f"dataset={dataset} must be one of {', '.join(known)}.")
    kind = recognise(root) if dataset == "auto" else dataset
    read = read_folder if kind == FOLDER else PUBLISHED[kind].read
    offered = [option for option in inspect.signature(read).parameters if option != "root"]
    for option in options:
        if option not in offered:
            raise ParameterError(
                f"{option}={options[option]} is no option of {kind}. It has: "
                f"{', '.join(option for option in offered if option != 'name') or 'none'}."
            )
    return read(root, **({"name": name} if name else {}), **options)


def tell_notes(root: str | Path, dataset: str = "auto") -> tuple[str, ...]:
    """Return what a published dataset tells about itself, as sentences; nothing of own sounds."""
    kind = recognise(root) if dataset == "auto" else dataset
    return PUBLISHED[kind].notes(Path(root)) if kind in PUBLISHED else ()
