"""HTTP routes of the Experiments tab: tables and figures as JSON, result files."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.errors import DataNotFoundError
from studio.places import results_folder
from studio.ui.server.admission import Admission
from studio.ui.server.answers import computed, errors_as_json, failed
from studio.ui.server.packed import Packed

_SHOWN = {
    "layers": ("verdicts", "cases", "tables"),
    "sensitivity": ("claims", "summary"),
    "parameters": ("verdicts", "cases", "effects"),
    "classes": ("accuracies",),
}
"""Tables that the page needs of each experiment; the manifest comes with them."""

_KINDS = {
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gz": "application/gzip",
    ".opus": "audio/ogg",
}


def experiment_routes(admission: Admission, folder: Path | None = None) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio/experiments``."""

    def results(_: Request) -> Response:
        found = {
            name: _read(results_folder(name, folder), tables) for name, tables in _SHOWN.items()
        }
        return JSONResponse(found, headers={"cache-control": "no-cache"})

    def figure(request: Request) -> Response:
        from studio.figures.catalogue import experiment_of, figure_names, tables_of
        from studio.figures.look import THEMES

        name, theme = request.path_params["name"], request.query_params.get("theme", "light")
        if name not in figure_names() or theme not in THEMES:
            return _missing("There is no such figure.")
        root = results_folder(experiment_of(name), folder).parent
        try:
            stamps = tuple((root / table).stat().st_mtime_ns for table in tables_of(name))
        except FileNotFoundError:
            return _missing("The tables of this figure are not computed yet.")
        return _figure(root, name, theme, stamps).answer(request, "application/json")

    def file(request: Request) -> Response:
        experiment, _, name = request.path_params["path"].partition("/")
        root = results_folder(experiment, folder).resolve()
        path = (root / name).resolve()
        kind = _KINDS.get(path.suffix)
        named = re.fullmatch(r"[\w-]+", experiment)
        if not (named and kind and path.is_relative_to(root) and path.is_file()):
            return _missing("There is no such file among the experiments.")
        return FileResponse(path, media_type=kind, headers={"cache-control": "no-cache"})

    return [
        Route("/studio/experiments.json", computed(admission, "table", results)),
        Route("/studio/experiments/figures/{name}.json", computed(admission, "table", figure)),
        Route("/studio/experiments/{path:path}", errors_as_json(file)),
    ]


@functools.lru_cache(maxsize=64)
def _figure(root: Path, name: str, theme: Any, stamps: tuple[int, ...]) -> Packed:
    """Draw a figure, once for each state of its tables."""
    from studio.figures.catalogue import draw

    return Packed.of((draw(name, root, theme).to_json(remove_uids=False) or "").encode())


def _missing(message: str) -> Response:
    return failed(DataNotFoundError(message))


def _read(folder: Path, tables: tuple[str, ...]) -> dict[str, Any] | None:
    """Return an experiment's manifest and tables, or None where it is not computed."""
    try:
        found = {name: _rows(folder / f"{name}.csv") for name in tables}
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return {**found, "manifest": manifest}


def _rows(path: Path) -> list[dict[str, Any]]:
    return json.loads(pd.read_csv(path).to_json(orient="records") or "[]")
