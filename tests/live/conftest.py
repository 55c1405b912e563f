import pytest

from studio.live.engine import LiveEngine
from studio.live.settings import LiveSettings
from tests.conftest import make_model


class Models:
    """Small untrained networks, each made once."""

    def __init__(self):
        self.made = {}

    def __call__(self, dataset, architecture):
        key = (dataset, architecture)
        if key not in self.made:
            self.made[key] = make_model(architecture, seed=len(dataset))
        return self.made[key]


@pytest.fixture(scope="session")
def models():
    return Models()


@pytest.fixture
def start(models):
    """Return a function that starts an engine on a small network with some settings changed."""

    def begin(source=None, rewindable=False, go_on=None, **changes):
        settings = LiveSettings().change(**{
            "architecture": "model1", "targets": [(1, 2)], "seconds": 2.0, "iterations": 3,
            "level_db": 0.0, **changes,
        })  # fmt: skip
        return LiveEngine(settings, models, source, go_on=go_on, rewindable=rewindable)

    return begin
