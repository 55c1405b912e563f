"""The sounds of one's own models stand behind those of the gallery that is shown."""

import numpy as np
import pandas as pd
import pytest
import torch

from studio.gallery import own
from studio.gallery.feature_maps import EXPERIMENT_1
from studio.gallery.index import COLUMNS, MEASURES, Gallery
from studio.networks.architectures import name_of
from studio.networks.checkpoints import save_model
from studio.networks.classifier import WaveformClassifier
from studio.places import own_models

SHAPE = name_of([(65, 30), (33, 15)])
NAME = f"täpes-{SHAPE}"
SETTINGS = EXPERIMENT_1.replace(iterations=2)


def save(seed):
    torch.manual_seed(seed)
    model = WaveformClassifier(SHAPE, ["tick", "tock", "whirr"], [4], {"dataset": "täpes"})
    return save_model(model.eval(), own_models())


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(own, "_settings", lambda: SETTINGS)
    save(1)
    return own.build_own(NAME)


def shown_gallery(built, folder, count=9):
    """A gallery of another model with the same settings and random vectors."""
    rng = np.random.default_rng(1)
    row = built.table.iloc[0].to_dict() | {"dataset": "events", "architecture": "model1"}
    rows = [
        row | {"map": number, "x": rng.uniform(-1, 1), "y": rng.uniform(-1, 1)}
        | dict.fromkeys(MEASURES, float(number))
        for number in range(count)
    ]  # fmt: skip
    width = built.measured.shape[1]
    measured = rng.normal(size=(count, width)).astype(np.float32)
    measured[3] = built.measured[0]
    manifest = {"recipe": built.manifest["recipe"], "mean": [0.0] * width, "sd": [1.0] * width}
    return Gallery(folder, pd.DataFrame(rows)[list(COLUMNS)], measured, manifest)


def test_every_map_has_its_sound_and_joins_the_gallery(built, tmp_path):
    assert len(built.table) == 7 and own.is_built(NAME)
    assert list(built.table["label"][4:]) == ["tick", "tock", "whirr"]
    shown = shown_gallery(built, tmp_path)
    both = own.joined(shown)
    assert len(both.table) == len(both.measured) == 16
    assert both.table["dataset"].tolist() == ["events"] * 9 + ["täpes"] * 7
    assert both.table[["x", "y"]].abs().to_numpy().max() <= 1
    assert both.manifest["expected"] == {NAME: 7}
    assert len(own.joined(None).table) == 7


def test_sounds_of_other_weights_or_settings_are_left_out(built, tmp_path):
    shown = shown_gallery(built, tmp_path)
    other = {**shown.manifest, "recipe": {**shown.manifest["recipe"], "iterations": 9}}
    assert len(own.joined(Gallery(tmp_path, shown.table, shown.measured, other)).table) == 9
    path = save(2)
    assert len(own.joined(shown).table) == 9
    path.unlink()
    assert len(own.joined(shown).table) == 9 and own.joined(None) is None
