"""Where strangers share the studio, nobody hears the sounds of a project that lies there."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.projects import project as on_disk
from studio.ui.own.routes import own_routes
from studio.ui.own.service import OwnService
from studio.ui.server.admission import Admission


@pytest.fixture
def clients(tmp_path, monkeypatch):
    """Return clients of a studio at home and of one that is shared, and the name of a project."""
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    slug = on_disk.create("Mine").slug
    both = [
        TestClient(Starlette(routes=own_routes(OwnService(hosted), Admission())))
        for hosted in (False, True)
    ]
    return *both, slug


@pytest.mark.parametrize(
    "path", [".json", "/training.json", "/dream.wav", "/clips/a.wav", "/clips/a/cut.json"]
)
def test_a_shared_studio_tells_nothing_of_the_projects_of_its_host(clients, path):
    home, shared, slug = clients
    address = f"/studio/own/projects/{slug}{path}"
    assert home.get(address).status_code in (200, 404, 422)
    answer = shared.get(address)
    assert answer.status_code == 422 and "Others share this studio" in answer.json()["message"]


def test_a_shared_studio_lists_no_project(clients):
    home, shared, slug = clients
    listed = "/studio/own/projects.json"
    assert [each["slug"] for each in home.get(listed).json()["projects"]] == [slug]
    assert shared.get(listed).json()["projects"] == []
