"""Looking inside the networks: what their maps answer to, what they hear, what they mix up."""

LONGEST_SECONDS = 60.0
"""The longest sound that a network listens to at a time."""
