import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from studio import dream, load_model
from studio.dreaming import wav
from studio.errors import DreamError
from studio.gallery import dreams
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import all_units
from tests.gallery.conftest import QUICK
from tests.waiting import PATIENCE


@pytest.fixture
def units(models):
    return all_units(["instruments-model1"], maps=2, folder=models)


def bytes_of(folder, units):
    return [folder.read(unit).tobytes() for unit in units]


def test_a_sound_is_the_dream_of_its_recipe(models, units, tmp_path):
    folder = DreamFolder(tmp_path, QUICK, models)
    folder.dream(units[:2], jobs=1)
    recipe = units[1].recipe(QUICK)
    made = dream(load_model("instruments", "model1", models), recipe)
    np.testing.assert_array_equal(folder.read(units[1]), made.audio)
    assert wav.read_recipe(folder.path(units[1])) == recipe


def test_the_number_of_workers_changes_nothing(models, units, tmp_path):
    folders = [DreamFolder(tmp_path / str(jobs), QUICK, models) for jobs in (1, 2)]
    for jobs, folder in enumerate(folders, 1):
        folder.dream(units, jobs=jobs)
    assert bytes_of(folders[0], units) == bytes_of(folders[1], units)


def test_what_is_there_is_not_dreamed_again(models, units, tmp_path):
    folder = DreamFolder(tmp_path, QUICK, models)
    folder.dream(units[:3], jobs=1)
    dates = [folder.path(unit).stat().st_mtime_ns for unit in units[:3]]
    told = []
    folder.dream(units, jobs=1, on_progress=lambda done, of: told.append((done, of)))
    assert [folder.path(unit).stat().st_mtime_ns for unit in units[:3]] == dates
    assert told[0] == (4, len(units)) and told[-1] == (len(units), len(units))
    assert folder.missing(units) == []


def test_other_settings_and_other_weights_have_their_own_sounds(models, units, tmp_path):
    paths = {
        DreamFolder(tmp_path, recipe, models).path(units[0])
        for recipe in (QUICK, QUICK.replace(smoothing="off"))
    }
    assert len(paths) == 2


def test_two_jobs_on_one_folder_share_the_work(models, units, tmp_path):
    alone = DreamFolder(tmp_path / "alone", QUICK, models)
    alone.dream(units, jobs=1)
    folders = [DreamFolder(tmp_path / "shared", QUICK, models) for _ in range(2)]
    jobs = [
        threading.Thread(target=folder.dream, args=(units,), kwargs={"jobs": 1})
        for folder in folders
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(PATIENCE)
        assert not job.is_alive()
    assert bytes_of(folders[0], units) == bytes_of(alone, units)
    assert not list(tmp_path.rglob("*.tmp"))


_JOB = """
import os, signal, sys
from pathlib import Path
from studio.gallery import dreams
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import all_units
from tests.gallery.conftest import QUICK

models, folder = sys.argv[1:]
done, dream_one = [], dreams.dream_one

def dies_at_the_fourth(*task):
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(task)
    return dream_one(*task)

dreams.dream_one = dies_at_the_fourth
DreamFolder(Path(folder), QUICK, models).dream(all_units(maps=2, folder=models), jobs=1)
"""


def test_a_job_killed_half_way_goes_on_where_it_was(models, tmp_path):
    folder = DreamFolder(tmp_path, QUICK, models)
    units = all_units(maps=2, folder=models)
    job = subprocess.run([sys.executable, "-c", _JOB, str(models), str(tmp_path)], check=False)
    assert job.returncode == -signal.SIGKILL
    missing = folder.missing(units)
    assert len(missing) == len(units) - 3
    there = [unit for unit in units if unit not in missing]
    before = bytes_of(folder, there)
    folder.dream(units, jobs=1)
    assert folder.missing(units) == []
    assert bytes_of(folder, there) == before


def test_a_dream_that_cannot_be_is_an_error_that_names_it(models, units, tmp_path):
    folder = DreamFolder(tmp_path, QUICK.replace(initial="my recording"), models)
    with pytest.raises(DreamError, match=r"instruments-model1.*my recording"):
        folder.dream(units, jobs=1)


def test_a_scheduler_that_does_not_answer_is_named(models, units, tmp_path, monkeypatch):
    monkeypatch.setattr(dreams, "_SCHEDULER_SECONDS", 1)
    with pytest.raises(DreamError, match=r"No Dask scheduler answers at tcp://127.0.0.1:9"):
        DreamFolder(tmp_path, QUICK, models).dream(units, scheduler="tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_cluster_makes_the_same_sounds(models, units, tmp_path):
    from distributed import LocalCluster

    here = DreamFolder(tmp_path / "here", QUICK, models)
    here.dream(units, jobs=1)
    there = DreamFolder(tmp_path / "there", QUICK, models)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there.dream(units, scheduler=cluster.scheduler_address)
    assert bytes_of(there, units) == bytes_of(here, units)
