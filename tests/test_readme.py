"""Numbers in README and docs are those of the code and the model cards."""

import re
from pathlib import Path

import pytest

from studio import Recipe
from studio.dreaming.recipe import controls
from studio.networks.architectures import ARCHITECTURES
from studio.networks.checkpoints import available_models
from studio.networks.classifier import count_parameters

ROOT = Path(__file__).resolve().parent.parent
README, DREAM, MODELS = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/dream.md", "docs/models.md")
)


def accuracy_row(card):
    """Return a model's line of the table of accuracies."""
    middle, five = (card["test"][name] for name in ("middle second", "5 seconds"))
    measured = [
        f"{test['accuracy']:.1%} ({test['interval'][0]:.1%} … {test['interval'][1]:.1%})"
        for test in (middle, five)
    ]
    label = ARCHITECTURES[card["architecture"]].label
    return (
        f"| {card['dataset'].capitalize()} | {label} | {card['paper']['test_accuracy']:.0%} "
        f"| {measured[0]} | {measured[1]} | {card['chance']:.1%} | {card['epochs']} |"
    )


def test_the_table_of_accuracies_is_that_of_the_cards():
    cards = [model.card for model in available_models(ROOT / "models")]
    assert len(cards) == 6
    for card in cards:
        assert accuracy_row(card) in MODELS


def test_parameter_counts_are_those_of_the_networks():
    for architecture in ARCHITECTURES:
        for classes in (181, 200, 218, 255):
            assert f"{count_parameters(architecture, classes):,}" in MODELS


def test_the_table_of_parameters_is_that_of_the_recipe():
    for name, control in controls().items():
        if control.advanced or name in ("targets", "dataset", "architecture", "seed"):
            continue
        if name in ("seconds", "start_seconds"):
            continue
        if name in ("guide", "closeness", "stages"):  # beyond the paper
            assert f"`{name}`" in (ROOT / "docs/objectives.md").read_text(encoding="utf-8")
            continue
        if name in ("stereo_width", "tune_hz"):
            assert f"(`{name}`" in DREAM
            continue
        row = next(line for line in DREAM.splitlines() if f"(`{name}`)" in line)
        assert row.startswith(f"| {control.label} ")
        if isinstance(control.paper, int | float):
            assert f"| {control.paper:g} |" in row
            low, high = (f"{bound:,g}" for bound in (control.minimum, control.maximum))
            assert re.search(rf"\| {low} … {high}\b", row), row


def test_its_python_example_runs(monkeypatch):
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL).group(1)
    code = code.replace("iterations=300", "iterations=3")
    names = {}
    exec(code, names)
    assert names["made"].audio.shape == (44_100,)
    assert isinstance(names["recipe"], Recipe)


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_modules_that_are_named_are_there(page):
    text = page.read_text(encoding="utf-8")
    named = r"`((?:studio|tests|scripts|benchmarks)/[\w/]+\.(?:py|js))(?![a-z])"
    for name in re.findall(named, text):
        assert (ROOT / name).exists(), name
