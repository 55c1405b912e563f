"""The fast engine of version 0.1.0, to measure the present one against."""
