"""The numbers of docs/experiment-2.md, written from the tables of Experiment 2."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from studio.experiments.findings.played import WORDS
from studio.experiments.report import MARKS, Blocks, markdown_table
from studio.figures.parameters import FIGURES
from studio.sound.features import FEATURES

_PLACE = "../assets/experiments/parameters"


def _findings(results: Path) -> str:
    folder = results / "parameters"
    verdicts, cases = pd.read_csv(folder / "verdicts.csv"), pd.read_csv(folder / "cases.csv")
    counts = verdicts["verdict"].value_counts()
    words = {"holds": "hold", "does not hold": "do not hold"}
    told = ", ".join(
        f"{counts[name]} {words.get(name, name)}" for name in MARKS if counts.get(name, 0)
    )
    rows = []
    for row in verdicts.to_dict("records"):
        support = cases.loc[cases["claim"] == row["claim"], "support"]
        rows.append(
            [
                row["claim"],
                row["words"],
                f"{MARKS[row['verdict']]} {row['verdict']}",
                f"{row['held']} of {row['cases']}",
                f"{support.min():.0%} … {support.max():.0%}",
            ]
        )
    head = ["", "finding", "verdict", "cases true", "support"]
    return f"Of {len(verdicts)} findings, {told}.\n\n{markdown_table(head, rows)}"


def _effects(results: Path) -> str:
    effects = pd.read_csv(results / "parameters" / "effects.csv")
    rows = []
    for name, words in WORDS.items():
        row = [words]
        for feature in FEATURES:
            chosen = effects[(effects["parameter"] == name) & (effects["feature"] == feature)]
            sizes = chosen.sort_values("layer")["in_spreads"]
            row.append(" ".join(f"{size:+.1f}" for size in sizes))
        rows.append(row)
    return markdown_table(["parameter", *FEATURES], rows)


def _plain_effects(results: Path) -> str:
    effects = pd.read_csv(results / "parameters" / "effects.csv")
    rows = []
    for name, words in WORDS.items():
        row = [words]
        for feature in FEATURES:
            chosen = effects[(effects["parameter"] == name) & (effects["feature"] == feature)]
            if feature == "noisiness":
                sizes, style = 10 ** chosen["effect"], "× {:.2g}"
            elif feature == "brightness":
                sizes, style = chosen["effect"], "{:+,.0f} Hz"
            else:
                sizes, style = chosen["effect"] / chosen["first"] * 100, "{:+.0f} %"
            row.append(f"{style.format(sizes.min())} … {style.format(sizes.max())}")
        rows.append(row)
    return markdown_table(["parameter", *FEATURES], rows)


def _shares(results: Path) -> str:
    cases = pd.read_csv(results / "parameters" / "cases.csv")
    own = cases[cases["claim"] == "P1"]
    layer, parameter = own["measured"] * 100, own["against"] * 100
    return (
        f"Share of the variance of steady states: layer and map {layer.min():.0f} to "
        f"{layer.max():.0f} %, the parameter {parameter.min():.1f} to {parameter.max():.0f} %, in "
        "the runs of iterations, learning rate and both smoothings."
    )


def _settling(results: Path) -> str:
    settling = pd.read_csv(results / "parameters" / "settling.csv")
    rows = []
    for name, words in WORDS.items():
        part = settling[settling["parameter"] == name]
        rows.append(
            [
                words,
                *(
                    f"{row['value']:g}: {row['seconds']:.2f} ({row['low']:.2f} … {row['high']:.2f})"
                    for row in part.to_dict("records")
                ),
            ]
        )
    return markdown_table(["parameter", "first", "second", "third", "fourth", "last"], rows)


def _settings(results: Path) -> str:
    manifest = json.loads((results / "parameters" / "manifest.json").read_text(encoding="utf-8"))
    versions = ", ".join(f"{name} {number}" for name, number in manifest["versions"].items())
    return (
        f"Seeds {', '.join(map(str, manifest['seeds']))}; {len(manifest['moves'])} runs of "
        f"{manifest['seconds']} s each; {versions}; weights {manifest['weights']}."
    )


def _figures(results: Path) -> str:
    for number in FIGURES:
        if not (results / "parameters" / f"figure-{number}.svg").is_file():
            raise FileNotFoundError(number)
    return "\n\n".join(
        f"![Figure {number}: {feature} over time, a line for each parameter]"
        f"({_PLACE}/figure-{number}.svg)"
        for number, feature in FIGURES.items()
    )


def _low_pass(results: Path) -> str:
    tables = {
        "as in Experiment 1": pd.read_csv(results / "parameters" / "verdicts.csv"),
        "hard cut": pd.read_csv(results / "parameters-hard-cut" / "verdicts.csv"),
    }
    own, other = tables.values()
    rows = [
        [one["claim"], *(f"{MARKS[row['verdict']]} {row['held']}/{row['cases']}" for row in pair)]
        for one, *pair in zip(
            *(table.to_dict("records") for table in (own, own, other)), strict=True
        )
    ]
    return markdown_table(["finding", *tables], rows)


BLOCKS: Blocks = {
    "experiment-2-settings": _settings,
    "experiment-2-findings": _findings,
    "experiment-2-effects": _effects,
    "experiment-2-plain-effects": _plain_effects,
    "experiment-2-shares": _shares,
    "experiment-2-settling": _settling,
    "experiment-2-figures": _figures,
    "experiment-2-low-pass": _low_pass,
}
