"""The Experiments tab."""
