"""The one way to a dream: begun in turn, stopped, abandoned, closed."""

import pytest

from studio.dreaming import loop, sources
from studio.dreaming.recipe import Recipe
from studio.errors import BusyError, ParameterError
from studio.networks.checkpoints import save_model
from studio.sound import files as sound_files
from studio.stopping import Stopped
from studio.ui.server.admission import Admission
from studio.ui.server.dreams import Dreams, Run, Wish
from studio.ui.server.limits import Limits
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.queue import DreamQueue
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.conftest import make_model
from tests.ui.streams import LOOP
from tests.waiting import PATIENCE, until

RECIPE = Recipe(dataset="instruments", architecture="model1", targets=[(0, 3)], iterations=3)
LONG = RECIPE.replace(iterations=10_000)


@pytest.fixture
def dreams(tmp_path, monkeypatch):
    model = make_model("model1", classes=5)
    model.card = {"dataset": "instruments"}
    save_model(model, tmp_path / "models")
    monkeypatch.setenv("STUDIO_MODELS", str(tmp_path / "models"))
    store = SoundStore()
    admission = Admission(dreams=DreamQueue(slots=1, most_waiting=1))
    made = Dreams(SoundService(store), ModelCache(), admission)
    yield made
    made.close(PATIENCE)
    store.close()


def test_a_dream_begins_when_a_slot_is_free(dreams):
    first = dreams.begin("a", Wish(LONG))
    second = dreams.begin("b", Wish(RECIPE))
    assert first.begun and not second.begun
    with pytest.raises(BusyError):
        dreams.begin("c", Wish(RECIPE))
    until(lambda: first.iteration)
    dreams.stop(first)
    assert 0 < first.finished.result(PATIENCE).recipe.stop_after < 10_000
    assert second.finished.result(PATIENCE).recipe == RECIPE
    assert second.trace["iteration"][0] == 0


def test_an_abandoned_dream_ends_without_a_sound_and_frees_its_slot(dreams):
    run = dreams.begin("a", Wish(LONG))
    until(lambda: run.iteration)
    dreams.abandon(run)
    with pytest.raises(Stopped):
        run.finished.result(PATIENCE)
    until(lambda: dreams.queue.dreaming == 0)


def test_stages_are_abandoned_too(dreams):
    staged = RECIPE.replace(iterations=1, stages=[{"iterations": 10_000, "targets": [[0, 3]]}])
    run = dreams.begin("a", Wish(staged))
    until(lambda: run.iteration > 2)
    dreams.abandon(run)
    with pytest.raises(Stopped):
        run.finished.result(PATIENCE)


@pytest.mark.parametrize("given_up_at", [1, 2, 4, 7])
def test_an_abandoned_dream_ends_at_the_iteration_it_is_at(dreams, monkeypatch, given_up_at):
    """No clock: from the moment that it is given up no further iteration is done, in any stage."""
    told, note = [], Run.note

    def note_and_leave(run, step):
        told.append(step.iteration)
        if step.iteration == given_up_at:
            dreams.abandon(run)
        return note(run, step)

    monkeypatch.setattr(Run, "note", note_and_leave)
    staged = RECIPE.replace(iterations=3, stages=[{"iterations": 10_000, "targets": [[1, None]]}])
    run = dreams.begin("a", Wish(staged))
    with pytest.raises(Stopped):
        run.finished.result(PATIENCE)
    assert told == list(range(1, given_up_at + 1))
    until(lambda: dreams.queue.dreaming == 0 and not dreams._threads)


@pytest.mark.parametrize("part", ["initial_sound", "choose_ascent"])
def test_a_dream_is_abandoned_before_its_first_iteration_too(dreams, monkeypatch, part):
    """Of a minute's sound what comes before takes a second."""
    place = sources if part == "initial_sound" else loop
    original, begun = getattr(place, part), []

    def left_meanwhile(*given):
        dreams.abandon(run)
        return original(*given)

    monkeypatch.setattr(place, part, left_meanwhile)
    monkeypatch.setattr(loop, "DreamRun", lambda *given, **more: begun.append(given))
    other = dreams.queue.join("another", 1.0)
    run = dreams.begin("a", Wish(LONG))
    dreams.queue.leave(other)
    with pytest.raises(Stopped):
        run.finished.result(PATIENCE)
    assert not begun


def test_one_who_waits_and_stops_never_begins(dreams):
    first = dreams.begin("a", Wish(LONG))
    second = dreams.begin("b", Wish(RECIPE))
    dreams.stop(second)
    with pytest.raises(Stopped):
        second.finished.result(PATIENCE)
    dreams.abandon(first)
    until(lambda: dreams.queue.dreaming == 0)
    assert not second.begun


def test_closing_ends_those_who_dream_and_those_who_wait(dreams):
    first = dreams.begin("a", Wish(LONG))
    second = dreams.begin("b", Wish(LONG))
    until(lambda: first.iteration)
    assert dreams.close(PATIENCE)
    for run in (first, second):
        with pytest.raises(Stopped):
            run.finished.result(PATIENCE)


def test_a_dream_that_ends_has_its_memory_returned(dreams, monkeypatch):
    asked = []
    monkeypatch.setattr("studio.ui.server.dreams.trim_soon", lambda: asked.append("dreamed"))
    dreams.begin("a", Wish(RECIPE)).finished.result(PATIENCE)
    until(lambda: asked == ["dreamed"])


def test_what_fails_says_why(dreams):
    run = dreams.begin("a", Wish(RECIPE.replace(dataset="whales")))
    with pytest.raises(ParameterError, match="whales"):
        run.finished.result(PATIENCE)
    until(lambda: dreams.queue.dreaming == 0)


def test_a_wish_holds_recordings_and_is_within_the_limits(dreams, tmp_path, rng):
    noise = rng.standard_normal(88_200).astype("f4") / 5
    path = sound_files.write(tmp_path / "noise.wav", noise)
    wish = LOOP.run(dreams.wish(RECIPE, path, path))
    assert wish.recipe.initial.startswith("noise.wav (sha256 ")
    assert wish.recipe.guide.startswith("noise.wav (sha256 ")
    assert wish.initial.shape == wish.guide.shape == (44_100,)
    dreams.limits = Limits(work=1.0)
    with pytest.raises(ParameterError, match="at most 1 iterations"):
        LOOP.run(dreams.wish(RECIPE))


def test_the_same_recipe_gives_the_same_sound_as_without_a_server(dreams):
    from studio.dreaming.loop import dream

    made = dreams.begin("a", Wish(RECIPE)).finished.result(PATIENCE)
    alone = dream(dreams.model_cache.get("instruments", "model1"), RECIPE)
    assert (made.audio == alone.audio).all()
