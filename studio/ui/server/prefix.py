"""Serve below a path prefix, such as https://example.org/studio/."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send


class Prefix:
    """ASGI middleware that takes the prefix off each path, unless the proxy has done so already.

    GRADIO_ROOT_PATH reaches requests as their ``root_path``. Starlette takes it off every path
    that begins with it, so behind a proxy that strips ``/studio``, our own ``/studio/static/…``
    would lose its beginning a second time. Here our own routes come first.

    Parameters
    ----------
    app : ASGIApp
        What comes after.
    own : sequence of BaseRoute
        Our own routes.
    """

    def __init__(self, app: ASGIApp, own: Sequence[BaseRoute] = ()) -> None:
        self.app = app
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as if it came to the top of the address."""
        root = scope.get("root_path", "").rstrip("/")
        if root and scope["type"] in ("http", "websocket"):
            scope = {**scope, "root_path": ""}
            path = scope["path"]
            if path.startswith(root + "/") and not self._is_own(scope):
                scope["path"] = path[len(root) :]
        await self.app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is not Match.NONE for route in self._own)
