"""A target that nothing can move: it depends on constants only, so there is no gradient to ask for."""

from collections.abc import Iterator

from engine.edits.nodes import make_inputs
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.truth.problem import Fix, Problem

MOST_NAMED = 3
_EXPONENT = ("pow", 1)  # an edge into this port brings a number that one rarely asks about


def unmoved_target(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """A target that no input and no parameter reaches; the fix makes its constants inputs."""
    target = trace.plan.target
    if target is None or target not in trace.plan.constant:
        return
    name, feeding = graph.nodes[target].name, graph.topology.ancestors(target) | {target}
    constants = [id for id in graph.nodes if id in feeding and graph.nodes[id].op.holds_value]
    asked = [id for id in constants if not _is_exponent(graph, id)] or constants
    if not asked:
        sentence = f"{name} depends on data only, so there is no gradient to ask for."
        yield Problem("unmoved", "warning", sentence, (target,), "Put a parameter between the data and the target.")
        return
    what = "is a constant" if asked == [target] else "depends on constants only"
    sentence = f"{name} {what}, so there is no gradient to ask for."
    remedy = "Make an input of what should be able to move, or a parameter of what should learn."
    yield Problem("unmoved", "warning", sentence, tuple(dict.fromkeys((target, *asked))), remedy, _fix(graph, asked))


def _fix(graph: Graph, ids: list[str]) -> Fix:
    names = [graph.nodes[id].name for id in ids]
    if len(ids) == 1:
        text = f"Make {names[0]} an input"
    elif len(ids) <= MOST_NAMED:
        text = f"Make {', '.join(names[:-1])} and {names[-1]} inputs"
    else:
        text = f"Make its {len(ids)} constants inputs"
    return Fix(text, lambda g: make_inputs(g, ids))


def _is_exponent(graph: Graph, id: str) -> bool:
    """Whether a constant is nothing but an exponent: 2 in x²."""
    ends = [(graph.nodes[edge.dest].op_name, edge.port) for edge in graph.out_of(id)]
    return bool(ends) and all(end == _EXPONENT for end in ends)
