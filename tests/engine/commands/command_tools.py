"""A program that the commands are given, and the nodes that they print."""

from __future__ import annotations

import json

PRODUCT = ["--expr", "q = x + y; f = q * z", "--set", "x=-2", "--set", "y=5", "--set", "z=-4"]


def nodes(done) -> dict:
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)["nodes"]
