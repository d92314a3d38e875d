"""What the exports to drawing languages say about a node and an edge."""

from collections.abc import Callable, Iterator

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.trace import Trace
from engine.text.write import printable
from engine.values.values import value_text


def node_lines(node: Node, trace: Trace) -> list[str]:
    """A node in up to three lines: its name and op, its value, its gradient."""
    op = "" if node.op.is_leaf else f"  {node.op.symbol}"
    lines = [f"{printable(node.name)}{op}"]
    values = (trace.value(node.id, output) for output in range(len(node.op.outputs)))
    shown = " · ".join(value_text(value) for value in values if value is not None)
    lines += [shown] if shown else []
    gradient = trace.gradient(node.id)
    return lines if gradient is None else [*lines, f"∂ {value_text(gradient)}"]


def edge_text(edge: Edge, trace: Trace) -> str:
    """The contribution that an edge carries back, or nothing."""
    step = trace.contribution(edge.key)
    return "" if step is None else f"∂ {value_text(step.contribution)}"


def kind_of(node: Node, trace: Trace) -> str:
    """How a node is drawn: as the target, a leaf's kind, or an op."""
    if node.id == trace.plan.target:
        return "target"
    return node.op_name if node.op_name in ("input", "parameter", "constant") else "leaf" if node.op.is_leaf else "op"


def boxed_lines(
    graph: Graph, say: Callable[[Node], str], begin: Callable[[str, str], str], end: str, group: str | None = None
) -> Iterator[str]:
    """A line for each node, and round those of a group what begins it, with its id and title, and what ends it."""
    home, inset = graph.grouping.home, "  " * (1 + len(graph.grouping.chain_of(group)))
    direct = graph.nodes if group is None else graph.groups[group].nodes
    yield from (f"{inset}{say(graph.nodes[id])}" for id in direct if home.get(id) == group)
    for inner in graph.grouping.children.get(group, ()):
        yield f"{inset}{begin(inner, printable(graph.groups[inner].name))}"
        yield from boxed_lines(graph, say, begin, end, inner)
        yield f"{inset}{end}"
