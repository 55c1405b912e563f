"""Ground of all tabs: queue, limits, guard, store, model cache, sounds."""
