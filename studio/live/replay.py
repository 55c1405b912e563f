"""Replay a log: the same moves at the same samples give the same sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from studio.live.dreamer import Models
from studio.live.engine import LiveEngine
from studio.live.log import input_samples
from studio.live.settings import LiveSettings

_BLOCK = 44_100


def replay(
    log: Mapping[str, Any],
    models: Models,
    sources: Mapping[str, np.ndarray] | None = None,
) -> Iterator[np.ndarray]:
    """Make the sound of a log again, in blocks of float32.

    Parameters
    ----------
    log : dict
        As `log.read_log` gives it.
    models : callable
        ``models(dataset, architecture)`` gives a model.
    sources : dict, optional
        The recordings that were started from, by the name that ``initial`` gives them.

    Raises
    ------
    StudioError
        If a model, a recording or a setting is missing here.
    """
    settings = LiveSettings.from_dict(log["settings"])
    sources = sources or {}
    short = {entry["at"]: entry["done"] for entry in log["moves"] if "done" in entry}
    moves = [entry for entry in log["moves"] if "done" not in entry]
    engine = LiveEngine(
        settings,
        models,
        sources.get(settings.recipe.initial),
        go_on=lambda position, done: done < short.get(position, done + 1),
        keep_log=False,
    )
    begin, end = log["begin"], log["begin"] + log["samples"]
    upcoming = iter([*moves, {"at": end}])
    move = next(upcoming)
    while engine.position < end:
        while move["at"] <= engine.position and move["at"] < end:
            _repeat(engine, move, sources)
            move = next(upcoming)
        until = min(move["at"], end, engine.position + _BLOCK)
        sound = engine.render(until - engine.position)
        kept = sound[max(0, begin - (until - len(sound))) :]
        if kept.size:
            yield kept


def _repeat(engine: LiveEngine, move: Mapping[str, Any], sources: Mapping[str, np.ndarray]) -> None:
    if "input" in move:
        engine.feed(input_samples(move))
        return
    changes = move["change"]
    source = sources.get(changes["initial"]) if "initial" in changes else None
    engine.apply(changes, move.get("glide_seconds", 0.0), source)
