"""Edits that rewire: another op in the place of a node, a node taken out of a chain, inputs that change places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.edits.checks import called, checked_value, known_node, known_op
from engine.edits.document import set_fact
from engine.edits.edges import Verdict, judge, target_followed
from engine.edits.nodes import delete, id_as, rename
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change, difference
from engine.graph.graph import Graph
from engine.graph.names import NEW_LEAF_VALUE
from engine.graph.records import Edge, EdgeKey
from engine.ops.op import Op

# --- another op in the place of a node


def replace_node(graph: Graph, id: str, op: str) -> Change:
    """Make a node any other op: its place stays, and its edges as far as that op has ports for them.

    So does its name, unless that was only the name of the op: a Subtract called add would be a lie.
    """
    node, kind = known_node(graph, id), known_op(op)
    if node.op_name == op:
        return NOTHING
    held = node.value if node.op.holds_value and node.value is not None else checked_value(NEW_LEAF_VALUE)
    made = replace(node, op_name=op, settings=(), raw=None, value=held if kind.holds_value else None)
    cut = delete(graph, edges=[edge.key for edge in graph.out_of(id) if edge.output >= len(kind.outputs)])
    kept = {port: replace(edge, port=port) for port, edge in _refitted(graph, id, kind).items()}
    fed = difference({edge.key: edge for edge in graph.into(id)}, {edge.key: edge for edge in kept.values()})
    change = Change({id: (node, made)}, {**cut.edges, **fed}, text=f"Make {node.name} {kind.title}")
    named = rename(graph.apply(change), id, id_as(graph, id, op))
    return replace(change.then(named), text=change.text)


def lost_edges(graph: Graph, id: str, op: str) -> list[Edge]:
    """The edges that a node would lose if it became another op: those for which that has no port."""
    kind = known_op(op)
    kept = set(_refitted(graph, id, kind).values())
    fed = [edge for edge in graph.into(id) if edge not in kept]
    return [*fed, *(edge for edge in graph.out_of(id) if edge.output >= len(kind.outputs))]


def _refitted(graph: Graph, id: str, kind: Op) -> dict[int, Edge]:
    """The edges into a node by the port that each has at another op: its own if there is one, else the first free."""
    edges = graph.into(id)
    count = max(kind.fewest, len(edges)) if kind.repeats else kind.fewest
    placed = {edge.port: edge for edge in edges if edge.port < count}
    free = (port for port in range(count) if port not in placed)
    return placed | dict(zip(free, (edge for edge in edges if edge.port >= count), strict=False))


# --- out of a chain


def delete_and_join(graph: Graph, ids: Iterable[str]) -> Change:
    """Take nodes away, and let what fed them feed what they fed: each through its first input that leads outside.

    What nothing feeds is only deleted. A target that goes is followed by what fed it.
    """
    gone = dict.fromkeys(ids)
    for id in gone:
        known_node(graph, id)
    feeds = _feeds(graph, gone)
    leaving = [edge for id in gone for edge in graph.out_of(id) if edge.dest not in gone and id in feeds]
    joined = Change(edges={edge.key: (edge, _fed_by(edge, feeds[edge.source])) for edge in leaving})
    change = joined.then(delete(graph.apply(joined), gone))
    after, heir = graph.apply(change), feeds.get(graph.target or "")
    if heir is not None and len(graph.nodes[heir[0]].op.outputs) == 1:
        change = change.then(set_fact(after, "target", heir[0]))
    return replace(change, text=f"Delete {called(graph, gone)} and join") if gone else NOTHING


def _feeds(graph: Graph, gone: Mapping[str, object]) -> dict[str, tuple[str, int]]:
    """For nodes that go: the source outside, and its output, that comes first along their inputs."""
    found: dict[str, tuple[str, int]] = {}
    for id in (id for id in graph.order if id in gone):
        for edge in graph.into(id):
            feed = found.get(edge.source) if edge.source in gone else (edge.source, edge.output)
            if feed is not None:
                found[id] = feed
                break
    return found


def _fed_by(edge: Edge, feed: tuple[str, int]) -> Edge:
    return replace(edge, source=feed[0], output=feed[1])


# --- inputs that change places


def swap_inputs(graph: Graph, id: str, one: int = 0, other: int = 1) -> Change:
    """Let what comes in at two ports of a node change places; an open port takes what the other one has."""
    node, edges = known_node(graph, id), graph.into(id)
    ports = max(node.op.fewest, len(edges))
    if one == other or not all(0 <= port < ports for port in (one, other)):
        raise EditRefused(f"{node.name} has no two inputs there to change places.", (id,))
    turned = {one: other, other: one}
    moved = [replace(edge, port=turned.get(edge.port, edge.port)) for edge in edges]
    diff = difference({edge.key: edge for edge in edges}, {edge.key: edge for edge in moved})
    return Change(edges=diff, text=f"Swap the inputs of {node.name}") if diff else NOTHING


@dataclass(frozen=True)
class Exchange:
    """What becomes of two edges: the one that is dropped on a port, and the one that ends there and goes to `home`."""

    dropped: Edge
    displaced: Edge
    home: EdgeKey


def exchange(graph: Graph, source: str, dest: str, port: int, output: int = 0, moving: EdgeKey | None = None) -> Change:
    """Make an edge to a port, or move one there; an edge that ends there already goes where that one came from.

    A new edge comes from where its source feeds the same node already, or else the other one goes to a free port.
    """
    verdict = judge_exchange(graph, source, dest, port, output, moving)
    if not verdict.allowed:
        raise EditRefused(verdict.sentence, verdict.ids)
    swap = find_exchange(graph, source, dest, port, output, moving)
    if swap is None:
        raise EditRefused("No edge ends there to change places with.", (dest,))
    (to, at), there = swap.home, swap.displaced
    edges = {
        swap.dropped.key: (there, swap.dropped),
        swap.home: (graph.edges.get(swap.home), replace(there, dest=to, port=at)),
    }
    names = " and ".join(dict.fromkeys(graph.nodes[id].name for id in (source, there.source)))
    made = Change(edges=edges, text=f"Let {names} change places")
    return made.then(replace(target_followed(graph, graph.apply(made), source, dest), text=made.text))


def judge_exchange(
    graph: Graph, source: str, dest: str, port: int, output: int = 0, moving: EdgeKey | None = None
) -> Verdict:
    """May two edges change places here? Where no edge ends at the port, an edge may just be made."""
    if moving is not None and moving not in graph.edges:
        return Verdict(False, "The edge that is to be moved is not there any more.")
    plain = judge(graph, source, dest, port, output, moving)
    present = graph.edges.get((dest, port))
    if not plain.allowed or present is None or present.key == moving or _feed(present) == (source, output):
        return plain
    names, swap = graph.nodes, find_exchange(graph, source, dest, port, output, moving)
    old = names[present.source].name
    if swap is None:
        return Verdict(False, f"{names[dest].name} has no other port for {old}: let go of Alt to replace it.", (dest,))
    to, at = swap.home
    if graph.topology.reaches(to, present.source):
        return Verdict(False, f"{old} cannot take the other place: {names[to].name} feeds it.", (to, present.source))
    if swap.home in graph.edges:
        return Verdict(True, f"{names[source].name} and {old} change places.", (present.source,))
    return Verdict(True, f"{old} moves on to port {names[to].op.port_name(at)} of {names[to].name}.", (present.source,))


def find_exchange(
    graph: Graph, source: str, dest: str, port: int, output: int, moving: EdgeKey | None
) -> Exchange | None:
    """What would become of two edges. None: there is nothing to change places with, or nowhere for it to go."""
    present = graph.edges.get((dest, port))
    if present is None or present.key == moving or _feed(present) == (source, output):
        return None
    feeding = (edge.key for edge in graph.into(dest) if _feed(edge) == (source, output))
    taken = {edge.port for edge in graph.into(dest)}
    free = ((dest, other) for other in range(graph.port_count(dest)) if other not in taken)
    home = moving or next(feeding, None) or next(free, None)
    return Exchange(Edge(source, dest, port, output), present, home) if home is not None else None


def _feed(edge: Edge) -> tuple[str, int]:
    return edge.source, edge.output
