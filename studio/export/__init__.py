"""Finished sounds for other programs: levelled files, sampler kits."""
