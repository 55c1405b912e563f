"""The tables of the ziggurat method, from which `source/rng.c` draws normal numbers.

``python -m studio.dreaming.engine.ziggurat`` writes `source/ziggurat.h` anew.

The bell curve f(x) = exp(-x²/2) is covered by 256 layers of equal area V. Layer i ≥ 1 is a
rectangle from 0 to x_i, lying between the heights f(x_i) and f(x_{i-1}); layer 0 is the one at the
bottom, up to height f(R), together with the tail beyond R = x_255. So V = R·f(R) + tail(R), and
each layer gives the next one inwards: f(x_i) = f(x_{i+1}) + V / x_{i+1}.

Source: Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables", Journal of
Statistical Software 5 (2000); the number of layers and R are those of NumPy's generator.
"""

from __future__ import annotations

import struct
from decimal import Decimal, localcontext
from itertools import pairwise
from pathlib import Path

LAYERS = 256
BITS = 23
"""Bits of a drawn number, before it is scaled to the width of its layer."""

HEADER = Path(__file__).parent / "source" / "ziggurat.h"

_RIGHTMOST = Decimal("3.6541528853610087963519472518")
_DIGITS = 50


def tables() -> tuple[list[float], list[float], list[int]]:
    """Return widths, heights and limits of the 256 layers.

    Returns
    -------
    widths : list of float
        x_i / 2^23; of layer 0: V / f(R) / 2^23. To be rounded to single precision.
    heights : list of float
        f(x_i); of layer 0: 1. To be rounded to single precision.
    limits : list of int
        Below limit i, a 23-bit number times width i lies under the curve for certain.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        full = Decimal(2) ** BITS
        area = _RIGHTMOST * _bell(_RIGHTMOST) + _tail(_RIGHTMOST)
        edges = [_RIGHTMOST]
        for _ in range(LAYERS - 2):
            edges.append((-2 * (_bell(edges[-1]) + area / edges[-1]).ln()).sqrt())
        edges.reverse()  # x_1 … x_255
        bottom = area / _bell(_RIGHTMOST)
        widths = [width / full for width in (bottom, *edges)]
        heights = [Decimal(1), *map(_bell, edges)]
        shares = [_RIGHTMOST / bottom, Decimal(0)]
        shares += [inner / outer for inner, outer in pairwise(edges)]
        limits = [int((share * full).to_integral_value()) for share in shares]
        return [float(width) for width in widths], [float(each) for each in heights], limits


def header() -> str:
    """Return what `source/ziggurat.h` says."""
    widths, heights, limits = tables()
    return "\n".join(
        [
            "/* Made by studio/dreaming/engine/ziggurat.py, which says what these tables are. */",
            "",
            *_array("float ziggurat_width", [f"{_single(width)}f" for width in widths]),
            *_array("float ziggurat_height", [f"{_single(height)}f" for height in heights]),
            *_array("uint32_t ziggurat_limit", [str(limit) for limit in limits]),
        ]
    )


def _bell(x: Decimal) -> Decimal:
    return (-x * x / 2).exp()


def _tail(x: Decimal) -> Decimal:
    """Return the area under the bell curve beyond ``x``: a continued fraction."""
    fraction = x
    for depth in range(400, 0, -1):
        fraction = x + depth / fraction
    return _bell(x) / fraction


def _single(number: float) -> str:
    """Return a number rounded to single precision, with as many digits as tell those apart."""
    (rounded,) = struct.unpack("<f", struct.pack("<f", number))
    return f"{rounded:.8e}"


def _array(name: str, values: list[str]) -> list[str]:
    rows = [", ".join(values[start : start + 6]) for start in range(0, len(values), 6)]
    return [f"static const {name}[{LAYERS}] = {{", *(f"    {row}," for row in rows), "};", ""]


if __name__ == "__main__":
    HEADER.write_text(header(), encoding="ascii", newline="\n")
