"""The studio's endpoints for programs, usable with gradio_client; docs/api.md explains them.

Those that take or give files are made of components that the page never shows: Gradio then checks
that a file was uploaded, and nobody can name another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.ui.dream.runs import Runs
from studio.ui.gallery.search import alike, search
from studio.ui.gallery.service import GalleryService
from studio.ui.server.limits import work
from studio.ui.server.messages import user_message

MOST_MEASURED_SECONDS = 60.0
_AT_ONCE = {"concurrency_limit": 2, "concurrency_id": "programs"}


def add_api(runs: Runs, gallery: GalleryService) -> None:
    """Add all endpoints to the page that is being built."""

    def dream(
        recipe: dict[str, Any],
        recording: str | None = None,
        guide: str | None = None,
        request: gr.Request | None = None,
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
        session = (request.session_hash if request else None) or secrets.token_urlsafe(8)
        return _errors_as_messages(lambda: _dream(runs, recipe, recording, guide, session))

    def features(
        recording: str, start_seconds: float = 0.0, seconds: float = MOST_MEASURED_SECONDS
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
        return _errors_as_messages(lambda: _features(runs, recording, start_seconds, seconds))

    def gallery_alike(recording: str, start_seconds: float = 0.0, count: float = 12) -> list[dict]:
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
        return _errors_as_messages(lambda: alike(gallery, _path(recording), start_seconds, count))

    def gallery_search(
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
        return _errors_as_messages(lambda: search(gallery, words, sort_by, descending, count))

    def models() -> list[dict]:
        """List the models: name, dataset, architecture, channels of each layer, classes, card."""
        return _errors_as_messages(runs.model_cache.listing)

    recipe, sound = _hidden(gr.JSON, "recipe"), _hidden(gr.File, "recording")
    start = _hidden(gr.Number, "start_seconds", value=0)
    length = _hidden(gr.Number, "seconds", value=MOST_MEASURED_SECONDS)
    count = _hidden(gr.Number, "count", value=12)
    made, told = _hidden(gr.File, "sound"), _hidden(gr.JSON, "answer")
    guide = _hidden(gr.File, "guide")
    _add(dream, [recipe, sound, guide], [made, told])
    _add(features, [sound, start, length], [told])
    _add(gallery_alike, [sound, start, count], [told])
    api(gallery_search, api_name="gallery_search", **_AT_ONCE)
    api(models, api_name="models", **_AT_ONCE)


def _hidden(component: Any, label: str, **options: Any) -> Any:
    return component(label=label, visible=False, **options)


def _add(function: Callable, inputs: list[Any], outputs: list[Any]) -> None:
    gr.Button(visible=False).click(
        function,
        inputs,
        outputs,
        api_name=function.__name__,
        show_progress="hidden",
        **_AT_ONCE,
    )


def _errors_as_messages(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except Exception as error:
        raise gr.Error(user_message(error), print_exception=False) from None


def _path(recording: Any) -> Path:
    if not recording:
        raise ParameterError("Give a recording: a WAV, FLAC, OGG or MP3 file.")
    return Path(recording)


def _dream(
    runs: Runs,
    recipe: dict[str, Any] | str,
    recording: str | None,
    guide: str | None,
    session: str,
) -> tuple[str, dict[str, Any]]:
    from studio.dreaming.loop import dream as dream_sound

    checked = Recipe.from_json(recipe) if isinstance(recipe, str) else Recipe.from_dict(recipe)
    runs.limits.check(checked)
    sound = like = None
    if recording:
        checked, sound = runs.sounds.start_from(_path(recording), checked)
    if guide:
        checked, like = runs.sounds.like(_path(guide), checked)
    model = runs.model_cache.get(checked.dataset, checked.architecture)
    with runs.line.place(session, work(checked)) as ticket:

        def note(step: Any) -> bool:
            ticket.share = step.iteration / max(1, checked.planned_iterations)
            return True

        made = dream_sound(model, checked, sound, on_step=note, guide=like)
    entry = runs.sounds.store.new()
    take = runs.sounds.add_take(entry, made)
    return str(entry.folder / "sound.wav"), take["recipe"]


def _features(runs: Runs, recording: str, start_seconds: float, seconds: float) -> dict[str, float]:
    from studio.sound.descriptors import measure

    length = MOST_MEASURED_SECONDS if seconds is None else seconds
    if not 0 < length <= MOST_MEASURED_SECONDS:
        raise ParameterError(
            f"seconds={length:g} must lie above 0 and up to {MOST_MEASURED_SECONDS:g}."
        )
    return measure(runs.sounds.read(_path(recording), start_seconds or 0.0, length))
