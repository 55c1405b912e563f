"""Experiment 2: its timeline, that it plays what a listener hears, and what it writes."""

import functools
import json

import numpy as np
import pandas as pd
import pytest
import soundfile
from typer.testing import CliRunner

from studio.cli import app
from studio.errors import ParameterError
from studio.experiments.parameters import rendering, results, timeline
from studio.experiments.parameters.rendering import RunFolder, measure, play
from studio.experiments.parameters.report import BLOCKS
from studio.experiments.report import filled
from studio.gallery.feature_maps import EXPERIMENT_1
from studio.live.engine import LiveEngine
from studio.live.log import read_log
from studio.live.replay import replay
from studio.networks.checkpoints import save_model
from studio.places import docs_page, results_folder, results_output
from studio.sound import SAMPLE_RATE
from studio.sound.features import FEATURES, frames, means
from tests.conftest import make_model
from tests.experiments.played import played_table


@pytest.fixture(scope="module")
def models():
    return functools.cache(lambda dataset, architecture: make_model(architecture, classes=9))


def test_the_sequences_are_those_of_table_11_and_the_rest_is_fixed():
    assert timeline.LAYERS == ((0, 3), (1, 3), (3, 4), (8, 8))
    assert timeline.SEQUENCES["learning_rate"] == (0.02, 0.04, 0.08, 0.12, 0.16)
    recipe = timeline.first_settings("cutoff_hz", 5).recipe
    assert (recipe.cutoff_hz, recipe.iterations, recipe.max_offset) == (2000.0, 10, 1)
    assert (recipe.smoothing_coefficient, recipe.smoothing_kernel) == (0.5, 9)
    assert (recipe.learning_rate, recipe.seed, recipe.initial) == (0.04, 5, "white noise")
    assert timeline.first_settings(timeline.FIXED, 1).recipe.cutoff_hz == 12_000.0
    assert tuple(recipe.targets[0])[:2] == (0, 3)


def test_open_choices_are_those_of_experiment_1_and_another_low_pass_can_be_had():
    recipe = timeline.first_settings(timeline.FIXED, 1).recipe
    for name in timeline.OPEN_CHOICES:
        assert getattr(recipe, name) == getattr(EXPERIMENT_1, name)
    other = timeline.first_settings(timeline.FIXED, 1, "hard cut").recipe
    assert other == recipe.replace(low_pass="hard cut")


def test_each_value_is_held_20_seconds_and_layers_change_10_seconds_later():
    every = list(timeline.moves("max_offset"))
    parameter = [move for move in every if move.kind == "parameter"]
    layer = [move for move in every if move.kind == "layer"]
    assert [move.seconds for move in parameter] == list(range(20, 401, 20))
    assert [move.seconds for move in layer] == list(range(30, 411, 20))
    assert [move.changes["max_offset"] for move in parameter[:6]] == [16, 64, 128, 512, 1, 16]
    assert [move.changes["targets"][0] for move in layer[:4]] == [(1, 3), (3, 4), (8, 8), (0, 3)]
    assert [move.seconds for move in every] == sorted(move.seconds for move in every)


def test_in_the_fixed_run_only_layers_change():
    assert {move.kind for move in timeline.moves(timeline.FIXED)} == {"layer"}


def test_every_pair_of_value_and_layer_is_held_once_after_either_change():
    spans = timeline.spans()
    assert len(spans) == 40 and spans[0].begin == 20 and spans[-1].end == timeline.TOTAL_SECONDS
    for kind in ("parameter", "layer"):
        pairs = {(span.step, span.place) for span in spans if span.after == kind}
        assert len(pairs) == 20


@pytest.mark.parametrize("run", ["max_offset", "iterations"])
def test_spans_say_what_the_moves_have_set(run):
    moves = list(timeline.moves(run))
    for span in timeline.spans():
        value, layer = timeline.SEQUENCES[run][0], timeline.LAYERS[0]
        for move in moves:
            if move.seconds <= span.begin:
                value = move.changes.get(run, value)
                layer = move.changes.get("targets", [layer])[0]
        assert value == timeline.SEQUENCES[run][span.step]
        assert layer == timeline.LAYERS[span.place]
        assert any(move.seconds == span.begin and move.kind == span.after for move in moves)


