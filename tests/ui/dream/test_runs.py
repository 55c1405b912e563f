"""Dreams in progress: streamed, stopped, superseded, explained."""

import io
import threading

import numpy as np
import pytest
import soundfile

from studio.dreaming.recipe import Recipe
from studio.networks.checkpoints import save_model
from studio.ui.dream.runs import Runs
from studio.ui.server.admission import Admission
from studio.ui.server.dreams import Dreams
from studio.ui.server.limits import Limits
from studio.ui.server.model_cache import ModelCache
from studio.ui.server.queue import DreamQueue
from studio.ui.server.sounds import SoundService
from studio.ui.server.store import SoundStore
from tests.conftest import make_model
from tests.ui.streams import Stream
from tests.waiting import PATIENCE, until

ENDLESS = {"iterations": 10_000, "stages": [{}] * 9}
"""A dream that no machine ends before somebody stops it."""


@pytest.fixture
def runs(tmp_path, only_models):
    model = make_model("model1", classes=5)
    model.card = {"dataset": "instruments"}
    save_model(model, tmp_path / "models")
    only_models(tmp_path / "models")
    store = SoundStore()
    sounds = SoundService(store)
    admission = Admission(dreams=DreamQueue())
    yield Watched(Runs(sounds, Dreams(sounds, ModelCache(), admission)))
    store.close()


class Watched:
    """Runs whose updates a test walks through one by one."""

    def __init__(self, runs):
        self.runs, self.sounds, self.dreams = runs, runs.sounds, runs.dreams
        self.stop, self.leave, self.running = runs.stop, runs.leave, runs._running

    def updates(self, session, request):
        return Stream(self.runs.updates(session, request))

    @property
    def queue(self):
        return self.dreams.queue


def request(run="a", **fields):
    recipe = {"dataset": "instruments", "targets": [[0, 3, 1]], "iterations": 8, **fields}
    return {"run": run, "recipe": recipe}


def test_a_dream_ends_with_a_take_that_can_be_played_and_saved(runs):
    updates = list(runs.updates("me", request()))
    last = updates[-1]
    assert last["state"] == "done" and last["run"] == "a"
    assert last["trace"]["iteration"][-1] == 8
    assert all(len(values) == len(last["trace"]["iteration"]) for values in last["trace"].values())
    token = last["take"]["token"]
    for name in ("sound.wav", "heard.wav", "before.wav"):
        file, shown = runs.sounds.file(token, name)
        sound, rate = soundfile.read(file)
        assert (sound.size, rate) == (44_100, 44_100)
        assert shown == "instruments-model1-L0-m3-s1.wav"
    assert Recipe.from_json(runs.sounds.file(token, "recipe.json")[0].read_text()).iterations == 8


def test_stop_keeps_what_there_is(runs):
    stream = runs.updates("me", request(**ENDLESS))
    for update in stream:
        if update["state"] == "dreaming":
            runs.stop("me")
        last = update
    assert last["state"] == "stopped"
    assert 0 < last["take"]["recipe"]["stop_after"] < 100_000


def test_a_late_stop_does_not_hit_the_next_dream(runs):
    stream = runs.updates("me", request("b", **ENDLESS))
    next(stream)
    runs.stop("me", "a")
    assert not runs.running["me"].stop.is_set()
    runs.stop("me", "b")
    assert [*stream][-1]["state"] == "stopped"


def test_a_preview_comes_while_it_goes_on(runs):
    for update in runs.updates("me", request(**ENDLESS)):
        if update.get("preview"):
            _, _, token, _, name = update["preview"].split("/")
            content = runs.sounds.preview(token, int(name.removesuffix(".wav")))
            sound, _ = soundfile.read(io.BytesIO(content))
            assert np.abs(sound).max() > 0.05
            runs.stop("me")
    assert update["state"] == "stopped"


def test_a_new_dream_ends_the_former_one_of_the_same_session_only(runs):
    ends = {}

    def dream(session, run):
        for update in runs.updates(session, request(run, **ENDLESS)):
            ends[run] = update["state"]

    threads = [threading.Thread(target=dream, args=pair) for pair in (("me", "a"), ("you", "b"))]
    for thread in threads:
        thread.start()
    until(lambda: len(ends) == 2)
    list(runs.updates("me", request("c", iterations=2)))
    threads[0].join(PATIENCE)
    assert ends["a"] == "stopped" and ends["b"] in ("loading", "dreaming")
    runs.stop("you")
    threads[1].join(PATIENCE)
    assert ends["b"] == "stopped"


def test_leaving_the_page_stops_the_dream(runs):
    stream = runs.updates("me", request(**ENDLESS))
    next(stream)
    run = runs.running["me"]
    stream.close()
    assert run.stop.is_set() and "me" not in runs.running


def test_one_who_waits_is_told_where_and_dreams_in_the_end(runs):
    runs.queue.slots = 1
    held = runs.queue.join("you", 100)
    updates = runs.updates("me", request())
    first = next(updates)
    assert (first["state"], first["ahead"], first["wait_seconds"]) == ("waiting", 0, None)
    held.share = 0.5
    assert next(updates)["wait_seconds"] > 0
    runs.queue.leave(held)
    assert [*updates][-1]["state"] == "done"
    with runs.queue.slot("they", 1):
        pass  # the slot is free again


