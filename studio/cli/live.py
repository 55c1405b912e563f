"""``studio live``: the page opened for playing, with OSC, a sequence, or a replay to a file."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from tqdm import tqdm

from studio.cli import app
from studio.errors import AudioError, ParameterError

if TYPE_CHECKING:
    import numpy as np

    from studio.live.sequence import Sequence
    from studio.ui.live.sessions import Sessions

_BLOCK_SECONDS = 1


@app.command("live")
def live_verb(
    osc_port: Annotated[
        int | None, typer.Option(help="Listen for OSC on this UDP port, on this machine only.")
    ] = None,
    osc_send: Annotated[
        str | None,
        typer.Option(help="HOST:PORT that OSC reports go to. [default: here, one port higher]"),
    ] = None,
    sequence: Annotated[
        Path | None, typer.Option(help="Play this sequence (JSON) round and round, unattended.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Make the sound of a recorded log again.")
    ] = None,
    initial: Annotated[
        list[Path] | None, typer.Option(help="A recording that the log started from. Repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write to this WAV (32-bit float) instead of playing.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="How much to write. [default: one round of the sequence]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; by default 7860 or the next free one.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; by default this machine only.")
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Play a dream live: in the page, by OSC, or unattended.

    Example: studio live --osc-port 9000 --open

    Example: studio live --sequence night.json --output night.wav
    """
    if replay:
        if not output:
            raise ParameterError("A replay needs --output FILE.wav.")
        _replay(replay, initial or [], output)
        return
    from studio.live.sequence import Sequence

    played = Sequence.read(sequence) if sequence else None
    if output:
        if not played:
            raise ParameterError("--output needs --sequence or --replay.")
        _perform(played, output, seconds)
        return
    send_to = _address(osc_send) if osc_send else None
    if send_to and osc_port is None:
        raise ParameterError("--osc-send needs --osc-port.")
    from studio.ui import serve

    def prepare(sessions: Sessions) -> None:
        sessions.sequence = played
        if osc_port is not None:
            from studio.live.osc import Osc

            osc = Osc(sessions.change_all, osc_port, send_to)
            sessions.observers.append(osc.report)
            print(f"OSC is heard on port {osc.port} (docs/live.md lists the addresses).")

    serve(port=port, host=host, open_browser=open_browser, prepare=prepare, query="?live=")


def _replay(path: Path, recordings: list[Path], output: Path) -> None:
    from studio.live.log import read_log
    from studio.live.replay import replay
    from studio.networks.weights import load_weights

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ParameterError(f"'{path}' cannot be read. Check the name.") from None
    log = read_log(text)
    sources = _sources(log, recordings)
    blocks = replay(log, functools.cache(load_weights), sources)
    _write(output, blocks, log["samples"])


def _sources(log: dict[str, Any], recordings: list[Path]) -> dict[str, np.ndarray]:
    """Return the recordings that a log names, found among files by their sound."""
    from studio.dreaming.recipe import BUILT_IN_SOUNDS
    from studio.dreaming.sources import recording_name
    from studio.live.settings import LiveSettings
    from studio.sound import files as sound_files

    now = LiveSettings.from_dict(log["settings"])
    wanted = [now.recipe]
    for move in log["moves"]:
        if "change" in move:
            now = now.change(**move["change"])
            wanted.append(now.recipe)
    found: dict[str, np.ndarray] = {}
    for recipe in wanted:
        if recipe.initial in BUILT_IN_SOUNDS or recipe.initial in found:
            continue
        for path in recordings:
            sound = sound_files.read(path, recipe.start_seconds, recipe.seconds)
            if recording_name("", sound)[1:] in recipe.initial:
                found[recipe.initial] = sound
        if recipe.initial not in found:
            raise ParameterError(
                f"This log started from '{recipe.initial}': give that recording with --initial."
            )
    return found


def _perform(sequence: Sequence, output: Path, seconds: float | None) -> None:
    from studio.live.sequence import Performance
    from studio.networks.weights import load_weights
    from studio.sound import SAMPLE_RATE

    length = sequence.seconds if seconds is None else seconds
    if not 0 < length <= 864_000:
        raise ParameterError(f"--seconds {length:g} must lie between 0 and 864000 (ten days).")
    live = Performance(sequence, functools.cache(load_weights), keep_log=False)
    samples = round(length * SAMPLE_RATE)

    def blocks() -> Iterator[np.ndarray]:
        left = samples
        while left > 0:
            part = live.render(min(left, _BLOCK_SECONDS * SAMPLE_RATE))
            left -= len(part)
            yield part

    _write(output, blocks(), samples)


def _write(output: Path, blocks: Iterator[np.ndarray], samples: int) -> None:
    """Write blocks as they come, so that hours take no memory."""
    import soundfile

    from studio.sound import SAMPLE_RATE

    if not output.parent.is_dir():
        raise AudioError(f"There is no folder '{output.parent}'. Create it or choose another.")
    total = samples / SAMPLE_RATE
    # A WAV holds 4 GB; RF64 is what the same file is called beyond.
    kind = "WAV" if samples < 2**29 else "RF64"
    with (
        tqdm(total=round(total, 1), unit=" s", leave=False, disable=None) as bar,
        soundfile.SoundFile(
            output, "w", SAMPLE_RATE, channels=1, format=kind, subtype="FLOAT"
        ) as file,
    ):
        for block in blocks:
            file.write(block)
            bar.update(len(block) / SAMPLE_RATE)
    print(f"{output}: {total:.1f} s of sound.")


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65_535:
        raise ParameterError(f"--osc-send {text} must be HOST:PORT, such as 127.0.0.1:9001.")
    return host, int(port)