@pytest.fixture
def quick(monkeypatch):
    """A timeline with the same order of changes, in seconds instead of tens of them."""
    for name, value in {
        "DELAY_SECONDS": 2, "PAUSE_SECONDS": 2, "LAYER_OFFSET_SECONDS": 1,
    }.items():  # fmt: skip
        monkeypatch.setattr(timeline, name, value)


def test_a_run_is_sample_for_sample_what_the_live_engine_plays(models, quick):
    """A listener is given small blocks of uneven size and moves at the same moments."""
    sound = play("iterations", 3, models, 6)
    live = LiveEngine(timeline.first_settings("iterations", 3), models, rewindable=True)
    heard, moves = [], list(timeline.moves("iterations", 6))
    sizes = [441, 1000, 4096, 17, 9999]
    while live.position < 6 * SAMPLE_RATE:
        due = moves[0].seconds * SAMPLE_RATE if moves else 6 * SAMPLE_RATE
        if live.position == due:
            live.apply(moves.pop(0).changes)
            continue
        heard.append(live.render(min(sizes[len(heard) % 5], due - live.position)))
    assert not moves
    assert np.array_equal(sound, np.concatenate(heard))
    log = read_log(json.dumps(live.log.to_dict(6 * SAMPLE_RATE)))
    assert np.array_equal(sound, np.concatenate(list(replay(log, models))))


def test_windows_hold_the_means_of_the_frames_inside(rng, monkeypatch):
    sound = (rng.standard_normal(3 * SAMPLE_RATE) * 0.1).astype(np.float32)
    sound[SAMPLE_RATE:] *= 3
    monkeypatch.setattr(rendering, "_BLOCK_FRAMES", 50)
    table = measure(sound)
    assert list(table.columns) == ["seconds", *FEATURES] and len(table) == 15
    whole = frames(sound)
    centres = np.arange(len(whole["loudness"])) * 512 / SAMPLE_RATE
    inside = (centres >= 1.4) & (centres < 1.6)
    row = table.iloc[7]
    assert row["seconds"] == pytest.approx(1.4)
    for name in ("loudness", "brightness", "noisiness"):
        assert row[name] == pytest.approx(whole[name][inside].mean(), rel=1e-6)
    assert row["roughness"] == pytest.approx(whole["roughness"][inside[1:]].mean(), rel=1e-6)
    late = means(sound[2 * SAMPLE_RATE :])
    assert table["loudness"][10:].mean() == pytest.approx(late["loudness"], rel=0.02)


def test_stopped_runs_go_on_where_they_were(tmp_path, monkeypatch):
    models = tmp_path / "models"
    models.mkdir()
    network = make_model("model2", classes=9)
    network.card["dataset"] = "events"
    save_model(network, models, "events-model2")
    monkeypatch.setattr(timeline, "RUNS", ("fixed", "iterations"))
    runs = RunFolder.of(tmp_path / "work", models, until_seconds=2)
    real, made = rendering._render_one, []

    def failing(folder, run, seed):
        made.append((run, seed))
        if len(made) == 2:
            raise KeyboardInterrupt
        real(folder, run, seed)

    monkeypatch.setattr(rendering, "_render_one", failing)
    with pytest.raises(KeyboardInterrupt):
        runs.render((1, 2))
    there = sorted(path.name for path in runs.folder.iterdir())
    assert there == ["fixed-1.npz"]
    before = runs.path("fixed", 1).read_bytes()
    monkeypatch.setattr(
        rendering, "_render_one", lambda *task: (made.append(task[1:]), real(*task))
    )
    made.clear()
    seen = []
    runs.render((1, 2), on_progress=lambda *progress: seen.append(progress))
    assert made == [("iterations", 1), ("fixed", 2), ("iterations", 2)]
    assert seen[0] == ("playing", 1, 4) and seen[-1] == ("playing", 4, 4)
    assert runs.path("fixed", 1).read_bytes() == before
    table = runs.table((1, 2))
    assert len(table) == 2 * 2 * 10
    fresh = play("iterations", 2, rendering._loader(str(models)), 2)
    assert np.abs(runs.sound("iterations", 2) - fresh).max() < 1 / 32767
    kept = table[(table["run"] == "iterations") & (table["seed"] == 2)]
    assert np.allclose(kept[list(FEATURES)], measure(fresh)[list(FEATURES)])


