"""A limiter that looks ahead by one block: nothing passes above its ceiling, and nothing clicks.

The sound comes in blocks of equal length. Block j could bear the gain g[j] = min(1, ceiling /
peak[j]). The gain runs in a straight line from a[j] at the block's beginning to a[j + 1] at its
end, with

    a[j + 1] = min(g[j], g[j + 1], r · a[j])                                                (1)

where r > 1 lets it recover. Both ends are then at most g[j], so the block stays below the ceiling
everywhere. Knowing g[j + 1] costs a delay of one block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CEILING = 0.97
"""Largest sample that ever leaves, of full scale."""

_RECOVERY = 1.02
"""Per block: from −12 dB back to 0 in about 0.7 s."""


class Limited(NamedTuple):
    """What the limiter remembers between blocks.

    Attributes
    ----------
    block : ndarray, shape (Q,), float32
        The block that waits.
    bearable : float
        g of that block.
    gain : float
        a at its beginning.
    """

    block: np.ndarray
    bearable: float = 1.0
    gain: float = 1.0


def limit(state: Limited, block: np.ndarray) -> tuple[np.ndarray, Limited]:
    """Take a block in and return the one before it, limited, and what to remember.

    Samples that are no numbers count as silence.
    """
    peak = float(np.abs(block).max())
    if not peak < np.inf:
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        peak = float(np.abs(block).max())
    bearable = min(1.0, CEILING / peak) if peak > 0 else 1.0
    end = min(state.bearable, bearable, max(state.gain, 1e-6) * _RECOVERY)
    out = ramped(state.block, state.gain, end)
    if state.bearable < 1:  # Rounding.
        out = np.clip(out, -CEILING, CEILING)
    return out, Limited(block, bearable, end)


def ramped(block: np.ndarray, begin: float, end: float) -> np.ndarray:
    """Return a block under a gain that runs in a straight line from ``begin`` to ``end``."""
    if begin == end:
        return block if end == 1 else block * np.float32(end)
    return block * np.linspace(begin, end, len(block), dtype=np.float32)
