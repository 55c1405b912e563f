"""The numbers of the documentation, written from the tables, so that they cannot go stale.

A page holds blocks between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; whatever stands in
them is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from studio.figures.layers import FIGURES
from studio.files import write_text
from studio.networks.architectures import ARCHITECTURES

MARKS = {"holds": "●", "in part": "◐", "does not hold": "○", "not measurable": "–"}
_NOT_YET = "Not computed yet."


Blocks = dict[str, Callable[[Path], str]]
"""What writes each block, from the folder of all results."""


def refresh(page: Path, results: Path, blocks: Blocks | None = None) -> bool:
    """Write the blocks of a page anew; tell whether it changed."""
    old = page.read_text(encoding="utf-8")
    new = filled(old, results, blocks)
    if new != old:
        write_text(page, new)
    return new != old


def filled(text: str, results: Path, blocks: Blocks | None = None) -> str:
    """Return a page with its blocks written from the results; by default those of Experiment 1."""
    known = _BLOCKS if blocks is None else blocks

    def block(found: re.Match[str]) -> str:
        name = found["name"]
        try:
            content = known[name](results)
        except FileNotFoundError:
            content = _NOT_YET
        return f"<!-- begin {name} -->\n\n{content.strip()}\n\n<!-- end {name} -->"

    pattern = r"<!-- begin (?P<name>[\w-]+) -->.*?<!-- end (?P=name) -->"
    return re.sub(pattern, block, text, flags=re.DOTALL)


def _sensitivity(results: Path) -> str:
    folder = results / "sensitivity"
    summary, claims = pd.read_csv(folder / "summary.csv"), pd.read_csv(folder / "claims.csv")
    manifest = _manifest(folder)
    rows = [
        [row["setting"], row["holds"], row["in_part"], row["does_not_hold"],
         f"{row['score']:g}", f"{row['cases_held']} of {row['cases']}"]
        for row in summary.to_dict("records")
    ]  # fmt: skip
    head = ["setting", "hold", "in part", "do not hold", "score", "cases true"]
    settings = list(summary["setting"])
    detail = [
        [row["claim"], *(f"{MARKS[row[name]]} {row[f'{name}: cases']}" for name in settings)]
        for row in claims.to_dict("records")
    ]
    told = (
        f"{manifest['maps']} maps of every layer, {manifest['sounds_per_setting']} sounds per "
        f"setting, {manifest['recipe']['iterations']:,} iterations. Score: a finding that holds "
        "counts 1, one in part a half."
    )
    if manifest["taken"]:
        told += f" Experiment 1 takes: **{manifest['taken']}**{_lead(summary, manifest['taken'])}."
    if manifest["missing"]:
        told += f" Not dreamed yet: {', '.join(manifest['missing'])}."
    return "\n\n".join(
        [told, markdown_table(head, rows), markdown_table(["finding", *settings], detail)]
    )


def _lead(summary: pd.DataFrame, setting: str) -> str:
    """Return by how much a setting's score leads, where it does."""
    scores = dict(zip(summary["setting"], summary["score"], strict=True))
    own = scores.pop(setting, None)
    if own is None or not scores:
        return ""
    ahead = own - max(scores.values())
    return f", {ahead:g} ahead of the next" if ahead > 0 else ""


def _state(results: Path) -> str:
    manifest = _manifest(results / "layers")
    maps = [count for layers in manifest["maps_per_layer"].values() for count in layers]
    sounds, expected = manifest["sounds"], manifest["expected"]
    text = f"**{sounds:,} of {expected:,} sounds**, {min(maps)} to {max(maps)} per layer."
    if not manifest["slice_maps_left_out"] or manifest["sounds_judged"] == sounds:
        return f"{text} The verdicts are taken on all of them."
    whole = manifest["layers_judged_whole"]
    text += (
        f" The verdicts are taken on {manifest['sounds_judged']:,} of them: the "
        f"{manifest['slice_maps_left_out']} maps of each layer by which the settings were chosen "
        "are left out, so that choosing does not flatter them."
    )
    if whole:
        text += (
            " A layer that would keep fewer than three maps keeps all of its own: "
            f"{'; '.join(whole) if len(whole) < 7 else f'{len(whole)} layers'}."
        )
    return text


def _findings(results: Path) -> str:
    folder = results / "layers"
    verdicts, cases = pd.read_csv(folder / "verdicts.csv"), pd.read_csv(folder / "cases.csv")
    counts = verdicts["verdict"].value_counts()
    words = {"holds": "hold", "does not hold": "do not hold"}
    told = ", ".join(
        f"{counts[name]} {words.get(name, name)}" for name in MARKS if counts.get(name, 0)
    )
    rows = []
    for row in verdicts.to_dict("records"):
        support = cases.loc[cases["claim"] == row["claim"], "support"]
        certain = f"{support.min():.0%} … {support.max():.0%}" if len(support) else ""
        held = f"{row['held']} of {row['cases']}" if row["cases"] else ""
        other = row["verdict_all_maps"]
        verdict = f"{MARKS[row['verdict']]} {row['verdict']}"
        everywhere = f"{MARKS[other]} {row['held_all_maps']}"
        rows.append([row["claim"], row["words"], verdict, held, certain, everywhere])
    head = ["", "finding", "verdict", "cases true", "support", "all maps"]
    told = f"Of the paper's {len(verdicts)} findings, {told}.{_clear(verdicts)}"
    return f"{told}\n\n{markdown_table(head, rows)}"


def _clear(verdicts: pd.DataFrame) -> str:
    """Return which verdicts no resample would change, in words."""
    clear = verdicts.loc[verdicts["clear"]]
    yes = ", ".join(clear.loc[clear["verdict"] == "holds", "claim"])
    no = ", ".join(clear.loc[clear["verdict"] == "does not hold", "claim"])
    parts = [part for part in (yes and f"for {yes}", no and f"against {no}") if part]
    return f" Clear on these sounds: {'; '.join(parts)}. The others are close or mixed." * bool(
        parts
    )


def _tables(results: Path) -> str:
    tables = pd.read_csv(results / "layers" / "tables.csv")
    rows = []
    groups: Any = tables.groupby(["table", "architecture", "feature"])
    for (number, architecture, feature), part in groups:
        found = [(part["agreement"] == word).sum() for word in ("agrees", "in part", "disagrees")]
        checks = f"{part['true'].sum()} of {part['checks'].sum()}"
        rows.append([number, f"{architecture}, {feature}", *found, checks])
    head = ["table", "", "agree", "in part", "disagree", "single words true"]
    return markdown_table(head, rows)


def _figures(results: Path) -> str:
    folder = results / "layers"
    if not (folder / "figure-2.svg").is_file():
        return _NOT_YET
    place = "../assets/experiments/layers"
    cells = [
        f"![Figure {number}: {feature} by layer, {ARCHITECTURES[architecture].label}]"
        f"({place}/figure-{number}.svg)"
        for number, (architecture, feature) in FIGURES.items()
    ]
    pairs = [cells[index : index + 2] for index in range(0, len(cells), 2)]
    return markdown_table(["Model1", "Model2"], pairs)


_BLOCKS: Blocks = {
    "sensitivity": _sensitivity,
    "experiment-1-sounds": _state,
    "experiment-1-figures": _figures,
    "experiment-1-tables": _tables,
    "experiment-1-findings": _findings,
}


def _manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def markdown_table(head: list, rows: list[list]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
