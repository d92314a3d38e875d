"""What the commands are given, and the nodes that they print."""

from __future__ import annotations

import json

# What each command that prints is given, so that it prints something: a new command must be added here.
PRINTING = {
    "run": ["neuron"],
    "trace": ["neuron"],
    "check": ["neuron"],
    "train": ["--expr", "w * w", "--param", "w", "--set", "w=1", "--steps", "3"],
    "export": ["neuron", "-", "--to", "numpy"],
    "grade": ["neuron", "neuron"],
    "lesson": ["list"],
    "jacobian": ["--expr", "y = x * x", "--set", "x=3", "y", "0"],
}
PRODUCT = ["--expr", "q = x + y; f = q * z", "--set", "x=-2", "--set", "y=5", "--set", "z=-4"]


def nodes(done) -> dict:
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)["nodes"]
