"""What the page is told of the experiments."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.ui.experiments.routes import experiment_routes


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "root" / "layers").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a,b\n")
    return tmp_path / "root"


@pytest.fixture
def client(folder):
    return TestClient(Starlette(routes=experiment_routes(folder)))


def test_what_is_not_computed_is_said_to_be_missing(client):
    found = client.get("/studio/experiments.json").json()
    assert found == {"layers": None, "sensitivity": None, "parameters": None}


def test_tables_come_as_rows_and_empty_cells_as_null(client, folder):
    place = folder / "layers"
    place.joinpath("manifest.json").write_text('{"sounds": 3}')
    place.joinpath("verdicts.csv").write_text("claim,held,reason\nL1,2,\n")
    place.joinpath("cases.csv").write_text("claim,measured\nL1,inf\n")
    place.joinpath("tables.csv").write_text("table,words\n3,low (i)\n")
    found = client.get("/studio/experiments.json").json()["layers"]
    assert found["manifest"] == {"sounds": 3}
    assert found["verdicts"] == [{"claim": "L1", "held": 2, "reason": None}]
    assert found["cases"] == [{"claim": "L1", "measured": None}]
    assert found["tables"] == [{"table": 3, "words": "low (i)"}]


def test_files_are_served_as_what_they_are(client, folder):
    folder.joinpath("layers", "figure-2.svg").write_text("<svg/>")
    answer = client.get("/studio/experiments/layers/figure-2.svg")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("image/svg+xml")


def test_a_part_of_a_sound_can_be_asked_for(client, folder):
    sounds = folder / "parameters" / "sounds"
    sounds.mkdir(parents=True)
    sounds.joinpath("fixed.opus").write_bytes(bytes(range(100)))
    address = "/studio/experiments/parameters/sounds/fixed.opus"
    answer = client.get(address, headers={"range": "bytes=10-19"})
    assert answer.status_code == 206 and answer.content == bytes(range(10, 20))
    assert answer.headers["content-type"] == "audio/ogg"


@pytest.mark.parametrize(
    "path", ["layers/none.csv", "..%2Fsecret.csv", "layers/..%2F..%2Fsecret.csv", "layers", ""]
)
def test_nothing_else_is_given_away(client, path):
    answer = client.get(f"/studio/experiments/{path}")
    assert answer.status_code == 404
