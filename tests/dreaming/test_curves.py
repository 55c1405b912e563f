"""Form over time: curves are checked, mean what they say, and come in ready shapes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import Recipe
from studio.dreaming import shapes
from studio.dreaming.curves import MOST_POINTS, curve_values
from studio.dreaming.stages import OF_THE_WHOLE
from studio.dreaming.tuning import Tuning
from studio.errors import ParameterError

RISE, FALL = [[0, 0], [1, 1]], [[0, 1], [1, 0]]
TWO = [(1, 3), (2, 4)]


def test_curves_go_straight_from_point_to_point_and_jump_where_two_share_a_time():
    curve = ((0.25, 0.5), (0.5, 1.0), (0.5, 0.0), (0.75, 0.25))
    times = np.array([0, 0.25, 0.375, 0.5, 0.500001, 0.625, 0.75, 1])
    expected = [0.5, 0.5, 0.75, 1.0, 0.000001, 0.125, 0.25, 0.25]
    assert curve_values(curve, times) == pytest.approx(expected)
    assert curve_values((), times).tolist() == [1.0] * 8
    assert curve_values(((0.5, 0.3),), times).tolist() == [0.3] * 8


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_curves_stay_between_their_points(points):
    curve = tuple(sorted(points))
    values = curve_values(curve, np.linspace(0, 1, 57))
    low, high = min(value for _, value in curve), max(value for _, value in curve)
    assert values.min() >= low - 1e-12 and values.max() <= high + 1e-12


def test_recipes_keep_their_curves_and_without_them_stay_what_they_were():
    recipe = Recipe(targets=TWO, curves=[RISE, FALL])
    assert recipe.curves == (((0.0, 0.0), (1.0, 1.0)), ((0.0, 1.0), (1.0, 0.0)))
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert json.loads(recipe.to_json())["curves"] == [RISE, FALL]
    for nothing in ([], [[]], [[], []]):
        assert Recipe(targets=TWO, curves=nothing) == Recipe(targets=TWO)
    assert "curves" not in Recipe(targets=TWO).to_dict()
    assert Recipe(targets=TWO, curves=[[], RISE]).curves[0] == ()


def test_stages_go_on_with_the_curves_or_take_others():
    assert "curves" not in OF_THE_WHOLE
    recipe = Recipe(targets=TWO, curves=[RISE], stages=[{"iterations": 5}, {"curves": [[], FALL]}])
    assert [stage.curves for stage in recipe.each_stage][1:] == [
        recipe.curves,
        ((), ((0.0, 1.0), (1.0, 0.0))),
    ]
    assert Recipe.from_json(recipe.to_json()) == recipe
    with pytest.raises(ParameterError, match=r"Stage 2: There are more curves \(2\) than targets"):
        Recipe(targets=TWO, curves=[RISE, FALL], stages=[{"targets": [[0]]}])


@pytest.mark.parametrize(
    ("curves", "sentence"),
    [
        ([[[0.5, 1], [0.2, 0]]], "point 2 comes before point 1"),
        ([[[float("nan"), 1]]], "time of point 1 of curve 1 is nan: it must lie between 0 and 1"),
        ([[[0, 1], [1, float("nan")]]], "value of point 2 of curve 1 is nan"),
        ([[], [[0, 1.5]]], "value of point 1 of curve 2 is 1.5"),
        ([[[-0.1, 1]]], "time of point 1 of curve 1 is -0.1"),
        ([[[0, "loud"]]], "value of point 1 of curve 1 is"),
        ([[[0, True]]], "value of point 1 of curve 1 is"),
        ([[[k / 5000, 1] for k in range(5000)]], f"5000 points: {MOST_POINTS} at most"),
        ([[[0, 0], [1, 0]]], "Curve 1 is 0 throughout"),
        ([RISE, RISE, RISE], r"more curves \(3\) than targets \(2\)"),
        ([[[0, 1, 2]]], r"Curve 1 must be a list of points \[time, value\]"),
        ([[7]], r"Curve 1 must be a list of points"),
        ([{"0": 1}], r"Curve 1 must be a list of points"),
        ("swell", "curves must be a list of curves"),
        (3, "curves must be a list of curves"),
    ],
)
def test_what_is_no_curve_is_a_sentence(curves, sentence):
    with pytest.raises(ParameterError, match=sentence):
        Recipe(targets=TWO, curves=curves)


def test_the_output_has_no_moments_to_weigh():
    for architecture, output in (("model1", 4), ("model2", 8)):
        targets = [(1, 3), (output, 0)]
        with pytest.raises(ParameterError, match="Curve 2 is of the output layer"):
            Recipe(architecture=architecture, targets=targets, curves=[[], RISE])
        Recipe(architecture=architecture, targets=targets, curves=[RISE])


def test_shapes_are_curves_of_the_form_they_name():
    times = np.linspace(0, 1, 1001)
    found = {
        "swell": shapes.swell(),
        "decay": shapes.decay(),
        "pulse": shapes.pulse(120, 3.25),
        "walk": shapes.walk(3),
        "fade": shapes.cross_fade(1, 3),
    }
    for curve in found.values():
        assert Recipe(curves=[curve]).curves == (curve,)
    values = {name: curve_values(curve, times) for name, curve in found.items()}
    assert (np.diff(values["swell"]) > 0).all() and (np.diff(values["decay"]) < 0).all()
    assert values["decay"][150] == pytest.approx(0.5, rel=0.05)
    beats = np.flatnonzero(np.diff(values["pulse"]) > 0.5)
    assert times[beats] * 3.25 == pytest.approx([0.5, 1, 1.5, 2, 2.5, 3], abs=0.004)
    assert values["pulse"][-1] == pytest.approx(0.5)  # half a beat is left at the end
    assert values["walk"].max() == 1 and values["walk"].min() >= 0
    assert shapes.walk(3) == shapes.walk(3) != shapes.walk(4)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_cross_fade_adds_up_to_one_throughout(count):
    times = np.linspace(0, 1, 101)
    curves = [shapes.cross_fade(number, count) for number in range(count)]
    together = np.sum([curve_values(curve, times) for curve in curves], axis=0)
    assert together == pytest.approx(np.ones(101), abs=1e-5)
    assert curve_values(curves[0], times)[0] == curve_values(curves[-1], times)[-1] == 1


def test_shapes_that_cannot_be_are_a_sentence():
    for tempo, seconds in ((0, 1), (float("nan"), 1), (120, 0), (-3, 1), (float("inf"), 1)):
        with pytest.raises(ParameterError, match="1 to 1,000 beats per minute"):
            shapes.pulse(tempo, seconds)
    with pytest.raises(ParameterError, match="128 beats in 60 s: choose a lower tempo"):
        shapes.pulse(200, 60)
    assert len(shapes.pulse(120, 60)) == 240
    with pytest.raises(ParameterError, match="needs two targets"):
        shapes.cross_fade(0, 1)
    with pytest.raises(ParameterError, match="2 to 256 points"):
        shapes.walk(1, 1)


def test_a_tuned_dream_keeps_its_form():
    recipe = Recipe(tune_hz=440, seconds=2.0, curves=[RISE])
    assert Tuning.of(recipe).recipe.curves == recipe.curves
    staged = recipe.replace(tune_hz=20, seconds=1.0, stages=[{"curves": [FALL]}])
    tuning = Tuning.of(staged)  # dreamed longer than it is needed
    share = tuning.ratio * staged.samples / tuning.recipe.samples
    assert share < 0.8
    for stage in tuning.recipe.each_stage:
        assert [time for time, _ in stage.curves[0]] == pytest.approx([0, share], rel=1e-4)
