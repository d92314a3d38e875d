"""Forward and backward mode side by side: the number in which they meet, and what each of them takes, in a sentence."""

from collections.abc import Sequence

import numpy as np

from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.show.names import Names
from engine.truth.tangents import costs, tangents
from engine.values.values import Value, counted, thousands, value_text

NOISE = 1e-13  # of all that is added: so much rounding may leave


def modes_text(graph: Graph, trace: Trace, start: str) -> str:
    """What forward mode finds from a leaf, and what both modes take; nothing where paths begin elsewhere."""
    end, leaf = trace.plan.target, graph.nodes[start]
    if not leaf.op.holds_value or leaf.value is None or end is None:
        return ""
    tangent, cost, names = tangents(trace, start).of.get(end), costs(graph, trace, start), Names(graph, trace)
    if tangent is None:
        return ""
    met = value_text(_unless_noise(np.sum(tangent) * names.seed, trace.gradient(start)))
    slope = ("the sum over " if leaf.value.ndim else "") + f"∂{names.goal}/∂{leaf.name} = {met}"
    return f"Forward mode from {leaf.name} finds {slope} too, by {_work(1, cost.alone)}." + (
        f" For all {counted(cost.numbers, 'number')} in leaves backward takes {_work(1, cost.backward)},"
        f" forward {_work(cost.numbers, cost.forward)}."
        if cost.numbers > 1
        else f" Backward takes {_work(1, cost.backward)}."
    )


def meeting(graph: Graph, trace: Trace, leaf: str, node: str) -> Sequence[str]:
    """Forward mode from a leaf to a node, and the backward pass from that node to the leaf, in lines: the number that
    each of them finds, after how many products. Nothing where either has none."""
    whole = trace if node == trace.plan.target else _run_to(graph, node)
    moved, pace = trace.value(leaf), tangents(trace, leaf)
    if whole is None or moved is None or whole.plan.target != node or node in pace.missing or node == leaf:
        return ()
    names = Names(graph, whole)
    slope = ("Σ " if moved.ndim else "") + f"∂{names.goal}/∂{names.node(leaf)}"
    if node not in pace.of:
        return (f"{names.node(node)} does not depend on {names.node(leaf)}",)
    cost, back = costs(graph, whole, leaf), whole.gradient(leaf)
    ahead = _unless_noise(np.sum(pace.of[node]) * names.seed, back)
    behind = np.float64(0.0) if back is None else _unless_noise(np.sum(back), back)
    lines = [
        f"{slope}, {names.goal_words}" if names.goal_words else slope,
        f"forward ▸ {value_text(ahead)}, {counted(cost.alone, 'product')}",
        f"◂ backward {value_text(behind)}, {counted(cost.backward, 'product')}",
    ]
    if cost.numbers > 1:
        lines.append(f"all {thousands(cost.numbers)} slopes: ▸ {thousands(cost.forward)}, ◂ {thousands(cost.backward)}")
    return tuple(lines)


def _unless_noise(total: Value, slopes: Value | None) -> Value:
    """A sum of slopes, or 0 where these cancel but for their rounding."""
    return np.float64(0.0) if slopes is not None and abs(total) <= NOISE * np.sum(np.abs(slopes)) else total


def _run_to(graph: Graph, node: str) -> Trace | None:
    """Both passes with another target; None where it cannot be computed."""
    try:
        return run(graph, node)
    except GradloomError:
        return None


def _work(passes: int, products: int) -> str:
    """`4 passes with 19 products`: along each edge that a pass goes, one."""
    return f"{thousands(passes)} {'pass' if passes == 1 else 'passes'} with {counted(products, 'product')}"
