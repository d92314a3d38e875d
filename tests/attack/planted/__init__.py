"""Attacks on nothing, each with a fault planted in it: with them the harness itself is tested."""
