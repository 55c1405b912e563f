import numpy as np
import pandas as pd
import pytest

from studio.experiments.findings.cells import NotMeasurable
from studio.experiments.findings.played import judge_played, rank_correlation
from studio.experiments.parameters import timeline
from studio.experiments.parameters.steady import Played
from tests.experiments.played import (
    LEVELS,
    SPREADS,
    agreeing_delay,
    agreeing_effect,
    played_table,
)

CASES = {
    "P1": 16, "P2": 16, "P3": 16, "P4": 2, "P5": 2, "P6": 12, "P7": 24, "P8": 4, "P9": 4, "P10": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def agreeing():
    return Played(played_table())


def verdicts(effect=agreeing_effect, delay=agreeing_delay):
    found = judge_played(Played(played_table(effect, delay))).verdicts
    return dict(zip(found["claim"], found["verdict"], strict=True))


def test_where_the_paper_is_right_every_claim_holds(agreeing):
    found = judge_played(agreeing).verdicts
    assert dict(zip(found["claim"], found["cases"], strict=True)) == CASES
    assert set(found["verdict"]) == {"holds"}
    assert list(found["held"]) == list(found["cases"])


@pytest.mark.parametrize(
    ("failing", "change"),
    [
        ({"P2": "does not hold"}, ("smoothing_coefficient", lambda step, _: 0.3 * step)),
        ({"P3": "does not hold"}, ("smoothing_kernel", lambda step, _: -0.3 * step)),
        ({"P3": "in part"}, ("smoothing_kernel", lambda step, name: step * (name == "loudness"))),
        (
            {"P1": "in part", "P3": "does not hold"},
            ("smoothing_kernel", lambda step, _: 5000.0 * step),
        ),
        ({"P5": "does not hold"}, ("iterations", lambda *_: 0.0)),
        ({"P6": "does not hold"}, ("learning_rate", lambda step, _: -step)),
        ({"P7": "does not hold"}, ("max_offset", lambda step, _: 0.5 * step)),
        (
            {"P8": "does not hold", "P9": "does not hold", "P10": "does not hold"},
            ("cutoff_hz", lambda step, _: -step),
        ),
    ],
)
def test_a_claim_fails_where_its_effect_is_another(failing, change):
    name, own = change

    def effect(run, step, feature):
        return own(step, feature) if run == name else agreeing_effect(run, step, feature)

    found = verdicts(effect)
    assert {claim: verdict for claim, verdict in found.items() if verdict != "holds"} == failing


def test_settling_that_does_not_fall_with_each_value_fails_p4():
    assert verdicts(delay=lambda run, step: 2.0)["P4"] == "does not hold"
    falls_once = verdicts(delay=lambda run, step: agreeing_delay("iterations", min(step, 3)))
    assert falls_once["P4"] == "does not hold"


def test_steady_states_effects_and_spread_are_those_put_in(agreeing):
    for place in range(4):
        assert agreeing.fixed("brightness", place) == pytest.approx(LEVELS["brightness"][place])
        assert agreeing.fixed("noisiness", place) == pytest.approx(LEVELS["noisiness"][place])
        for feature in ("loudness", "noisiness"):
            assert agreeing.spread(feature, place) == pytest.approx(SPREADS[feature])
        effect = agreeing.effect("cutoff_hz", "brightness", place)
        assert effect[0] == pytest.approx(80 * SPREADS["brightness"])
        assert effect.shape == (1 + 27,)
    level = agreeing.level("max_offset", "loudness", 2, 1)
    assert level.min() == pytest.approx(0.07 - 0.001) and level.max() == pytest.approx(0.07 + 0.001)


def test_time_to_settle_is_the_delay_put_in(agreeing):
    for step in range(5):
        # Where noise rises, a second with some of it is there a window or two early.
        settled = agreeing.seconds_to_settle("iterations", step)[0]
        assert settled == pytest.approx(4.0 - 0.8 * step, abs=0.1)
    assert agreeing.seconds_to_settle("cutoff_hz", 0)[0] == pytest.approx(1.0, abs=0.1)


def test_a_change_that_comes_last_takes_until_the_last_second():
    table = played_table(delay=lambda run, step: 9.8)
    assert Played(table).seconds_to_settle("iterations", 0)[0] == pytest.approx(9.0)


def test_shares_of_variance_follow_what_differs(agreeing):
    shares = agreeing.shares("smoothing_kernel", "brightness")
    assert shares["layer"][0] > 0.99 and shares["parameter"][0] < 0.001


def test_two_swapped_neighbours_have_a_rank_correlation_of_nine_tenths():
    levels = np.array([[1.0, 2, 3, 4, 5], [2, 1, 3, 4, 5], [5, 4, 3, 2, 1], [1, 1, 1, 1, 1]])
    assert rank_correlation(levels).tolist() == [1.0, 0.9, -1.0, 0.0]
    assert (rank_correlation(levels)[1:2] >= 0.9).all()


def test_missing_runs_and_a_single_seed_are_named(agreeing):
    table = played_table()
    with pytest.raises(NotMeasurable, match="two seeds"):
        Played(table[table["seed"] == 1])
    some = table[(table["run"] != "cutoff_hz") | (table["seed"] != 2)]
    with pytest.raises(NotMeasurable, match="cutoff_hz with seed 2"):
        Played(some)
    with pytest.raises(NotMeasurable, match="end before"):
        Played(table[table["seconds"] < 300])


def test_the_table_of_steady_states_names_value_and_layer(agreeing):
    table = agreeing.table()
    assert len(table) == 7 * 3 * 40
    offsets = table[(table["run"] == "max_offset") & (table["value"] == 512)]
    assert len(offsets) == 3 * 8 and set(offsets["layer"]) == {0, 1, 3, 8}
    assert table[table["run"] == timeline.FIXED]["value"].isna().all()
    assert isinstance(table, pd.DataFrame)
