"""Networks of one's own shape load, dream with both engines, and are listed."""

import numpy as np
import pytest
import torch

from studio.dreaming.loop import dream
from studio.dreaming.recipe import Recipe
from studio.errors import ParameterError
from studio.networks.architectures import ARCHITECTURES, find_architecture, name_of
from studio.networks.checkpoints import load_model, save_model
from studio.networks.classifier import WaveformClassifier
from studio.networks.listing import available_models
from studio.training.strided import FastForward

SHAPES = {2: [(65, 30), (33, 15)], 5: [(85, 21), (43, 7), (17, 5), (9, 4), (5, 3)]}


@pytest.fixture(scope="module", params=SHAPES, ids="{} layers".format)
def saved(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    name = name_of(SHAPES[request.param])
    torch.manual_seed(1)
    card = {"dataset": "tapes"}
    model = WaveformClassifier(name, ["tick", "tock", "whirr"], [4] * (request.param - 1), card)
    save_model(model.eval(), folder)
    return folder, name


def test_the_papers_networks_have_a_name_of_this_kind_too():
    rows = ARCHITECTURES["model1"].convolutions
    own = find_architecture(name_of([(row.kernel, row.stride) for row in rows]))
    assert own.convolutions == rows


def test_a_model_of_ones_own_shape_is_listed_and_loads(saved):
    folder, name = saved
    (listed,) = available_models(folder)
    assert (listed.dataset, listed.architecture) == ("tapes", name)
    assert load_model("tapes", name, folder).classes == ("tick", "tock", "whirr")


def test_both_engines_dream_the_same_with_it(saved):
    folder, name = saved
    model = load_model("tapes", name, folder)
    for layer in range(model.layers + 1):
        recipe = Recipe(
            dataset="tapes", architecture=name, targets=[(layer, 1)], iterations=2, seconds=1
        )
        fast, plain = (
            dream(model, recipe, engine=engine).audio for engine in ("fast", "reference")
        )
        np.testing.assert_allclose(fast, plain, atol=2e-3)
    assert Recipe.from_dict(recipe.to_dict()) == recipe


def test_it_trains_with_the_fast_convolutions(saved):
    folder, name = saved
    model = load_model("tapes", name, folder).train()
    sound = torch.randn(3, 44100, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(FastForward(model, 44100)(sound), model(sound), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("net-85x49", "2 to 8 layers"),
        ("net" + "-9x2" * 9, "2 to 8 layers"),
        ("net-84x49-3x2", "must be odd"),
        ("net-3x5-3x2", "at most its kernel"),
        ("net-401x400-401x400", "44,100 at most"),
        ("net-85x49-43x25/../x", "no architecture"),
        ("model3", "no architecture"),
        (5, "no architecture"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(name, sentence):
    with pytest.raises(ParameterError, match=sentence):
        find_architecture(name)
    with pytest.raises(ParameterError):
        Recipe(architecture=name)
