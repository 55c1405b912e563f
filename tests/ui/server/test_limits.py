"""What a shared studio allows, and what it says otherwise."""

import pytest

from studio.dreaming.recipe import Recipe, Target
from studio.errors import ParameterError
from studio.ui.server.limits import HOSTED_WORK, Limits, is_hosted, limits, work


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    for name in ("SPACE_ID", "STUDIO_HOSTED", "STUDIO_DREAM_LIMIT"):
        monkeypatch.delenv(name, raising=False)


LARGE = Recipe(seconds=60, iterations=10_000, targets=[(0, 0)] * 600)


def test_at_home_there_is_no_limit():
    assert not is_hosted()
    limits().check(LARGE)


@pytest.mark.parametrize(("name", "value"), [("SPACE_ID", "me/studio"), ("STUDIO_HOSTED", "1")])
def test_a_shared_studio_says_what_fits(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    limits().check(Recipe(seconds=10, iterations=2000))
    with pytest.raises(ParameterError, match="at most 333 iterations for 60 s") as refused:
        limits().check(Recipe(seconds=60, iterations=2000))
    limits().check(Recipe(seconds=60, iterations=333))
    assert str(refused.value).endswith(".") and "own machine" in str(refused.value)


def test_what_counts_is_what_is_computed():
    assert work(Recipe(seconds=60, iterations=2000, stop_after=10)) == 600


def test_a_shared_studio_takes_whole_layers_but_not_endless_lists(monkeypatch):
    monkeypatch.setenv("SPACE_ID", "me/studio")
    limits().check(Recipe(targets=[Target(0)]))
    with pytest.raises(ParameterError, match="512 or fewer"):
        limits().check(Recipe(targets=[(0, 0)] * 600))


def test_the_host_decides(monkeypatch):
    monkeypatch.setenv("SPACE_ID", "me/studio")
    monkeypatch.setenv("STUDIO_HOSTED", "no")
    limits().check(LARGE)
    monkeypatch.setenv("STUDIO_DREAM_LIMIT", "100")
    with pytest.raises(ParameterError, match="100 seconds"):
        limits().check(Recipe(seconds=1, iterations=101))
    monkeypatch.setenv("STUDIO_HOSTED", "yes")
    assert limits().work == 100 != HOSTED_WORK


@pytest.mark.parametrize("text", ["many", "-1", "0", "nan", "inf"])
def test_a_limit_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("STUDIO_DREAM_LIMIT", text)
    with pytest.raises(ParameterError, match="STUDIO_DREAM_LIMIT"):
        limits()


def test_stages_count_together():
    recipe = Recipe(
        iterations=60, stages=[{"iterations": 30}, {"targets": [[0, m] for m in range(9)]}]
    )
    assert work(recipe) == 120
    Limits(work=120, targets=9).check(recipe)
    with pytest.raises(ParameterError, match="in all stages together"):
        Limits(work=119).check(recipe)
    with pytest.raises(ParameterError, match="9 feature maps are too many"):
        Limits(targets=8).check(recipe)
