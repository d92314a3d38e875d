"""Edits of edges: whether one may be made, and how it is made, moved, removed, or split by a node."""

from dataclasses import dataclass, replace

from engine.edits.checks import known_node, known_op
from engine.edits.document import set_fact
from engine.edits.nodes import add_node, change_op, delete, id_as, move_nodes, set_setting
from engine.edits.room import make_room
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.members import facts_joined
from engine.graph.records import Edge, EdgeKey, Pos
from engine.values.values import counted


@dataclass(frozen=True)
class Verdict:
    """Whether an edge may be made, and what to tell the user before the mouse button is let go."""

    allowed: bool
    sentence: str = ""
    ids: tuple[str, ...] = ()


def judge(graph: Graph, source: str, dest: str, port: int, output: int = 0, moving: EdgeKey | None = None) -> Verdict:
    """May an edge be made here? `moving` is the edge that is being moved: it counts as gone."""
    if source not in graph.nodes or dest not in graph.nodes:
        return Verdict(False, f"There is no node “{dest if source in graph.nodes else source}”.")
    if not 0 <= port < graph.port_count(dest):
        return Verdict(False, _no_port(graph, dest, port), (dest,))
    if source == dest:
        return Verdict(False, f"{graph.nodes[dest].name} cannot feed itself: that would be a loop.", (dest,))
    if graph.topology.reaches(dest, source):
        loop = graph.topology.path(dest, source)
        return Verdict(False, f"That would close a loop: {_path_text(graph, [*loop, dest])}.", tuple(loop))
    present = graph.edges.get((dest, port))
    if present is None or present.key == moving:
        return Verdict(True)
    if (present.source, present.output) == (source, output):
        return Verdict(True, f"{graph.nodes[source].name} is already connected here.")
    return Verdict(
        True, f"{graph.nodes[present.source].name} is connected here and will be replaced.", (present.source,)
    )


def connect(graph: Graph, source: str, dest: str, port: int, output: int = 0) -> Change:
    """Make an edge from `source` to a port of `dest`; an edge that ends there already is replaced.

    While a graph is being built its target follows its end: see `target_followed`.
    """
    verdict = judge(graph, source, dest, port, output)
    if not verdict.allowed:
        raise EditRefused(verdict.sentence, verdict.ids)
    edge = Edge(source, dest, port, output)
    present = graph.edges.get(edge.key)
    if present == edge:
        return NOTHING
    made = Change(
        edges={edge.key: (present, edge)}, text=f"Connect {graph.nodes[source].name} to {graph.nodes[dest].name}"
    )
    return made.then(replace(target_followed(graph, graph.apply(made), source, dest), text=made.text))


def target_followed(before: Graph, after: Graph, source: str, dest: str) -> Change:
    """The target moves on to the end of the graph when there was none, or when it was the end until now."""
    was_end = before.target == source and not before.out_of(source)
    if before.target is not None and not was_end:
        return NOTHING
    ends = [id for id in (dest, *after.topology.descendants(dest)) if not after.out_of(id)]
    return set_fact(after, "target", ends[0]) if len(ends) == 1 else NOTHING


def disconnect(graph: Graph, key: EdgeKey) -> Change:
    """Take an edge away."""
    if key not in graph.edges:
        raise EditRefused(_no_edge(graph, key))
    return delete(graph, edges=[key])


def reconnect(graph: Graph, key: EdgeKey, source: str, dest: str, port: int, output: int = 0) -> Change:
    """Move an end of an edge to another port, or to another source, in one step."""
    removed = disconnect(graph, key)
    without = graph.apply(removed)
    if dest == key[0] and graph.nodes[dest].op.repeats:
        port = min(port, without.port_count(dest) - 1)  # its ports have closed ranks
    joined = removed.then(connect(without, source, dest, port, output))
    return replace(joined, text="Move edge") if joined else NOTHING


def insert_node(graph: Graph, key: EdgeKey, op: str, pos: Pos) -> Change:
    """Put a new node into an edge: its first port takes the source, its output goes where the edge ended.

    What lies to the right makes room.
    """
    edge = graph.edges.get(key)
    if edge is None or not known_op(op).ports:
        return add_node(graph, op, pos)
    added = add_node(graph, op, pos)
    (id,) = added.nodes
    spliced = added.then(_spliced_in(graph.apply(added), edge, id))
    return replace(spliced.then(_into_group_of(graph.apply(spliced), edge, id)), text=added.text)


