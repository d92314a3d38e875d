"""Rows to learn from."""
