import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import Recipe, Target
from studio.dreaming.recipe import controls
from studio.dreaming.sources import recording_name
from studio.errors import ParameterError

weights = st.floats(0.001, 1000) | st.floats(-1000, -0.001)
targets = st.lists(
    st.tuples(st.integers(0, 8), st.none() | st.integers(0, 300), weights), min_size=1, max_size=5
)
recipes = st.builds(
    Recipe,
    dataset=st.sampled_from(["events", "instruments", "speech", "folder/mine"]),
    architecture=st.sampled_from(["model1", "model2"]),
    targets=targets,
    seconds=st.floats(1, 60),
    iterations=st.integers(1, 10_000),
    learning_rate=st.floats(0.0001, 1),
    max_offset=st.integers(0, 22_050),
    cutoff_hz=st.floats(20, 22_050),
    smoothing_coefficient=st.floats(0.01, 10),
    smoothing_kernel=st.integers(0, 127).map(lambda half: 2 * half + 1),
    seed=st.integers(0, 2**32 - 1),
    initial=st.sampled_from(["white noise", "silence", "Stimme ü.wav (sha256 0123)"]),
    unroll=st.booleans(),
)


@given(recipes)
def test_a_recipe_survives_json(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert recipe.to_json().isascii()


def test_defaults_are_the_papers_first_experiment():
    recipe = Recipe()
    for name, control in controls().items():
        if control.paper is not None:
            assert getattr(recipe, name) == control.paper, name
    assert (recipe.iterations, recipe.learning_rate, recipe.max_offset) == (2000, 0.01, 1)
    assert (recipe.smoothing_coefficient, recipe.smoothing_kernel) == (0.5, 9)
    assert (recipe.cutoff_hz, recipe.initial, recipe.samples) == (12_000, "white noise", 44_100)


def test_every_field_says_what_it_is():
    for name, control in controls().items():
        assert control.label, name
        assert control.help.endswith("."), name
        if isinstance(getattr(Recipe(), name), int | float) and name != "unroll":
            assert control.minimum < control.maximum, name


def test_ranges_reach_at_least_those_of_table_11():
    for name, values in {
        "max_offset": (1, 512),
        "iterations": (1, 10),
        "smoothing_coefficient": (0.1, 0.9),
        "smoothing_kernel": (3, 17),
        "learning_rate": (0.02, 0.16),
        "cutoff_hz": (2000, 16_000),
    }.items():
        for value in values:
            assert getattr(Recipe(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"cutoff_hz": 30_000}, "cutoff_hz=30000 must lie between 20 and 22050 Hz"),
        ({"iterations": 0}, "iterations=0 must lie between 1 and 10000"),
        ({"iterations": 1.5}, "must be a whole number"),
        ({"learning_rate": float("nan")}, "learning_rate=nan must lie between"),
        ({"learning_rate": "fast"}, "must be a number"),
        ({"seed": True}, "seed=True must lie between"),
        ({"smoothing_kernel": 8}, "must be odd, such as 7 or 9"),
        ({"architecture": "model3"}, "choose one of model1, model2"),
        ({"unroll": "yes"}, "must be true or false"),
        ({"dataset": " "}, "must be a name"),
        ({"targets": []}, "choose at least one layer"),
        ({"targets": "3"}, "must be a list"),
        ({"targets": [3]}, "must be"),
        ({"targets": [(0, -1)]}, "map=-1 must be a whole number, 0 or more"),
        ({"targets": [(0.5, 1)]}, "layer=0.5 must be a whole number"),
        ({"targets": [(0, 1, 0)]}, "weight=0 must be a number other than 0"),
        ({"targets": [(0, 1, float("inf"))]}, "weight=inf"),
        ({"targets": [(0, 1, 1, 1)]}, "must be"),
        ({"seed": 10**400}, "must lie between 0 and"),
        ({"seed": 10**5000}, "seed=a number of thousands of digits must lie between 0 and"),
        ({"seed": float("inf")}, "seed=inf must lie between"),
        ({"targets": [(10**400, 1)]}, "more than any network has"),
        ({"targets": [(0, 10**5000)]}, "more than any network has"),
        ({"targets": [(0, 1e308)]}, "more than any network has"),
        ({"targets": [(0, 1, 10**400)]}, "weight=inf must be"),
        ({"targets": [(0, 1, 1, "\ud800" * 999)]}, "measure="),
        ({"learning_rate": "x" * 5_000_000}, "must be a number"),
        ({"dataset": "x" * 5_000_000}, "is too long"),
        ({"initial": "\x1b\x00\ud800"}, "must be a name"),
    ],
)
def test_bad_values_get_a_sentence(values, sentence):
    with pytest.raises(ParameterError) as caught:
        Recipe(**values)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "{", '{"colour": 3}', '{"targets": 3}', "[" * 9999),
        '{"seed": ' + "9" * 5000 + "}",
    ],
)
def test_text_that_is_no_recipe_gets_a_sentence(text):
    with pytest.raises(ParameterError):
        Recipe.from_json(text)


def test_fields_that_are_missing_keep_their_defaults_and_pairs_become_targets():
    recipe = Recipe.from_json(json.dumps({"targets": [[3, 4], [1]]}))
    assert recipe == Recipe(targets=(Target(3, 4, 1.0), Target(1, None, 1.0)))


def test_names_are_kept_short_and_without_control_characters():
    long = Recipe(initial="x" * 5_000_000 + " (sha256 0123)", guide="a\x1b[2J\nb")
    assert len(long.initial) == 200 and long.initial.endswith("(sha256 0123)")
    assert long.guide == "a[2J b"
    assert Recipe.from_json(long.to_json()) == long


def test_a_recording_is_known_again_by_the_name_in_the_recipe():
    for name in ("x" * 300 + ".wav", "bell\x07.wav", "😀" * 250):
        named = recording_name(name, np.ones(9, "f4"))
        assert Recipe(initial=named).initial == named


def test_a_newer_recipe_names_what_is_not_known_here():
    with pytest.raises(ParameterError, match=r"no field 'colour', 'depth', as far as studio 0"):
        Recipe.from_dict({"depth": 1, "seed": 3, "colour": 2})
    with pytest.raises(ParameterError, match="and 995 more") as caught:
        Recipe.from_dict({f"field {i}": 1 for i in range(1000)})
    assert len(str(caught.value)) < 600
