"""The live dream as a function of settings and moves: asked for samples, it gives the next ones.

No threads and no clocks inside: the same settings, seed and moves give the same samples, on a
stage or in a file. Time is counted in samples from the beginning; things change at multiples of
`QUANTUM` (10 ms).

As the play head moves on, one excerpt of a second is dreamed every hop: the one that is just about
to be heard. Its ends are faded into what lies in the buffer. A change does not wait for the next
hop: an excerpt is dreamed at once and faded in quickly.

For a player to hear a change at once although some sound has been computed ahead, `rewind` takes
the engine back a little.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from studio.dreaming.engine import streams
from studio.dreaming.recipe import BUILT_IN_SOUNDS
from studio.dreaming.sources import fit, initial_sound
from studio.errors import ParameterError
from studio.live.dreamer import Dreamer, Excerpt, Mixture, Models
from studio.live.limiter import Limited, limit, ramped
from studio.live.log import MoveLog
from studio.live.ring import (
    EXCERPT,
    JOIN,
    QUANTUM,
    Ring,
    looped,
    whole_quanta,
    window,
)
from studio.live.settings import SILENT_DB, LiveSettings, blended
from studio.live.state import Glide, Report, State
from studio.sound import SAMPLE_RATE
from studio.text import shown

REWINDABLE = 2 * SAMPLE_RATE
"""Samples that can be taken back."""

_INPUT_KEPT = 6 * SAMPLE_RATE
_MOST_WAITING = SAMPLE_RATE
_RUN_UP = 10 * QUANTUM
"""An excerpt dreamed at once begins this much earlier: its seam (the temporal offset makes a
circle of it) then lies in what has been played."""


class LiveEngine:
    """A dream that goes on.

    Parameters
    ----------
    settings : LiveSettings
        What it begins with; ``settings.recipe.seed`` fixes all that is random.
    models : callable
        ``models(dataset, architecture)`` gives a model.
    source : ndarray, shape (T,), optional
        The recording to start from, where ``settings.recipe.initial`` names one.
    go_on : callable, optional
        ``go_on(excerpt_position, iterations_done)``, asked before every iteration; False ends the
        excerpt (a machine that is short of time says so). By default all iterations are done.
    rewindable : bool
        Whether to remember what `rewind` needs.
    keep_log : bool
        Whether to note all moves.
    """

    def __init__(
        self,
        settings: LiveSettings,
        models: Models,
        source: np.ndarray | None = None,
        go_on: Callable[[int, int], bool] | None = None,
        rewindable: bool = False,
        keep_log: bool = True,
    ) -> None:
        self.report = Report()
        self.log = MoveLog(settings) if keep_log else None
        self._dreamer = Dreamer(models)
        for chosen, _ in settings.mixture:
            self._dreamer.check(chosen)
        self._go_on = go_on or (lambda position, done: True)
        self._recording = source
        self._ring = Ring(_material(settings, source))
        self._state = State(settings, Limited(np.zeros(QUANTUM, dtype=np.float32)))
        self._rewindable = rewindable
        self._past: deque[State] = deque()
        self._ready = np.zeros(0, dtype=np.float32)
        self._input = np.zeros(0, dtype=np.float32)
        self._input_end = 0

    @property
    def position(self) -> int:
        """Samples given so far."""
        return self._state.position - len(self._ready)

    @property
    def settings(self) -> LiveSettings:
        """What holds now; in the middle of a glide, where that leads to."""
        return self._state.settings

    def apply(
        self,
        changes: Mapping[str, Any],
        glide_seconds: float = 0.0,
        source: np.ndarray | None = None,
    ) -> None:
        """Change settings from the next quantum on.

        Parameters
        ----------
        changes : dict
            Any fields of `LiveSettings` and of its recipe.
        glide_seconds : float
            How long numbers and sets take to get there, 0 … 600.
        source : ndarray, optional
            The recording, where ``initial`` names a new one.

        Raises
        ------
        StudioError
            If they make no sense; nothing has changed then.
        """
        if not (isinstance(glide_seconds, int | float) and 0 <= glide_seconds <= 600):
            raise ParameterError(
                f"glide_seconds={shown(glide_seconds)} must lie between 0 and 600 s."
            )
        state = self._state
        settings = state.settings.change(**changes)
        for chosen, _ in settings.mixture:
            self._dreamer.check(chosen)
        if settings.material != state.settings.material or source is not None:
            self._change_material(settings, self._recording if source is None else source)
        dreams_anew = _dreamed(settings) != _dreamed(state.settings)
        state.glide = (
            Glide(self._now(), self._mixture(), state.position, round(glide_seconds * SAMPLE_RATE))
            if glide_seconds
            else None
        )
        state.settings = settings
        if dreams_anew and not settings.freeze:
            state.next_excerpt, state.at_once = state.position, True
        self._past.clear()
        if self.log is not None:
            self.log.changed(state.position, changes, glide_seconds)

    def feed(self, samples: np.ndarray) -> None:
        """Hand in what the microphone heard next, int16."""
        samples = np.asarray(samples, dtype=np.int16)
        if self.log is not None:
            self.log.heard(self._state.position, samples)
        heard = np.concatenate([self._input, samples.astype(np.float32) / 32768])
        self._input = heard[-_INPUT_KEPT:]
        self._input_end += len(samples)

    def render(self, samples: int) -> np.ndarray:
        """Return the next samples, float32, at most `limiter.CEILING` in size."""
        blocks, there = [self._ready], len(self._ready)
        while there < samples:
            blocks.append(self._quantum())
            there += QUANTUM
        sound = np.concatenate(blocks)
        self._ready = sound[samples:].copy()
        return sound[:samples]

    def rewind(self, position: int) -> int:
        """Go back to ``position`` or the next moment after it that can be had; return that.

        What was given before that moment stays valid, what came after will be given anew. The
        engine never goes back behind its latest change of settings. Where it has not come as far
        as ``position``, nothing changes: the rest of a quantum that is not given yet still comes.
        """
        wanted = -(-position // QUANTUM) * QUANTUM
        target = next((state for state in self._past if state.position >= wanted), None)
        if target is None:
            return self.position
        self._ready = self._ready[:0]
        while self._past[-1] is not target:
            self._past.pop()
        self._past.pop()
        self._state = target
        self._ring.take_back(target.writes)
        if self.log is not None:
            self.log.rewound(target.position)
        return target.position

    def _quantum(self) -> np.ndarray:
        """Produce the next quantum."""
        state = self._state
        if self._rewindable:
            self._remember()
        if state.glide is not None and state.glide.share(state.position) >= 1:
            state.glide = None
        if state.position >= state.next_excerpt and not state.settings.freeze:
            self._dream()
        sound = self._ring.quantum(state.position)
        gain = self._gain(state.position + QUANTUM)
        out, state.limited = limit(state.limited, ramped(sound.copy(), state.gain, gain))
        state.gain = gain
        state.position += QUANTUM
        return out

    def _remember(self) -> None:
        """Keep the state as it is before the next quantum, and forget what is too old."""
        self._state.writes = self._ring.writes
        self._past.append(dataclasses.replace(self._state))
        while self._past[0].position < self._state.position - REWINDABLE:
            self._past.popleft()
        self._ring.forget(self._past[0].writes)

    def _dream(self) -> None:
        """Dream the excerpt that is about to be heard, and fade it in."""
        state, now = self._state, self._now()
        hop = whole_quanta(now.hop_seconds * SAMPLE_RATE)
        # The next excerpt will be fully there when this one begins to go: between them, nothing
        # older is heard.
        fade = (EXCERPT - hop) // 2
        if state.at_once:
            begin = state.position - _RUN_UP
            weight = window(JOIN, max(JOIN, EXCERPT - _RUN_UP - hop - fade), _RUN_UP)
        else:
            begin, weight = state.position, window(fade, fade)
        sound = self._ring.excerpt(begin, now.feedback)
        self._mix_input(sound, begin, state.position + hop, now.input_level)
        planned = now.recipe.iterations
        stream = streams.stream((now.recipe.seed, state.excerpts))
        offset = now.recipe.max_offset
        made = self._dreamer.dream(
            sound,
            now,
            self._mixture(),
            stream.integers(-offset, offset, planned),
            state.credits,
            lambda done: self._go_on(state.position, done),
        )
        if made.sound is not None:
            self._ring.write(begin, made.sound, weight)
        self._note(made, planned)
        state.credits = made.credits
        state.excerpts += 1
        state.next_excerpt, state.at_once = state.position + hop, False
        if not self._rewindable:
            self._ring.forget(self._ring.writes)

    def _note(self, made: Excerpt, planned: int) -> None:
        report = self.report
        report.excerpts += 1
        report.iterations += made.iterations
        report.seconds += made.seconds
        report.message = made.message
        report.restored += made.ran_away
        if made.cut_short:
            report.dropped += planned - made.iterations
            if self.log is not None:
                self.log.fell_short(self._state.position, made.iterations)

    def _mix_input(self, sound: np.ndarray, begin: int, end: int, level: float) -> None:
        """Add what the microphone heard to an excerpt, up to ``end``, where the next one begins."""
        state = self._state
        first = max(begin, state.input_until)
        wanted = end - first
        state.input_until = end
        if self._input_end == 0 or wanted <= 0:
            return
        if self._input_end - state.input_taken > wanted + _MOST_WAITING:
            state.input_taken = self._input_end - wanted - _MOST_WAITING // 4
        if self._input_end - state.input_taken < wanted:
            return  # Better a short pause than many: wait until there is enough.
        oldest = self._input_end - len(self._input)
        taken = self._input[max(0, state.input_taken - oldest) :][:wanted]
        state.input_taken += wanted
        if level > 0:
            sound[first - begin :][: len(taken)] += np.float32(level) * taken

    def _now(self) -> LiveSettings:
        """Return the settings at this moment of a glide."""
        state = self._state
        if state.glide is None:
            return state.settings
        return state.glide.origin.towards(state.settings, state.glide.share(state.position))

    def _mixture(self) -> Mixture:
        """Return the sets at this moment of a glide, and their shares."""
        state = self._state
        if state.glide is None:
            return state.settings.mixture
        share = state.glide.share(state.position)
        return blended(state.glide.mixture, state.settings.mixture, share)

    def _gain(self, position: int) -> float:
        """Return the gain of the level at a moment."""
        state = self._state
        level = state.settings.level_db
        if state.glide is not None:
            begin = state.glide.origin.level_db
            level = begin + (level - begin) * state.glide.share(position)
        return 0.0 if level <= SILENT_DB else 10 ** (level / 20)

    def _change_material(self, settings: LiveSettings, recording: np.ndarray | None) -> None:
        material, state = _material(settings, recording), self._state
        resized = settings.change(seconds=state.settings.recipe.seconds)
        if resized.material == state.settings.material and recording is self._recording:
            self._ring.resize(len(material), material, state.position)
        else:
            self._ring.replace(material, state.position)
        self._recording = recording


def _material(settings: LiveSettings, recording: np.ndarray | None) -> np.ndarray:
    """Return what a buffer starts from, a whole number of quanta."""
    recipe = settings.recipe
    samples = whole_quanta(recipe.samples)
    if recipe.initial in BUILT_IN_SOUNDS or recording is None:
        return initial_sound(recipe.replace(seconds=samples / SAMPLE_RATE))
    sound = looped(fit(recording, len(recording)), samples)
    peak = float(np.abs(sound).max())
    return sound / peak if peak > 0 else sound


def _dreamed(settings: LiveSettings) -> LiveSettings:
    """Return the settings without what does not concern the dreaming."""
    return settings.change(level_db=0.0)
