"""What every tab stands on: queue, limits, guard, store, models, sounds."""
