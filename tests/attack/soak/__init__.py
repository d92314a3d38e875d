"""The soak: what is done with a window for an hour, and what must not grow meanwhile."""
