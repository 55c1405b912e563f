"""Every field of the recipe has its place on the page, with its words and its range."""

import re
from html import unescape

import pytest

from studio.dreaming.recipe import Recipe, controls
from studio.ui.controls import SPECIAL, control_html, faders, number, sentence_of

GENERATED = [name for name in controls() if name not in SPECIAL]


@pytest.mark.parametrize("name", GENERATED)
def test_a_control_carries_label_sentence_and_home(name):
    control = controls()[name]
    html = unescape(control_html(name, control))
    assert control.label in html and control.help in html
    assert f'data-field="{name}"' in html
    if control.minimum is not None:
        assert f"{number(control.minimum)} to {number(control.maximum)}" in html
    for choice in control.choices:
        assert f'value="{choice}"' in html
    if control.paper is not None:
        assert f">paper {number(control.paper)}</button>" in html


def test_rarely_used_ones_are_folded_away_and_none_is_lost():
    shown = faders(advanced=False)
    folded = faders(advanced=True)
    grouped = {
        group: faders(advanced=False, group=group) + faders(advanced=True, group=group)
        for group in ("form", "space")
    }
    for name in GENERATED:
        control = controls()[name]
        place = grouped[control.group] if control.group else folded if control.advanced else shown
        assert f'id="field-{name}"' in place
    assert set(SPECIAL) <= set(controls())


def test_the_page_template_takes_every_placeholder():
    from studio.ui.dream.tab import _page

    page = _page()
    assert not re.search(r"\$\w|\$\{|`|\{\{", page)  # the page's own template language
    for name in GENERATED:
        assert f'id="field-{name}"' in page


def test_sentences_name_range_and_paper():
    assert sentence_of("cutoff_hz").endswith("20 to 22,050 Hz. Paper: 12,000 Hz.")
    assert "Paper" not in sentence_of("seed")


@pytest.mark.parametrize(
    ("value", "text"), [(12_000.0, "12,000"), (0.01, "0.01"), (1, "1"), (0.0, "0"), ("off", "off")]
)
def test_numbers_are_written_as_people_do(value, text):
    assert number(value) == text


def test_the_way_back_leads_to_the_recipes_own_value_and_inside_the_range():
    recipe = Recipe()
    for name, control in controls().items():
        value = getattr(recipe, name)
        if control.paper is not None:
            assert value == control.paper, name
        if control.minimum is not None:
            assert control.minimum <= value <= control.maximum, name
        if control.choices:
            assert value in control.choices, name
