"""Where models, gallery and results are found: in a checkout, and in an installed studio."""

from pathlib import Path

import pytest

from studio import places

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def unset(monkeypatch):
    for name in ("STUDIO_MODELS", "STUDIO_GALLERY", "STUDIO_EXPERIMENTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def installed(unset, home, tmp_path, monkeypatch):
    """Return the folder of what ships with a studio that was installed from a wheel."""
    bundled = tmp_path / "_bundled"
    bundled.mkdir()
    monkeypatch.setattr(places, "_BUNDLED", bundled)
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    return bundled


def test_a_checkout_shows_and_makes_what_lies_in_it(unset, home):
    assert places.model_folders() == [home / "models", ROOT / "models"]
    assert places.gallery_folder() == places.gallery_output() == ROOT / "assets/gallery"
    results = ROOT / "assets/experiments/layers"
    assert places.results_folder("layers") == places.results_output("layers") == results
    assert places.docs_page().is_file()


def test_an_installed_studio_shows_what_ships_until_its_own_is_made(installed, tmp_path):
    own = tmp_path / "home"
    assert places.model_folders() == [own / "models", installed / "models"]
    assert places.gallery_output() == own / "gallery"
    assert places.gallery_folder() == installed / "assets/gallery"
    (own / "gallery").mkdir(parents=True)
    (own / "gallery/index.csv").touch()
    assert places.gallery_folder() == own / "gallery"

    assert places.results_output("layers") == own / "experiments/layers"
    (own / "experiments/layers").mkdir(parents=True)
    (own / "experiments/layers/manifest.json").touch()
    assert places.results_folder("layers") == own / "experiments/layers"
    assert places.results_folder("parameters") == installed / "assets/experiments/parameters"
    clips = places.results_file("layers", "training-clips.csv")
    assert clips == installed / "assets/experiments/layers/training-clips.csv"


def test_the_environment_and_the_caller_choose_other_folders(installed, tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_GALLERY", "/a")
    monkeypatch.setenv("STUDIO_EXPERIMENTS", "/b")
    assert places.gallery_folder() == places.gallery_output() == Path("/a")
    assert places.results_folder("layers") == places.results_output("layers") == Path("/b/layers")
    assert places.gallery_folder("/c") == places.gallery_output("/c") == Path("/c")
    assert places.results_folder("layers", "/c") == Path("/c/layers")
    assert places.model_folders("/c") == [Path("/c")]
