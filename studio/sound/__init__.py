"""Sounds as files, levels and features; knows neither recipes nor networks."""

SAMPLE_RATE = 44_100
"""Samples a second of every sound in the studio, in Hz (paper, section 3)."""

FEATURES = ("loudness", "brightness", "noisiness", "roughness")
"""The paper's four features (section 3.5), in its order; `studio.sound.features` measures them."""
