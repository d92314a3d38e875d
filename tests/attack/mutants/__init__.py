"""Faults that are planted in copies of `engine/`, one at a time: each must be caught by a test."""
