"""The proof of a save, before it replaces anything: what is about to be written opens again, as the same graph."""

import re
from collections.abc import Iterator

from engine.errors import FileError
from engine.files.codec import decode, encode, to_record
from engine.graph.change import difference
from engine.graph.graph import FACTS, Graph
from engine.graph.records import Node
from engine.values.json_text import dump, json_ready

_UNWRITABLE = (ValueError, TypeError, OverflowError, RecursionError, AttributeError)  # what a writer of JSON raises


def proven(graph: Graph) -> bytes:
    """The bytes of a file that holds `graph`, decoded once to see that they do.

    Raises FileError, of the kind “unsaveable”, that names the node or the fact for which they do not.
    """
    try:
        data = encode(graph).encode("utf-8")
    except FileError as error:  # it has a flaw
        raise _refusal(_places(error, graph), error.sentence) from error
    except _UNWRITABLE as error:
        raise _refusal(_unwritable(graph), f"no file can hold it ({type(error).__name__})") from error
    try:
        again = decode(data)
    except FileError as error:
        raise _refusal(_places(error, graph), error.sentence) from error
    lost = next(_unlike(graph, again), None)
    if lost is not None:
        raise _refusal(lost, "it would come back as something else")
    return data


def _refusal(what: tuple[str, tuple[str, ...]], why: str) -> FileError:
    words, ids = what
    return FileError(f"{words} cannot be saved: {why}", ids, kind="unsaveable")


# --- what it is about, in words and as the ids of nodes


def _unwritable(graph: Graph) -> tuple[str, tuple[str, ...]]:
    """The first node or fact that cannot be written by itself."""
    for node in graph.nodes.values():
        if not _writes(Graph({node.id: node})):
            return _called(node)
    for name, fact in graph.facts.items():
        if not _writes(Graph(graph.nodes, {}, {name: fact})):
            return f"the {name} of this document", ()
    return "this graph", ()


def _writes(part: Graph) -> bool:
    try:
        encode(part).encode("utf-8")
    except _UNWRITABLE:
        return False
    return True


def _places(error: FileError, graph: Graph) -> tuple[str, tuple[str, ...]]:
    """What in the graph the place inside a file stands for."""
    ids = tuple(id for id in error.ids if id in graph.nodes)
    if place := re.match(r"\$\.(nodes|edges)\[(\d+)\]", error.where):
        number = int(place[2])
        ids = ids or ((*graph.nodes,)[number : number + 1] if place[1] == "nodes" else _ends(graph, number))
    elif fact := re.match(r"\$\.(\w+)", error.where):
        return f"the {fact[1]} of this document", ids
    return _called(graph.nodes[ids[0]]) if ids else ("this graph", ())


def _ends(graph: Graph, number: int) -> tuple[str, ...]:
    return tuple(edge.dest for edge in graph.ordered_edges()[number : number + 1] if edge.dest in graph.nodes)


def _called(node: Node) -> tuple[str, tuple[str, ...]]:
    label = node.label.encode("utf-8", "replace").decode("utf-8")
    name = f"“{label}” ({node.id})" if label and label != node.id else f"“{node.id}”"
    return f"node {name}", (node.id,)


# --- whether they are alike


def _unlike(graph: Graph, again: Graph) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is not the same in two graphs, one thing after another."""
    if list(graph.nodes) != list(again.nodes):
        yield "the order of the nodes", ()
    for node in graph.nodes.values():
        other = again.nodes.get(node.id)
        if other is None or not (_plainly_same(node, other) or _row(node) == _row(other)):
            yield _called(node)
    if graph.edges != again.edges:
        yield from (_called(graph.nodes[dest]) for dest, _ in difference(graph.edges, again.edges))
    for name in FACTS:
        if not _same(graph.fact(name), again.fact(name)):
            yield f"the {name} of this document", ()


def _plainly_same(node: Node, other: Node) -> bool:
    """What most nodes are, seen without a look at their bits: there are thousands at each save."""
    if node.settings or node.raw:
        return node == other
    mine = (node.op_name, node.label, node.pos, node.value_key)
    return mine == (other.op_name, other.label, other.pos, other.value_key) and not (other.settings or other.raw)


def _row(node: Node) -> str:
    """A node as it stands in a file, where one nan is like another."""
    return dump(to_record(Graph({node.id: node}))["nodes"])


def _same(fact: object, other: object) -> bool:
    return fact == other or dump(json_ready(fact)) == dump(json_ready(other))
