"""What the leaves hold before a pass: values that were typed in, and rows that an op reads from elsewhere."""

from collections.abc import Mapping

from engine import ops as _declared  # noqa: F401 - importing it fills the op table
from engine.errors import FileError
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.op import OPS
from engine.values.values import Value

LeafValues = Mapping[str, Value | tuple[Value, ...]]  # by node; a dataset has one value an output

_SUPPLIED = {name for name, op in OPS.items() if op.supply}  # by name: this is asked of every node at every tick


def leaf_values(graph: Graph) -> dict[str, Value | tuple[Value, ...]]:
    """What the leaves hold. Those that hold nothing yet are left out."""
    held: dict[str, Value | tuple[Value, ...]] = {}
    for id, node in graph.nodes.items():
        if node.value is not None:
            held[id] = node.value
        elif node.op_name in _SUPPLIED and not isinstance(rows := _read(node), FileError):
            held[id] = rows
    return held


def why_unreadable(node: Node) -> str:
    """Why what a leaf holds cannot be had from where it comes from; empty if it can."""
    found = _read(node) if node.op_name in _SUPPLIED else None
    return str(found) if isinstance(found, FileError) else ""


def unreadable_kind(node: Node) -> str:
    """What kind of refusal that is, for who says what to do about it."""
    found = _read(node) if node.op_name in _SUPPLIED else None
    return found.kind if isinstance(found, FileError) else ""


def _read(node: Node) -> tuple[Value, ...] | FileError:
    supply = node.op.supply
    assert supply is not None
    try:
        return supply(node.chosen)
    except FileError as error:
        return error
