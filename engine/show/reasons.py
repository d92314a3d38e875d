"""Why a contribution is what it is: the op's own words over the numbers of this step, in either wording."""

from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.ops.op import Words, shown
from engine.passes.trace import ContributionStep, Trace
from engine.show.wording import Wording


def why(graph: Graph, trace: Trace, step: ContributionStep, wording: Wording) -> str:
    """The reason for a contribution: what its op says, what broadcasting and a second use add to that."""
    node = graph.nodes[step.edge.dest]
    words: Words = getattr(node.op, wording)
    text = _said(words, step.edge.port, _facts(graph, trace, step))
    if step.axes:
        axes = " and ".join(str(axis) for axis in step.axes)
        text += f" It was repeated by broadcasting, so the gradients of its copies are summed over axis {axes}."
    if step.before is not None:
        plural = "responsibilities" if wording == "responsibility" else "contributions"
        text += f" {graph.nodes[step.edge.source].name} is used more than once: the {plural} of all paths add up."
    return text


def _facts(graph: Graph, trace: Trace, step: ContributionStep) -> dict[str, Any]:
    """What an op's words may speak of: names, the inputs by port, y, g, local, and the other side of a pair."""
    node = graph.nodes[step.edge.dest]
    inputs = trace.inputs(step.edge.dest)
    facts: dict[str, Any] = {node.op.port_name(i): value for i, value in enumerate(inputs)}
    others = [value for i, value in enumerate(inputs) if i != step.edge.port]
    return facts | {
        "other": others[0] if others else np.float64(1.0),
        "y": trace.value(step.edge.dest),
        "g": step.upstream,
        "local": step.local,
        "contribution": step.contribution,
        "node": node.name,
        "source": graph.nodes[step.edge.source].name,
        "port": step.edge.port,
    }


def _said(words: Words, port: int, facts: dict[str, Any]) -> str:
    said = words[min(port, len(words) - 1)] if isinstance(words, tuple) else words
    return said(**facts) if callable(said) else said.format(**shown(facts))
