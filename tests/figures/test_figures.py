"""Figures show the numbers of their tables, and pictures are those of the figures."""

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest

from studio.cli import main
from studio.experiments.layers import statistics_of
from studio.figures import catalogue, layers, look, parameters, pictures
from studio.figures.classes import classes_figure
from studio.figures.sensitivity import sensitivity_figure
from studio.figures.training import training_figure
from studio.places import results_output
from studio.ui.static_files import STATIC
from tests.experiments.sounds import agreeing_table

MOVES = [(20, "parameter", {"max_offset": 16}), (30, "layer", {"targets": [[1, 3]]})]


@pytest.fixture(scope="module")
def statistics():
    return statistics_of(agreeing_table(maps=10))


@pytest.fixture
def curves():
    seconds = np.arange(60)
    steps = {name: 10.0 ** -(seconds % 4 + number) for number, name in enumerate(look.FEATURES)}
    runs = [pd.DataFrame({"run": run, "seconds": seconds, **steps}) for run in parameters.RUNS]
    return pd.concat(runs, ignore_index=True)


def by_name(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_a_layer_figure_shows_every_mean_and_spread_of_its_table(statistics):
    figure = layers.layer_figure(5, statistics)
    lines = by_name(figure)
    assert list(lines) == ["Events", "Instruments", "Speech"]
    rows = statistics.query(
        "dataset == 'speech' and architecture == 'model2' and quantity == 'brightness'"
    )
    assert list(lines["Speech"].y) == rows["mean"].tolist()
    assert list(lines["Speech"].customdata) == [[sd, 10] for sd in rows["sd"]]
    band = next(t for t in figure.data if t.legendgroup == "speech" and t.fill == "toself")
    count = len(rows)
    assert list(band.y[:count]) == pytest.approx(list(rows["mean"] + rows["sd"]))
    low = np.maximum(rows["mean"] - rows["sd"], 0)
    assert list(band.y[count:][::-1]) == pytest.approx(list(low))
    assert figure.layout.yaxis.range[0] == 0
    assert figure.layout.yaxis.range[1] > max(max(t.y) for t in figure.data)


def test_datasets_are_told_apart_without_colour_and_axes_have_units(statistics):
    figure = layers.layer_figure(4, statistics)
    lines = by_name(figure).values()
    assert len({trace.line.dash for trace in lines}) == 3
    assert len({trace.marker.symbol for trace in lines}) == 3
    assert figure.layout.yaxis.title.text == "Brightness, spectral centroid (Hz)"
    assert figure.layout.xaxis.title.text == "layer"


def test_a_layer_with_one_map_has_no_band(statistics):
    figure = layers.layer_figure(2, statistics.assign(sd=np.nan))
    assert by_name(figure)["Events"].customdata[0][0] == 0


def test_a_time_figure_has_a_line_for_each_run_and_marks_every_change(curves):
    figure = parameters.time_figure(11, curves, MOVES, 0, 60)
    assert [trace.name for trace in figure.data] == list(parameters.RUNS.values())
    trace = by_name(figure)["Cut-off"]
    rows = curves[curves["run"] == "cutoff_hz"]
    assert list(trace.y) == rows["brightness"].tolist()
    assert (trace.x0, trace.dx) == (0.5, 1)
    assert figure.data[-1].line.width > figure.data[0].line.width, "the fixed run is bold, on top"
    assert [(shape.x0, shape.line.dash) for shape in figure.layout.shapes] == [
        (20, "solid"), (30, "5px,4px")
    ]  # fmt: skip
    named = {note.text: note.x for note in figure.layout.annotations}
    assert (named["0"], named["1"]) == (15, 45)


def test_noisiness_has_decades_and_the_rest_begins_at_zero(curves):
    noise = parameters.time_figure(12, curves, MOVES, 0, 60).layout.yaxis
    assert (noise.type, tuple(noise.range)) == ("log", (-5, -2))
    assert parameters.time_figure(10, curves, MOVES, 0, 60).layout.yaxis.range[0] == 0


def test_silence_and_what_is_no_number_can_be_drawn(curves):
    silent = curves.assign(noisiness=0.0, loudness=np.nan)
    axis = parameters.time_figure(12, silent, MOVES, 0, 60).layout.yaxis
    assert axis.range[0] < axis.range[1]
    assert set(parameters.time_figure(10, silent, MOVES, 0, 60).data[0].y) == {None}


def test_sensitivity_counts_the_findings_of_each_setting():
    summary = pd.DataFrame(
        {
            "setting": ["one", "other"], "holds": [7, 5], "in_part": [2, 3],
            "does_not_hold": [1, 2], "not_measurable": [0, 0], "score": [8, 6.5],
        }
    )  # fmt: skip
    figure = sensitivity_figure(summary, "other")
    assert {trace.name: list(trace.x) for trace in figure.data} == {
        "hold": [7, 5], "hold in part": [2, 3], "do not hold": [1, 2]
    }  # fmt: skip
    assert list(figure.data[0].y) == ["one", "<b>other</b>"]
    assert "one: 7 hold, 2 in part" in figure.layout.meta["description"]


def test_classes_are_drawn_with_intervals_and_medians():
    accuracies = pd.DataFrame(
        {"classes": [3, 10], "chance": [1 / 3, 0.1], "test_accuracy": [1.0, 0.9],
         "low": [0.8, 0.7], "high": [1.0, 0.95]}
    )  # fmt: skip
    columns = {f"{name}_mean": [1.0, 3, 2, 5, 6, 7] for name in look.FEATURES}
    sounds = pd.DataFrame({"classes": [3, 3, 3, 10, 10, 10], "layer": 0, **columns})
    figure = classes_figure(accuracies, sounds)
    measured = by_name(figure)["measured (95 % interval)"]
    assert list(measured.y) == [1.0, 0.9]
    assert list(measured.error_y.arrayminus) == pytest.approx([0.2, 0.2])
    layer = [trace for trace in figure.data if trace.name == "layer 0"]
    assert len(layer) == 4 and [trace.showlegend for trace in layer] == [True, False, False, False]
    assert all(list(trace.y) == [2, 6] for trace in layer)


def test_a_training_curve_leaves_out_what_was_not_measured():
    history = pd.DataFrame(
        {"epoch": [1, 2, 3], "loss": [3.0, 2, 1], "test_accuracy": [None, 0.5, None]}
    )
    lines = by_name(training_figure(history, "Model1 on tones"))
    assert list(lines) == ["accuracy, middle second of test clips", "loss (training)"]
    assert list(lines["accuracy, middle second of test clips"].x) == [2]
    assert lines["loss (training)"].yaxis == "y2"


@pytest.mark.parametrize("theme", look.THEMES)
def test_colours_are_those_of_the_page(theme, statistics):
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    block = css.split(f'html[data-theme="{theme}"] {{')[1].split("}")[0]
    page = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    palette = look.PALETTES[theme]
    for name in ("panel", "raised", "line", "text", "dim", "accent", "warn"):
        assert getattr(palette, name) == page[name]
    assert palette.datasets == {name: page[name] for name in look.DATASETS}
    runs = {run: page[f"run-{run}"] for run in parameters.RUNS if run != "fixed"}
    assert palette.runs == {**runs, "fixed": page["text"]}
    drawn = layers.layer_figure(2, statistics, theme)
    assert by_name(drawn)["Speech"].line.color == page["speech"]
    assert drawn.layout.template.layout.paper_bgcolor == page["panel"]


@pytest.mark.parametrize("name", catalogue.figure_names())
def test_every_figure_of_the_studios_results_is_small_and_told_in_words(name):
    figure = catalogue.draw(name, results_output(), "dark")
    text = figure.to_json()
    assert len(text) < 60_000
    assert "bdata" not in text, "numbers stand as numbers"
    assert len(figure.layout.meta["description"]) > 100
    assert set(json.loads(text)["layout"]["template"]) == {"layout"}


@pytest.mark.parametrize("name", catalogue.figure_names())
def test_the_pictures_of_the_documentation_are_those_of_the_tables(name):
    path = catalogue.picture_of(name, results_output())
    svg = path.read_text(encoding="utf-8")
    figure = catalogue.draw(name, results_output())
    assert f'data-figure="{pictures.fingerprint(figure)}"' in svg, "run studio experiment figures"
    assert f'width="{catalogue.width_of(name)}"' in svg
    assert "<desc>" in svg and "http" not in svg.replace("http://www.w3.org/", "")


def test_what_is_not_computed_cannot_be_drawn(tmp_path):
    with pytest.raises(FileNotFoundError):
        catalogue.draw("figure-2", tmp_path)


@pytest.mark.slow
def test_the_terminal_writes_pictures_that_are_the_same_every_time(
    statistics, tmp_path, monkeypatch, capsys
):
    try:
        pictures.find_browser()
    except pictures.StudioError as missing:
        pytest.skip(str(missing))
    (tmp_path / "layers").mkdir()
    statistics.to_csv(tmp_path / "layers" / "statistics.csv", index=False)
    some = {name: catalogue._FIGURES[name] for name in ("figure-2", "figure-10")}
    monkeypatch.setattr(catalogue, "_FIGURES", some)
    words = ["studio", "experiment", "figures", "--results", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", words)
    written = []
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        written.append((tmp_path / "layers" / "figure-2.svg").read_text(encoding="utf-8"))
    told = capsys.readouterr().out
    assert "figure-2.svg" in told and "figure-10: not drawn, there is no " in told
    assert written[0] == written[1]
    assert "Events" in written[0] and 'role="img"' in written[0]


def test_without_a_browser_the_terminal_says_what_to_do(monkeypatch):
    monkeypatch.delenv("STUDIO_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pictures.StudioError, match="install it, or set STUDIO_CHROMIUM"):
        pictures.find_browser()
