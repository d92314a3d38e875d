"""Parameters that get exactly no gradient although they reach the target, or that all get the same: what is in the way.

A weight of 0 lets nothing through to what it is multiplied with; units that begin equal stay equal (Goodfellow, Bengio
and Courville 2016, section 8.4).
"""

from collections.abc import Iterator
from itertools import islice
from math import sqrt

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Node
from engine.ops.kernel import bind
from engine.passes.trace import Trace
from engine.truth.evidence import Evidence
from engine.truth.magnitudes import fan_in_of, series, shape_of
from engine.truth.problem import Problem, Severity
from engine.values.values import Value, number_text

MOST_NAMED = 3  # reasons why a parameter gets nothing, of perhaps thousands
_SAME = 1e-9  # relative: units that differ by less are the same


def blocked(evidence: Evidence) -> Iterator[Problem]:
    """Parameters without a gradient, together by what stops it: a factor of 0, or an op that has no slope."""
    graph, trace = evidence.graph, evidence.trace
    learning = [id for id, node in graph.nodes.items() if node.op_name == "parameter" and id in trace.arrivals]
    if not any(_is_zero(trace.gradient(id)) for id in learning):
        return
    stops = _stops(trace)
    stopped: dict[tuple[str, str], list[str]] = {}
    for id in learning:
        for edge in stops.get(id, ()):
            if (reason := _reason(graph, trace, edge)) is not None:
                stopped.setdefault(reason, []).append(id)
    for (kind, by), ids in stopped.items():
        yield _told(evidence, kind, by, list(dict.fromkeys(ids)))


def _stops(trace: Trace) -> dict[str, list[Edge]]:
    """Each node that gets no gradient, with edges at which one arrives and nothing leaves: the first few of them."""
    silent = {id for id in trace.arrivals if _is_zero(trace.gradient(id))}
    found: dict[str, dict[EdgeKey, Edge]] = {}
    for step in trace.contributions:  # from the target back: what stops it further up is known already
        source, dest = step.edge.source, step.edge.dest
        if source in silent:
            edges = found.setdefault(source, {})
            if dest not in silent:
                edges[step.edge.key] = step.edge
            else:
                edges |= islice(found.get(dest, {}).items(), MOST_NAMED)
    return {id: list(edges.values()) for id, edges in found.items()}


def _is_zero(value: Value | None) -> bool:
    return value is None or not (np.any(value) if value.ndim else value)


def _reason(graph: Graph, trace: Trace, edge: Edge) -> tuple[str, str] | None:
    """What stops a gradient at an edge; None where another finder says it: gates, saturation, a loss at its least."""
    node = graph.nodes[edge.dest]
    if node.op.gate or node.op.steepest or node.op.group == "loss":
        return None
    if node.op.combines == "product":
        others = [other for other in graph.into(node.id) if other.port != edge.port and other.port < 2]
        zero = next((o.source for o in others if not np.any(trace.value(o.source))), None)
        if zero is None or (graph.nodes[zero].op_name == "input" and not shape_of(graph, zero)):
            return None  # a single number of data may well be 0
        if not graph.nodes[zero].op.is_leaf:
            return None  # it only follows from something else
        return ("zero weights" if graph.nodes[zero].op_name == "parameter" else "zero factor"), zero
    return ("no slope", node.id) if _is_flat(node, trace.inputs(node.id), edge.port) else None


def _is_flat(node: Node, inputs: tuple[Value, ...], port: int) -> bool:
    """Whether an op has no slope anywhere: not where its inputs are, nor at random places near and far from there."""
    kernel = bind(node.op, len(inputs), node.settings)
    vjp, rng = kernel.vjps[port], np.random.default_rng(0)
    if vjp.call is None or not vjp.is_local:
        return False
    with np.errstate(all="ignore"):
        for distance in (0.0, 1.0, 1e3):
            moved = [np.float64(1) * x + distance * rng.normal(size=np.shape(x))[()] for x in inputs]
            if np.any(vjp.call(*moved, kernel.forward(*moved))):
                return False
    return True


def _told(evidence: Evidence, kind: str, by: str, ids: list[str]) -> Problem:
    graph = evidence.graph
    name, who = graph.nodes[by].name, series(graph, ids)
    gets = f"{who} {'gets' if len(ids) == 1 else 'get'} no gradient"
    value = evidence.trace.value(by)
    size = 1 if value is None else value.size
    if kind == "zero weights":
        severity: Severity = "warning" if size > 1 else "note"
        held = "all its weights are 0" if size > 1 else "it is 0"
        sentence = f"{gets}: on its way back the gradient is multiplied by {name}, and {held}."
        return Problem("zero weights", severity, sentence, (by, *ids), _start(graph, by))
    if kind == "zero factor":
        held = "which is 0 throughout" if size > 1 else "which is 0"
        sentence = f"{gets}: on its way back the gradient is multiplied by {name}, {held}."
        remedy = f"Give {name} another value: while it is 0, nothing reaches {who} through it."
        return Problem("zero factor", "warning" if size > 1 else "note", sentence, (by, *ids), remedy)
    title = graph.nodes[by].op.title
    sentence = f"{gets}: {name} ({title}) has the slope 0 wherever its inputs are, so nothing passes back through it."
    remedy = f"Keep {title} out of the way between the parameters and the target, or use a smooth op in its place."
    return Problem("no slope", "warning", sentence, (by, *ids), remedy)


def _start(graph: Graph, id: str) -> str:
    """How a weight should begin."""
    name, shape = graph.nodes[id].name, shape_of(graph, id)
    if not shape:
        return f"Start {name} at a number other than 0."
    n = fan_in_of(graph, id, shape)
    return f"Start {name} with random numbers of about {number_text(1 / sqrt(n), 2)} (1/√{n}); biases may begin at 0."


# --- units that are all the same


def same_units(evidence: Evidence) -> Iterator[Problem]:
    """Weights whose units are equal and get equal gradients: they stay equal, and are worth one unit."""
    graph, trace = evidence.graph, evidence.trace
    for id, node in graph.nodes.items():
        if node.op_name != "parameter" or node.value is None or np.ndim(node.value) != 2:
            continue
        axis = _unit_axis(graph, id)
        gradient = trace.gradient(id)
        if axis is None or gradient is None or not np.any(gradient):
            continue
        units = np.shape(node.value)[axis]
        if units > 1 and _equal_along(node.value, axis) and _equal_along(gradient, axis):
            same = f"the {units} units of {node.name} are equal and get equal gradients"
            sentence = f"{same[0].upper()}{same[1:]}: they stay equal, and can do no more than a single unit."
            yield Problem("same units", "warning", sentence, (id,), _start(graph, id))


def _unit_axis(graph: Graph, id: str) -> int | None:
    """The axis along which the units lie: the rows of a linear's weights, the columns of a factor from the right."""
    for edge in graph.out_of(id):
        op = graph.nodes[edge.dest].op_name
        if op == "linear" and edge.port == 1:
            return 0
        if op == "matmul":
            return 1 if edge.port == 1 else 0
    return None


def _equal_along(value: object, axis: int) -> bool:
    array = np.moveaxis(np.asarray(value, dtype=float), axis, 0)
    return bool(np.all(np.abs(array - array[0]) <= _SAME * np.max(np.abs(array), initial=0.0)))
