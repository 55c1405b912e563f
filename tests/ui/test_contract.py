"""What the contract allows, recipes and live settings take; what it does not, they refuse."""

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.dreaming.recipe import Recipe, controls
from studio.dreaming.schema import recipe_schema
from studio.errors import ParameterError
from studio.live.settings import LiveSettings
from studio.ui.contract import contract, contract_html
from studio.ui.server.limits import Limits

SCHEMA = json.loads(json.dumps(recipe_schema()))
FIELDS = SCHEMA["fields"]
LIVE = json.loads(json.dumps(contract(Limits())))["live"]
RANGED = [name for name, field in FIELDS.items() if field["minimum"] is not None]


def allowed(field):
    """Return values that a field's schema allows, as a strategy."""
    low, high = field["minimum"], field["maximum"]
    match field["kind"]:
        case "integer":
            whole = st.integers(int(low), int(high))
            return whole.map(lambda value: value | 1) if field["odd"] else whole
        case "number":
            return st.floats(low, high)
        case "choice":
            return st.sampled_from(field["choices"])
        case "switch":
            return st.booleans()
        case "name":
            return st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40)
        case "targets":
            return targets(SCHEMA["targets"]["measures"])
        case "stages":
            return st.lists(stage(), max_size=SCHEMA["stages"]["most"])
        case "curves":
            return curves()
    raise AssertionError(field["kind"])


def targets(measures):
    most = SCHEMA["targets"]["most_weight"]
    weight = st.floats(-most, most).filter(bool)
    one = st.tuples(
        st.integers(0, 8), st.none() | st.integers(0, 200), weight, st.sampled_from(measures)
    )
    return st.lists(one.map(list), min_size=1, max_size=4)


def curves():
    value = st.floats(0, 1)
    points = st.lists(st.tuples(value, value.filter(bool)).map(list), max_size=9).map(sorted)
    return st.lists(points, max_size=4)


def stage():
    names = [name for name in SCHEMA["stages"]["changes"] if name != "curves"]
    return st.fixed_dictionaries({}, optional={name: allowed(FIELDS[name]) for name in names})


@given(st.fixed_dictionaries({}, optional={name: allowed(FIELDS[name]) for name in FIELDS}))
def test_what_the_schema_allows_a_recipe_takes_and_gives_back(values):
    if "loop" in [each.get("padding") for each in (values, *values.get("stages", []))]:
        values["seconds"] = float(int(values.get("seconds", 1)))  # loops at every layer
    if form := values.get("curves"):  # at most as many as targets, none of the output
        several = [[layer, None, 1.0, "response"] for layer in range(len(form))]
        values["targets"] = several[:4]
        values["stages"] = []
    recipe = Recipe.from_dict(values)
    told = recipe.to_dict(everything=True)
    if form:
        told["curves"] += [[]] * (len(form) - len(told["curves"]))
    for name, value in values.items():
        if name == "targets":
            assert [[*target, "response"][:4] for target in told[name]] == value
        elif name != "stages":
            assert told[name] == value
    assert len(recipe.stages) == len(values.get("stages", []))


