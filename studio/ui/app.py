"""Serving the studio: which port, which address, what is loaded beside the page."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.errors import StudioError
from studio.ui.server.header_timeout import close_half_headers
from studio.ui.server.temporary import files_folder, make_room

if TYPE_CHECKING:
    from studio.ui.live.sessions import Sessions

log = logging.getLogger(__name__)

Prepare = Callable[["Sessions"], object]

PORT = 7860
_PORTS_TRIED = 40
_CLOSING_SECONDS = 5.0
"""How long each kind of work may take to end when the studio is closed."""


def serve(
    port: int | None = None,
    host: str | None = None,
    open_browser: bool = False,
    prepare: Prepare | None = None,
    query: str = "",
) -> None:  # pragma: no cover (the browser tests run it in a process of its own)
    """Serve the studio until it is interrupted, and end the process: 130 on Ctrl+C, else 0.

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
    ours = not os.environ.get("GRADIO_TEMP_DIR")
    folder = files_folder()  # before Gradio is imported
    from studio.ui import shell

    host = host or choose_host()
    port = choose_port(port, host)
    studio = build_studio(prepare, lambda: make_room(folder))
    close_half_headers()
    ending, code = threading.Event(), 0

    def end(number: int, _: object) -> None:
        nonlocal code
        code = 130 if number == signal.SIGINT else 0
        if ending.is_set():  # asked a second time: no more tidying up
            os._exit(code)
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    shell.launch(studio.page, host, port, studio.options)
    warming = threading.Thread(target=studio.warm_up, name="warm-up", daemon=True)
    warming.start()
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host
    address = f"http://{shown}:{port}" + (f"/{query}" if query else "")
    print(f"Deep Dream studio is open at {address} (Ctrl+C closes it).", flush=True)
    if open_browser:
        webbrowser.open(address)
    while not ending.wait(0.5):  # on Windows, waiting for ever could not be interrupted
        pass
    ended = studio.close()
    warming.join(_CLOSING_SECONDS)
    if ours:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    if not ended or warming.is_alive():
        # Threads that compute outlive Python's own end by no means: it would abort.
        os._exit(code)
    sys.exit(code)


@dataclass(frozen=True, slots=True)
class Studio:
    """A page that can be launched, and everything behind it.

    Attributes
    ----------
    page : Blocks
    options : dict
        What goes to its ``launch``.
    warm_up : callable
        Loads what the first dream needs.
    close : callable
        Ends dreams, live dreams and whatever else is computed, and the server; removes temporary
        sounds. Returns whether everything has ended.
    """

    page: Any
    options: dict[str, Any]
    warm_up: Callable[[], None]
    close: Callable[[], bool]


def build_studio(prepare: Prepare | None = None, room: Callable[[], bool] | None = None) -> Studio:
    """Return the page and everything behind it, not yet served.

    ``prepare`` is given the live sessions before anyone can open one; ``room`` is asked before
    every upload (see `Guard`).
    """
    from starlette.middleware import Middleware

    from studio.ui import shell, shell_routes
    from studio.ui.api import Services
    from studio.ui.contract import contract_routes
    from studio.ui.dream.defaults import first_recipe
    from studio.ui.dream.routes import routes
    from studio.ui.dream.runs import Runs
    from studio.ui.dream.take_routes import take_routes
    from studio.ui.dream.takes import TakeService
    from studio.ui.experiments.routes import experiment_routes
    from studio.ui.gallery.bundles import HOSTED_SOUNDS, Bundles
    from studio.ui.gallery.routes import gallery_routes
    from studio.ui.gallery.service import GalleryService
    from studio.ui.live.routes import live_routes
    from studio.ui.live.sessions import Sessions
    from studio.ui.models.routes import model_routes
    from studio.ui.models.service import ModelsService
    from studio.ui.own.routes import own_routes
    from studio.ui.own.service import OwnService
    from studio.ui.page import build_page, head
    from studio.ui.server.admission import Admission
    from studio.ui.server.dreams import Dreams
    from studio.ui.server.engine_files import engine_routes
    from studio.ui.server.exports import Exports
    from studio.ui.server.guard import MOST_UPLOAD_BYTES, Guard
    from studio.ui.server.health import health_routes
    from studio.ui.server.limits import host_names, is_hosted, limits
    from studio.ui.server.listeners import Listeners, Listening
    from studio.ui.server.model_cache import ModelCache
    from studio.ui.server.origins import is_local_name
    from studio.ui.server.packed import PackedPage
    from studio.ui.server.prefix import Prefix
    from studio.ui.server.sounds import SoundService
    from studio.ui.server.store import SoundStore
    from studio.ui.static_files import STATIC

    allowed, admission, listeners = limits(), Admission(), Listeners()
    model_cache = ModelCache()
    sounds = SoundService(SoundStore())
    gallery = GalleryService(sounds)
    dreams = Dreams(sounds, model_cache, admission, allowed)
    exports = Exports(sounds.store, admission)
    bundles = Bundles(gallery, dreams, exports, HOSTED_SOUNDS if is_hosted() else None)
    sessions = Sessions(sounds, model_cache, admission)
    page = build_page(Runs(sounds, dreams), Services(dreams, gallery, listeners))
    if prepare:
        prepare(sessions)
    own = [
        *health_routes(sounds.store, model_cache, admission),
        *contract_routes(allowed),
        *routes(sounds, model_cache, admission),
        *take_routes(TakeService(sounds, exports), admission),
        *gallery_routes(gallery, bundles, admission),
        *model_routes(ModelsService(sounds, model_cache), admission),
        *experiment_routes(admission),
        *own_routes(OwnService(is_hosted()), admission),
        *live_routes(sessions, admission),
        *engine_routes(),
    ]
    names = host_names()
    known = None if is_hosted() else lambda host: is_local_name(host, names)
    before = [
        Middleware(Prefix, own=own),
        Middleware(
            Guard,
            admission=admission,
            room=room,
            closed=shell_routes.CLOSED_ROUTES,
            uploads=shell_routes.UPLOAD_ROUTES,
            is_known_host=known,
        ),
        Middleware(Listening, listeners=listeners),
        Middleware(PackedPage),
    ]
    icon = STATIC / "favicon.svg"
    options = shell.launch_options(head(allowed), icon, MOST_UPLOAD_BYTES, own, before)

    def warm_up() -> None:
        model_cache.warm(first_recipe)
        gallery.warm()

    def close() -> bool:
        ended = [
            dreams.close(_CLOSING_SECONDS),
            exports.close(_CLOSING_SECONDS),
            sessions.close_all(_CLOSING_SECONDS),
            admission.close(_CLOSING_SECONDS),
        ]
        page.close(verbose=False)
        sounds.store.close()
        return all(ended)

    return Studio(page, options, warm_up, close)


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