def splice(graph: Graph, key: EdgeKey, id: str) -> Change:
    """Put an unconnected node into an edge."""
    edge, node = graph.edges.get(key), known_node(graph, id)
    if edge is None or graph.into(id) or graph.out_of(id) or not node.op.ports:
        return NOTHING
    spliced = _spliced(graph, edge, id)
    grouped = spliced.then(_into_group_of(graph.apply(spliced), edge, id))
    return replace(grouped, text=f"Put {graph.nodes[id].name} into the edge")


def _into_group_of(graph: Graph, edge: Edge, id: str) -> Change:
    """A node that came into an edge is in the innermost group that both ends of that are in."""
    source, dest = graph.grouping.chain(edge.source), graph.grouping.chain(edge.dest)
    common = [one for one, other in zip(source, dest, strict=False) if one == other]
    inside = not common or graph.grouping.home.get(id) == common[-1]
    return NOTHING if inside else Change(facts=facts_joined(graph, common[-1], [id]))


def move_onto(graph: Graph, key: EdgeKey, id: str, pos: Pos) -> Change:
    """Put a node elsewhere, and if it stands free into the edge that runs there: what lies to the right makes room."""
    moved = move_nodes(graph, {id: pos})
    there = graph.apply(moved)
    spliced = splice(there, key, id)
    return moved.then(_with_room(there, graph.edges[key], id, spliced) if spliced else NOTHING)


def leave_out(graph: Graph, key: EdgeKey, becomes: str = "") -> Change:
    """Feed the dest of an edge with what feeds its source, and make it another op if need be.

    The source goes, unless it feeds others.
    """
    edge = graph.edges.get(key)
    if edge is None:
        raise EditRefused(_no_edge(graph, key))
    if not graph.into(edge.source):
        name = graph.nodes[edge.source].name
        raise EditRefused(f"{name} cannot be left out: nothing comes before it.", (edge.source,))
    source, feeding = graph.nodes[edge.source], graph.into(edge.source)[0]
    axis = source.setting("axis")
    change = connect(graph, feeding.source, edge.dest, edge.port, feeding.output)
    if becomes:
        dest = id_as(graph.apply(change), edge.dest, becomes)
        change = change.then(change_op(graph.apply(change), edge.dest, becomes))
        if graph.apply(change).nodes[dest].setting("axis") not in (None, axis):
            change = change.then(set_setting(graph.apply(change), dest, "axis", axis))
    after = graph.apply(change)
    if not after.out_of(source.id) and after.target != source.id:
        change = change.then(delete(after, [source.id]))
    return replace(change, text=f"Remove {source.name}")


def _spliced_in(graph: Graph, edge: Edge, id: str) -> Change:
    return _with_room(graph, edge, id, _spliced(graph, edge, id))


def _with_room(graph: Graph, edge: Edge, id: str, spliced: Change) -> Change:
    return spliced.then(replace(make_room(graph.apply(spliced), edge.source, id, edge.dest), text=spliced.text))


def _spliced(graph: Graph, edge: Edge, id: str) -> Change:
    onwards = connect(graph, id, edge.dest, edge.port)
    return onwards.then(connect(graph.apply(onwards), edge.source, id, 0, edge.output))


def _no_port(graph: Graph, id: str, port: int) -> str:
    node, count = graph.nodes[id], graph.port_count(id)
    if not count:
        return f"{node.name} has no input ports: {node.op.title} is a leaf."
    return f"{node.name} has no port {port + 1}: it has {counted(count, 'input port')}."


def _no_edge(graph: Graph, key: EdgeKey) -> str:
    if key[0] not in graph.nodes:
        return f"There is no node “{key[0]}”."
    node = graph.nodes[key[0]]
    return f"Nothing is connected to port {node.op.port_text(key[1])} of {node.name}."


def _path_text(graph: Graph, path: list[str]) -> str:
    names = [graph.nodes[id].name for id in path]
    return " → ".join(names if len(names) <= 7 else [*names[:3], "…", *names[-3:]])
