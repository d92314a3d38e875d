"""Forward and backward mode side by side: the number in which they meet, and what each of them takes, in a sentence."""

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.names import Names
from engine.truth.tangents import costs, tangents
from engine.values.values import counted, thousands, value_text


def modes_text(graph: Graph, trace: Trace, start: str) -> str:
    """What forward mode finds from a leaf, and what both modes take; nothing where paths begin elsewhere."""
    end, leaf = trace.plan.target, graph.nodes[start]
    if not leaf.op.holds_value or leaf.value is None or end is None:
        return ""
    tangent, cost, names = tangents(trace, start).of.get(end), costs(graph, trace, start), Names(graph, trace)
    if tangent is None:
        return ""
    met = value_text(np.sum(tangent) * names.seed)
    slope = ("the sum over " if leaf.value.ndim else "") + f"∂{names.goal}/∂{leaf.name} = {met}"
    return (
        f"Forward mode from {leaf.name} finds {slope} too, by {_work(1, cost.alone)}."
        f" For all {counted(cost.numbers, 'number')} in leaves backward takes {_work(1, cost.backward)},"
        f" forward {_work(cost.numbers, cost.forward)}."
    )


def brief_modes(graph: Graph, trace: Trace, start: str) -> str:
    """The same on one line, without the number in which they meet."""
    end, leaf = trace.plan.target, graph.nodes[start]
    if end is None or leaf.value is None or end not in tangents(trace, start).of:
        return ""
    cost, goal = costs(graph, trace, start), Names(graph, trace).goal
    slope = ("the sum over " if leaf.value.ndim else "") + f"∂{goal}/∂{leaf.name}"
    all_of = (
        f", all {thousands(cost.numbers)} slopes with {thousands(cost.forward)} in {thousands(cost.numbers)} passes"
    )
    more = all_of if cost.numbers > 1 else ""
    back = thousands(cost.backward)
    return f"Forward finds {slope} with {counted(cost.alone, 'product')}{more}; backward with {back} in one."


def _work(passes: int, products: int) -> str:
    """`4 passes with 19 products`: along each edge that a pass goes, one."""
    return f"{thousands(passes)} {'pass' if passes == 1 else 'passes'} with {counted(products, 'product')}"
