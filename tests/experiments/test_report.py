"""The documentation's numbers are those of the tables."""

import json

import pandas as pd
import pytest

from studio.experiments.report import filled, refresh
from studio.places import docs_page, results_output


def test_the_documentation_says_what_the_tables_say(monkeypatch):
    monkeypatch.delenv("STUDIO_EXPERIMENTS", raising=False)
    text = docs_page().read_text(encoding="utf-8")
    assert filled(text, results_output()) == text, "run studio experiment layers"


@pytest.fixture
def results(tmp_path):
    (tmp_path / "layers").mkdir()
    pd.DataFrame(
        {
            "claim": ["L1", "R2"], "words": ["The layer", "Smooth"],
            "verdict": ["holds", "in part"],
            "held": [8, 2], "cases": [8, 3], "verdict_all_maps": ["holds", "holds"],
            "held_all_maps": [8, 3], "clear": [True, False],
        }
    ).to_csv(tmp_path / "layers" / "verdicts.csv")  # fmt: skip
    pd.DataFrame({"claim": ["L1", "L1", "R2"], "support": [0.9, 1.0, 0.5]}).to_csv(
        tmp_path / "layers" / "cases.csv"
    )
    return tmp_path


def test_blocks_are_written_from_the_tables_and_only_blocks(results, tmp_path):
    page = tmp_path / "page.md"
    block = "<!-- begin experiment-1-findings -->\nstale\n<!-- end experiment-1-findings -->"
    page.write_text(f"before\n\n{block}\n\nafter 3 | 4\n")
    assert refresh(page, results)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after 3 | 4\n") and "stale" not in text
    assert "Of the paper's 2 findings, 1 hold, 1 in part. Clear on these sounds: for L1." in text
    assert "| L1 | The layer | ● holds | 8 of 8 | 90% … 100% | ● 8 |" in text
    assert not refresh(page, results), "a second time changes nothing"


def test_what_is_not_computed_is_said_to_be_missing(tmp_path):
    block = "<!-- begin sensitivity --><!-- end sensitivity -->"
    assert "Not computed yet." in filled(block, tmp_path)


def test_the_setting_that_is_taken_is_told_with_its_lead(tmp_path):
    folder = tmp_path / "sensitivity"
    folder.mkdir()
    counts = {"holds": [8, 7], "in_part": [5, 4], "does_not_hold": [12, 14], "score": [10.5, 9]}
    summary = pd.DataFrame({"setting": ["one", "other"], **counts, "cases_held": 70, "cases": 121})
    summary.to_csv(folder / "summary.csv")
    verdicts = {"one": ["holds"], "one: cases": ["6/6"], "other": ["in part"]}
    pd.DataFrame({"claim": ["L2"], **verdicts, "other: cases": ["5/6"]}).to_csv(
        folder / "claims.csv"
    )
    manifest = {"maps": 6, "sounds_per_setting": 216, "recipe": {"iterations": 2000}}
    folder.joinpath("manifest.json").write_text(
        json.dumps({**manifest, "taken": "one", "missing": ["a third"]})
    )
    text = filled("<!-- begin sensitivity --><!-- end sensitivity -->", tmp_path)
    assert "Experiment 1 takes: **one**, 1.5 ahead of the next." in text
    assert "Not dreamed yet: a third." in text
    assert "| one | 8 | 5 | 12 | 10.5 | 70 of 121 |" in text
    assert "| L2 | ● 6/6 | ◐ 5/6 |" in text