def test_one_who_waits_can_stop(runs):
    runs.queue.slots = 1
    held = runs.queue.join("you", 100)
    updates = runs.updates("me", request())
    next(updates)
    runs.stop("me")
    assert len(runs.queue) == 0
    assert [update["state"] for update in updates] == ["left"]
    runs.queue.leave(held)


def test_a_dream_that_nobody_listens_to_gives_its_slot_back(runs):
    runs.queue.slots = 1
    abandoned = runs.updates("me", request(**ENDLESS))
    next(abandoned)
    runs.stop("me")
    with runs.queue.slot("you", 1):
        pass


def test_a_shared_studio_says_what_is_too_much(runs):
    runs.dreams.limits = Limits(work=100)
    (update,) = runs.updates("me", request(iterations=200))
    assert update["state"] == "error" and "at most 100 iterations" in update["message"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"targets": [[9, 0, 1]]}, "layer"),
        ({"targets": [[0, 99, 1]]}, "map"),
        ({"targets": []}, "layer"),
        ({"dataset": "whales"}, "whales"),
        ({"initial": "guitar.wav (sha256 00)"}, "guitar.wav"),
        ({"seconds": 1e9}, "seconds"),
        ({"colour": "red"}, "colour"),
        ({"targets": "everything"}, "targets"),
    ],
)
def test_what_cannot_be_dreamed_gets_a_sentence(runs, fields, word):
    updates = list(runs.updates("me", request(**fields)))
    assert updates[-1]["state"] == "error"
    assert word in updates[-1]["message"] and len(updates[-1]["message"]) < 500


@pytest.mark.parametrize("recipe", [None, [], "x", 3])
def test_nonsense_gets_an_answer(runs, recipe):
    updates = list(runs.updates("me", {"run": "z", "recipe": recipe, "upload": None}))
    assert updates[-1]["state"] == "error"


def test_a_batch_is_dreamed_one_after_the_other_and_every_part_is_a_take(runs):
    recipes = [request(seed=seed)["recipe"] for seed in (1, 2, 3)]
    updates = list(runs.updates("me", {"run": "b", "recipes": recipes}))
    takes = [update for update in updates if "take" in update]
    assert [update["part"] for update in takes] == [0, 1, 2]
    assert all(update["parts"] == 3 for update in updates)
    assert [update["take"]["recipe"]["seed"] for update in takes] == [1, 2, 3]
    assert runs.running == {} and runs.queue.dreaming == 0


def test_a_stop_ends_the_whole_batch(runs):
    recipes = [{**request()["recipe"], **ENDLESS}] * 3
    states = []
    for update in runs.updates("me", {"run": "b", "recipes": recipes}):
        states.append((update["part"], update["state"]))
        if update["state"] == "dreaming":
            runs.stop("me", "b")
    assert states[-1] == (0, "stopped")


@pytest.fixture
def gathered(runs, monkeypatch):
    """Return the seeds of the recipes whose recordings were read so far."""
    wish, seeds = runs.dreams.wish, []

    async def gather(recipe, *recordings):
        seeds.append(recipe.seed)
        return await wish(recipe, *recordings)

    monkeypatch.setattr(runs.dreams, "wish", gather)
    return seeds


def test_the_recordings_of_a_batch_are_read_one_after_the_other(runs, gathered):
    """Sixteen of a minute, with their guides, are 340 MB: with 24 who wait, 8 GB."""
    recipes = [request(seed=seed)["recipe"] for seed in (1, 2, 3)]
    read = [
        (update["part"], len(gathered))
        for update in runs.updates("me", {"run": "b", "recipes": recipes})
    ]
    assert all(count == part + 1 for part, count in read) and gathered == [1, 2, 3]


def test_a_stop_between_two_dreams_of_a_batch_ends_it(runs, gathered, monkeypatch):
    recipes = [request(seed=seed)["recipe"] for seed in (1, 2, 3)]
    gather = runs.dreams.wish

    async def stopped_meanwhile(recipe, *recordings):
        if recipe.seed == 2:
            runs.stop("me", "b")
        return await gather(recipe, *recordings)

    monkeypatch.setattr(runs.dreams, "wish", stopped_meanwhile)
    states = [
        (update["part"], update["state"])
        for update in runs.updates("me", {"run": "b", "recipes": recipes})
    ]
    assert states[-2:] == [(0, "done"), (1, "left")] and gathered == [1, 2]
    assert runs.running == {} and runs.queue.dreaming == 0


@pytest.mark.parametrize("recipes", [[], [{}] * 17, {}, "many", [3]])
def test_a_batch_that_is_none_is_refused_in_a_sentence(runs, recipes):
    (update,) = runs.updates("me", {"run": "b", "recipes": recipes})
    assert update["state"] == "error" and update["message"]


def test_a_batch_shares_one_limit(runs):
    runs.dreams.limits = Limits(work=20.0)
    recipes = [request()["recipe"]] * 3
    (update,) = runs.updates("me", {"run": "b", "recipes": recipes})
    assert "Ask for fewer at once" in update["message"]


def test_a_stereo_dream_is_played_and_saved_in_stereo_and_measured(runs):
    last = list(runs.updates("me", request(stereo_width=1.0)))[-1]
    folder = runs.sounds.store.find(last["take"]["token"]).folder
    for name in ("sound.wav", "heard.wav"):
        assert soundfile.info(folder / name).channels == 2
    measured = last["take"]["measured"]
    assert 0 < measured["active_share"] <= 1 and measured["loudness_lufs"] < 0
    assert measured["seam_db"] is None
