"""What the page is told of the experiments."""

import os

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.figures.parameters import RUNS
from studio.ui.experiments.routes import experiment_routes
from studio.ui.server.admission import Admission


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "root" / "layers").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a,b\n")
    return tmp_path / "root"


@pytest.fixture
def client(folder):
    return TestClient(Starlette(routes=experiment_routes(Admission(), folder)))


def test_what_is_not_computed_is_said_to_be_missing(client):
    found = client.get("/studio/experiments.json").json()
    assert found == dict.fromkeys(("layers", "sensitivity", "parameters", "classes"))


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


STATISTICS = """dataset,architecture,layer,maps,quantity,mean,sd,median
events,model1,0,32,level,0.2,0.1,0.2
events,model1,1,64,level,{},0.1,0.2
"""


def test_figures_come_in_the_colours_of_a_theme_and_once_only(client, folder):
    folder.joinpath("layers", "statistics.csv").write_text(STATISTICS.format(0.3))
    light, dark = (
        client.get("/studio/experiments/figures/figure-2.json", params={"theme": theme})
        for theme in ("light", "dark")
    )
    assert light.headers["content-encoding"] == "gzip"
    lines = [answer.json()["data"][1] for answer in (light, dark)]
    assert lines[0]["y"] == lines[1]["y"] == [0.2, 0.3]
    assert lines[0]["line"]["color"] != lines[1]["line"]["color"]
    known = {"if-none-match": light.headers["etag"]}
    address = "/studio/experiments/figures/figure-2.json"
    assert client.get(address, headers=known).status_code == 304
    folder.joinpath("layers", "statistics.csv").write_text(STATISTICS.format(0.4))
    os.utime(folder / "layers" / "statistics.csv", (1, 1))
    again = client.get(address, headers=known)
    assert again.json()["data"][1]["y"] == [0.2, 0.4]


def test_lines_over_time_keep_the_names_that_the_page_finds_them_by():
    own = TestClient(Starlette(routes=experiment_routes(Admission())))
    drawn = own.get("/studio/experiments/figures/figure-10.json").json()["data"]
    assert [line["uid"] for line in drawn] == list(RUNS)


@pytest.mark.parametrize(
    "name", ["figure-2.json", "figure-14.json", "..%2F..%2Fsecret.json", "figure-2.json?theme=red"]
)
def test_figures_without_tables_or_of_no_such_name_are_missing(client, name):
    answer = client.get(f"/studio/experiments/figures/{name}")
    assert answer.status_code == 404 and answer.json()["message"].endswith(".")


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
