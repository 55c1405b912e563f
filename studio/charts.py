"""Line charts with bands as SVG: the paper's figures 2 to 9, on paper and on the page.

One drawing serves both. Colours are the page's own properties with a fallback for a file that
stands alone; every series and every point carries what it shows as ``data-`` attributes, so that
the page can tell the values without drawing anything itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

WIDTH, HEIGHT = 560, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 14, 40, 46
_KEY = 114
"""Width of an entry of the legend."""

COLOURS = {"events": "#c0351f", "instruments": "#1a64b4", "speech": "#0b7350"}
_DASHES = {"events": "", "instruments": "7 3", "speech": "2 3"}
_TEXT = 'font-family="Instrument Sans, system-ui, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True)
class Line:
    """A mean line with a band.

    Attributes
    ----------
    name : str
        Of the dataset; decides colour, dash and marker.
    x, middle, half : sequence of float
        Positions, the line, and half the width of the band.
    counts : sequence of int
        How many sounds stand behind each point.
    """

    name: str
    x: Sequence[float]
    middle: Sequence[float]
    half: Sequence[float]
    counts: Sequence[int]


def line_chart(title: str, y_title: str, x_title: str, lines: Sequence[Line]) -> str:
    """Return a chart as SVG text: lines with bands, a legend, axes from zero.

    Parameters
    ----------
    title, y_title, x_title : str
    lines : sequence of Line
    """
    every = [float(x) for line in lines for x in line.x]
    tops = [m + h for line in lines for m, h in zip(line.middle, line.half, strict=True)]
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    ticks = nice_ticks(max(tops, default=1.0))
    left, width = _LEFT + 14, WIDTH - _LEFT - _RIGHT - 28

    def across(x: float) -> float:
        return round(left + (x - low) / ((high - low) or 1) * width, 1)

    def up(y: float) -> float:
        inner = HEIGHT - _TOP - _BOTTOM
        return round(HEIGHT - _BOTTOM - min(max(y, 0), ticks[-1]) / ticks[-1] * inner, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'class="chart" {_TEXT} data-left="{across(low)}" data-right="{across(high)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" style="fill:var(--panel,#fff)"/>',
        f'<text x="14" y="20" font-weight="600" style="{_ink()}">{escape(title)}</text>',
        *_axes(ticks, sorted(set(every)), across, up, x_title, y_title),
        *(_series(line, across, up) for line in lines),
        *_legend(lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def nice_ticks(most: float) -> list[float]:
    """Return about five round values from 0 to at least ``most``."""
    most = most if np.isfinite(most) and most > 0 else 1.0
    size = 10.0 ** np.floor(np.log10(most / 5))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor * 5.5 >= most)
    count = int(np.ceil(round(most / step, 9)))
    return [round(step * number, 12) for number in range(count + 1)]


def _ink(name: str = "text", fallback: str = "#221f1a", of: str = "fill") -> str:
    return f"{of}:var(--{name},{fallback})"


def _axes(
    ticks: list[float],
    positions: list[float],
    across: Callable[[float], float],
    up: Callable[[float], float],
    x_title: str,
    y_title: str,
) -> list[str]:
    line, right, bottom = _ink("line", "#d8d1c3", "stroke"), WIDTH - _RIGHT, HEIGHT - _BOTTOM
    dim = _ink("dim", "#5e574c")
    parts = []
    for tick in ticks:
        y = up(tick)
        parts.append(f'<path d="M{_LEFT} {y}H{right}" style="{line}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end" style="{dim}">{tick:,g}</text>'
        )
    below = f'y="{bottom + 18}" text-anchor="middle" style="{dim}"'
    parts += [f'<text x="{across(x)}" {below}>{x:g}</text>' for x in positions]
    middle = (_LEFT + right) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" style="{dim}">'
        f"{escape(x_title)}</text>"
    )
    turned = f"translate(14 {(_TOP + bottom) / 2}) rotate(-90)"
    parts.append(
        f'<text transform="{turned}" text-anchor="middle" style="{dim}">{escape(y_title)}</text>'
    )
    return parts


def _series(line: Line, across: Callable[[float], float], up: Callable[[float], float]) -> str:
    ink = (line.name, COLOURS.get(line.name, "#555"))
    points = list(zip(line.x, line.middle, line.half, line.counts, strict=True))
    over = [f"{across(x)} {up(m + h)}" for x, m, h, _ in points]
    under = [f"{across(x)} {up(m - h)}" for x, m, h, _ in reversed(points)]
    dash = _DASHES.get(line.name, "")
    parts = [
        f'<g class="series" data-name="{escape(line.name)}">',
        f'<path class="band" d="M{"L".join([*over, *under])}Z" style="{_ink(*ink)}" '
        'fill-opacity="0.2"/>',
        f'<path class="mean" d="M{"L".join(f"{across(x)} {up(m)}" for x, m, _, _ in points)}" '
        f'fill="none" stroke-width="2.2" stroke-dasharray="{dash}" '
        f'style="{_ink(*ink, "stroke")}"/>',
    ]
    for x, m, h, count in points:
        parts.append(
            f'<g class="point" data-x="{x:g}" data-mean="{m:.6g}" data-sd="{h:.6g}" '
            f'data-count="{count}" style="{_ink(*ink)}">{_marker(line.name, across(x), up(m))}</g>'
        )
    return "\n".join([*parts, "</g>"])


def _marker(name: str, x: float, y: float) -> str:
    if name == "instruments":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    if name == "speech":
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
    return f'<circle cx="{x}" cy="{y}" r="4.5"/>'


def _legend(lines: Sequence[Line]) -> list[str]:
    parts = []
    x = WIDTH - _RIGHT - _KEY * len(lines)
    for line in lines:
        ink, name = (line.name, COLOURS.get(line.name, "#555")), escape(line.name)
        dash = _DASHES.get(line.name, "")
        parts.append(
            f'<g class="key" data-name="{name}" style="{_ink(*ink)}">'
            f'<path d="M{x} 16h22" stroke-width="2.2" stroke-dasharray="{dash}" '
            f'style="{_ink(*ink, "stroke")}"/>{_marker(line.name, x + 11, 16)}'
            f'<text x="{x + 28}" y="20" style="{_ink()}">{name.capitalize()}</text></g>'
        )
        x += _KEY
    return parts
