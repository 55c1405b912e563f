"""Files of sounds that are made while a page asks how far they are: WAV, FLAC, or a ZIP."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from studio.errors import GoneError
from studio.export.names import safe_name
from studio.export.options import ExportOptions
from studio.stopping import Stopped
from studio.ui.server.admission import Admission, Permit
from studio.ui.server.answers import errors_as_json, errors_as_json_async, left
from studio.ui.server.downloads import Member, ZipResponse
from studio.ui.server.messages import error_update
from studio.ui.server.store import Entry, SoundStore

if TYPE_CHECKING:
    from studio.export.collect import Collection

ABANDONED_SECONDS = 90.0
"""A page asks twice a second how far its file is; browsers let one in the background ask once a
minute. After so long it is gone."""

LEFT_SECONDS = 0.7
"""The same of a page whose connection has closed: it may come back over another one."""

_HELD_SECONDS = 25.0
"""Proxies close what is silent for a minute."""

_LOOKED_EVERY_SECONDS = 0.25

_MOST_BYTES_A_SAMPLE = 8
_SPARE_BYTES = 1 << 16
GONE = "This file is no longer here (files are kept for some hours). Please ask for it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What goes into a file.

    Attributes
    ----------
    options : ExportOptions
    count, samples : int
        How many sounds, and how many samples together.
    fill : callable
        Adds every sound to the collection, and says so with `Export.advance`.
    about : str
        What the ZIP says of itself.
    name : str
        Of a ZIP that holds no kit, without its ending.
    """

    options: ExportOptions
    count: int
    samples: int
    fill: Callable[[Export, Collection], None]
    about: str
    name: str


