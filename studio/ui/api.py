"""The studio's endpoint for programs: one named ``dream``, usable with gradio_client."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr
from gradio.events import api

from studio.dreaming.recipe import Recipe
from studio.ui.messages import sentence
from studio.ui.runs import Runs


def add_api(runs: Runs) -> None:
    """Add the endpoint ``/dream`` to the page that is being built."""

    def dream(recipe: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Dream a sound from a recipe.

        Parameters
        ----------
        recipe : dict
            Any fields of a recipe, such as {"dataset": "speech", "architecture": "model2",
            "targets": [[3, 4, 1.0]], "iterations": 200}; the others keep the paper's values.

        Returns
        -------
        tuple
            The WAV file (32-bit float, the recipe inside) and the full recipe.
        """
        try:
            return _dream(runs, recipe)
        except Exception as error:
            raise gr.Error(sentence(error), print_exception=False) from None

    api(
        dream,
        api_name="dream",
        concurrency_limit=2,
        concurrency_id="dream",
    )


def _dream(runs: Runs, recipe: dict[str, Any] | str) -> tuple[str, dict[str, Any]]:
    from studio.dreaming.loop import dream as dream_sound

    checked = Recipe.from_dict(json.loads(recipe) if isinstance(recipe, str) else recipe)
    model = runs.shelf.get(checked.dataset, checked.architecture)
    entry = runs.desk.store.new()
    take = runs.desk.add_take(entry, dream_sound(model, checked))
    return str(entry.folder / "sound.wav"), take["recipe"]
