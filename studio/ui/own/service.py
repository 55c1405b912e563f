"""What the tab "Your sounds" asks for: projects, their clips, their training."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import AudioError, CheckpointError, DataNotFoundError, ParameterError, SaveError
from studio.gallery.own import is_built, start
from studio.networks.exchange import pack_model, take_in
from studio.networks.listing import available_models
from studio.places import own_galleries, own_models, projects
from studio.projects import example, training
from studio.projects import project as on_disk
from studio.projects.checks import class_remarks, clip_remarks
from studio.projects.editing import change, find_clip, preview_cut
from studio.projects.importing import Imported, add_file, add_zip
from studio.projects.project import Project
from studio.projects.sounds import stretch
from studio.text import shown
from studio.ui.server.sounds import heard_bytes, peaks

HOSTED = (
    "Others share this studio, so it trains no networks: your sounds would lie here. Install the "
    "studio on your own machine; there is no limit but the disk."
)
_PEAKS = 600


class OwnService:
    """Answers what the tab asks.

    Parameters
    ----------
    hosted : bool
        Whether strangers share this studio: then there are no projects.
    """

    def __init__(self, hosted: bool) -> None:
        self.hosted = hosted

    def listing(self) -> dict[str, Any]:
        """Return the projects, where they lie, and what a training may be asked for."""
        return {
            "projects": [] if self.hosted else on_disk.listing(),
            "place": "" if self.hosted else str(projects()),
            "closed": HOSTED if self.hosted else "",
            "sizes": list(training.SIZES),
            "models": [] if self.hosted else own_listing(),
        }

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make a project, or the example, and return it."""
        self._open()
        if asked.get("example"):
            return self._view(example.create())
        return self._view(on_disk.create(str(asked.get("title") or "My sounds")))

    def show(self, slug: str) -> dict[str, Any]:
        """Return a project: classes, clips with what is wrong with them, training."""
        self._open()
        return self._view(on_disk.load(slug))

    def change(self, slug: str, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Change a project and return it; see `studio.projects.editing`."""
        self._open()
        return self._view(change(slug, kind, asked))

    def arrival(self, slug: str, name: str) -> tuple[Path, Path]:
        """Return a new folder for a file on its way into a project, and the file's path in it."""
        self._open()
        folder = on_disk.load(slug).folder
        temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".arriving-"))
        suffix = Path(name).suffix.lower()
        return temporary, temporary / f"sound{suffix if suffix.isascii() else ''}"[:40]

    def add(self, slug: str, path: Path, name: str, into: str, silences: bool) -> dict[str, Any]:
        """Add a file that arrived, a ZIP of classes or a sound, and return the project.

        Raises
        ------
        StudioError
            If it is neither; the sentence names it.
        """
        folder = on_disk.load(slug).folder
        if path.suffix == ".zip":
            told = add_zip(slug, folder, path)
        else:
            try:
                told = Imported(len(add_file(slug, folder, into, path, name, silences)))
            except ParameterError:
                raise
            except Exception as error:
                raise _renamed(error, path.name, name) from error
        view = self._view(on_disk.load(slug))
        return {**view, "added": told.clips, "problems": told.problems}

    def clip_wav(self, slug: str, clip_id: str) -> bytes:
        """Return a clip as it is listened to."""
        found = on_disk.load(slug)
        clip = find_clip(found, clip_id)
        return heard_bytes(stretch(found.folder, clip.sound, clip.start, clip.seconds))

    def cut_preview(self, slug: str, clip_id: str, asked: dict[str, float]) -> dict[str, Any]:
        """Return a clip's waveform and the pieces that it would be cut into."""
        found = on_disk.load(slug)
        clip = find_clip(found, clip_id)
        audio: np.ndarray = stretch(found.folder, clip.sound, clip.start, clip.seconds)
        pieces = preview_cut(found, {"clip": clip_id, **asked})
        return {"seconds": clip.seconds, "peaks": peaks(audio, _PEAKS), "pieces": pieces}

    def train(self, slug: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Begin a training and return its progress."""
        self._open()
        known = {name: asked[name] for name in ("architecture", "size", "minutes") if name in asked}
        training.begin(slug, training.Run(**known))
        return training.progress(slug)

    def wish(self, slug: str, wanted: str) -> dict[str, Any]:
        """Pause, go on, keep or discard a training; return its progress."""
        self._open()
        if wanted == "go-on":
            training.go_on(slug)
        else:
            training.wish(slug, wanted)
        return training.progress(slug)

    def progress(self, slug: str) -> dict[str, Any]:
        """Return how a training stands."""
        return training.progress(slug)

    def dream_path(self, slug: str) -> Path:
        """Return the dream of the network that learns."""
        path = training.folder_of(on_disk.load(slug)) / "dream.wav"
        if not path.is_file():
            raise DataNotFoundError("There is no dream of this training yet.")
        return path

    def delete(self, slug: str, with_models: bool) -> dict[str, Any]:
        """Remove a project and, if wished, the models that were trained on it."""
        self._open()
        found = on_disk.load(slug)
        if training.is_running(training.folder_of(found)):
            training.wish(slug, "discard")
        on_disk.delete(slug)
        if with_models:
            for model in own_listing():
                if model["dataset"] == slug:
                    _delete_files(model["name"])
        return self.listing()

    def model_file(self, name: str) -> bytes:
        """Return a model as one file, its card inside."""
        for model in available_models():
            if model.name == name:
                return pack_model(model.dataset, model.architecture)
        raise DataNotFoundError(f"There is no model {shown(name)} here.")

    def take_in(self, path: Path) -> dict[str, Any]:
        """Keep a model that came as one file; see `studio.networks.exchange.take_in`."""
        self._open()
        try:
            name = take_in(path.read_bytes(), own_models())
        except CheckpointError as error:
            raise ParameterError(str(error)) from error
        start(name)
        return {**self.listing(), "taken": name}

    def model_arrival(self) -> tuple[Path, Path]:
        """Return a new folder for a model on its way in, and the file's path in it."""
        self._open()
        temporary = Path(tempfile.mkdtemp(prefix="deep-dream-model-"))
        return temporary, temporary / "model.safetensors"

    def delete_model(self, name: str) -> dict[str, Any]:
        """Remove a model of one's own and what lies beside it; those that ship stay."""
        self._open()
        if name not in [model["name"] for model in own_listing()]:
            raise DataNotFoundError(f"There is no model of yours called {shown(name)}.")
        _delete_files(name)
        return self.listing()

    def _open(self) -> None:
        if self.hosted:
            raise ParameterError(HOSTED)

    def _view(self, found: Project) -> dict[str, Any]:
        of_clips, of_classes = clip_remarks(found), class_remarks(found)
        return {
            "slug": found.slug,
            "title": found.title,
            "folder": str(found.folder),
            "classes": [
                {
                    "name": each.name,
                    "remarks": of_classes[each.name],
                    "clips": [
                        {
                            "id": clip.id,
                            "name": clip.name,
                            "start": clip.start,
                            "seconds": clip.seconds,
                            "muted": clip.muted,
                            "remarks": of_clips[clip.id],
                        }
                        for clip in each.clips
                    ],
                }
                for each in found.classes
            ],
            "training": training.progress(found.slug),
        }


def own_listing() -> list[dict[str, Any]]:
    """Return the models that people of this studio trained or took in."""
    return [
        {
            "name": model.name,
            "dataset": model.dataset,
            "architecture": model.architecture,
            "classes": len(model.card["classes"]),
            "test": model.card.get("test"),
            "gallery": is_built(model.name),
        }
        for model in available_models()
        if model.path.parent == own_models()
    ]


def _delete_files(name: str) -> None:
    """Remove weights, card and measurements of a model, the weights first."""
    for path in sorted(own_models().iterdir(), key=lambda path: path.suffix != ".safetensors"):
        if path.name.split(".")[0] == name:
            path.unlink(missing_ok=True)
    shutil.rmtree(own_galleries() / name, ignore_errors=True)


def remove(folder: Path) -> None:
    """Remove a folder of `OwnService.arrival`."""
    shutil.rmtree(folder, ignore_errors=True)


def _renamed(error: Exception, ours: str, theirs: str) -> Exception:
    """Return an error whose sentence names the file as its owner does."""
    if isinstance(error, AudioError) and not isinstance(error, SaveError):
        return AudioError(str(error).replace(ours, theirs))
    return error
