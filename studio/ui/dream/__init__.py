"""The Dream tab."""
