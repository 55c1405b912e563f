"""The datasets: every module gives the same clip table."""
