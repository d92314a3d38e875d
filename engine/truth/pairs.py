"""Mistakes that everybody makes once: two softmaxes, the logarithm of a softmax, a loss that broadcasts to n×n."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np

from engine.edits.edges import leave_out
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.trace import Trace
from engine.truth.problem import Fix, Problem, Severity
from engine.values.values import shape_text


@dataclass(frozen=True)
class Pair:
    """An op that should not feed port 0 of another: `sentence` over {source} and {dest}, and how to mend it."""

    source: str
    dest: str
    kind: str
    severity: Severity
    sentence: str
    remedy: str
    becomes: str = ""  # what the second op is to be when the first has gone; empty: what it is


PAIRS = (
    Pair(
        "softmax", "cross_entropy", "double softmax", "warning",
        "{dest} applies a softmax itself, so with {source} before it there are two: however sure {source} is, "
        "{dest} sees no class as more than e ≈ 2.72 times as probable as another.",
        "Feed the logits to the cross-entropy.",
    ),
    Pair(
        "log_softmax", "cross_entropy", "double softmax", "note",
        "{dest} applies a log-softmax itself; {source} before it changes nothing.",
        "Feed the logits to the cross-entropy.",
    ),
    Pair(
        "softmax", "softmax", "double softmax", "warning",
        "{dest} is the softmax of a softmax: whatever the scores, no probability is more than e ≈ 2.72 times another.",
        "Keep one of the two.",
    ),
    Pair(
        "softmax", "log", "log of softmax", "warning",
        "{dest} is the logarithm of a softmax: where a score is more than 746 below the largest, the softmax "
        "rounds to 0, and its logarithm is −∞.",
        "Use log_softmax or cross_entropy, which do both in one step and are stable.", "log_softmax",
    ),
    Pair(
        "sigmoid", "bce_with_logits", "double sigmoid", "warning",
        "{dest} applies a sigmoid itself, so with {source} before it there are two: it only ever sees "
        "probabilities from 0.5 to 0.731.",
        "Feed it the logits, or use bce.",
    ),
    Pair(
        "sigmoid", "bce", "sigmoid before bce", "note",
        "{dest} takes the logarithm of a sigmoid, which rounds to exactly 1 for inputs above 37, and to 0 below −710.",
        "Use bce_with_logits, which does both in one step and is stable.", "bce_with_logits",
    ),
)  # fmt: skip


def wrong_pairs(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Ops that do twice what should be done once, or apart what should be done in one piece."""
    by_ops = {(pair.source, pair.dest): pair for pair in PAIRS}
    for edge in graph.edges.values():
        source, dest = graph.nodes[edge.source], graph.nodes[edge.dest]
        pair = by_ops.get((source.op_name, dest.op_name))
        if pair is None or edge.port or not _same_axis(trace, source, dest):
            continue
        sentence = pair.sentence.format(source=source.name, dest=dest.name)
        fix = None
        if graph.into(source.id):
            fix = Fix(f"Remove {source.name}", partial(leave_out, key=edge.key, becomes=pair.becomes))
        yield Problem(pair.kind, pair.severity, sentence, (edge.source, edge.dest), pair.remedy, fix)


def _same_axis(trace: Trace, source: Node, dest: Node) -> bool:
    """Whether two ops that each work along an axis work along the same one; a loss works along the last."""
    value = trace.value(source.id)
    if value is None or value.ndim < 2 or source.setting("axis") is None or dest.op.elementwise:
        return True
    first, second = source.setting("axis"), dest.setting("axis")
    axes = (first, -1 if second is None else second)
    counted = [axis % value.ndim if isinstance(axis, int) else axis for axis in axes]
    return bool(counted[0] == counted[1])


def enlarged_losses(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Losses whose two sides broadcast to a larger shape: (n,) against (n, 1) compares each with every other."""
    for id, node in graph.nodes.items():
        if node.op.group != "loss" or node.op_name == "cross_entropy":
            continue
        shapes = [x.shape for x in trace.inputs(id)]
        if len(shapes) != 2 or shapes[0] == shapes[1] or not all(shapes):
            continue  # one number as the target of all outputs is meant
        together = np.broadcast_shapes(*shapes)
        first, second = map(shape_text, shapes)
        sentence = f"{node.name} compares {first} with {second}: they are broadcast to {shape_text(together)}"
        twice = " so one is repeated"
        if together not in shapes:
            is_all = prod(together) == prod(shapes[0]) * prod(shapes[1])
            twice = " so every output is compared with every target" if is_all else " so both are repeated"
        remedy = "Give both the same shape, with a reshape or another value."
        yield Problem("loss shapes", "warning", f"{sentence},{twice}.", (id,), remedy)