@dataclass(slots=True, eq=False)
class Export:
    """Some sounds on their way into a file."""

    order: Order
    entry: Entry
    permit: Permit
    done: int = 0
    state: str = "waiting"
    error: dict[str, str] | None = None
    name: str | None = None
    members: tuple[Member, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    asked: float = field(default_factory=time.monotonic)

    @property
    def given_up(self) -> bool:
        """Whether somebody has stopped it, or nobody asks for it any more."""
        return self.stop.is_set() or time.monotonic() - self.asked > ABANDONED_SECONDS

    def advance(self) -> None:
        """Count a sound; raises `Stopped` when the file is given up."""
        self.done += 1
        if self.given_up:
            raise Stopped


class Exports:
    """Makes files of sounds, each kind one at a time.

    Parameters
    ----------
    store : SoundStore
        Where they lie until they are fetched.
    admission : Admission
        Says when one may begin.
    """

    def __init__(self, store: SoundStore, admission: Admission) -> None:
        self.store = store
        self.admission = admission
        self._making: set[threading.Thread] = set()
        self._begun: set[Export] = set()

    def start(self, order: Order, room: str) -> dict[str, Any]:
        """Begin a file: a single sound, or a ZIP of several or of a kit.

        Parameters
        ----------
        order : Order
        room : str
            Of `admission.ROOMS`.

        Raises
        ------
        BusyError
            If too many files are being made already.
        """
        permit = self.admission.enter(room)
        try:
            size = _MOST_BYTES_A_SAMPLE * order.samples + _SPARE_BYTES * order.count
            entry = self.store.new(size)
        except BaseException:
            permit.leave()
            raise
        export = Export(order, entry, permit)
        entry.facts["export"] = export
        self._begun.add(export)
        permit.granted.add_done_callback(lambda _: self._begin(export))
        return _told(export)

    def progress(self, token: str) -> dict[str, Any]:
        """Return how far a file is."""
        export = self._find(token)
        export.asked = time.monotonic()
        return _told(export)

    def is_made(self, token: str) -> bool:
        """Tell whether a file is being made, or waits for that; who asks waits for it."""
        return self.progress(token)["state"] in ("waiting", "dreaming")

    def leave(self, token: str) -> None:
        """Note that who waited is gone: the file is given up unless it is asked for soon."""
        self._find(token).asked = time.monotonic() - ABANDONED_SECONDS + LEFT_SECONDS

    def stop(self, token: str) -> None:
        """Give a file up."""
        self._find(token).stop.set()

    def file(self, token: str) -> tuple[str, tuple[Member, ...]]:
        """Return the name of a finished file and what it holds.

        Raises
        ------
        GoneError
            If it is not there (any more).
        """
        export = self._find(token)
        if export.name is None:
            raise GoneError(GONE)
        return export.name, export.members

    def close(self, seconds: float) -> bool:
        """Give all files up; return whether none is being made after so long at most."""
        for export in list(self._begun):
            export.stop.set()
        deadline = time.monotonic() + seconds
        for thread in list(self._making):
            thread.join(max(0.0, deadline - time.monotonic()))
        return not self._making

    def routes(self, path: str) -> list[BaseRoute]:
        """Return the routes below ``path`` that tell how far a file is, give it up, and send it."""

        def state(request: Request) -> Response:
            token = request.path_params["token"]
            if request.method == "DELETE":
                self.stop(token)
                return JSONResponse({"token": token})
            return JSONResponse(self.progress(token), headers={"cache-control": "no-store"})

        async def presence(request: Request) -> Response:
            """Stay open while a file is made: where this ends before, its page is gone."""
            token, last = request.path_params["token"], time.monotonic() + _HELD_SECONDS
            leaving = asyncio.ensure_future(left(request))
            try:
                while (made := self.is_made(token)) and time.monotonic() < last:
                    if (await asyncio.wait({leaving}, timeout=_LOOKED_EVERY_SECONDS))[0]:
                        self.leave(token)
                        break
            finally:
                leaving.cancel()
            return JSONResponse({"made": made}, headers={"cache-control": "no-store"})

        def file(request: Request) -> Response:
            name, members = self.file(request.path_params["token"])
            alone = members[0].content if len(members) == 1 else None
            if isinstance(alone, Path):
                return FileResponse(alone, filename=name, headers={"cache-control": "private"})
            return ZipResponse(self.admission, name, members)

        return [
            Route(f"{path}/{{token}}", errors_as_json(state), methods=["GET", "DELETE"]),
            Route(f"{path}/{{token}}/presence", errors_as_json_async(presence)),
            Route(f"{path}/{{token}}/download", errors_as_json(file)),
        ]

    def _find(self, token: str) -> Export:
        entry = self.store.find(token)
        if entry is None or "export" not in entry.facts:
            raise GoneError(GONE)
        return entry.facts["export"]

    def _begin(self, export: Export) -> None:
        thread = threading.Thread(target=self._work, args=(export,), name="export", daemon=True)
        self._making.add(thread)
        thread.start()

    def _work(self, export: Export) -> None:
        try:
            export.state = "dreaming"
            self._make(export)
            export.state = "done"
        except Stopped:
            export.state = "stopped"
            self.store.drop(export.entry.token)
        except BaseException as error:
            export.error, export.state = error_update(error), "error"
        finally:
            self._begun.discard(export)
            self._making.discard(threading.current_thread())
            export.permit.leave()

    def _make(self, export: Export) -> None:
        from studio.export.collect import Collection

        if export.given_up:
            raise Stopped
        collection = Collection(export.entry.folder, export.order.options)
        export.order.fill(export, collection)
        files = collection.close()
        self.store.settle(export.entry)
        export.members, export.name = _packed(export, files)


def _told(export: Export) -> dict[str, Any]:
    return {
        "token": export.entry.token,
        "state": export.state,
        "done": export.done,
        "of": export.order.count,
        "name": export.name,
        **(export.error or {"code": None, "message": None}),
    }


def _packed(export: Export, files: Sequence[Path]) -> tuple[tuple[Member, ...], str]:
    """Return what a file holds, and its name."""
    inside = [path.relative_to(export.entry.folder).as_posix() for path in files]
    members = tuple(Member(name, path) for name, path in zip(inside, files, strict=True))
    if len(members) == 1:
        return members, inside[0]
    order = export.order
    name = safe_name(order.options.name) if order.options.kit != "none" else order.name
    return (*members, Member("about.txt", order.about)), f"{name}-{order.count}-sounds.zip"
