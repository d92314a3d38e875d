"""Parts of a graph that one would select at a stroke: what feeds nodes, what they feed, the paths between them.

S        the nodes that are chosen
up(S)    S and everything that feeds one of S;  down(S): S and everything that one of S feeds
between  up(S) ∩ down(S): what stands on a path from one of S to one of S
"""

from collections.abc import Callable, Iterable

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey


def upstream(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """Nodes, and everything that feeds one of them, directly or not."""
    return _reached(graph, ids, lambda id: (edge.source for edge in graph.into(id)))


def downstream(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """Nodes, and everything that one of them feeds, directly or not."""
    return _reached(graph, ids, lambda id: (edge.dest for edge in graph.out_of(id)))


def between(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """Nodes, and all that stands on a path from one of them to another."""
    chosen = frozenset(ids)
    return upstream(graph, chosen) & downstream(graph, chosen)


def of_same_op(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """All nodes that are of the op of one of these."""
    ops = {graph.nodes[id].op_name for id in ids if id in graph.nodes}
    return frozenset(id for id, node in graph.nodes.items() if node.op_name in ops)


def edges_within(graph: Graph, ids: Iterable[str]) -> frozenset[EdgeKey]:
    """The edges both of whose ends are at these nodes."""
    chosen = frozenset(ids)
    return frozenset(key for key, edge in graph.edges.items() if edge.source in chosen and edge.dest in chosen)


def _reached(graph: Graph, ids: Iterable[str], following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """These nodes, and all that one comes to from them. A name that the graph has not is left out."""
    found = {id for id in ids if id in graph.nodes}
    new = list(found)
    while new:
        fresh = set(following(new.pop())) - found
        found |= fresh
        new.extend(fresh)
    return frozenset(found)
