"""Lessons: read from a text file, proved to be sound, and asked beside the canvas."""
