"""Location of the experiments' results."""

from __future__ import annotations

import os
from pathlib import Path


def results_folder(experiment: str = "", folder: str | Path | None = None) -> Path:
    """Return the folder of an experiment's tables and figures.

    It lies in ``folder``, else in the environment's STUDIO_EXPERIMENTS, else among the studio's own
    assets.
    """
    own = Path(__file__).resolve().parent.parent.parent / "assets" / "experiments"
    return Path(folder or os.environ.get("STUDIO_EXPERIMENTS") or own) / experiment
