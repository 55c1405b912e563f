"""Whole dreams by the engine, and which engine is chosen."""

import logging
import subprocess
import sys

import numpy as np
import pytest

from studio import dream, load_model
from studio.dreaming.engine import library
from studio.errors import ParameterError
from studio.networks.listing import available_models
from studio.networks.weights import load_weights
from tests.conftest import make_model
from tests.dreaming.engine.networks import MODELS, distance, recipe_for


def test_trained_models_dream_the_same_with_both_engines():
    shipped = available_models()
    if not shipped:
        pytest.skip("there are no trained models")
    for entry in shipped:
        dataset, architecture = entry.name.rsplit("-", 1)
        model = load_model(dataset, architecture)
        recipe = recipe_for(architecture, (1, 3), dataset=dataset, stop_after=4)
        slow, fast = (dream(model, recipe, engine=engine) for engine in ("reference", "fast"))
        assert (slow.engine, fast.engine) == ("reference", "fast")
        assert distance(fast.audio, slow.audio) < 1e-5
        alone = dream(load_weights(dataset, architecture), recipe)
        assert alone.audio.tobytes() == fast.audio.tobytes()


def test_weights_alone_dream_with_the_reference_too():
    if not available_models():
        pytest.skip("there are no trained models")
    recipe = recipe_for("model1", (1, 3), stop_after=2)
    models = load_weights("instruments", "model1"), load_model("instruments", "model1")
    first, second = (dream(model, recipe, engine="reference").audio for model in models)
    np.testing.assert_array_equal(first, second)


def test_auto_takes_the_fast_engine_and_says_why_where_it_cannot(caplog, monkeypatch):
    model = MODELS["model1"]
    recipe = recipe_for("model1", (1, 3), stop_after=1)
    assert dream(model, recipe).engine == "fast"
    assert dream(model, recipe, engine="reference").engine == "reference"
    training = make_model("model1").train()
    with caplog.at_level(logging.INFO):
        assert dream(training, recipe).engine == "reference"
    assert "evaluation mode" in caplog.text
    with pytest.raises(ParameterError, match=r"evaluation mode.*engine='auto'"):
        dream(training, recipe, engine="fast")
    monkeypatch.setattr(library, "unsupported_reason", lambda: "No build fits.")
    with caplog.at_level(logging.INFO):
        assert dream(model, recipe).engine == "reference"
    assert "No build fits." in caplog.text
    with pytest.raises(ParameterError, match="engine='slow' must be one of"):
        dream(model, recipe, engine="slow")


def test_dreaming_imports_no_torch():
    script = (
        "import sys\n"
        "from studio.dreaming.loop import dream\n"
        "from studio.dreaming.recipe import Recipe\n"
        "from studio.networks.weights import load_weights\n"
        "import studio.live.dreamer\n"
        "if len(sys.argv) > 1:\n"
        "    made = dream(load_weights('instruments', 'model1'), Recipe(iterations=2))\n"
        "    assert made.engine == 'fast'\n"
        "assert 'torch' not in sys.modules\n"
    )
    arguments = ["dream"] if available_models() else []
    subprocess.run([sys.executable, "-c", script, *arguments], check=True)
