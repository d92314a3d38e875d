"""Edits that copy: the part of a graph that a copy takes, what is pasted in, and duplicates.

incoming  the edges that came into what was copied from outside it: a copy may keep them, where their sources are
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from engine.edits.checks import as_float, checked_pos, known_node
from engine.edits.document import set_fact
from engine.edits.nodes import delete
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.names import free_ids
from engine.graph.records import Edge, Node, Pos
from engine.graph.sliders import brought_sliders
from engine.graph.sound import MOST_PORTS
from engine.ops.op import Op


def cut_out(graph: Graph, ids: Iterable[str]) -> Graph:
    """The part of a graph that a copy takes: the nodes, and the edges between them. Repeating ports close ranks."""
    wanted = set(ids)
    rest = [id for id in graph.nodes if id not in wanted]
    return graph.apply(delete(graph, rest)) if rest else graph


def incoming_edges(graph: Graph, ids: Iterable[str]) -> list[Edge]:
    """The edges that come into some nodes from all others."""
    wanted = set(ids)
    return [edge for edge in graph.ordered_edges() if edge.dest in wanted and edge.source not in wanted]


def paste(graph: Graph, fragment: Graph, offset: Pos, text: str = "Paste", incoming: Iterable[Edge] = ()) -> Change:
    """Add the nodes and edges of another graph, moved by `offset`, renamed where an id is taken.

    Into an empty graph its target and seed come too. `incoming`: edges from nodes of this graph into its nodes;
    one whose source, output or port is not there is left out.
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
    sliders = brought_sliders(graph, fragment, names)
    pasted = Change(nodes, {edge.key: (None, edge) for edge in moved}, sliders, text)
    if not target or graph.target is not None or graph.nodes:
        return pasted
    aimed = set_fact(graph, "target", target).then(set_fact(graph, "seed", fragment.seed))
    return replace(pasted, facts=sliders | dict(aimed.facts))


def duplicate(graph: Graph, ids: Iterable[str], offset: Pos, connected: bool = True) -> Change:
    """Copies of nodes, moved by `offset`, with the edges between them, and if `connected` with those from outside."""
    chosen = list(dict.fromkeys(ids))
    for id in chosen:
        known_node(graph, id)
    incoming = incoming_edges(graph, chosen) if connected else ()
    copied = cut_out(graph, chosen)
    seen = {name: fact for name, fact in copied.facts.items() if name == "view"}  # the sliders
    return paste(graph, replace(copied, facts=seen), offset, "Duplicate", incoming)


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
