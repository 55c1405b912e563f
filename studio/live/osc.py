"""Open Sound Control: other programs on this machine play the live dream, and hear how it is.

In: ``/live/NAME VALUE`` for every setting; ``/live/targets``, ``/live/second``, ``/live/preset``
and ``/live/glide`` as `Osc.receive` says. Out, about ten times a second: ``/live/loudness``,
``/live/brightness``, ``/live/noisiness``, ``/live/roughness``, ``/live/load``; ``/live/error``
with a sentence where something was refused.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

from studio.errors import ParameterError, StudioError
from studio.live.presets import PRESETS
from studio.live.settings import LiveSettings, live_controls

log = logging.getLogger(__name__)

PREFIX = "/live/"

Change = Callable[[Mapping[str, Any], float], None]
"""Takes changes of settings and how many seconds they take."""


class Osc:
    """Listens for OSC messages and sends reports.

    Parameters
    ----------
    change : callable
        See `Change`.
    port : int
        UDP port to listen on, on this machine only.
    send_to : tuple of str and int, optional
        Host and port that reports go to; by default this machine, one port higher.
    """

    def __init__(self, change: Change, port: int, send_to: tuple[str, int] | None = None) -> None:
        self._change = change
        self._glide_seconds = 0.0
        dispatcher = Dispatcher()
        dispatcher.set_default_handler(self.receive)
        try:
            self._server = BlockingOSCUDPServer(("127.0.0.1", port), dispatcher)
        except (OSError, OverflowError):
            raise ParameterError(
                f"OSC port {port} cannot be used; it may be taken. Choose another, 1024 … 65535."
            ) from None
        self.port = int(self._server.server_address[1])
        self._client = SimpleUDPClient(*(send_to or ("127.0.0.1", self.port + 1)))
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="live-osc", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def receive(self, address: str, *values: Any) -> None:
        """Do what a message asks.

        - ``/live/NAME VALUE``: a setting, such as ``/live/cutoff_hz 4000``; ``/live/freeze 1``.
        - ``/live/targets LAYER MAP [WEIGHT LAYER MAP WEIGHT …]``: map −1 means all maps.
        - ``/live/second DATASET ARCHITECTURE LAYER MAP …``: the second set; nothing: none.
        - ``/live/glide SECONDS``: how long the messages from now on take.
        - ``/live/preset NAME [SECONDS]``.
        """
        try:
            self._obey(address, values)
        except StudioError as error:
            self._send("error", str(error))
        except Exception:  # the next message may be a good one
            log.exception("an OSC message failed: %s", address)
            self._send("error", f"{address} could not be understood.")

    def report(self, message: Mapping[str, Any]) -> None:
        """Pass on what a page is told."""
        if message.get("type") == "report":
            for name, value in message["features"].items():
                self._send(name, float(value))
            self._send("load", float(message["load"]))
        elif message.get("type") in ("refused", "ended"):
            self._send("error", str(message["message"]))

    def _obey(self, address: str, values: tuple[Any, ...]) -> None:
        if not address.startswith(PREFIX):
            raise ParameterError(f"{address} is not understood; addresses begin with {PREFIX}.")
        name, seconds = address.removeprefix(PREFIX), self._glide_seconds
        if name == "glide":
            self._glide_seconds = _one_number(address, values)
            return
        if name == "preset":
            changes = _preset(values)
            seconds = float(values[1]) if len(values) > 1 else seconds
        elif name == "targets":
            changes = {"targets": targets_of(address, values)}
        elif name == "second":
            changes = {"second": _second(address, values)}
        else:
            changes = {name: _value(name, address, values)}
        LiveSettings().change(**changes)  # refuses what can never be
        self._change(changes, seconds)

    def _send(self, name: str, value: float | str) -> None:
        try:
            self._client.send_message(PREFIX + name, value)
        except OSError as error:
            log.debug("an OSC report was not sent: %s", error)


def targets_of(address: str, values: tuple[Any, ...]) -> list[list[Any]]:
    """Return targets from a flat list: layer and map, or any number of layer, map, weight."""
    if len(values) == 2:
        values = (*values, 1.0)
    if not values or len(values) % 3:
        raise ParameterError(f"{address} takes layer and map, or layer, map, weight repeated.")
    groups = [values[at : at + 3] for at in range(0, len(values), 3)]
    return [[layer, None if each == -1 else each, weight] for layer, each, weight in groups]


def _second(address: str, values: tuple[Any, ...]) -> dict[str, Any] | None:
    if not values:
        return None
    if len(values) < 4:
        raise ParameterError(f"{address} takes dataset, architecture, layer and map.")
    dataset, architecture, *rest = values
    targets = targets_of(address, tuple(rest))
    return {"dataset": dataset, "architecture": architecture, "targets": targets}


def _preset(values: tuple[Any, ...]) -> dict[str, Any]:
    names = {preset["name"].lower(): preset["changes"] for preset in PRESETS}
    wanted = str(values[0]).lower() if values else ""
    if wanted not in names:
        known = ", ".join(preset["name"] for preset in PRESETS)
        raise ParameterError(f"There is no preset '{wanted}'; there are {known}.")
    return names[wanted]


def _value(name: str, address: str, values: tuple[Any, ...]) -> Any:
    control = live_controls().get(name)
    if control is None:
        raise ParameterError(f"A live dream has no setting '{name}'.")
    if len(values) != 1:
        raise ParameterError(f"{address} takes one value.")
    settings = LiveSettings()
    usual = getattr(settings if hasattr(settings, name) else settings.recipe, name)
    if isinstance(usual, bool):
        return bool(values[0])
    return values[0]


def _one_number(address: str, values: tuple[Any, ...]) -> float:
    if len(values) != 1 or not isinstance(values[0], int | float) or not 0 <= values[0] <= 600:
        raise ParameterError(f"{address} takes one number of seconds, 0 … 600.")
    return float(values[0])
