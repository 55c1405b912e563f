"""Serving the studio: which port, which address, what is loaded beside the page."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studio.errors import StudioError
from studio.ui.server.temporary import gradio_folder, make_room

if TYPE_CHECKING:
    from studio.ui.live.sessions import Sessions

log = logging.getLogger(__name__)

Prepare = Callable[["Sessions"], object]

PORT = 7860
_PORTS_TRIED = 40


def serve(
    port: int | None = None,
    host: str | None = None,
    open_browser: bool = False,
    prepare: Prepare | None = None,
    query: str = "",
) -> None:  # pragma: no cover (the browser tests run it in a process of its own)
    """Serve the studio until it is interrupted.

    Parameters
    ----------
    port : int, optional
        By default PORT or GRADIO_SERVER_PORT of the environment, else 7860 or the next free one.
    host : str, optional
        By default GRADIO_SERVER_NAME of the environment, else this machine only; on a Hugging Face
        Space every address.
    open_browser : bool
        Whether to open the page in the browser.
    prepare : callable, optional
        See `build_studio`.
    query : str
        What follows the page's address.

    Raises
    ------
    StudioError
        If the wanted port is taken.
    """
    folder = gradio_folder()
    host = host or choose_host()
    port = choose_port(port, host)
    page, options, warm_up = build_studio(prepare, lambda: make_room(folder))
    page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **options)
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host
    address = f"http://{shown}:{port}" + (f"/{query}" if query else "")
    print(f"Deep Dream studio is open at {address} (Ctrl+C closes it).", flush=True)
    if open_browser:
        webbrowser.open(address)
    # A polite request to end shall tidy up as Ctrl+C does: temporary sounds go with the process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    page.block_thread()


def build_studio(
    prepare: Prepare | None = None, room: Callable[[], bool] | None = None
) -> tuple[Any, dict[str, Any], Callable[[], None]]:
    """Return the page, the options of its ``launch``, and what may be loaded beside it.

    ``prepare`` is given the live sessions before anyone can open one; ``room`` is asked before
    every upload (see `Guard`).
    """
    from starlette.middleware import Middleware

    from studio.ui.contract import contract_routes
    from studio.ui.dream.defaults import first_recipe
    from studio.ui.dream.routes import routes
    from studio.ui.dream.runs import Runs
    from studio.ui.dream.take_routes import take_routes
    from studio.ui.dream.takes import TakeService
    from studio.ui.experiments.routes import experiment_routes
    from studio.ui.gallery.bundles import Bundles
    from studio.ui.gallery.routes import gallery_routes
    from studio.ui.gallery.service import GalleryService
    from studio.ui.live.routes import live_routes
    from studio.ui.live.sessions import Sessions
    from studio.ui.models.routes import model_routes
    from studio.ui.models.service import ModelsService
    from studio.ui.page import build_page, launch_options
    from studio.ui.server.guard import Guard
    from studio.ui.server.limits import limits
    from studio.ui.server.model_cache import ModelCache
    from studio.ui.server.prefix import Prefix
    from studio.ui.server.sounds import SoundService
    from studio.ui.server.store import SoundStore

    model_cache = ModelCache()
    sounds = SoundService(SoundStore())
    gallery = GalleryService(sounds)
    allowed = limits()
    page = build_page(Runs(sounds, model_cache, limits=allowed), gallery)
    options = launch_options(allowed)
    sessions = Sessions(sounds, model_cache)
    if prepare:
        prepare(sessions)
    own = [
        *contract_routes(allowed),
        *routes(sounds, model_cache),
        *take_routes(TakeService(sounds)),
        *gallery_routes(gallery, Bundles(gallery, model_cache, sounds.store)),
        *model_routes(ModelsService(sounds, model_cache)),
        *experiment_routes(),
        *live_routes(sessions),
    ]
    before = [Middleware(Prefix, own=own), Middleware(Guard, room=room)]
    options["app_kwargs"] = {"routes": own, "middleware": before}

    def warm_up() -> None:
        model_cache.warm(first_recipe)
        gallery.warm()

    return page, options, warm_up


def choose_host() -> str:
    """Return the address to listen on: this machine only, unless the environment says more."""
    if os.environ.get("GRADIO_SERVER_NAME"):
        return os.environ["GRADIO_SERVER_NAME"]
    return "0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1"


def choose_port(wanted: int | None, host: str) -> int:
    """Return the wanted port, or the first free one from 7860 where none is wanted.

    Raises
    ------
    StudioError
        If the wanted port is taken or is no port.
    """
    if wanted is None:
        for name in ("PORT", "GRADIO_SERVER_PORT"):
            text = os.environ.get(name, "").strip()
            if text:
                if not text.isdigit():
                    raise StudioError(f"{name}={text} must be a port number, such as {PORT}.")
                wanted = int(text)
                break
    if wanted is not None:
        if not 1 <= wanted <= 65_535:
            raise StudioError(f"Port {wanted} must lie between 1 and 65535.")
        if not is_free(wanted, host):
            raise StudioError(
                f"Port {wanted} is taken, perhaps by a studio that is open already. "
                "Close it, or choose another port with --port."
            )
        return wanted
    for port in range(PORT, PORT + _PORTS_TRIED):
        if is_free(port, host):
            return port
    raise StudioError(
        f"All ports from {PORT} to {PORT + _PORTS_TRIED - 1} are taken. Choose one with --port."
    )


def is_free(port: int, host: str) -> bool:
    """Tell whether ``port`` can be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
