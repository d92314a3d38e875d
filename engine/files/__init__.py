"""Graph and disk. A file is data, never code."""
