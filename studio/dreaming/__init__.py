"""The dream: gradient ascent on a waveform (paper, section 3.4)."""

from studio.dreaming.recipe import Recipe, Target

__all__ = ["Recipe", "Target"]
