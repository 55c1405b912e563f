import pytest

from studio import Recipe
from studio.gallery.build import build
from studio.gallery.feature_maps import all_units
from studio.networks.checkpoints import save_model
from tests.conftest import make_model

QUICK = Recipe(iterations=6, learning_rate=0.05)


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for dataset, architecture in (("instruments", "model1"), ("events", "model2")):
        model = make_model(architecture)
        model.card["dataset"] = dataset
        save_model(model, folder)
    return folder


@pytest.fixture(scope="session")
def built(models, tmp_path_factory):
    """A small real gallery: two models, three maps of every layer, few iterations."""
    folder = tmp_path_factory.mktemp("built")
    units = all_units(maps=3, folder=models)
    return build(units, QUICK, folder / "work", folder / "gallery", jobs=1, models=models), units
