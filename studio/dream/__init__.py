"""The dream: gradient ascent on a waveform (paper, section 3.4)."""

from studio.dream.recipe import Recipe, Target

__all__ = ["Recipe", "Target"]
