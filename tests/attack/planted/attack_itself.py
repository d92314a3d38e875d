"""An attack that runs itself."""

from __future__ import annotations

from tests.attack.attack import Failed, Options, Report

TRIES = "A run of its own."


def run(options: Options) -> Report:
    return Report("itself", cases=int(options.seed), failures=[Failed("one is planted")], said="at most 1.4 s lost")
