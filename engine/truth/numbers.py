"""Where numbers first cease to be finite, and why: the rest only follows."""

from collections.abc import Iterator

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind_text
from engine.passes.trace import ContributionStep, Trace
from engine.truth.problem import Problem
from engine.values.values import Value, counted, is_finite, value_text

MOST = 3  # so many are spoken of one by one


def non_finite(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """The nodes whose values are not finite although their inputs are, each with why; the first names the others."""
    origins = _origins(trace)
    for id in origins[:MOST]:
        node, value = graph.nodes[id], trace.value(id)
        assert value is not None
        sentence, remedy = _leaf_words(node, value) if node.op.is_leaf else _node_words(node, value, trace.inputs(id))
        others = [graph.nodes[other].name for other in origins[1:]] if id == origins[0] else []
        yield Problem("non-finite", "warning", sentence + _more(others), (id,), remedy)


def _origins(trace: Trace) -> list[str]:
    """Where it begins: what follows from another node that is not finite is not counted."""
    steps = (step for step in trace.forward_steps if not is_finite(step.value))
    return list(dict.fromkeys(step.node for step in steps if all(map(is_finite, step.inputs))))


def _more(others: list[str]) -> str:
    if not others:
        return ""
    if len(others) == 1:
        return f" {others[0]} is not finite either, for a reason of its own."
    return f" {others[0]} and {counted(len(others) - 1, 'other node')} are not finite either, for reasons of their own."


def _leaf_words(node: Node, value: Value) -> tuple[str, str]:
    remedy = "Choose other data, or correct the file." if node.op.supply else "Type a finite number."
    return f"{node.name} holds {_bad_part(value)}.", remedy


def _node_words(node: Node, value: Value, inputs: tuple[Value, ...]) -> tuple[str, str]:
    why, remedy = _reason(node, inputs, value)
    given = " and ".join(_given(x) for x in inputs)
    return f"{node.name} is {_bad_part(value)}: {node.op.title} was given {given}, and {why}.", remedy


def non_finite_gradient(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """The first contribution that is not finite although the values are, and why."""
    if trace.first_non_finite is not None:
        return  # the gradients only follow the values
    for step in trace.contributions:
        if not is_finite(step.contribution):
            node, source = graph.nodes[step.edge.dest], graph.nodes[step.edge.source]
            inputs = " and ".join(_given(x) for x in trace.inputs(node.id))
            why, remedy = _why_sent(step, source)
            sent = f"{node.name} sends {_bad_part(step.contribution)} back to {source.name}"
            yield Problem(
                "non-finite gradient", "warning", f"{sent}: {why} ({node.name} was given {inputs}).",
                (node.id, source.id), remedy,
            )  # fmt: skip
            return


def _why_sent(step: ContributionStep, source: Node) -> tuple[str, str]:
    """Why a contribution is not finite, and what to do."""
    if step.local is not None and not is_finite(step.local):
        otherwise = f", or make {source.name} a constant" if source.op.is_leaf else ""
        return "its slope is not finite there", f"Keep its inputs away from that point{otherwise}."
    if not is_finite(step.upstream):
        return "what reached it is too large for a 64-bit float already", "Scale the values of the graph down."
    return "the product is too large for a 64-bit float", "Scale the inputs of the node down, or the seed."


def _reason(node: Node, inputs: tuple[Value, ...], value: Value) -> tuple[str, str]:
    """All the op's troubles that hold here; or else that a number was too large."""
    with np.errstate(all="ignore"):
        met = [t for t in node.op.troubles if np.any(bind_text(node.op, t.when, len(inputs), node.settings)(*inputs))]
    if met:
        return ", and ".join(t.sentence for t in met), " ".join(dict.fromkeys(t.remedy for t in met))
    result = "a number on the way to the result" if np.isnan(value).any() else "the result"
    return f"{result} is too large for a 64-bit float", "Give it inputs of a moderate size, neither huge nor tiny."


def _given(value: Value) -> str:
    """An input in a sentence: a number, or the range of a tensor's elements."""
    if value.size <= 4:
        return value_text(value)
    return f"{value_text(value)} between {value_text(np.min(value))} and {value_text(np.max(value))}"


def _bad_part(value: object) -> str:
    """What is wrong with a value: nan, ∞ or −∞, or several of them, and in a tensor how many elements are."""
    array = np.asarray(value)
    bad = array[~np.isfinite(array)]
    *others, last = dict.fromkeys(value_text(np.float64(number)) for number in np.unique(bad))
    text = f"{', '.join(others)} or {last}" if others else last
    return (
        text
        if array.size == 1
        else f"{text} in {'all' if bad.size == array.size else f'{bad.size} of'} {array.size} elements"
    )
