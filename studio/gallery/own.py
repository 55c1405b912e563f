"""Small galleries of one's own models, built beside the shown one and joined to it when it is read.

``python -m studio.gallery.own NAME`` builds that of a model with the settings of the gallery that
is shown, on one thread at the lowest priority, as a training does when it has ended.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

import studio
from studio.dreaming.recipe import Recipe
from studio.errors import DataNotFoundError, StudioError
from studio.gallery.build import build
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import EXPERIMENT_1, FeatureMapId, all_units
from studio.gallery.index import COLUMNS, KEY, Gallery, read_gallery
from studio.places import own_galleries

log = logging.getLogger(__name__)

_NEIGHBOURS = 5


def build_own(name: str) -> Gallery:
    """Dream every map of a model and pack the sounds into a gallery of its own.

    Raises
    ------
    StudioError
        If there is no such model, or it is being built already.
    """
    folder = own_galleries() / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            return build(all_units([name]), _settings(), folder / ".work", folder, jobs=1)
    except Timeout:
        raise StudioError(f"The gallery of {name} is being built already.") from None


def start(name: str) -> subprocess.Popen[bytes]:
    """Build the gallery of a model in a process of its own."""
    package = str(Path(studio.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "studio.gallery.own", name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,
    )


def is_built(name: str) -> bool:
    """Tell whether a model of one's own has its gallery."""
    return (own_galleries() / name / "index.csv").is_file()


def own_folders() -> list[Path]:
    """Return the folders of the galleries of one's own models."""
    return sorted(path.parent for path in own_galleries().glob("*/index.csv"))


def joined(shown: Gallery | None) -> Gallery | None:
    """Return a gallery with the sounds of one's own models behind its own.

    Those of other settings than the shown gallery's, or of other weights than the model has now,
    are left out. Each is placed on the map among those of the shown gallery that it is most like.
    """
    for folder in own_folders():
        try:
            own = read_gallery(folder)
            if _is_current(own) and (shown is None or _same_settings(own, shown)):
                shown = own if shown is None else _with(shown, own)
        except StudioError as error:
            log.warning("left out: %s", error)
    return shown


def _with(shown: Gallery, own: Gallery) -> Gallery:
    there = set(shown.table[KEY].itertuples(index=False, name=None))
    if there & set(own.table[KEY].itertuples(index=False, name=None)):
        return shown
    table: Any = own.table.copy()
    table[["x", "y"]] = _places(shown, own)
    manifest = {
        **shown.manifest,
        **{
            name: {**shown.manifest.get(name, {}), **own.manifest.get(name, {})}
            for name in ("expected", "weights")
        },
    }
    return Gallery(
        shown.folder,
        pd.concat([shown.table, table], ignore_index=True)[list(COLUMNS)],
        np.concatenate([shown.measured, own.measured]),
        manifest,
    )


def _places(shown: Gallery, own: Gallery) -> np.ndarray:
    """Return positions (n, 2): the mean of those that each sound is most like."""
    there, wanted = shown.vectors, shown.standardise(own.measured)
    places = shown.table[["x", "y"]].to_numpy()
    found = []
    for vector in wanted:
        distances = np.square(there - vector).sum(axis=1)
        found.append(places[np.argsort(distances)[:_NEIGHBOURS]].mean(axis=0))
    return np.array(found)


def _is_current(own: Gallery) -> bool:
    """Tell whether a gallery is of the weights that its model has now."""
    first = own.table.iloc[0]
    unit = FeatureMapId(**{name: first[name] for name in (*KEY, "label")})
    with contextlib.suppress(StudioError, OSError):
        now = DreamFolder(own.folder / ".work", EXPERIMENT_1).weights(unit)
        return own.manifest.get("weights", {}).get(unit.model) == now
    return False


def _same_settings(own: Gallery, shown: Gallery) -> bool:
    return own.manifest["recipe"] == shown.manifest["recipe"]


def _settings() -> Recipe:
    """Return the settings of the gallery that is shown, or those of Experiment 1."""
    with contextlib.suppress(DataNotFoundError, StudioError):
        return EXPERIMENT_1.replace(**read_gallery().manifest["recipe"])
    return EXPERIMENT_1


if __name__ == "__main__":
    with contextlib.suppress(OSError, AttributeError):
        os.nice(19)
    build_own(sys.argv[1])