@pytest.mark.parametrize("architecture", SCHEMA["loop_units"])
def test_lengths_loop_where_the_schema_says_so(architecture):
    for layer, unit in enumerate(SCHEMA["loop_units"][architecture]):
        values = {"architecture": architecture, "targets": [[layer]], "padding": "loop"}
        assert Recipe(seconds=44_100 // unit * unit / 44_100, **values).samples % unit == 0
        if unit > 1:
            with pytest.raises(ParameterError, match="makes no loop"):
                Recipe(seconds=(2 * 44_100 + 1) / 44_100, **values)


def test_the_schema_has_every_field_with_its_default():
    assert list(FIELDS) == [field.name for field in dataclasses.fields(Recipe)]
    defaults = {name: field["default"] for name, field in FIELDS.items()}
    assert Recipe.from_dict(defaults) == Recipe()
    written = set(Recipe().to_dict())
    assert [name for name in FIELDS if name not in written] == SCHEMA["unsaid"]
    for name, control in controls().items():
        assert FIELDS[name]["label"] == control.label and FIELDS[name]["help"] == control.help


@pytest.mark.parametrize("name", RANGED)
def test_just_outside_the_range_is_refused(name):
    field = FIELDS[name]
    low, high = field["minimum"], field["maximum"]
    if field["kind"] == "integer":
        below, above = int(low) - 1, int(high) + 1
    else:
        below, above = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    assert getattr(Recipe(**{name: low}), name) == low
    assert getattr(Recipe(**{name: high}), name) == high
    for value in (below, above):
        with pytest.raises(ParameterError, match=name):
            Recipe(**{name: value})


@pytest.mark.parametrize("name", [name for name in FIELDS if FIELDS[name]["odd"]])
def test_even_numbers_are_refused_where_odd_ones_are_wanted(name):
    with pytest.raises(ParameterError, match="odd"):
        Recipe(**{name: int(FIELDS[name]["minimum"]) + 1})


@pytest.mark.parametrize(
    "name", [name for name in FIELDS if FIELDS[name]["kind"] in ("choice", "switch", "name")]
)
def test_what_is_no_choice_switch_or_name_is_refused(name):
    wrong = {"choice": "another", "switch": 1, "name": " "}[FIELDS[name]["kind"]]
    with pytest.raises(ParameterError, match=name):
        Recipe(**{name: wrong})


@pytest.mark.parametrize("name", FIELDS)
def test_a_stage_changes_what_the_schema_says_and_nothing_else(name):
    change = {name: FIELDS[name]["default"]}
    if name in SCHEMA["stages"]["changes"]:
        assert dict(Recipe(stages=[change]).stages[0]).keys() == {name}
    else:
        with pytest.raises(ParameterError, match=name):
            Recipe(stages=[change])


def test_there_may_be_no_more_stages_nor_heavier_weights_than_the_schema_says():
    most, weight = SCHEMA["stages"]["most"], SCHEMA["targets"]["most_weight"]
    assert len(Recipe(stages=[{}] * most).stages) == most
    with pytest.raises(ParameterError):
        Recipe(stages=[{}] * (most + 1))
    for measure in SCHEMA["targets"]["measures"]:
        Recipe(targets=[[0, 0, weight, measure], [0, 0, -weight, measure]])
    for wrong in ([0, 0, weight * 1.0001], [0, 0, 0], [0, 0, 1, "another"]):
        with pytest.raises(ParameterError):
            Recipe(targets=[wrong])
    assert Recipe(targets=[[0]]).targets[0] == tuple(SCHEMA["targets"]["default"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: targets(LIVE["measures"]) if name == "targets" else allowed(field)
            for name, field in LIVE["fields"].items()
        },
    )
)
def test_what_the_contract_allows_a_live_dream_takes(values):
    assert LiveSettings().change(**values)


@pytest.mark.parametrize(
    "name", [name for name, field in LIVE["fields"].items() if field["maximum"] is not None]
)
def test_just_outside_a_live_settings_range_is_refused(name):
    field = LIVE["fields"][name]
    for value in (field["minimum"], field["maximum"]):
        LiveSettings().change(**{name: value})
    step = 1 if field["kind"] == "integer" else 1e-9
    for value in (field["minimum"] - step, field["maximum"] + step):
        with pytest.raises(ParameterError):
            LiveSettings().change(**{name: value})


def test_the_contract_in_the_page_is_valid_and_cannot_end_its_element():
    html = contract_html(Limits(work=10.0))
    text = html.split(">", 1)[1].rsplit("<", 1)[0]
    assert "<" not in text
    assert json.loads(text) == json.loads(json.dumps(contract(Limits(work=10.0))))
