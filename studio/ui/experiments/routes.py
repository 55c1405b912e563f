"""HTTP routes of the Experiments tab: tables as JSON, result files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.experiments.places import results_folder
from studio.ui.server.answers import errors_as_json

_SHOWN = {
    "layers": ("verdicts", "cases", "tables"),
    "sensitivity": ("claims", "summary"),
    "parameters": ("verdicts", "cases", "effects"),
}
"""Tables that the page needs of each experiment; the manifest comes with them."""

_KINDS = {
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gz": "application/gzip",
    ".opus": "audio/ogg",
}


def experiment_routes(folder: Path | None = None) -> list[BaseRoute]:
    """Return the routes; all lie under ``/studio/experiments``."""
    root = results_folder(folder=folder)

    def results(_: Request) -> Response:
        found = {name: _read(root / name, tables) for name, tables in _SHOWN.items()}
        return JSONResponse(found, headers={"cache-control": "no-cache"})

    def file(request: Request) -> Response:
        path = (root / request.path_params["path"]).resolve()
        kind = _KINDS.get(path.suffix)
        if kind is None or not path.is_relative_to(root.resolve()) or not path.is_file():
            message = "There is no such file among the experiments."
            return JSONResponse({"message": message}, status_code=404)
        return FileResponse(path, media_type=kind, headers={"cache-control": "no-cache"})

    return [
        Route("/studio/experiments.json", errors_as_json(results)),
        Route("/studio/experiments/{path:path}", errors_as_json(file)),
    ]


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
