"""Brightness as one setting: how much the gradient is smoothed.

What makes dreams dark is the smoothing of every step's change, far more than the low-pass. These
settings of kernel size and coefficient run from dark to bright; docs/dream.md says what was
measured.
"""

from __future__ import annotations

BRIGHTNESS: tuple[tuple[int, float], ...] = (
    (65, 10.0),
    (41, 8.0),
    (25, 5.0),
    (17, 3.0),
    (13, 2.0),
    (9, 2.0),
    (9, 0.5),
    (5, 0.5),
    (3, 0.5),
    (1, 0.5),
)
"""``smoothing_kernel`` in samples and ``smoothing_coefficient``; a kernel of 1 smooths nothing."""
