"""What is said where there is no number: no step to speak of, no gradient at a node."""

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.wording import Wording, worded
from engine.truth.problem import Problem

HELD_BACK = "It is hidden while you answer."
EMPTY = "The graph is empty: add a node to begin."


def no_step_sentence(graph: Graph, trace: Trace, problems: list[Problem]) -> str:
    """Why the passes have no step that could be spoken of now, or that none has been taken."""
    if trace.steps:
        return "Nothing has been computed yet."
    if not graph.nodes:
        return EMPTY
    return problems[0].sentence if problems else "There is nothing to compute."


def no_gradient_sentence(graph: Graph, trace: Trace, id: str, wording: Wording = "gradient") -> str:
    """Why no gradient flows to a node, as one sentence; empty where one does."""
    return worded(_no_gradient(graph, trace, id), wording)


def _no_gradient(graph: Graph, trace: Trace, id: str) -> str:
    node, target = graph.nodes[id], graph.nodes.get(graph.target or "")
    if id in trace.plan.constant:
        return _constant_sentence(node.name, node.op.is_leaf, bool(node.op.supply))
    if trace.is_part and trace.gradient(id) is None:
        return HELD_BACK
    if trace.gradient(id) is not None and not trace.detached(id):
        return ""
    if target is None and trace.plan.target is None:
        return "No target is chosen, so no gradient flows."
    blocker = what_blocks(graph, trace, target.id) if target is not None else ""
    blocker = blocker and (what_blocks(graph, trace, id) or blocker)  # its own reason comes before another node's
    if blocker:
        return f"{graph.nodes[blocker].name} cannot be computed yet, so no gradient flows."
    zero = "its gradient is 0" if trace.gradient(id) is not None else "no gradient flows back to it"
    goal = f"the target {target.name}" if target is not None else "the target, which is not shown here"
    return f"{node.name} does not reach {goal}: {zero}."


def what_blocks(graph: Graph, trace: Trace, id: str) -> str:
    """The node that keeps `id` from being computed: itself, or the first before it that is unfinished or misfits."""
    if trace.value(id) is not None:
        return ""
    before = graph.topology.ancestors(id) | {id}
    stuck = [cause for cause in (*trace.plan.unready, *trace.failures) if cause in before]
    return next(iter(stuck), id)


def _constant_sentence(name: str, is_leaf: bool, is_data: bool) -> str:
    if is_data:
        return f"{name} holds data, which gets no gradient."
    if is_leaf:
        return f"{name} is a constant, so it gets no gradient."
    return f"{name} depends on constants only, so it gets no gradient."
