"""Live sessions: an engine, a worker and an outbox for each listener."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.errors import GoneError, ParameterError, StudioError
from studio.live.settings import MARGIN_SECONDS, MOST_MARGIN_SECONDS, LiveSettings
from studio.text import shown
from studio.ui.server.admission import Admission, Permit
from studio.ui.server.messages import error_update
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    from studio.live.sequence import Sequence
    from studio.live.worker import LiveWorker

log = logging.getLogger(__name__)

MOST_MESSAGE_BYTES = 64 << 10
IDLE_SECONDS = 20.0
"""A page that plays asks for sound several times a second; one silent for so long is gone."""

_FULL = 60


class Outbox:
    """What waits to be sent to a page: text for news, bytes for sound.

    Sound is its position (a float64) and its samples (float32), little-endian.
    """

    def __init__(self, observe: Callable[[dict[str, Any]], None]) -> None:
        self.on_news: Callable[[], object] = lambda: None
        self._observe = observe
        self._waiting: deque[str | bytes] = deque()

    def sound(self, position: int, samples: np.ndarray) -> None:
        """Put sound in."""
        self._put(struct.pack("<d", position) + samples.astype("<f4").tobytes())

    def tell(self, message: dict[str, Any]) -> None:
        """Put news in."""
        self._observe(message)
        self._put(json.dumps(message))

    @property
    def waiting(self) -> bool:
        """Whether there is anything in."""
        return bool(self._waiting)

    def is_full(self) -> bool:
        """Tell whether the page is slow to take what is in."""
        return len(self._waiting) >= _FULL

    def take(self) -> list[str | bytes]:
        """Take everything out."""
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        return taken

    def _put(self, item: str | bytes) -> None:
        self._waiting.append(item)
        with contextlib.suppress(RuntimeError):  # the server is closing
            self.on_news()


class Session:
    """One listener's live dream."""

    def __init__(
        self, outbox: Outbox, worker: LiveWorker, sounds: SoundService, permit: Permit
    ) -> None:
        self.token = secrets.token_urlsafe(16)
        self.outbox, self.worker, self.permit = outbox, worker, permit
        self.seen = time.monotonic()
        self._sounds = sounds

    def take(self, message: str | bytes) -> None:
        """Do what a message asks; one that makes no sense is answered with a sentence.

        Bytes are what the microphone heard, int16, little-endian; text is a JSON object whose
        ``type`` is ``want`` or ``change``.
        """
        asked = self.understood(message)
        if asked is not None:
            self.do(asked)

    def understood(self, message: str | bytes) -> dict[str, Any] | None:
        """Return what a message asks for; None where there is nothing more to do."""
        self.seen = time.monotonic()
        try:
            if isinstance(message, str):
                return parsed(message)
            if len(message) % 2:
                raise ParameterError("The microphone's samples come as 16-bit numbers.")
            self.worker.feed(np.frombuffer(message, dtype="<i2"))
        except StudioError as error:
            self.refuse(error)
        return None

    def do(self, asked: Mapping[str, Any]) -> None:
        """Do what a message asks; one with an ``upload`` takes a while."""
        try:
            kind = asked.get("type")
            if kind == "want":
                self.worker.want(_count(asked, "until"), _count(asked, "played"))
            elif kind == "change":
                self._change(asked)
            else:
                raise ParameterError(f"A live dream does not understand {shown(kind, 20)}.")
        except Exception as error:  # what nobody foresaw does not end the dream
            self.refuse(error)

    def refuse(self, error: Exception) -> None:
        """Tell the page why something was not done."""
        self.outbox.tell({"type": "refused", **error_update(error)})

    def recording(self, begin: int, samples: int) -> dict[str, Any]:
        """Return the log of a recording; waits for the worker."""
        found: list[dict[str, Any]] = []
        ready = threading.Event()
        self.worker.send_log(begin, samples, lambda log: (found.append(log), ready.set())[1])
        if not ready.wait(10) or not found[0]:
            raise GoneError("The log of this recording is no longer here.")
        return found[0]

    def _change(self, asked: Mapping[str, Any]) -> None:
        changes = asked.get("changes")
        if not isinstance(changes, Mapping):
            raise ParameterError("A change needs an object of settings.")
        glide = _number(asked, "glide_seconds", 0.0, 600.0)
        margin = _number(asked, "margin", MARGIN_SECONDS, MOST_MARGIN_SECONDS)
        source = None
        if asked.get("upload"):
            changes, source = _recording(self._sounds, asked["upload"], changes)
        self.worker.change(changes, glide, source, margin)


