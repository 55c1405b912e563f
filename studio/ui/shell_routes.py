"""Gradio's routes: which are closed, which are open, which take files, which send answers.

``tests/ui/test_shell.py`` fails where a new version of Gradio registers a route that is neither
among `CLOSED_ROUTES` nor among `OPEN_ROUTES`.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.types import Scope

UPLOAD_ROUTES = ("/gradio_api/upload",)
"""Beginnings of the paths to which Gradio takes files."""

CLOSED_ROUTES = (
    "/gradio_api/proxy=",
    "/gradio_api/file=http:",
    "/gradio_api/file=https:",
    "/gradio_api/process_recording",
    "/gradio_api/component_server",
    "/gradio_api/deep_link",
    "/gradio_api/stream/",
    "/gradio_api/run-history",
    "/gradio_api/runs",
    "/gradio_api/vibe-",
    "/gradio_api/undo-vibe-",
    "/gradio_api/dev/",
    "/gradio_api/profiling",
    "/monitoring",
    "/pwa_icon/",  # redraws the icon in any size
)
"""Beginnings of paths that this page never uses: they fetch other addresses, convert videos, keep
states on the disk. What cannot be reached need not be trusted."""

OPEN_ROUTES = (
    # The page and its files.
    "/",
    "/config",
    "/theme.css",
    "/gradio_api/theme.css",
    "/svelte/{path:path}",
    "/static/{path:path}",
    "/assets/{path:path}",
    "/favicon.ico",
    "/manifest.json",
    "/pwa_icon",
    "/robots.txt",
    "/gradio_api/app_id",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",  # there are none
    # Accounts: there are none; these say so.
    "/login",
    "/logout",
    "/gradio_api/user",
    "/gradio_api/login_check",
    "/gradio_api/token",
    # Events and endpoints.
    "/openapi.json",
    "/gradio_api/openapi.json",
    "/gradio_api/info",
    "/gradio_api/api/{api_name}",
    "/gradio_api/run/{api_name}",
    "/gradio_api/call/{api_name}",
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}",
    "/gradio_api/call/v2/{api_name}/{event_id}",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/queue/status",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/startup-events",
    # Files: uploads, and what an endpoint gave back. Gradio checks that they are of its folder.
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/file={path_or_url:path}",
    "/gradio_api/file/{path:path}",
)
"""Gradio's other routes, each looked at: what it does here is wanted, or harmless."""

_QUEUE, _CALL = "/gradio_api/queue/data", "/gradio_api/call/"


def session_of_stream(scope: Scope) -> str | None:
    """Return the session to which a request has answers sent, or None where it asks for none.

    Gradio sends them by a stream that stays open; a call without a session is one of its own.
    """
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    if scope["path"] == _QUEUE:
        return parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [None])[0]
    if scope["path"].startswith(_CALL):
        return scope["path"].rsplit("/", 1)[1]
    return None
