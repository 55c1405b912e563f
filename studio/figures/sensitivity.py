"""How many of the paper's findings hold under each reading of what the paper leaves open."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as graph

from studio.figures.look import PALETTES, Theme, describe, new_figure, shade

_VERDICTS = {
    "holds": ("hold", "", 1.0),
    "in_part": ("hold in part", "/", 1.0),
    "does_not_hold": ("do not hold", "", 0.25),
    "not_measurable": ("not measurable", ".", 0.25),
}
"""Columns of the table: in words, the pattern of the bar, the opacity of its colour."""

_BAR_PIXELS, _AROUND_PIXELS = 34, 116


def sensitivity_figure(
    summary: pd.DataFrame, taken: str = "", theme: Theme = "light"
) -> graph.Figure:
    """Draw a bar for each setting, with the number of findings by verdict.

    Parameters
    ----------
    summary : DataFrame
        ``setting, holds, in_part, does_not_hold, not_measurable, score``.
    taken : str
        The setting of Experiment 1.
    theme : str
    """
    palette = PALETTES[theme]
    colours = [palette.datasets["speech"], palette.accent, palette.warn, palette.dim]
    title = "Findings under each open choice"
    figure = new_figure(
        title,
        theme,
        barmode="stack",
        bargap=0.3,
        height=_AROUND_PIXELS + _BAR_PIXELS * len(summary),
        legend={"x": 1, "xanchor": "right", "y": 1.01, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 62},
    )
    names = [f"<b>{name}</b>" if name == taken else name for name in summary["setting"]]
    for (column, (words, pattern, opacity)), colour in zip(_VERDICTS.items(), colours, strict=True):
        if not summary[column].any():
            continue
        figure.add_bar(
            x=summary[column].tolist(),
            y=names,
            hovertemplate=f"%{{x}} {words}",
            marker={
                "color": shade(colour, opacity),
                "line": {"color": colour, "width": 1},
                "pattern": {
                    "shape": pattern,
                    "size": 7,
                    "fillmode": "overlay",
                    "fgcolor": shade(palette.panel, 0.5),
                    "solidity": 0.2,
                },
            },
            name=words,
            orientation="h",
            text=[str(count) if count else "" for count in summary[column]],
            textposition="inside",
            textangle=0,
            uid=column,
            insidetextanchor="middle",
            insidetextfont={
                "color": palette.panel if opacity == 1 else palette.text,
                "size": 13,
            },
        )
    figure.update_xaxes(title_text="findings", showgrid=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont_color=palette.text)
    told = "; ".join(
        f"{row.setting}: {row.holds} hold, {row.in_part} in part, {row.does_not_hold} do not"
        for row in summary.itertuples()
    )
    describe(figure, f"{title}. {told}." + (f" Taken: {taken}." if taken else ""))
    return figure