def test_other_weights_have_another_folder(tmp_path):
    folders = set()
    for number in range(2):
        models = tmp_path / f"models-{number}"
        models.mkdir()
        network = make_model("model2", classes=9, seed=number)
        network.card["dataset"] = "events"
        save_model(network, models, "events-model2")
        folders.add(RunFolder.of(tmp_path / "work", models).folder)
    assert len(folders) == 2


def test_tables_are_written_and_tell_the_effects(tmp_path):
    found = results.write_tables(played_table(), (1, 2, 3), tmp_path)
    assert found.counts["holds"] == 10
    effects = pd.read_csv(tmp_path / "effects.csv")
    assert len(effects) == 6 * 4 * 4
    row = effects[(effects["parameter"] == "cutoff_hz") & (effects["feature"] == "brightness")]
    assert row["in_spreads"].tolist() == pytest.approx([80.0] * 4, rel=1e-3)
    assert row["effect"].tolist() == pytest.approx([800.0] * 4, rel=1e-3)
    settling = pd.read_csv(tmp_path / "settling.csv")
    times = settling[settling["parameter"] == "learning_rate"]["seconds"]
    assert times.tolist() == pytest.approx([4.0, 3.2, 2.4, 1.6, 0.8], abs=0.1)
    kept = pd.read_csv(tmp_path / "features.csv.gz")
    assert len(kept) == 7 * 3 * 2100
    curves = pd.read_csv(tmp_path / "curves.csv")
    assert len(curves) == 7 * 420


def test_to_compare_with_only_verdicts_are_written(tmp_path):
    results.write_tables(played_table(), (1, 2, 3), tmp_path, verdicts_only=True)
    there = sorted(path.name for path in tmp_path.iterdir())
    assert there == ["cases.csv", "effects.csv", "verdicts.csv"]


def test_the_documentation_says_what_the_tables_say(monkeypatch):
    monkeypatch.delenv("STUDIO_EXPERIMENTS", raising=False)
    text = docs_page("experiment-2").read_text(encoding="utf-8")
    assert filled(text, results_output(), BLOCKS) == text, "run studio experiment parameters"
    steady = pd.read_csv(results_folder("parameters") / "steady.csv")
    assert (10 ** steady["noisiness"]).max() < 0.001  # Said in words there.


def test_the_kept_sounds_are_no_larger_than_10_megabytes_and_of_full_length():
    folder = results_folder("parameters")
    manifest = json.loads((folder / results.MANIFEST_FILE).read_text(encoding="utf-8"))
    paths = [folder / name for name in manifest["sounds"].values()]
    assert len(paths) == 7 and sum(path.stat().st_size for path in paths) <= 10_000_000
    assert all(abs(soundfile.info(path).duration - manifest["seconds"]) < 0.1 for path in paths)


def test_seeds_that_are_no_numbers_are_refused_by_the_verb():
    answer = CliRunner().invoke(app, ["experiment", "parameters", "--seeds", "1,two"])
    assert isinstance(answer.exception, ParameterError) and "1,2,3" in str(answer.exception)


def test_kept_sounds_are_small_and_hold_what_a_cutoff_of_16_khz_leaves(tmp_path, rng):
    noise = rng.standard_normal(20 * SAMPLE_RATE).astype(np.float32) * 0.1
    path = tmp_path / "sounds" / "noise.opus"
    results.write_sound(noise, path)
    sound, rate = soundfile.read(path, dtype="float32")
    assert path.stat().st_size * 8 / 20 < 32_000
    assert abs(len(sound) / rate - 20) < 0.05
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / rate)
    levels = [spectrum[(hz > low) & (hz < low + 1000)].mean() for low in (2000, 14_000)]
    assert 10 * np.log10(levels[1] / levels[0]) > -10
    assert sound.std() == pytest.approx(0.1 * results.GAIN, rel=0.15)


@pytest.mark.parametrize("seeds", [(1,), (2, 2)])
def test_seeds_that_give_no_spread_are_refused(tmp_path, seeds):
    with pytest.raises(ParameterError, match="two or more different"):
        results.run(tmp_path, tmp_path / "out", seeds)
