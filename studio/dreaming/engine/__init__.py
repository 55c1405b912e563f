"""The engine: C source, builds, and what Python knows of them."""
