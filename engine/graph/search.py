"""Finding nodes by what one remembers of them: their names, what they compute, a value that was typed.

rank   how well a node fits: 0 it is called so, 1 its name begins so, 2 its name has it, 3 its op is called so,
       4 its op's name has it, or its value begins so
"""

from collections.abc import Iterator

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import MINUS, exact_text


def find_nodes(graph: Graph, wanted: str) -> list[str]:
    """The nodes that fit what is wanted, the best first, those that fit alike in the order in which they compute.

    Upper case and lower case are alike; nothing fits a text without a letter, digit or sign.
    """
    text = _plain(wanted)
    if not text:
        return []
    ranks = {id: rank for id, node in graph.nodes.items() if (rank := _rank(node, text)) is not None}
    order = {id: place for place, id in enumerate(graph.order)} if ranks else {}
    return sorted(ranks, key=lambda id: (ranks[id], order.get(id, len(order))))


def _rank(node: Node, wanted: str) -> int | None:
    return min(_ranks(node, wanted), default=None)


def _ranks(node: Node, wanted: str) -> Iterator[int]:
    """Every way in which a node fits."""
    for name in {_plain(node.name), node.id.casefold()}:
        if wanted in name:
            yield 0 if name == wanted else 1 if name.startswith(wanted) else 2
    for called in {_plain(node.op.title), node.op_name.casefold(), _plain(node.op.symbol)}:
        if wanted in called:
            yield 3 if called == wanted else 4
    if node.value is not None and node.value.ndim == 0 and _plain(exact_text(float(node.value))).startswith(wanted):
        yield 4


def _plain(text: str) -> str:
    """A text as it is compared: one space for many, no capitals, and the minus that a keyboard has."""
    return " ".join(text.split()).casefold().replace(MINUS, "-")
