"""Where numbers first cease to be finite, and why: the rest only follows."""

from collections.abc import Iterator

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind_text
from engine.passes.trace import Trace
from engine.truth.problem import Problem
from engine.values.values import Value, is_finite, value_text


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
