"""The studio's endpoints for programs, usable with gradio_client; docs/api.md explains them.

Those that take or give files are made of components that the page never shows: Gradio then checks
that a file was uploaded, and nobody can name another one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio.dreaming.recipe import Recipe
from studio.errors import BusyError, ParameterError
from studio.stopping import Stopped
from studio.ui.gallery.search import alike, search
from studio.ui.gallery.service import GalleryService
from studio.ui.server.dreams import Dreams
from studio.ui.server.listeners import Listeners
from studio.ui.server.messages import user_message
from studio.ui.shell import (
    Request,
    endpoint,
    file_field,
    json_field,
    message,
    number_field,
    session_of,
)

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream

MOST_MEASURED_SECONDS = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """What the endpoints are made of."""

    dreams: Dreams
    gallery: GalleryService
    listeners: Listeners


def add_api(services: Services) -> None:
    """Add all endpoints to the page that is being built."""
    dreams, gallery = services.dreams, services.gallery
    compute = dreams.admission.compute

    async def answered(request: Request | None, work: Coroutine[Any, Any, T]) -> T:
        """Return the answer of ``work``; end it when the program cancels or leaves."""
        session = session_of(request) or None
        try:
            if session is None:
                return await work
            return await services.listeners.while_listening(session, work)
        except Exception as error:
            raise message(user_message(error)) from None

    async def dream(
        recipe: dict[str, Any],
        recording: str | None = None,
        guide: str | None = None,
        request: Request | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """Dream a sound from a recipe, and from a recording if one is given.

        Parameters
        ----------
        recipe : dict
            Any fields of a recipe, such as {"dataset": "speech", "architecture": "model2",
            "targets": [[3, 4, 1.0]], "iterations": 200}; the others keep the paper's values.
        recording : file, optional
            Sound to start from: WAV, FLAC, OGG or MP3, five minutes at most; the recipe's
            "start_seconds" and "seconds" say which part.
        guide : file, optional
            Guide sound for targets with the measure "guide", such as [3, 4, 1.0, "guide"].

        Returns
        -------
        tuple
            The WAV file (32-bit float, the recipe inside) and the full recipe.
        """
        session = session_of(request) or secrets.token_urlsafe(8)
        return await answered(request, _dream(dreams, recipe, recording, guide, session))

    async def features(
        recording: str,
        start_seconds: float = 0.0,
        seconds: float = MOST_MEASURED_SECONDS,
        request: Request | None = None,
    ) -> dict[str, float]:
        """Measure loudness, brightness, noisiness, roughness and three more of a sound.

        Parameters
        ----------
        recording : file
            WAV, FLAC, OGG or MP3, five minutes at most.
        start_seconds : float
            Where the part that is measured begins.
        seconds : float
            How long it is, 60 at most; what lies beyond the end does not count.

        Returns
        -------
        dict
            Mean (_mean) and standard deviation (_sd) over time of each feature, and burst_share,
            synchrony, pitchedness.
        """
        work = compute("sound", _features, dreams, recording, start_seconds, seconds)
        return await answered(request, work)

    async def gallery_alike(
        recording: str,
        start_seconds: float = 0.0,
        count: float = 12,
        request: Request | None = None,
    ) -> list[dict]:
        """Find the sounds of the gallery that are most like a recording.

        Parameters
        ----------
        recording : file
            WAV, FLAC, OGG or MP3, five minutes at most.
        start_seconds : float
            Where the part begins that is compared; it is as long as the gallery's sounds.
        count : int
            How many sounds to return, 60 at most.

        Returns
        -------
        list of dict
            The most alike first, each with its features and its recipe for the endpoint /dream.
        """
        work = compute("sound", _alike, gallery, recording, start_seconds, count)
        return await answered(request, work)

    async def gallery_search(
        words: str = "", sort_by: str = "", descending: bool = True, count: int = 12
    ) -> list[dict]:
        """Search the gallery by words and features.

        Parameters
        ----------
        words : str
            All must fit: a dataset, a model, "layer3", "map7", a class's name; empty for all.
        sort_by : str
            A feature such as "brightness_mean"; empty for the gallery's order.
        descending : bool
            Whether the largest come first.
        count : int
            How many sounds to return, 60 at most.

        Returns
        -------
        list of dict
            Each with its features and its recipe for the endpoint /dream.
        """
        work = compute("sound", search, gallery, words, sort_by, descending, count)
        return await answered(None, work)

    async def models() -> list[dict]:
        """List the models: name, dataset, architecture, channels of each layer, classes, card."""
        return await answered(None, compute("sound", dreams.model_cache.listing))

    recipe, sound, guide = json_field("recipe"), file_field("recording"), file_field("guide")
    start, length = number_field("start_seconds", 0), number_field("seconds", MOST_MEASURED_SECONDS)
    count = number_field("count", 12)
    made, told = file_field("sound"), json_field("answer")
    # Whatever computes has a queue of its own; Gradio's would let long dreams hold up the rest.
    endpoint(dream, [recipe, sound, guide], [made, told])
    endpoint(features, [sound, start, length], [told])
    endpoint(gallery_alike, [sound, start, count], [told])
    endpoint(gallery_search)
    endpoint(models)


def _path(recording: Any) -> Path:
    if not recording:
        raise ParameterError("Give a recording: a WAV, FLAC, OGG or MP3 file.")
    return Path(recording)


async def _dream(
    dreams: Dreams,
    recipe: dict[str, Any] | str,
    recording: str | None,
    guide: str | None,
    session: str,
) -> tuple[str, dict[str, Any]]:
    checked = Recipe.from_json(recipe) if isinstance(recipe, str) else Recipe.from_dict(recipe)
    wish = await dreams.wish(
        checked, Path(recording) if recording else None, Path(guide) if guide else None
    )
    run = dreams.begin(session, wish)
    try:
        made = await asyncio.wrap_future(run.finished)
    except Stopped:
        raise BusyError("The studio is closing. Please try again in a minute.", 60.0) from None
    finally:
        dreams.abandon(run)
    return await dreams.admission.compute("sound", _written, dreams, made)


def _written(dreams: Dreams, made: Dream) -> tuple[str, dict[str, Any]]:
    entry = dreams.sounds.new_take(made.audio.size)
    take = dreams.sounds.add_take(entry, made)
    return str(entry.folder / "sound.wav"), take["recipe"]


def _alike(
    gallery: GalleryService, recording: str, start_seconds: float, count: float
) -> list[dict[str, Any]]:
    return alike(gallery, _path(recording), start_seconds, count)


def _features(
    dreams: Dreams, recording: str, start_seconds: float, seconds: float
) -> dict[str, float]:
    from studio.sound.descriptors import measure

    length = MOST_MEASURED_SECONDS if seconds is None else seconds
    if not 0 < length <= MOST_MEASURED_SECONDS:
        raise ParameterError(
            f"seconds={length:g} must lie above 0 and up to {MOST_MEASURED_SECONDS:g}."
        )
    return measure(dreams.sounds.read(_path(recording), start_seconds or 0.0, length))
