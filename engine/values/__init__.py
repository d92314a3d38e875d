"""Numbers and shapes, and how they are read and written."""
