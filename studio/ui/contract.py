"""What the page has to know of the studio, as JSON: nothing of it is typed a second time there.

Served as ``/studio/contract.json``, and in the page's head as
``<script type="application/json" id="studio-contract">``::

    {"version": "0.1.0",
     "sample_rate": 44100,
     "recipe": …,                   as `studio.dreaming.schema` makes it
     "architectures": {"model1": {"label": "Model1", "hidden_channels": [32, 64, 128],
                                  "convolutions": [[85, 49, 42], …]}, …},  kernel, stride, padding
     "features": ["loudness", "brightness", "noisiness", "roughness"],
     "gallery_features": ["loudness_mean", …],     measured columns of the gallery's table
     "listening": {"lufs": -18.0, "peak": 0.891…, "most_gain": 10.0, "lowest_heard_hz": 20.0,
                   "limiter_samples": 221},        how a sound is levelled before it is played
     "live": {"fields": {…},        as those of the recipe; `freeze`, `morph` … among them
              "defaults": {…},      all settings, the second choice of maps (`second`) among them
              "measures": ["response", "activation"],
              "most_ahead_samples": 88200, "margin_seconds": 0.06, "most_margin_seconds": 1.0,
              "idle_seconds": 20.0, "message_bytes": 65536},
     "page": {"own": {"low_cut_hz": 25.0},         settings that the page begins with
              "even_over_seconds": 2.0, "least_active": 0.2},    see `studio.ui.dream.defaults`
     "export": {"fields": {…},      options of an export, as those of the recipe
                "of_the_finish": ["level", …]},    of no use to an untouched sound
     "limits": {"hosted": false,                   whether strangers share this studio
                "work": null, "targets": null,     of a dream: seconds × iterations, maps at once
                "upload_bytes": 209715200, "recording_seconds": 300.0,
                "takes": 200, "takes_bytes": 536870912, "gallery_sounds": null,
                "listened_seconds": 60.0, "live_sessions": 4, "dreams": 2, "waiting": 24},
     "errors": {"gone": 410, "busy": 503, …}}      the codes of errors and their HTTP statuses

Bytes, seconds, samples and Hz as the names say; null where there is no limit. An error that a
route answers is ``{"code": "gone", "message": "…"}``; ``busy`` comes with ``Retry-After``.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio import __version__
from studio.analysis import LONGEST_SECONDS as LISTENED_SECONDS
from studio.dreaming.schema import field_schema, recipe_schema
from studio.export.options import export_schema
from studio.live import settings as live
from studio.networks.architectures import ARCHITECTURES, Architecture
from studio.sound import FEATURES, SAMPLE_RATE, files, levels
from studio.ui.dream.defaults import EVEN_OVER_SECONDS, LEAST_ACTIVE, OWN
from studio.ui.dream.takes import MOST_TAKES, MOST_ZIP_BYTES
from studio.ui.gallery.bundles import HOSTED_SOUNDS
from studio.ui.gallery.service import NUMBERS
from studio.ui.live.sessions import IDLE_SECONDS, MOST_MESSAGE_BYTES
from studio.ui.server.admission import ROOMS
from studio.ui.server.answers import STATUS
from studio.ui.server.guard import MOST_UPLOAD_BYTES
from studio.ui.server.limits import Limits, is_hosted
from studio.ui.server.queue import MOST_WAITING, SLOTS


def contract(limits: Limits) -> dict[str, Any]:
    """Return the contract of a studio with these limits; see the module for its form."""
    return {
        "version": __version__,
        "sample_rate": SAMPLE_RATE,
        "recipe": recipe_schema(),
        "architectures": {
            name: _architecture(architecture) for name, architecture in ARCHITECTURES.items()
        },
        "features": list(FEATURES),
        "gallery_features": list(NUMBERS),
        "listening": {
            "lufs": levels.LISTENING_LUFS,
            "peak": levels.LISTENING_PEAK,
            "most_gain": levels.MOST_GAIN,
            "lowest_heard_hz": levels.LOWEST_HEARD_HZ,
            "limiter_samples": levels.LIMITER_SAMPLES,
        },
        "live": _live(),
        "page": {
            "own": dict(OWN),
            "even_over_seconds": EVEN_OVER_SECONDS,
            "least_active": LEAST_ACTIVE,
        },
        "export": export_schema(),
        "limits": {
            "hosted": is_hosted(),
            "work": limits.work,
            "targets": limits.targets,
            "upload_bytes": MOST_UPLOAD_BYTES,
            "recording_seconds": files.LONGEST_SECONDS,
            "takes": MOST_TAKES,
            "takes_bytes": MOST_ZIP_BYTES,
            "gallery_sounds": HOSTED_SOUNDS if is_hosted() else None,
            "listened_seconds": LISTENED_SECONDS,
            "live_sessions": ROOMS["live"].slots,
            "dreams": SLOTS,
            "waiting": MOST_WAITING,
        },
        "errors": dict(STATUS),
    }


def contract_html(limits: Limits) -> str:
    """Return the contract as it stands in the page's head."""
    text = json.dumps(contract(limits), separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="studio-contract">{text}</script>\n'


def contract_routes(limits: Limits) -> list[BaseRoute]:
    """Return the route that tells the contract."""
    told = contract(limits)

    def answer(_: Request) -> Response:
        return JSONResponse(told, headers={"cache-control": "no-cache"})

    return [Route("/studio/contract.json", answer)]


def _architecture(architecture: Architecture) -> dict[str, Any]:
    return {
        "label": architecture.label,
        "hidden_channels": list(architecture.hidden_channels),
        "convolutions": [
            [row.kernel, row.stride, row.padding] for row in architecture.convolutions
        ],
    }


def _live() -> dict[str, Any]:
    settings = live.LiveSettings()
    whole = settings.recipe.to_dict(everything=True)
    controls = live.live_controls()
    defaults = {name: whole[name] for name in controls if name in whole} | settings.to_dict()
    return {
        "fields": {
            name: field_schema(control, defaults[name], name) for name, control in controls.items()
        },
        "defaults": defaults,
        "measures": list(live.LIVE_MEASURES),
        "most_ahead_samples": live.MOST_AHEAD,
        "margin_seconds": live.MARGIN_SECONDS,
        "most_margin_seconds": live.MOST_MARGIN_SECONDS,
        "idle_seconds": IDLE_SECONDS,
        "message_bytes": MOST_MESSAGE_BYTES,
    }
