"""Where models, the gallery and the results of the experiments lie.

What ships with the studio lies at the top of the repository in a checkout, and inside the package
(``studio/_bundled``, filled by ``setup.py``) where a wheel was installed. What people make
themselves lies in a folder of their own: no update of the package removes it, and no training
overwrites a model that ships.

The environment may say more: STUDIO_MODELS adds folders of models, STUDIO_GALLERY and
STUDIO_EXPERIMENTS name others, STUDIO_HOME is the folder for what people make.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"
_NAME = "deep-dream-studio"


def shipped() -> Path:
    """Return the folder that holds the studio's own ``models`` and ``assets``."""
    return _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent


def home() -> Path:
    """Return the folder for what people make: STUDIO_HOME, else their data folder.

    By default ``~/.local/share/deep-dream-studio`` on Linux and
    ``~/Library/Application Support/deep-dream-studio`` on macOS.
    """
    return Path(os.environ.get("STUDIO_HOME") or user_data_path(_NAME, appauthor=False))


def own_models() -> Path:
    """Return the folder into which a training puts its model."""
    return home() / "models"


def projects() -> Path:
    """Return the folder that holds a folder for each project of one's own sounds."""
    return home() / "projects"


def own_galleries() -> Path:
    """Return the folder that holds a small gallery for each model of one's own."""
    return home() / "galleries"


def model_folders(folder: str | Path | None = None) -> list[Path]:
    """Return where models are looked for; of two with the same name the first is taken.

    Parameters
    ----------
    folder : path, optional
        Look here and nowhere else. By default: the folders of STUDIO_MODELS (separated like those
        of PATH), then `own_models`, then the models that ship with the studio.
    """
    if folder:
        return [Path(folder)]
    added = os.environ.get("STUDIO_MODELS", "").split(os.pathsep)
    every = [*(Path(name) for name in added if name), own_models(), shipped() / "models"]
    return list(dict.fromkeys(every))


def gallery_folder(folder: str | Path | None = None) -> Path:
    """Return the gallery that is shown: ``folder``, else STUDIO_GALLERY, else the newest built.

    In an installed studio that is the gallery that was built there, or else the one that ships.
    """
    built = gallery_output(folder)
    if folder or os.environ.get("STUDIO_GALLERY") or (built / "index.csv").is_file():
        return built
    return shipped() / "assets" / "gallery"


def gallery_output(folder: str | Path | None = None) -> Path:
    """Return where a gallery is built: ``folder``, else STUDIO_GALLERY, else the studio's own."""
    return Path(folder or os.environ.get("STUDIO_GALLERY") or _made() / "gallery")


def results_folder(experiment: str, folder: str | Path | None = None) -> Path:
    """Return the results of an experiment that are shown: tables, figures, sounds.

    They lie in ``folder``, else in STUDIO_EXPERIMENTS. In an installed studio they are else those
    that were computed there, or those that ship.
    """
    return results_file(experiment, "manifest.json", folder).parent


def results_file(experiment: str, name: str, folder: str | Path | None = None) -> Path:
    """Return a file of an experiment, found as `results_folder` is; it need not exist."""
    computed = results_output(experiment, folder) / name
    if folder or os.environ.get("STUDIO_EXPERIMENTS") or computed.is_file():
        return computed
    return shipped() / "assets" / "experiments" / experiment / name


def results_output(experiment: str = "", folder: str | Path | None = None) -> Path:
    """Return where an experiment writes: in ``folder``, else STUDIO_EXPERIMENTS, else the own."""
    root = folder or os.environ.get("STUDIO_EXPERIMENTS") or _made() / "experiments"
    return Path(root) / experiment


def docs_page(name: str = "experiments") -> Path:
    """Return a page of the documentation; it exists in a checkout only."""
    return _PACKAGE.parent / "docs" / f"{name}.md"


def _made() -> Path:
    """Return where gallery and results are made: a checkout keeps them, an installation cannot."""
    return home() if _BUNDLED.is_dir() else shipped() / "assets"
