"""Runs the programs of web pages in Node, and holds what they record against a trace."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from engine.export.javascript import passes_source
from engine.export.page_facts import plain_value
from engine.export.web_page import LIBRARY, as_data, asset
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, ForwardStep, Trace

NODE = shutil.which("node") or shutil.which("nodejs")
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed: the programs of web pages are not run")

_TELL = """
const told = (x) => x && { shape: x.shape, data: Array.from(x.data, (n) => (Number.isFinite(n) ? n : String(n))) };
const number = (x) => (typeof x === "string" ? Number(x.replace("inf", "Infinity")) : x);
const untold = ({ shape, data }) => array(shape, Float64Array.from(data, number));
const entries = (step) => Object.entries(step).map(([name, x]) => [name, x?.data ? told(x) : x]);
const recorded = (write, leaves, seed) => {
  const run = new Passes(leaves.map(untold), seed);
  write(run);
  return run.steps.map((step) => Object.fromEntries(entries(step)));
};
"""


def library() -> str:
    return "\n".join(asset(f"{name}.js") for name in LIBRARY)


def in_node(script: str) -> Any:
    """What a script gives to `answer`, as JSON."""
    assert NODE is not None
    whole = f"{library()}\n{_TELL}\nconst answer = (x) => process.stdout.write(JSON.stringify(x));\n{script}"
    done = subprocess.run([NODE, "-"], input=whole, capture_output=True, text=True, check=False, timeout=100)
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)


def programs(cases: Sequence[tuple[Graph, Trace]]) -> str:
    """A script that answers with the steps of each graph, as its program records them."""
    lines = []
    for graph, trace in cases:
        held = [step.value for step in trace.forward_steps if graph.nodes[step.node].op.is_leaf]
        leaves = as_data([plain_value(value) for value in held])
        source = f"(run) => {{ const {{ v, g }} = run;\n{passes_source(graph, trace)}\n}}"
        lines.append(f"recorded({source}, {leaves}, {graph.seed!r})")
    return f"answer([{', '.join(lines)}]);"


def value_of(told: Any) -> Any:
    """A value as a page tells it, as an array."""
    return np.array([float(x) for x in told["data"]]).reshape(told["shape"])


def check_steps(trace: Trace, told: Sequence[Any], about: object) -> None:
    """Every number of every step is the trace's, to 1e-12 of the largest beside it."""
    assert len(told) == len(trace.steps), about
    for step, said in zip(trace.steps, told, strict=True):
        if isinstance(step, ForwardStep):
            pairs = [("value", step.value)]
        elif isinstance(step, ContributionStep):
            pairs = [("contribution", step.contribution), ("total", step.total), ("upstream", step.upstream)]
            pairs += [] if step.local is None else [("local", step.local)]
        else:
            pairs = [("gradient", step.gradient)]
        for name, value in pairs:
            found = value_of(said[name])
            assert found.shape == np.shape(value) or name == "local", (about, name)
            finite = np.abs(value)[np.isfinite(value)] if np.ndim(value) else np.abs([value])[np.isfinite([value])]
            least = 1e-12 * max([1e-3, *np.ravel(finite)])
            np.testing.assert_allclose(found, value, 1e-12, least, err_msg=f"{about} {name} {step}")
