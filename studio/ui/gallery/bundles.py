"""Files of gallery sounds, dreamed again from their recipes and finished as a person chose."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.export.options import ExportOptions
from studio.stopping import Stopped
from studio.ui.gallery.service import GalleryService
from studio.ui.server.dreams import Dreams, Run, Wish
from studio.ui.server.exports import Export, Exports, Order

if TYPE_CHECKING:
    from studio.dreaming.loop import Dream
    from studio.export.collect import Collection

HOSTED_SOUNDS = 40
"""Of one file where strangers share the studio: each is dreamed again."""

_SESSION = "files of gallery sounds"
"""All files share a session in the queue: no two of their sounds are dreamed at the same time."""

_LOOKED_EVERY_SECONDS = 0.25
ABOUT = (
    "These sounds were dreamed again from their recipes, which stand in sounds.csv and inside\n"
    "every sound's file. On another kind of processor, rounding may make tiny differences to the\n"
    "sounds of the gallery. The measured columns are those of the gallery.\n"
)
_NOT_FOR_PEOPLE = ("file", "offset_seconds", "offset_bytes", "bytes")


class Bundles:
    """Orders files of the gallery's sounds: each sound waits for its turn among the dreams.

    Parameters
    ----------
    gallery : GalleryService
        Where recipes and features come from.
    dreams : Dreams
        What dreams the sounds again.
    exports : Exports
        What makes the files.
    most : int, optional
        Sounds of one file; by default any number.
    """

    def __init__(
        self, gallery: GalleryService, dreams: Dreams, exports: Exports, most: int | None = None
    ) -> None:
        self.most = most
        self.gallery = gallery
        self.dreams = dreams
        self.exports = exports

    def start(self, rows: Any, options: Any = None) -> dict[str, Any]:
        """Begin a file; see `Exports.start`.

        Without ``options`` (as `ExportOptions.from_dict` takes them) sounds are untouched.

        Raises
        ------
        ParameterError
            If there are none, too many (for the studio or for a kit), rows that do not exist, or
            wrong options.
        BusyError
            If too many files are being made already.
        """
        from studio.export.collect import check_kit, group_of

        chosen = ExportOptions.from_dict({"sound": "untouched"} if options is None else options)
        wanted = self._checked(rows)
        recipes = [self._recipe(row) for row in wanted]
        check_kit(chosen, map(group_of, recipes))
        order = Order(
            options=chosen,
            count=len(wanted),
            samples=sum(recipe.samples for recipe in recipes),
            fill=lambda export, collection: self._fill(export, collection, wanted),
            about=ABOUT,
            name="dream-gallery",
        )
        return self.exports.start(order, "bundle")

    def _recipe(self, row: int) -> Recipe:
        return Recipe.from_dict(self.gallery.recipe(row))

    def _checked(self, rows: Any) -> tuple[int, ...]:
        if not isinstance(rows, Sequence) or not all(type(row) is int for row in rows):
            raise ParameterError("rows must be a list of row numbers.")
        wanted = tuple(dict.fromkeys(rows))
        if not wanted:
            raise ParameterError("There is no sound to export. Choose at least one.")
        if self.most is not None and len(wanted) > self.most:
            raise ParameterError(
                f"{len(wanted):,} sounds are too many for this shared studio: choose {self.most} "
                "or fewer. On your own machine there is no such limit."
            )
        count = len(self.gallery.gallery().table)
        for row in wanted:
            if not 0 <= row < count:
                self.gallery.row(row)  # says so
        return wanted

    def _fill(self, export: Export, collection: Collection, rows: Sequence[int]) -> None:
        """Dream every sound again."""
        from studio.export.collect import Source

        table = self.gallery.gallery().table
        for row in rows:
            recipe = self._recipe(row)
            run = self.dreams.begin(_SESSION, Wish(recipe), admitted=True)
            sound = self._dreamed(export, run)
            facts = table.iloc[row].drop([*_NOT_FOR_PEOPLE, "label"], errors="ignore").to_dict()
            source = Source(
                audio=sound.audio,
                recipe=recipe,
                origin=sound.origin,
                label=str(table.iloc[row]["label"]),
                facts={str(name): fact for name, fact in facts.items()},
            )
            collection.add(source)
            export.advance()

    def _dreamed(self, export: Export, run: Run) -> Dream:
        while not export.given_up:
            try:
                return run.finished.result(_LOOKED_EVERY_SECONDS)
            except FutureTimeout:
                if run.finished.done():  # the dream itself has run out of time
                    raise
        self.dreams.abandon(run)
        raise Stopped
