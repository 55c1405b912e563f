"""Named settings to jump between: the studio's taste in live sounds."""

from __future__ import annotations

from typing import Any

_PAPER = {
    "iterations": 10,
    "learning_rate": 0.04,
    "max_offset": 1,
    "cutoff_hz": 12_000.0,
    "smoothing_coefficient": 0.5,
    "smoothing_kernel": 9,
    "second": None,
    "morph": 0.0,
    "feedback": 1.0,
    "freeze": False,
    "low_cut_hz": 25.0,
}
"""The paper's real-time values (section 4.2) and a low cut; every preset starts from them."""


def _preset(name: str, dataset: str, targets: list[list[Any]], **more: Any) -> dict[str, Any]:
    changes = {**_PAPER, "dataset": dataset, "architecture": "model2", "targets": targets, **more}
    return {"name": name, "changes": changes}


PRESETS = (
    _preset("Drone", "instruments", [[0, 2, 1.0]], learning_rate=0.06, level_db=-8.5),
    _preset("Chime", "instruments", [[1, 5, 1.0]], cutoff_hz=9_000.0, level_db=-4.0),
    _preset("Flutter", "events", [[3, 4, 1.0]], level_db=-0.5),
    _preset(
        "Murmur",
        "speech",
        [[3, 7, 1.0]],
        cutoff_hz=7_000.0,
        learning_rate=0.06,
        level_db=-2.0,
    ),
    _preset("Swarm", "events", [[5, 11, 1.0], [4, 20, 1.0]], max_offset=16, level_db=-7.0),
    _preset("Surf", "speech", [[2, 3, 1.0]], max_offset=256, learning_rate=0.02, level_db=-5.0),
    _preset("Gravel", "events", [[6, 9, 1.0]], learning_rate=0.08, iterations=6, level_db=-4.5),
    _preset(
        "Between",
        "instruments",
        [[0, 6, 1.0]],
        second={"dataset": "speech", "architecture": "model2", "targets": [[3, 2, 1.0]]},
        morph=0.5,
        level_db=-6.0,
    ),
)
"""Their levels make them equally loud: about −20 LUFS (docs/sounds.md)."""
