"""Limits of a hosted studio; on one's own machine there are none."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError

HOSTED_WORK = 20_000.0
"""Seconds of sound times iterations of a dream on a shared studio: 10 s at the paper's 2,000."""

HOSTED_TARGETS = 512
_FALSE = ("", "0", "false", "no", "off")


def is_hosted() -> bool:
    """Tell whether strangers share this studio: on a Hugging Face Space, or as the host says."""
    said = os.environ.get("STUDIO_HOSTED")
    if said is not None:
        return said.strip().lower() not in _FALSE
    return bool(os.environ.get("SPACE_ID"))


def host_names() -> tuple[str, ...]:
    """Return the names besides local ones that this studio answers to: ``STUDIO_HOST_NAMES``."""
    names = os.environ.get("STUDIO_HOST_NAMES", "").replace(",", " ").split()
    return tuple(name.lower() for name in names)


def work(recipe: Recipe) -> float:
    """Return how much a dream computes: seconds of sound times iterations, for each channel."""
    return recipe.seconds * recipe.planned_iterations * recipe.channels


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a dream may ask for; None is no limit.

    Attributes
    ----------
    work : float or None
        Seconds of sound times iterations.
    targets : int or None
        Feature maps at once.
    """

    work: float | None = None
    targets: int | None = None

    def check(self, recipe: Recipe) -> None:
        """Raise `ParameterError` with what to do instead if a recipe asks for too much."""
        most = max(len(stage.targets) for stage in recipe.each_stage)
        if self.targets is not None and most > self.targets:
            raise ParameterError(
                f"{most} feature maps are too many for this shared studio: choose "
                f"{self.targets} or fewer, or a whole layer."
            )
        if self.work is None or work(recipe) <= self.work:
            return
        iterations = max(1, math.floor(self.work / (recipe.seconds * recipe.channels)))
        altogether = " in all stages together" if recipe.stages else ""
        raise ParameterError(
            f"Others share this studio, so a dream here may take {self.work:,.0f} seconds × "
            f"iterations. Choose at most {iterations:,} iterations{altogether} for "
            f"{recipe.seconds:g} s, or a shorter sound. On your own machine there is no such limit."
        )

    def check_together(self, recipes: Sequence[Recipe]) -> None:
        """Raise `ParameterError` if dreams that follow each other at once ask for too much."""
        asked = sum(work(recipe) for recipe in recipes)
        if len(recipes) > 1 and self.work is not None and asked > self.work:
            raise ParameterError(
                f"Others share this studio, so dreams at once may take {self.work:,.0f} seconds × "
                f"iterations together, and these {len(recipes)} take {asked:,.0f}. Ask for fewer "
                "at once, for fewer iterations or a shorter sound."
            )


def limits() -> Limits:
    """Return the limits of this studio.

    ``STUDIO_DREAM_LIMIT`` of the environment overrules the number of seconds times iterations.

    Raises
    ------
    ParameterError
        If it is no positive number.
    """
    text = os.environ.get("STUDIO_DREAM_LIMIT", "").strip()
    given = None
    if text:
        try:
            given = float(text)
        except ValueError:
            given = math.nan
        if not 0 < given < math.inf:
            raise ParameterError(
                f"STUDIO_DREAM_LIMIT={text} must be a number of seconds × iterations, such as "
                f"{HOSTED_WORK:.0f}."
            )
    if not is_hosted():
        return Limits(work=given)
    return Limits(work=given or HOSTED_WORK, targets=HOSTED_TARGETS)
