from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings

from studio.networks.classifier import WaveformClassifier

# One thread: what is measured does not depend on what else the machine is doing.
torch.set_num_threads(1)

# How long an example takes, or making it up, says something about the machine and not the studio.
settings.register_profile("studio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("studio")


FIRST = (
    "browser/",
    "dreaming/engine/test_sanitised",
    "ui/test_ending",
    "gallery/",
    "dreaming/engine",
)
"""What takes long is begun first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; a file's tests stay on one worker (``--dist loadfile``)."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(here).as_posix()
        return next((at for at, start in enumerate(FIRST) if name.startswith(start)), len(FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """Keep what people have trained on this machine out of the tests, and theirs out of it."""
    with tempfile.TemporaryDirectory(prefix="deep-dream-tests-") as folder:
        os.environ["STUDIO_HOME"] = folder
        yield Path(folder)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240101)


def make_model(architecture: str, classes: int = 7, seed: int = 0) -> WaveformClassifier:
    """Return a small untrained network whose batch norm has statistics as after training."""
    generator = torch.Generator().manual_seed(seed)
    model = WaveformClassifier(architecture, [f"class {i}" for i in range(classes)])
    with torch.no_grad():
        for parameter in model.convolutions.parameters():
            bound = parameter[0].numel() ** -0.5 if parameter.ndim > 1 else 0.1
            parameter.copy_((torch.rand(parameter.shape, generator=generator) * 2 - 1) * bound * 2)
        for norm in model.normalisations:
            norm.running_mean.copy_(torch.randn(norm.num_features, generator=generator) * 0.1)
            norm.running_var.copy_(torch.rand(norm.num_features, generator=generator) + 0.05)
            norm.weight.copy_(torch.rand(norm.num_features, generator=generator) + 0.5)
            norm.bias.copy_(torch.randn(norm.num_features, generator=generator) * 0.1)
    return model.eval().requires_grad_(False)


@pytest.fixture(params=["model1", "model2"])
def model(request: pytest.FixtureRequest) -> WaveformClassifier:
    return make_model(request.param)


@pytest.fixture
def model1() -> WaveformClassifier:
    return make_model("model1")


@pytest.fixture
def only_models(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that lets the studio find the models of one folder and no others."""

    def look_in(folder: Path) -> None:
        monkeypatch.setattr("studio.places.shipped", lambda: folder / "nothing ships")
        monkeypatch.setenv("STUDIO_MODELS", str(folder))

    return look_in
