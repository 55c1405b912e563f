"""Curves over time with the moments of change, as SVG: the paper's figures 10 to 13.

As in `charts`, one drawing serves page and paper: colours are the page's own properties with a
fallback, and what the page needs to put a cursor stands in ``data-`` attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from studio.charts import nice_ticks

WIDTH, HEIGHT = 1120, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 12, 56, 42

COLOURS = {
    "max_offset": "#c0351f",
    "iterations": "#1a64b4",
    "smoothing_coefficient": "#0b7350",
    "smoothing_kernel": "#8a5a00",
    "learning_rate": "#7b3fa0",
    "cutoff_hz": "#0080a0",
    "fixed": "#111111",
}
"""Of the lines; red and green of the moments of change are told apart by their dashes as well."""

_MOMENTS = {"parameter": ("#d23b2a", ""), "layer": ("#1d8a4e", "5 4")}
_TEXT = 'font-family="Instrument Sans, system-ui, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True)
class Trace:
    """A curve.

    Attributes
    ----------
    name : str
        Decides its colour; ``fixed`` is bold.
    seconds, values : sequence of float
    """

    name: str
    seconds: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something changes: ``kind`` is ``parameter`` or ``layer``, ``label`` what to."""

    seconds: float
    kind: str
    label: str = ""


def time_chart(
    title: str,
    y_title: str,
    traces: Sequence[Trace],
    moments: Sequence[Moment],
    last_seconds: float,
    scale_from: float = 0.0,
    logarithmic: bool = False,
) -> str:
    """Return a chart as SVG text.

    Parameters
    ----------
    title, y_title : str
    traces : sequence of Trace
        Drawn in this order.
    moments : sequence of Moment
        Red where a parameter changes, green and dashed where the layer does; the labels of the
        latter stand above.
    last_seconds : float
        End of the time axis.
    scale_from : float
        Values before this moment may leave the frame; they are drawn at its edge.
    logarithmic : bool
        Decades instead of an axis from zero.
    """
    late = [
        value
        for trace in traces
        for second, value in zip(trace.seconds, trace.values, strict=True)
        if second >= scale_from and np.isfinite(value)
    ]
    ticks, up = _decades(late) if logarithmic else _from_zero(late)

    def across(seconds: float) -> float:
        return round(LEFT + seconds / last_seconds * (WIDTH - LEFT - RIGHT), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'class="chart" {_TEXT} data-left="{LEFT}" data-right="{WIDTH - RIGHT}" '
        f'data-top="{TOP}" data-bottom="{HEIGHT - BOTTOM}" data-seconds="{last_seconds:g}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" style="fill:var(--panel,#fff)"/>',
        f'<text x="{LEFT}" y="20" font-weight="600" style="{_ink()}">{escape(title)}</text>',
        *_axes(ticks, up, across, last_seconds, y_title),
        *_moments(moments, across, last_seconds),
        *(_curve(trace, across, up) for trace in traces),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _from_zero(values: Sequence[float]) -> tuple[list[float], Callable[[float], float]]:
    ticks = nice_ticks(max(values, default=1.0))
    return ticks, lambda value: _height(value / ticks[-1])


def _decades(values: Sequence[float]) -> tuple[list[float], Callable[[float], float]]:
    above = [value for value in values if value > 0] or [1.0]
    low, high = int(np.floor(np.log10(min(above)))), int(np.ceil(np.log10(max(above))))
    high = max(high, low + 1)

    def up(value: float) -> float:
        exponent = np.log10(value) if value > 0 else low
        return _height((exponent - low) / (high - low))

    return [10.0**exponent for exponent in range(low, high + 1)], up


def _height(share: float) -> float:
    return round(HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM), 1)


def _ink(name: str = "text", fallback: str = "#221f1a", of: str = "fill") -> str:
    return f"{of}:var(--{name},{fallback})"


def _axes(
    ticks: Sequence[float],
    up: Callable[[float], float],
    across: Callable[[float], float],
    last_seconds: float,
    y_title: str,
) -> list[str]:
    line, dim = _ink("line", "#d8d1c3", "stroke"), _ink("dim", "#5e574c")
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for tick in ticks:
        y = up(tick)
        parts.append(f'<path d="M{LEFT} {y}H{right}" style="{line}"/>')
        place = f'x="{LEFT - 8}" y="{y + 4}" text-anchor="end"'
        parts.append(f'<text {place} style="{dim}">{_short(tick)}</text>')
    for second in np.arange(0, last_seconds + 1, 60):
        parts.append(
            f'<text x="{across(second)}" y="{bottom + 17}" text-anchor="middle" style="{dim}">'
            f"{second:g}</text>"
        )
    parts.append(
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle" style="{dim}">'
        "seconds</text>"
    )
    turned = f"translate(14 {(TOP + bottom) / 2}) rotate(-90)"
    parts.append(
        f'<text transform="{turned}" text-anchor="middle" style="{dim}">{escape(y_title)}</text>'
    )
    return parts


def _short(tick: float) -> str:
    if tick != 0 and tick < 0.001:
        sign = str(round(np.log10(tick))).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"10{sign}"
    return f"{tick:,g}"


def _moments(
    moments: Sequence[Moment], across: Callable[[float], float], last_seconds: float
) -> list[str]:
    dim, parts = _ink("dim", "#5e574c"), []
    for kind, (colour, dash) in _MOMENTS.items():
        path = "".join(
            f"M{across(one.seconds)} {TOP}V{HEIGHT - BOTTOM}"
            for one in moments
            if one.kind == kind and one.seconds > 0
        )
        parts.append(
            f'<path class="moments {kind}" d="{path}" fill="none" stroke-width="1.2" '
            f'stroke-opacity="0.75" stroke-dasharray="{dash}" '
            f'style="{_ink("change-" + kind, colour, "stroke")}"/>'
        )
    labelled = [one for one in moments if one.label]
    if labelled:
        parts.append(
            f'<text x="{LEFT - 8}" y="{TOP - 8}" text-anchor="end" style="{dim}">layer</text>'
        )
    ends = [*(one.seconds for one in labelled[1:]), last_seconds]
    for one, end in zip(labelled, ends, strict=True):
        middle = across((one.seconds + end) / 2)
        parts.append(
            f'<text x="{middle}" y="{TOP - 8}" text-anchor="middle" style="{dim}">'
            f"{escape(one.label)}</text>"
        )
    return parts


def _curve(trace: Trace, across: Callable[[float], float], up: Callable[[float], float]) -> str:
    points = "L".join(
        f"{across(second)} {up(value)}"
        for second, value in zip(trace.seconds, trace.values, strict=True)
        if np.isfinite(value)
    )
    bold = trace.name == "fixed"
    ink = _ink("text" if bold else f"run-{trace.name}", COLOURS.get(trace.name, "#555"), "stroke")
    return (
        f'<path class="curve" data-name="{escape(trace.name)}" d="M{points}" fill="none" '
        f'stroke-width="{2.6 if bold else 1.4}" stroke-linejoin="round" style="{ink}"/>'
    )
