"""Attacks that stay: seeded fuzzers, a monkey, kills and soaks, and the corpus of what ever failed. See README.md."""
