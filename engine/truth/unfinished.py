"""What is unfinished or suspicious in a document that is legal all the same: sentences, places, and what to do."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.edits.document import set_target
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind_text
from engine.passes.trace import Trace
from engine.truth.flow import closed_gates, flow, saturated
from engine.truth.pairs import enlarged_losses, wrong_pairs
from engine.truth.problem import Fix, Problem
from engine.values.values import Value, is_finite, value_text


def find_problems(graph: Graph, trace: Trace) -> list[Problem]:
    """All problems: what keeps numbers from being computed first, then what is odd about those that were."""
    found = [problem for finder in FINDERS for problem in finder(graph, trace)]
    rank = {"unfinished": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda problem: rank[problem.severity])


def unfinished_nodes(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Open ports, leaves without a value, ops of a newer version; not the nodes that merely wait for these."""
    for id, sentence in trace.plan.unready.items():
        op = graph.nodes[id].op
        if not op.known:
            remedy = "Open the file with a newer version of Gradloom, or delete the node."
            yield Problem("unknown op", "unfinished", sentence, (id,), remedy)
        elif op.supply:
            yield Problem("no data", "unfinished", sentence, (id,), "Choose other data, or correct the file.")
        elif op.is_leaf:
            yield Problem("no value", "unfinished", sentence, (id,), "Click its number and type one.")
        elif next(graph.open_ports(id), None) is not None:
            yield Problem("open port", "unfinished", sentence, (id,), "Drag from an output to the open port.")


def misfits(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Nodes whose inputs have shapes that do not fit together."""
    for id, sentence in trace.failures.items():
        yield Problem("shapes", "unfinished", sentence, (id,), "Change the shape of one of its inputs.")


def missing_target(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Without a target nothing is seeded, so there is no backward pass."""
    if graph.target is not None or not graph.edges:
        return
    ends = [id for id in graph.nodes if not graph.out_of(id) and graph.into(id)]
    fix = None
    if ends:
        end = ends[-1]
        fix = Fix(f"Make {graph.nodes[end].name} the target", lambda g: set_target(g, end))
    sentence = "No target is chosen, so there is no backward pass."
    remedy = "Choose the node where it should begin, usually the loss."
    yield Problem("no target", "unfinished", sentence, tuple(ends), remedy, fix)


def non_finite(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """The first node whose value is not finite although its inputs are, and why."""
    id = trace.first_non_finite
    if id is None:
        return
    node, value = graph.nodes[id], trace.value(id)
    assert value is not None
    if node.op.is_leaf:
        yield Problem("non-finite", "warning", f"{node.name} holds {_bad_part(value)}.", (id,), "Type a finite number.")
        return
    inputs = trace.inputs(id)
    why, remedy = _reason(node, inputs)
    given = " and ".join(_given(x) for x in inputs)
    sentence = f"{node.name} is {_bad_part(value)}: {node.op.title} was given {given}, and {why}."
    yield Problem("non-finite", "warning", sentence, (id,), remedy)


def non_finite_gradient(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """The first contribution that is not finite although the values and the upstream gradient are."""
    if trace.first_non_finite is not None:
        return  # the gradients only follow the values
    for step in trace.contributions:
        if not is_finite(step.contribution):
            node, source = graph.nodes[step.edge.dest], graph.nodes[step.edge.source]
            inputs = " and ".join(_given(x) for x in trace.inputs(node.id))
            slope = "" if step.local is None or is_finite(step.local) else ": its slope is not finite there"
            sent = f"{node.name} sends {_bad_part(step.contribution)} back to {source.name}"
            sentence = f"{sent}{slope} (it was given {inputs})."
            remedy = "Keep the inputs of the node away from that point, or scale them down."
            yield Problem("non-finite gradient", "warning", sentence, (node.id, source.id), remedy)
            return


def _reason(node: Node, inputs: tuple[Value, ...]) -> tuple[str, str]:
    trouble = node.op.trouble
    if trouble is not None:
        with np.errstate(all="ignore"):
            if np.any(bind_text(node.op, trouble.when, len(inputs), node.settings)(*inputs)):
                return trouble.sentence, trouble.remedy
    return "the result is too large for a 64-bit float", "Scale its inputs down."


def _given(value: Value) -> str:
    """An input in a sentence: a number, or the range of a tensor's elements."""
    if value.size <= 4:
        return value_text(value)
    return f"{value_text(value)} between {value_text(np.min(value))} and {value_text(np.max(value))}"


def _bad_part(value: object) -> str:
    """What is wrong with a value: nan, ∞ or −∞, and in a tensor how many elements are."""
    array = np.asarray(value)
    bad = array[~np.isfinite(array)]
    text = value_text(np.float64(bad.flat[0]))
    return text if array.ndim == 0 else f"{text} in {bad.size} of {array.size} elements"


def detached_leaves(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Parameters that do not reach the target: their gradient is 0 whatever they hold."""
    if trace.plan.target is None:
        return
    target = graph.nodes[trace.plan.target].name
    for id, node in graph.nodes.items():
        if node.op.is_leaf and trace.detached(id):
            sentence = f"{node.name} does not reach the target {target}: its gradient is 0."
            remedy = "Connect it to something that reaches the target, or leave it as it is."
            yield Problem("detached", "note", sentence, (id,), remedy)


# Every finder looks at a graph and its run; a new one is added here.
FINDERS: list[Callable[[Graph, Trace], Iterator[Problem]]] = [
    unfinished_nodes,
    misfits,
    missing_target,
    non_finite,
    non_finite_gradient,
    enlarged_losses,
    wrong_pairs,
    flow,
    saturated,
    closed_gates,
    detached_leaves,
]
