"""Windows that are killed while somebody works in them, and what the next start finds."""
