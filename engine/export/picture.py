"""What the exports to drawing languages say about a node and an edge."""

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
