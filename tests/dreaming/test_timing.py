"""``studio bench``: what it reports, not how fast it is."""

import json

import pytest
from typer.testing import CliRunner

from studio.cli import app
from studio.dreaming import timing
from studio.errors import ParameterError
from studio.networks.architectures import ARCHITECTURES


def test_every_layer_and_all_maps_of_the_deepest_are_timed():
    names = [case.name for case in timing.cases()]
    assert len(names) == len(set(names)) == 5 + 9 + 2
    assert {case.architecture for case in timing.cases()} == set(ARCHITECTURES)


def test_bench_reports_times_and_small_errors(monkeypatch):
    chosen = [timing.Case("model1", 1), timing.Case("model2", 8), timing.Case("model1", 3, None)]
    monkeypatch.setattr(timing, "cases", lambda: iter(chosen))
    result = CliRunner().invoke(app, ["bench", "--seconds", "0.1", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert [row["case"] for row in report["cases"]] == [case.name for case in chosen]
    for row in report["cases"]:
        assert row["error"] < 1e-5
        assert row["ratio"] == pytest.approx(row["reference_ms"] / row["fast_ms"])
        assert row["share_of_peak"] > 0
    assert set(report["mean_ratio"]) == {"model1", "model2"}
    table = CliRunner().invoke(app, ["bench", "--seconds", "0.1"]).output
    assert "Model1, layer 3, all maps, 1 s" in table


def test_impossible_times_are_refused():
    result = CliRunner().invoke(app, ["bench", "--seconds", "0"])
    assert isinstance(result.exception, ParameterError)


def test_operations_are_those_of_the_chosen_map():
    model = timing.random_model("model1")
    one = timing.operations(model, timing.Case("model1", 0))
    assert one == 4 * 900 * 85
    assert timing.operations(model, timing.Case("model1", 0, None)) == 32 * one
