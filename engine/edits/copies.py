"""Edits that copy: the part of a graph that a copy takes, what is pasted in, and duplicates.

incoming  the edges that came into what was copied from outside it: a copy may keep them, where their sources are
"""

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeVar

from engine.edits.checks import as_float, checked_pos, known_node
from engine.edits.document import set_fact
from engine.edits.nodes import delete
from engine.edits.regions import carried_by
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.grouping import Group
from engine.graph.members import facts_brought
from engine.graph.names import free_ids
from engine.graph.records import Edge, Node, Pos
from engine.graph.sound import MOST_PORTS
from engine.ops.op import Op

_Box = TypeVar("_Box")


def cut_out(
    graph: Graph, ids: Iterable[str], regions: Iterable[str] | None = None, notes: Iterable[str] | None = None
) -> Graph:
    """The part of a graph that a copy takes: the nodes, and the edges between them. Repeating ports close ranks.

    Groups come along that lie in it whole. So do regions and notes: those that are said, or else those that the nodes
    are all round, see `boxes_among`.
    """
    wanted = set(ids)
    rest = [id for id in graph.nodes if id not in wanted]
    among = boxes_among(graph, wanted)
    kept = {
        "groups": _whole_groups(graph, wanted),
        "regions": _chosen(graph.regions, among[0] if regions is None else regions),
        "notes": _chosen(graph.notes, among[1] if notes is None else notes),
    }
    part = graph.apply(delete(graph, rest)) if rest else graph
    facts = {name: fact for name, fact in part.facts.items() if name not in kept}
    return replace(part, facts=facts | {name: table for name, table in kept.items() if table})


