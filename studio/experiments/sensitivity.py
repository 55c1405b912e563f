"""Which of the paper's open choices agrees best with what the paper found.

The paper leaves some of the algorithm open. A slice of Experiment 1, a few maps of every layer, is
dreamed with the studio's default and with each alternative, one at a time; the setting under which
most claims hold is that of Experiment 1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from studio import __version__
from studio.dreaming.recipe import Recipe
from studio.experiments.findings import Findings, judge
from studio.experiments.findings.judging import CREDIT, HOLDS
from studio.experiments.measured import measured
from studio.files import write_text
from studio.gallery.dreams import DreamFolder
from studio.gallery.feature_maps import EXPERIMENT_1, FeatureMapId, all_units

MAPS = 6
"""Maps of every layer in the slice."""

BASE = "studio's default"

_DEFAULT = Recipe().replace(
    smoothing="cascade",
    normalisation="peak",
    tap="before swish",
    low_pass="hard cut",
    padding="reflect",
)
"""The algorithm as the fidelity table in docs/dream.md describes it, spelt out."""

SETTINGS: dict[str, dict[str, object]] = {
    BASE: {},
    "smoothing off": {"smoothing": "off"},
    "normalisation by RMS": {"normalisation": "rms"},
    "tap after Swish": {"tap": "after swish"},
    "Butterworth low-pass": {"low_pass": "butterworth"},
    "circular padding": {"padding": "circular"},
}
"""What is compared: fields of the recipe that differ from those of `BASE`."""

CLAIMS_FILE = "claims.csv"
SUMMARY_FILE = "summary.csv"
SOUNDS_FILE = "sounds.csv"
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Slice:
    """The sounds of one setting.

    Attributes
    ----------
    setting : str
    table : DataFrame
    findings : Findings
    """

    setting: str
    table: pd.DataFrame
    findings: Findings


def recipe_of(setting: str) -> Recipe:
    """Return the recipe of a setting."""
    return _DEFAULT.replace(**SETTINGS[setting])


def taken() -> str:
    """Return the setting that Experiment 1 is dreamed with; empty if it is none of these."""
    return next((name for name in SETTINGS if recipe_of(name) == EXPERIMENT_1), "")


def evaluate(
    setting: str,
    dreams: Path,
    units: Sequence[FeatureMapId],
    clips: pd.DataFrame | None,
    jobs: int = 1,
) -> Slice | None:
    """Judge the claims on one setting's sounds; None where sounds are missing."""
    folder = DreamFolder(dreams, recipe_of(setting))
    if folder.missing(units):
        return None
    table, vectors = measured(folder, units, jobs)
    return Slice(setting, table, judge(table, vectors, clips))


def run(
    output: Path,
    dreams: Path,
    clips: pd.DataFrame | None,
    *,
    maps: int = MAPS,
    evaluate_only: bool = False,
    jobs: int = 0,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> pd.DataFrame:
    """Dream the slice under every setting, judge the claims, and write the tables.

    Parameters
    ----------
    output : Path
        Gets `CLAIMS_FILE` (a row per claim, a column per setting), `SUMMARY_FILE` (a row per
        setting), `SOUNDS_FILE` and `MANIFEST_FILE`, rewritten after every setting.
    dreams : Path
        Where sounds lie and are added.
    clips : DataFrame, optional
        Training clips for T4.
    maps : int
        Of every layer.
    evaluate_only : bool
        Leave out settings whose sounds are not all there, instead of dreaming them.
    jobs : int
        Processes side by side; 0: one per processor.
    on_progress : callable, optional
        Told ``(setting, done, of)``.

    Returns
    -------
    DataFrame
        The summary.
    """
    units = all_units(maps=maps)
    slices: list[Slice] = []
    summary = summary_of(slices)
    for setting in SETTINGS:
        if not evaluate_only:
            folder = DreamFolder(dreams, recipe_of(setting))
            told = None
            if on_progress:
                told = lambda done, of, name=setting: on_progress(name, done, of)  # noqa: E731
            folder.dream(units, jobs=jobs, on_progress=told)
        found = evaluate(setting, dreams, units, clips, jobs)
        if found is None:
            continue
        slices.append(found)
        summary = summary_of(slices)
        write(output, slices, summary, maps, len(units))
    return summary


def claims_of(slices: Sequence[Slice]) -> pd.DataFrame:
    """Return the verdicts: ``claim, words``, then per setting the verdict and ``held/cases``."""
    columns: dict[str, list[str]] = {}
    for one in slices:
        verdicts = one.findings.verdicts
        columns.setdefault("claim", list(verdicts["claim"]))
        columns.setdefault("words", list(verdicts["words"]))
        columns[one.setting] = list(verdicts["verdict"])
        pairs = zip(verdicts["held"], verdicts["cases"], strict=True)
        columns[f"{one.setting}: cases"] = [f"{held}/{cases}" for held, cases in pairs]
    return pd.DataFrame(columns)


def summary_of(slices: Sequence[Slice]) -> pd.DataFrame:
    """Return how many claims hold under each setting.

    Columns ``setting, holds, in_part, does_not_hold, not_measurable``; ``score``: a claim that
    holds counts 1, one in part a half; ``cases_held, cases``; ``closer, lost``: how many claims got
    a better and a worse verdict than under the first setting.
    """
    rows = []
    for one in slices:
        verdicts: Any = one.findings.verdicts
        credit = verdicts["verdict"].replace(CREDIT).astype(float)
        first: Any = slices[0].findings.verdicts["verdict"]
        first = first.replace(CREDIT).astype(float)
        counts = one.findings.counts.items()
        rows.append(
            {
                "setting": one.setting,
                **{verdict.replace(" ", "_"): count for verdict, count in counts},
                "score": credit.sum(),
                "cases_held": verdicts["held"].sum(),
                "cases": verdicts["cases"].sum(),
                "closer": (credit > first).sum(),
                "lost": (credit < first).sum(),
            }
        )
    columns = ["setting", HOLDS, "in_part", "does_not_hold", "not_measurable", "score"]
    return pd.DataFrame(rows, columns=[*columns, "cases_held", "cases", "closer", "lost"])


def write(
    output: Path, slices: Sequence[Slice], summary: pd.DataFrame, maps: int, sounds: int
) -> None:
    """Write the tables of the settings that were judged, of ``maps`` maps and so many sounds."""
    output.mkdir(parents=True, exist_ok=True)
    write_text(output / CLAIMS_FILE, claims_of(slices).to_csv(index=False))
    write_text(output / SUMMARY_FILE, summary.to_csv(index=False))
    tables = [one.table.assign(setting=one.setting) for one in slices]
    together = pd.concat(tables, ignore_index=True)
    write_text(output / SOUNDS_FILE, together.to_csv(index=False, float_format="%.6g"))
    manifest = {
        "experiment": "sensitivity",
        "taken": taken(),
        "maps": maps,
        "sounds_per_setting": sounds,
        "recipe": _DEFAULT.to_dict(),
        "settings": {one.setting: SETTINGS[one.setting] for one in slices},
        "missing": [name for name in SETTINGS if name not in {one.setting for one in slices}],
        "studio": __version__,
    }
    write_text(output / MANIFEST_FILE, json.dumps(manifest, indent=2) + "\n")
