"""A named recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.dreaming.recipe import Recipe, Target


@dataclass(frozen=True, slots=True)
class Preset:
    """A recipe with a name and a few words on its sound."""

    name: str
    says: str
    recipe: Recipe

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, strings and numbers."""
        return {"name": self.name, "says": self.says, "recipe": self.recipe.to_dict()}


def preset(
    name: str, says: str, model: str, targets: list[tuple[Any, ...]], **settings: Any
) -> Preset:
    """Return a preset of a model such as ``speech-model2``, with settings of the recipe."""
    dataset, architecture = model.split("-")
    recipe = Recipe(
        dataset=dataset,
        architecture=architecture,
        targets=tuple(Target(*target) for target in targets),
        **settings,
    )
    return Preset(name, says, recipe)