def boxes_among(graph: Graph, ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions all of whose nodes are among some, two or more; and the notes in these. Of all nodes: all of them."""
    chosen = set(ids)
    if chosen and len(chosen) == len(graph.nodes):
        return tuple(graph.regions), tuple(graph.notes)
    if not graph.regions or len(chosen) < 2:
        return (), ()
    regions = [id for id in graph.regions if len(held := _in_region(graph, id)) >= 2 and held <= chosen]
    inner = dict.fromkeys(note for id in regions for note in carried_by(graph, id).notes)
    return tuple(regions), tuple(inner)


def _in_region(graph: Graph, id: str) -> set[str]:
    nodes, groups, _, _ = carried_by(graph, id)
    return set(nodes).union(*(graph.grouping.within(group) for group in groups))


def _whole_groups(graph: Graph, wanted: Set[str]) -> tuple[Group, ...]:
    whole = {id for id in graph.groups if graph.grouping.within(id) <= wanted}
    table = (graph.groups[id] for id in graph.groups if id in whole)
    return tuple(group if group.parent in whole else replace(group, parent=None) for group in table)


def _chosen(table: Mapping[str, _Box], ids: Iterable[str]) -> tuple[_Box, ...]:
    chosen = set(ids)
    return tuple(box for id, box in table.items() if id in chosen)


def incoming_edges(graph: Graph, ids: Iterable[str]) -> list[Edge]:
    """The edges that come into some nodes from all others."""
    wanted = set(ids)
    return [edge for edge in graph.ordered_edges() if edge.dest in wanted and edge.source not in wanted]


def paste(
    graph: Graph,
    fragment: Graph,
    offset: Pos,
    text: str = "Paste",
    incoming: Iterable[Edge] = (),
    homes: Mapping[str, str] | None = None,
) -> Change:
    """Add the nodes and edges of another graph, moved by `offset`, renamed where an id is taken; and its boxes: groups,
    regions and notes.

    Into an empty graph its target and seed come too. `incoming`: edges from nodes of this graph into its nodes;
    one whose source, output or port is not there is left out. `homes`: the groups of this graph that its nodes go into.
    """
    names = free_ids(graph, fragment.nodes)
    rank = graph.next_rank
    nodes: dict[str, tuple[Node | None, Node | None]] = {}
    for i, node in enumerate(fragment.nodes.values()):
        pos = (node.pos[0] + as_float(offset[0]), node.pos[1] + as_float(offset[1]))
        nodes[names[node.id]] = (None, replace(node, id=names[node.id], pos=checked_pos(pos), rank=rank + i))
    edges = [*fragment.edges.values(), *_fitting(graph, fragment, incoming)]
    moved = [
        replace(edge, source=names.get(edge.source, edge.source), dest=names[edge.dest])
        for edge in _plugged(fragment, edges, graph.nodes.keys() | names.keys())
    ]
    target = fragment.target and names[fragment.target]
    by = checked_pos(offset)
    facts = facts_brought(graph, fragment, names, by, homes)
    pasted = Change(nodes, {edge.key: (None, edge) for edge in moved}, facts, text)
    if not target or graph.target is not None or graph.nodes:
        return pasted
    aimed = set_fact(graph, "target", target).then(set_fact(graph, "seed", fragment.seed))
    return replace(pasted, facts=facts | dict(aimed.facts))


def duplicate(
    graph: Graph,
    ids: Iterable[str],
    offset: Pos,
    connected: bool = True,
    regions: Iterable[str] | None = None,
    notes: Iterable[str] | None = None,
) -> Change:
    """Copies of nodes, moved by `offset`, with the edges between them, and if `connected` with those from outside.

    Regions and notes as `cut_out` says. A copy is in the group that its original is in, or in a copy of that group.
    """
    chosen = list(dict.fromkeys(ids))
    for id in chosen:
        known_node(graph, id)
    incoming = incoming_edges(graph, chosen) if connected else ()
    copied = cut_out(graph, chosen, regions, notes)
    seen = {name: fact for name, fact in copied.facts.items() if name in _COPIED}
    homes = {id: group for id in chosen if (group := _home_of_copy(graph, copied, id)) is not None}
    return paste(graph, replace(copied, facts=seen), offset, "Duplicate", incoming, homes)


_COPIED = {"view", "groups", "regions", "notes"}  # the sliders are in the view


def _home_of_copy(graph: Graph, copied: Graph, id: str) -> str | None:
    """The innermost group of a node that is not copied itself."""
    whole = set(copied.groups)
    return next((group for group in reversed(graph.grouping.chain(id)) if group not in whole), None)


def _fitting(graph: Graph, fragment: Graph, incoming: Iterable[Edge]) -> list[Edge]:
    """The incoming edges that end at a port that there is: a clipboard may hold anything."""
    return [
        edge
        for edge in sorted(incoming, key=lambda edge: edge.port)
        if edge.dest in fragment.nodes
        and edge.source not in fragment.nodes
        and _has_port(fragment.nodes[edge.dest].op, edge.port)
        and (edge.source not in graph.nodes or 0 <= edge.output < graph.output_count(edge.source))
    ]


def _has_port(op: Op, port: int) -> bool:
    return 0 <= port < (len(op.ports) if op.known and not op.repeats else MOST_PORTS)


def _plugged(fragment: Graph, edges: Iterable[Edge], there: Container[str]) -> list[Edge]:
    """Edges, those of the fragment first, each at a port of its own, as far as their sources are there.

    Where ports repeat, one that was between two others comes between them again; elsewhere one whose port is taken
    is left out.
    """
    into: dict[str, list[Edge]] = {}
    for edge in edges:
        into.setdefault(edge.dest, []).append(edge)
    return [edge for dest, found in into.items() for edge in _ranked(fragment.nodes[dest].op, found, there)]


def _ranked(op: Op, edges: Sequence[Edge], there: Container[str]) -> list[Edge]:
    at: dict[int, Edge] = {}
    for edge in edges:
        if op.repeats and edge.port in at:
            at = {port + (port >= edge.port): other for port, other in at.items()}
        at.setdefault(edge.port, edge)
    kept = [(port, at[port]) for port in sorted(at) if at[port].source in there]
    if op.repeats and kept and kept[-1][0] >= max(op.fewest, len(kept)):
        kept = [(port, edge) for port, (_, edge) in enumerate(kept)]
    return [replace(edge, port=port) for port, edge in kept]
