"""Takes of a session: list, files of them, and restoring a WAV made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import BUILT_IN_SOUNDS, Recipe
from studio.errors import GoneError, ParameterError, TooLargeError
from studio.export.options import ExportOptions
from studio.text import plain_name
from studio.ui.server.exports import Export, Exports, Order
from studio.ui.server.sounds import SoundService

if TYPE_CHECKING:
    from studio.export.collect import Collection

MOST_TAKES = 200
MOST_ZIP_BYTES = 512 << 20
ABOUT = (
    "sounds.csv lists the takes in this file with their recipes; every sound's file holds its\n"
    "recipe, too. Drop an untouched WAV on the studio's page and it is back. A take without a\n"
    "file was no longer on the server; its recipe makes it again.\n"
)
_BYTES_A_SAMPLE = 4
_FEATURES = ("loudness", "brightness", "noisiness", "roughness")


@dataclass(frozen=True, slots=True)
class Listed:
    """A take as a page names it, checked."""

    token: str
    name: str
    star: bool
    recipe: Recipe


class TakeService:
    """Finds takes again by the tokens that their page has kept.

    Parameters
    ----------
    sounds : SoundService
        Where sounds are kept for some hours.
    exports : Exports
        What makes files of them.
    """

    def __init__(self, sounds: SoundService, exports: Exports) -> None:
        self.sounds = sounds
        self.exports = exports

    def here(self, tokens: Any) -> list[str]:
        """Return those of ``tokens`` whose sounds are here: takes, or recordings that were sent."""
        if not isinstance(tokens, list) or len(tokens) > MOST_TAKES:
            raise ParameterError(f"tokens must be a list of at most {MOST_TAKES}.")
        return [str(token) for token in tokens if self._known(str(token))]

    def export(self, takes: Any, options: Any = None) -> dict[str, Any]:
        """Begin a file of takes; see `Exports.start`.

        Without ``options`` (as `ExportOptions.from_dict` takes them) sounds are untouched. Takes
        without a sound stand in the table with their recipes; ``missing`` tells how many.

        Raises
        ------
        ParameterError, TooLargeError
            If there are none, too many, too large ones, not takes at all, or wrong options.
        GoneError
            If none of them is here any more.
        BusyError
            If too many files are being made already.
        """
        from studio.export.collect import check_kit, group_of

        chosen = ExportOptions.from_dict({"sound": "untouched"} if options is None else options)
        listed = _listed(takes)
        paths = [self._sound(take.token) for take in listed]
        sizes = [path.stat().st_size for path in paths if path is not None]
        if not sizes:
            raise GoneError("None of these sounds is on the server any more. Dream them again.")
        if sum(sizes) > MOST_ZIP_BYTES:
            raise TooLargeError(
                f"These takes are larger than {MOST_ZIP_BYTES >> 20} MB together. Leave some of "
                "them out."
            )
        here = [take for take, path in zip(listed, paths, strict=True) if path is not None]
        check_kit(chosen, (group_of(take.recipe) for take in here))
        order = Order(
            options=chosen,
            count=len(listed),
            samples=sum(sizes) // _BYTES_A_SAMPLE,
            fill=lambda export, collection: self._fill(export, collection, listed),
            about=ABOUT,
            name="dream-takes",
        )
        begun = self.exports.start(order, "takes")
        return {**begun, "missing": len(listed) - len(here)}

    def _fill(self, export: Export, collection: Collection, listed: Sequence[Listed]) -> None:
        from studio.export.collect import Source
        from studio.sound import files as sound_files

        for take in listed:
            path, facts = self._sound(take.token), {"star": int(take.star)}
            entry = self.sounds.store.find(take.token)
            if path is None or entry is None:
                collection.add_row("", take.name, take.recipe, facts)
            else:
                source = Source(
                    audio=sound_files.read_channels(path),
                    recipe=entry.facts["recipe"],
                    origin=entry.facts["origin"],
                    label=take.name,
                    facts=facts,
                )
                collection.add(source)
            export.advance()

    def restore(self, upload: str) -> dict[str, Any]:
        """Turn an upload that was made here into a take again.

        Returns
        -------
        dict
            As at the end of a dream (`Runs.updates`): ``take``, and a ``trace`` of one row. The
            take's ``before`` tells whether the sound it started from is there; a recording is not.

        Raises
        ------
        GoneError
            If the upload is gone.
        AudioError
            If it holds no recipe.
        """
        from studio.dreaming import wav
        from studio.dreaming.sources import initial_sound
        from studio.sound import features
        from studio.sound import files as sound_files

        path = self.sounds.uploaded(upload)
        recipe = wav.read_recipe(path)
        sound = sound_files.read_channels(path)
        before = initial_sound(recipe) if recipe.initial in BUILT_IN_SOUNDS else None
        entry = self.sounds.new_take(sound.size)
        try:
            origin = wav.read_origin(path)
            take = self.sounds.add_sound(entry, sound, recipe, before, origin)
        except BaseException:
            self.sounds.store.drop(entry.token)
            raise
        done = recipe.planned_iterations
        means = features.means(sound if sound.ndim == 1 else sound.mean(axis=1))
        measured = {name: [float(f"{value:.5g}")] for name, value in means.items()}
        return {
            "take": take,
            "state": "done",
            "iterations": done,
            "trace": {"iteration": [done], **{name: measured[name] for name in _FEATURES}},
        }

    def _known(self, token: str) -> bool:
        entry = self.sounds.store.find(token)
        return entry is not None and ("upload" in entry.facts or self._sound(token) is not None)

    def _sound(self, token: str) -> Path | None:
        entry = self.sounds.store.find(token)
        path = entry.folder / "sound.wav" if entry is not None else None
        return path if path is not None and path.is_file() else None


def _listed(takes: Any) -> tuple[Listed, ...]:
    """Return takes as a page names them, each once."""
    if not isinstance(takes, Sequence) or not 1 <= len(takes) <= MOST_TAKES:
        raise ParameterError(f"A file holds between 1 and {MOST_TAKES} takes.")
    if not all(isinstance(take, Mapping) for take in takes):
        raise ParameterError("Every take must be an object with token, name and recipe.")
    listed: dict[str, Listed] = {}
    for number, take in enumerate(takes):
        token = str(take.get("token", ""))
        listed.setdefault(
            token or f"#{number}",  # a take without a sound has none
            Listed(
                token,
                plain_name(str(take.get("name", "")), 120),
                bool(take.get("star")),
                Recipe.from_dict(take.get("recipe", ())),
            ),
        )
    return tuple(listed.values())
