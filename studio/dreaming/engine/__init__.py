"""The engine: one C source, built for every machine, that dreams the same bytes everywhere."""
