"""Dreaming the sounds of a gallery: many at once, resumable at any sound, on one machine or more.

Every sound is a WAV with its recipe inside, in a folder that names settings and weights, and
appears whole or not at all. What lies there is not dreamed again. Two jobs on one folder share the
work: whoever holds a sound's lock dreams it, the other goes on to the next.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from studio.dreaming import wav
from studio.dreaming.origin import Origin
from studio.dreaming.recipe import Recipe
from studio.errors import DreamError, StudioError
from studio.gallery.feature_maps import FeatureMapId, fingerprint, scattered
from studio.networks.listing import find_model
from studio.sound import files as sound_files
from studio.workers import local_pool, task, unordered

if TYPE_CHECKING:
    import numpy as np

_SCHEDULER_SECONDS = 10
"""How long to wait for a Dask scheduler to answer."""

_OTHERS_SECONDS = 1.0
"""How often to look whether another job has finished what it holds."""


class DreamFolder:
    """Where the sounds of one kind of settings lie while a gallery grows.

    Parameters
    ----------
    root : Path
        An ignored folder, such as ``cache/gallery``.
    settings : Recipe
        Everything but model, target and seed.
    models : path, optional
        Folder of the models.
    """

    def __init__(self, root: Path, settings: Recipe, models: str | Path | None = None) -> None:
        self.settings, self.models = settings, models
        digest = hashlib.sha256(settings.to_json().encode()).hexdigest()[:8]
        self.folder = root / digest
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, unit: FeatureMapId) -> Path:
        """Return where a unit's sound lies, or will."""
        folder = self.folder / f"{unit.model}-{self.weights(unit)}" / f"layer-{unit.layer}"
        return folder / f"map-{unit.map}.wav"

    def weights(self, unit: FeatureMapId) -> str:
        """Return the fingerprint of the unit's model."""
        path = find_model(unit.dataset, unit.architecture, self.models)
        return fingerprint(path, path.stat().st_mtime)

    def missing(self, units: Sequence[FeatureMapId]) -> list[FeatureMapId]:
        """Return the units that have no sound yet, in an order that soon covers every layer."""
        missing = [unit for unit in units if not self.path(unit).is_file()]
        return sorted(missing, key=lambda unit: (scattered(unit.map), unit))

    def read(self, unit: FeatureMapId) -> np.ndarray:
        """Return a unit's sound, shape (T,), float32, every bit as dreamed."""
        return sound_files.read(self.path(unit))

    def dream(
        self,
        units: Sequence[FeatureMapId],
        jobs: int = 0,
        scheduler: str = "",
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Dream what is missing.

        Parameters
        ----------
        units : sequence of FeatureMapId
        jobs : int
            Processes side by side, one thread each; 0: one per processor.
        scheduler : str
            Address of a Dask scheduler; then its workers dream, each needs the studio and its
            models. Empty: this machine.
        on_progress : callable, optional
            Told how many of how many sounds are there.

        Raises
        ------
        DreamError
            If a sound cannot be dreamed.
        """
        while missing := self.missing(units):
            there = len(units) - len(missing)
            claims: dict[str, FileLock] = {}
            try:
                with worker_pool(jobs, scheduler) as parallel:
                    for name, sound in parallel(self._tasks(missing, claims)):
                        self._write(Path(name), sound)
                        claims.pop(name).release()
                        there += 1
                        if on_progress:
                            on_progress(there, len(units))
            finally:
                for claim in claims.values():
                    claim.release()
            if self.missing(units) == missing:
                time.sleep(_OTHERS_SECONDS)  # Another job holds all that is left.

    def _tasks(self, units: Sequence[FeatureMapId], claims: dict[str, FileLock]) -> Iterator[Any]:
        """Claim one sound after the other, as workers become free."""
        models = str(self.models) if self.models else None
        for unit in units:
            path = self.path(unit)
            path.parent.mkdir(parents=True, exist_ok=True)
            claim = FileLock(path.with_suffix(".lock"), thread_local=False)
            with contextlib.suppress(Timeout):
                claim.acquire(timeout=0)
                if path.is_file():
                    claim.release()
                    continue
                claims[str(path)] = claim
                recipe = unit.recipe(self.settings).to_json()
                yield task(dream_one, str(path), recipe, models)

    def _write(self, path: Path, sound: tuple[str, np.ndarray, Origin] | str) -> None:
        """Write a sound that came from a worker."""
        if isinstance(sound, str):
            raise DreamError(sound)
        recipe, samples, origin = sound
        wav.write(path, samples, Recipe.from_json(recipe), origin=origin)
        path.with_suffix(".lock").unlink(missing_ok=True)


def dream_one(name: str, recipe_json: str, models: str | None) -> tuple[str, Any]:
    """Dream one sound, wherever this runs, and return it with its name.

    Returns
    -------
    name : str
        As given.
    sound : tuple or str
        The recipe as JSON, the samples (T,) and the origin; or why there is none, in a sentence.
    """
    from studio.dreaming.loop import dream

    recipe = Recipe.from_json(recipe_json)
    try:
        made = dream(_model(recipe.dataset, recipe.architecture, models), recipe)
    except StudioError as error:
        return name, f"{recipe.dataset}-{recipe.architecture}, {recipe.targets}: {error}"
    return name, (made.recipe.to_json(), made.audio, made.origin)


@lru_cache(maxsize=2)
def _model(dataset: str, architecture: str, models: str | None) -> Any:
    from studio.networks.weights import load_weights

    return load_weights(dataset, architecture, models)


@contextlib.contextmanager
def worker_pool(jobs: int, scheduler: str = "") -> Iterator[Callable[..., Any]]:
    """Give what runs tasks and yields their results as they come, in any order.

    Raises
    ------
    DreamError
        If the Dask scheduler cannot be reached, or Dask is not installed.
    """
    if not scheduler:
        with local_pool(jobs) as parallel:
            yield parallel
        return
    try:
        from distributed import Client
    except ImportError:
        raise DreamError(
            "Dreaming on a cluster needs Dask: pip install 'deep-dream-studio[cluster]'."
        ) from None
    try:
        client = Client(scheduler, timeout=_SCHEDULER_SECONDS)
    except (OSError, ValueError) as error:
        raise DreamError(
            f"No Dask scheduler answers at {scheduler}. Start one with 'dask scheduler', and "
            "workers with 'dask worker ADDRESS --nthreads 1'."
        ) from error
    import joblib

    with client, joblib.parallel_config("dask", client=client):
        yield unordered(-1)
