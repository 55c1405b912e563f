"""The comparison of the paper's open choices, on dreams of a few iterations."""

import json

import numpy as np
import pandas as pd
import pytest

from studio.dreaming import wav
from studio.experiments import sensitivity
from studio.experiments.findings import judge
from studio.experiments.sensitivity import BASE, Slice, claims_of, recipe_of, summary_of
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import all_units
from tests.experiments.sounds import agreeing_table


def test_every_setting_differs_from_the_first_in_one_choice():
    base = recipe_of(BASE).to_dict()
    for setting in sensitivity.SETTINGS:
        other = recipe_of(setting).to_dict()
        assert sum(other[name] != base[name] for name in base) == (setting != BASE)


def test_claims_are_counted_per_setting():
    table = agreeing_table(maps=6)
    reversed_ = table.assign(noisiness_mean=10 ** (-3.0 - 0.2 * table["layer"]))
    slices = [
        Slice("one", table, judge(table, resamples=5)),
        Slice("other", reversed_, judge(reversed_, resamples=5)),
    ]
    summary = summary_of(slices).set_index("setting")
    assert summary.loc["one", "holds"] == 23 and summary.loc["one", "not_measurable"] == 2
    assert summary.loc["one", "score"] == 23
    lost = [
        name
        for name, one, other in zip(
            *[claims_of(slices)[c] for c in ("claim", "one", "other")], strict=True
        )
        if one != other
    ]
    assert "D2" in lost
    assert summary.loc["other", "lost"] == len(lost) and summary.loc["other", "closer"] == 0


def test_only_settings_whose_sounds_are_all_there_are_evaluated(tmp_path, rng):
    units = all_units(maps=3)
    folder = DreamFolder(tmp_path / "dreams", recipe_of(BASE))
    for unit in units:
        path = folder.path(unit)
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = rng.standard_normal(4096).astype(np.float32) / 8
        wav.write(path, sound, unit.recipe(recipe_of(BASE)))
    summary = sensitivity.run(
        tmp_path / "out", tmp_path / "dreams", None, maps=3, evaluate_only=True, jobs=1
    )
    assert list(summary["setting"]) == [BASE]
    claims = pd.read_csv(tmp_path / "out" / "claims.csv")
    assert len(claims) == 25 and list(claims.columns) == ["claim", "words", BASE, f"{BASE}: cases"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["missing"] == [name for name in sensitivity.SETTINGS if name != BASE]
    folder.path(units[0]).unlink()
    nothing = sensitivity.run(
        tmp_path / "none", tmp_path / "dreams", None, maps=3, evaluate_only=True, jobs=1
    )
    assert nothing.empty and not (tmp_path / "none").exists()


@pytest.mark.slow
def test_missing_sounds_are_dreamed(tmp_path, monkeypatch):
    monkeypatch.setattr(sensitivity, "SETTINGS", {BASE: {}, "smoothing off": {"smoothing": "off"}})
    monkeypatch.setattr(sensitivity, "_DEFAULT", recipe_of(BASE).replace(iterations=1))
    monkeypatch.setattr(sensitivity, "all_units", lambda maps: all_units(["speech-model1"], maps))
    told = []
    summary = sensitivity.run(
        tmp_path / "out",
        tmp_path / "dreams",
        None,
        maps=2,
        jobs=1,
        on_progress=lambda *news: told.append(news),
    )
    assert list(summary["setting"]) == [BASE, "smoothing off"]
    assert told[-1] == ("smoothing off", 8, 8)
