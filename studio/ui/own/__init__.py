"""The tab "Your sounds": classes of sounds, training a network on them, models as files."""
