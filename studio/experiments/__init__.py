"""The paper's experiments: each computes a table, from which its figure is drawn."""
