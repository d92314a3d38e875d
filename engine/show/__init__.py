"""One step in symbols, in words and in time."""