class Sessions:
    """Opens and closes live dreams, as many at a time as `Admission` lets in.

    Parameters
    ----------
    sounds : SoundService
        Where uploaded recordings are.
    model_cache : ModelCache
        Where models come from.
    admission : Admission
        Says whether there is a slot.

    Attributes
    ----------
    sequence : Sequence or None
        What new sessions play by themselves.
    observers : list of callable
        Told everything that pages are told.
    """

    def __init__(self, sounds: SoundService, model_cache: ModelCache, admission: Admission) -> None:
        self.sequence: Sequence | None = None
        self.observers: list[Callable[[dict[str, Any]], None]] = []
        self._sounds, self._model_cache, self._admission = sounds, model_cache, admission
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    def open(self, asked: Mapping[str, Any]) -> Session:
        """Start a live dream with the ``settings`` that a page asks for.

        Raises
        ------
        StudioError
            If the settings make no sense or all slots are taken.
        """
        from studio.live.engine import LiveEngine
        from studio.live.sequence import Performance
        from studio.live.worker import LiveWorker

        values, source = asked.get("settings", {}), None
        if asked.get("upload") and isinstance(values, Mapping):
            values, source = _recording(self._sounds, asked["upload"], values)
        settings = LiveSettings.from_dict(values)
        outbox = Outbox(self._observe)
        sequence = self.sequence

        def make(go_on: Callable[[int, int], bool]) -> LiveEngine:
            options = {"go_on": go_on, "rewindable": True}
            if sequence is None:
                return LiveEngine(settings, self._model_cache.get, source, **options)
            live = Performance(sequence, self._model_cache.get, None, **options)
            outbox.tell({"type": "changed", "changes": sequence.settings.to_dict()})
            live.on_step = lambda change: outbox.tell({"type": "changed", "changes": change})
            return live

        self._close_idle()
        permit = self._admission.enter("live")
        session = Session(outbox, LiveWorker(make, outbox), self._sounds, permit)
        with self._lock:
            self._open[session.token] = session
        session.worker.start()
        return session

    def find(self, token: str) -> Session:
        """Return an open session.

        Raises
        ------
        GoneError
            If it was closed.
        """
        try:
            return self._open[token]
        except KeyError:
            raise GoneError("This live dream has ended. Press Start once more.") from None

    def close(self, session: Session) -> None:
        """End a session and give its slot back."""
        session.worker.stop()
        with self._lock:
            self._open.pop(session.token, None)
        session.permit.leave()

    def close_all(self, seconds: float) -> bool:
        """End all sessions; return whether their workers have ended after so long at most."""
        sessions = list(self._open.values())
        for session in sessions:
            self.close(session)
        deadline = time.monotonic() + seconds
        for session in sessions:
            session.worker.thread.join(max(0.0, deadline - time.monotonic()))
        return not any(session.worker.thread.is_alive() for session in sessions)

    def change_all(self, changes: Mapping[str, Any], glide_seconds: float = 0.0) -> None:
        """Change the settings of every open session, and tell its page."""
        for session in list(self._open.values()):
            session.worker.change(changes, glide_seconds, told=True)

    def _close_idle(self) -> None:
        now = time.monotonic()
        for session in [s for s in list(self._open.values()) if now - s.seen > IDLE_SECONDS]:
            self.close(session)

    def _observe(self, message: dict[str, Any]) -> None:
        for observer in self.observers:
            observer(message)


def parsed(text: str) -> dict[str, Any]:
    """Return a message's JSON object.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if len(text) > MOST_MESSAGE_BYTES:
        raise ParameterError(f"A message may hold {MOST_MESSAGE_BYTES >> 10} kB and no more.")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ParameterError("A message must be a JSON object.")
    return value


def _recording(
    sounds: SoundService, token: Any, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], np.ndarray]:
    """Return changes with their recording named, and the recording."""
    from studio.dreaming.sources import recording_name

    start = _number(changes, "start_seconds", 0.0, 300.0)
    seconds = _number(changes, "seconds", LiveSettings().recipe.seconds, 60.0)
    name, sound = sounds.part(str(token), start, seconds)
    return {**changes, "initial": recording_name(name, sound)}, sound


def _count(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**50:
        raise ParameterError(f"{name} must be a number of samples.")
    return value


def _number(asked: Mapping[str, Any], name: str, default: float, most: float) -> float:
    value = asked.get(name, default)
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not 0 <= value <= most:
        raise ParameterError(f"{name} must be a number between 0 and {most:g}.")
    return float(value)
