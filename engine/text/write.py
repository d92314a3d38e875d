"""Graph → text: the program that `engine.text.read` reads back to the same graph, a node a line.

A number that is given to a name is an input, `x = 3.0`; other leaves say what they are: `parameter(2.0)`.
"""

import keyword
import math

from engine.errors import TextError
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.text.grammar import SIGNS, label_word
from engine.text.grouped import group_lines
from engine.values.memory import refuse_long_text


def unparse(graph: Graph) -> str:
    """The program of a graph, a node a line: reading it gives the same graph, but for where the nodes stand.

    An id that Python keeps for itself (`lambda`) gets a `_`. Raises TextError, with the id, for what is unfinished.
    """
    names = _python_names(graph)
    order = _order(graph)
    lines = [f"# {printable(line)}" for line in graph.title.splitlines()]
    lines += [f"{names[id]} = {_right_side(graph, graph.nodes[id], names)}" for id in order]
    if graph.target is None:
        lines.append("None")
    elif graph.target != _last_computed(graph, order):
        lines.append(names[graph.target])
    if graph.target is not None and graph.seed != 1:
        lines.append(f"{names[graph.target]}.backward({graph.seed!r})")
    return "\n".join([*lines, *group_lines(graph, names)]) + "\n"


def printable(text: str) -> str:
    """A text on one line, with nothing in it that cannot be seen, or that could end a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _order(graph: Graph) -> tuple[str, ...]:
    """As the nodes were made, if that names everything before it is used."""
    made = {id: i for i, id in enumerate(graph.nodes)}
    in_order = all(made[edge.source] < made[edge.dest] for edge in graph.edges.values())
    return tuple(made) if in_order else graph.order


def _last_computed(graph: Graph, order: tuple[str, ...]) -> str:
    """What the reader takes as the target: what is computed last, or where there is nothing of that, the last leaf."""
    computed = [id for id in order if not graph.nodes[id].op.is_leaf]
    return (computed or order)[-1]


def _python_names(graph: Graph) -> dict[str, str]:
    names: dict[str, str] = {}
    for id in graph.nodes:
        name = id
        while keyword.iskeyword(name) or name == "__debug__" or (name != id and name in graph.nodes):
            name += "_"
        names[id] = name
    return names


def _right_side(graph: Graph, node: Node, names: dict[str, str]) -> str:
    if not node.op.known or next(graph.open_ports(node.id), None) is not None:
        raise TextError(f"“{node.name}” is not finished, or unknown: it cannot be written as text", (node.id,))
    labels = {label_word(node.op): node.label} if node.label else {}
    extras = [f"{key}={value!r}" for key, value in (labels | dict(node.settings)).items()]
    if node.op.is_leaf:
        return _leaf_text(node, extras)
    inputs = [_operand_text(graph, edge, names) for edge in graph.into(node.id)]
    if not extras and len(inputs) == 2 and node.op_name in SIGNS:
        return f"{inputs[0]} {SIGNS[node.op_name]} {inputs[1]}"
    if not extras and node.op_name == "neg":
        return f"-{inputs[0]}"
    return f"{node.op_name}({', '.join([*inputs, *extras])})"


def _operand_text(graph: Graph, edge: Edge, names: dict[str, str]) -> str:
    outputs = graph.nodes[edge.source].op.outputs
    return names[edge.source] + (f".{outputs[edge.output]}" if len(outputs) > 1 else "")


def _leaf_text(node: Node, extras: list[str]) -> str:
    if node.value is None:
        return f"{node.op_name}({', '.join(extras)})"
    refuse_long_text(node.value.size)
    value = repr(node.value.tolist())
    is_plain = node.op_name == "input" and not extras and not node.value.ndim and math.isfinite(node.value)
    return value if is_plain else f"{node.op_name}({', '.join([value, *extras])})"
