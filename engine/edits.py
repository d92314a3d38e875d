"""Everything that a person can do to a graph. The one door: no other code makes changes to a document.

Each edit takes the graph, checks, and returns a `Change`; or raises `EditRefused` with a sentence and the ids to light
up. It mutates nothing. An edit that would change nothing returns an empty Change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.change import Change
from engine.errors import EditRefused
from engine.graph import FACTS, Edge, EdgeKey, Graph, Node, Pos
from engine.op import OPS, Op, get_op
from engine.values import Value, as_value, exact_text, value_text

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
NEW_LEAF_VALUE = 1.0

# What a fresh node of an op is called: these letters in turn for leaves, the op's name and a number for the others.
_LETTERS = {"input": "xyzuvst", "parameter": "wbkmnpq", "constant": "cdeh"}


def free_id(graph: Graph, wanted: str, taken: Iterable[str] = ()) -> str:
    """`wanted` if no node has it, else `wanted` with the first free number from 2."""
    used = {*graph.nodes, *taken}
    if wanted not in used:
        return wanted
    stem = wanted.rstrip("0123456789") or wanted
    return next(name for i in range(2, len(used) + 3) if (name := f"{stem}{i}") not in used)


def suggest_id(graph: Graph, op: Op, taken: Iterable[str] = ()) -> str:
    """A short free name for a new node: x, y, z for inputs, w, b for parameters, mul, mul2 … for the others."""
    letters = _LETTERS.get(op.name, "")
    used = {*graph.nodes, *taken}
    return next((c for c in letters if c not in used), None) or free_id(graph, letters[:1] or op.name, taken)


# --- nodes


def add_node(
    graph: Graph,
    op: str,
    pos: Pos,
    *,
    id: str | None = None,
    value: Any = None,
    settings: Mapping[str, Any] | None = None,
) -> Change:
    """Put a node of `op` at `pos` (its top left corner). A leaf holds 1 unless a value is given."""
    kind = _known_op(op)
    name = suggest_id(graph, kind) if id is None else _checked_new_id(graph, id)
    held = _checked_value(value if value is not None else NEW_LEAF_VALUE) if kind.holds_value else None
    node = Node(name, op, held, pos=_pos(pos), rank=graph.next_rank)
    added = Change(nodes={name: (None, node)}, text=f"Add {kind.title}")
    for setting, choice in (settings or {}).items():
        added = added.then(set_setting(graph.apply(added), name, setting, choice))
    return replace(added, text=f"Add {kind.title}")


def move_nodes(graph: Graph, positions: Mapping[str, Pos]) -> Change:
    """Put nodes elsewhere: the new top left corner of each."""
    moved = {id: replace(_node(graph, id), pos=_pos(pos)) for id, pos in positions.items()}
    return _replaced(graph, moved, "Move " + _called(graph, moved))


def set_value(graph: Graph, id: str, value: Any) -> Change:
    """Let a leaf hold another value: a number, nested lists or an array."""
    node = _node(graph, id)
    if node.kind.supply:
        raise EditRefused(f"{node.name} reads its rows by its settings: they cannot be typed in.", (id,))
    if not node.kind.is_leaf:
        raise EditRefused(f"{node.name} is computed from its inputs: its value cannot be typed in.", (id,))
    held = _checked_value(value)
    shown = exact_text(float(held)) if held.ndim == 0 else value_text(held)
    return _replaced(graph, {id: replace(node, value=held)}, f"Set {node.name} to {shown}")


def set_setting(graph: Graph, id: str, name: str, value: Any) -> Change:
    """Choose a setting of a node's op, and what follows from it."""
    node = _node(graph, id)
    if name not in node.kind.defaults:
        raise EditRefused(f"{node.kind.title} has no setting “{name}”.", (id,))
    chosen = next(setting for setting in node.kind.settings if setting.name == name)
    try:
        settings = dict(node.settings) | {name: chosen.checked(value)} | dict(chosen.implies if value else ())
    except ValueError as error:
        raise EditRefused(f"{node.name}: {error}.", (id,)) from None
    kept = tuple(sorted((k, v) for k, v in settings.items() if v != node.kind.defaults[k]))
    return _replaced(graph, {id: replace(node, settings=kept)}, f"Set {name} of {node.name}")


def change_op(graph: Graph, id: str, op: str) -> Change:
    """Make a node another op with as many inputs: an input a parameter, a ReLU a tanh, an add a mul."""
    node, kind = _node(graph, id), _known_op(op)
    edges = len(graph.into(id))
    other_leaf = (kind.holds_value, kind.outputs) != (node.kind.holds_value, node.kind.outputs)
    if other_leaf or (edges > len(kind.ports) and not kind.repeats):
        raise EditRefused(f"{node.name} cannot become {kind.title}: it does not have as many inputs.", (id,))
    return _replaced(graph, {id: replace(node, op=op, settings=())}, f"Make {node.name} {kind.title}")


def set_label(graph: Graph, id: str, label: str) -> Change:
    """The free text that the eye reads in place of the id; empty to show the id."""
    node = _node(graph, id)
    text = " ".join(label.split())
    return _replaced(graph, {id: replace(node, label="" if text == id else text)}, f"Label {node.name}")


def rename(graph: Graph, id: str, new_id: str) -> Change:
    """Give a node another id; its edges and the target follow."""
    node = _node(graph, id)
    if new_id == id:
        return Change()
    _checked_new_id(graph, new_id)
    nodes = {id: (node, None), new_id: (None, replace(node, id=new_id))}
    edges: dict[EdgeKey, tuple[Edge | None, Edge | None]] = {}
    for edge in graph.edges.values():
        if id in (edge.source, edge.dest):
            moved = replace(edge, source=_if(edge.source, id, new_id), dest=_if(edge.dest, id, new_id))
            edges[edge.key] = (edge, None)
            edges[moved.key] = (graph.edges.get(moved.key), moved)
    facts = {"target": (id, new_id)} if graph.target == id else {}
    return Change(nodes, edges, facts, f"Rename {id} to {new_id}")


def name_node(graph: Graph, id: str, text: str) -> Change:
    """What F2 does: a text that can be an id becomes the id, any other becomes the label."""
    text = " ".join(text.split())
    if not text or text == id:
        return set_label(graph, id, "")
    if not ID.match(text):
        return set_label(graph, id, text)
    unlabelled = set_label(graph, id, "")
    return unlabelled.then(rename(graph.apply(unlabelled), id, text))


def delete(graph: Graph, ids: Iterable[str] = (), edges: Iterable[EdgeKey] = ()) -> Change:
    """Take nodes away, with every edge that touches them, and further edges."""
    gone = dict.fromkeys(ids)
    for id in gone:
        _node(graph, id)
    cut = {key: graph.edges[key] for key in edges if key in graph.edges}
    cut |= {edge.key: edge for id in gone for edge in (*graph.into(id), *graph.out_of(id))}
    kept_ports = _closed_ranks(graph, cut, gone)
    nodes = {id: (graph.nodes[id], None) for id in gone}
    facts = {"target": (graph.target, None)} if graph.target in gone else {}
    text = "Delete " + (_called(graph, gone) if gone else "edge" if len(cut) == 1 else f"{len(cut)} edges")
    return Change(nodes, {key: (edge, None) for key, edge in cut.items()} | kept_ports, facts, text)


# --- edges


@dataclass(frozen=True)
class Verdict:
    """Whether an edge may be made, and what to tell the user before the mouse button is let go."""

    allowed: bool
    sentence: str = ""
    ids: tuple[str, ...] = ()


def judge(graph: Graph, source: str, dest: str, port: int, output: int = 0, moving: EdgeKey | None = None) -> Verdict:
    """May an edge be made here? `moving` is the edge that is being moved: it counts as gone."""
    if source not in graph.nodes or dest not in graph.nodes:
        return Verdict(False, "There is no such node.")
    if port >= graph.port_count(dest):
        return Verdict(False, f"{graph.nodes[dest].name} has no such port.", (dest,))
    if source == dest:
        return Verdict(False, f"{graph.nodes[dest].name} would feed itself: that is a loop.", (dest,))
    if graph.topology.reaches(dest, source):
        loop = graph.topology.path(dest, source)
        return Verdict(False, f"That would close a loop: {_path_text(graph, [*loop, dest])}.", tuple(loop))
    present = graph.edges.get((dest, port))
    if present is None or present.key == moving:
        return Verdict(True)
    if (present.source, present.output) == (source, output):
        return Verdict(True, f"{graph.nodes[source].name} is connected here already.")
    return Verdict(
        True, f"{graph.nodes[present.source].name} is connected here: it will be replaced.", (present.source,)
    )


def connect(graph: Graph, source: str, dest: str, port: int, output: int = 0) -> Change:
    """Make an edge from `source` to a port of `dest`; an edge that ends there already is replaced.

    While a graph is being built its target follows its end: see `_followed`.
    """
    verdict = judge(graph, source, dest, port, output)
    if not verdict.allowed:
        raise EditRefused(verdict.sentence, verdict.ids)
    edge = Edge(source, dest, port, output)
    present = graph.edges.get(edge.key)
    if present == edge:
        return Change()
    made = Change(
        edges={edge.key: (present, edge)}, text=f"Connect {graph.nodes[source].name} to {graph.nodes[dest].name}"
    )
    return made.then(replace(_followed(graph, graph.apply(made), source, dest), text=made.text))


def _followed(before: Graph, after: Graph, source: str, dest: str) -> Change:
    """The target moves on to the end of the graph when there was none, or when it was the end until now."""
    was_end = before.target == source and not before.out_of(source)
    if before.target is not None and not was_end:
        return Change()
    ends = [id for id in (dest, *after.topology.descendants(dest)) if not after.out_of(id)]
    return set_fact(after, "target", ends[0]) if len(ends) == 1 else Change()


def disconnect(graph: Graph, key: EdgeKey) -> Change:
    """Take an edge away."""
    if key not in graph.edges:
        raise EditRefused("There is no such edge.")
    return delete(graph, edges=[key])


def reconnect(graph: Graph, key: EdgeKey, source: str, dest: str, port: int, output: int = 0) -> Change:
    """Move an end of an edge to another port, or to another source, in one step."""
    removed = disconnect(graph, key)
    without = graph.apply(removed)
    if dest == key[0] and graph.nodes[dest].kind.repeats:
        port = min(port, without.port_count(dest) - 1)  # its ports have closed ranks
    joined = removed.then(connect(without, source, dest, port, output))
    return replace(joined, text="Move edge") if joined else Change()


def insert_node(graph: Graph, key: EdgeKey, op: str, pos: Pos) -> Change:
    """Put a new node into an edge: its first port takes the source, its output goes where the edge ended."""
    edge = graph.edges.get(key)
    if edge is None or not _known_op(op).ports:
        return add_node(graph, op, pos)
    added = add_node(graph, op, pos)
    return replace(added.then(_spliced(graph.apply(added), edge, next(iter(added.nodes)))), text=added.text)


def splice(graph: Graph, key: EdgeKey, id: str) -> Change:
    """Put a node that stands free into an edge."""
    edge = graph.edges.get(key)
    if edge is None or graph.into(id) or graph.out_of(id) or not graph.nodes[id].kind.ports:
        return Change()
    return replace(_spliced(graph, edge, id), text=f"Put {graph.nodes[id].name} into the edge")


def _spliced(graph: Graph, edge: Edge, id: str) -> Change:
    onwards = connect(graph, id, edge.dest, edge.port)
    return onwards.then(connect(graph.apply(onwards), edge.source, id, 0, edge.output))


# --- the document


def set_target(graph: Graph, id: str | None) -> Change:
    """Choose the node whose gradient is seeded, or none (forward only)."""
    if id is not None:
        _node(graph, id)
    text = f"Make {graph.nodes[id].name} the target" if id else "Clear the target"
    return set_fact(graph, "target", id, text)


def set_seed(graph: Graph, seed: float) -> Change:
    """The gradient that is put into the target: 1 unless a textbook says otherwise."""
    return set_fact(graph, "seed", float(seed), f"Set the seed to {exact_text(seed)}")


def set_fact(graph: Graph, name: str, fact: Any, text: str = "") -> Change:
    """Set a fact of the document (title, target, seed, regions, training, view); its default is not kept."""
    if name not in FACTS:
        raise EditRefused(f"A document has no “{name}”.")
    before, after = graph.facts.get(name), None if fact == FACTS[name] else fact
    return Change(facts={name: (before, after)}, text=text or f"Set the {name}") if before != after else Change()


def paste(graph: Graph, fragment: Graph, offset: Pos, text: str = "Paste") -> Change:
    """Add the nodes and edges of another graph, moved by `offset`, renamed where an id is taken.

    Into an empty graph its target and seed come too.
    """
    names: dict[str, str] = {}
    for id in fragment.nodes:
        names[id] = free_id(graph, id, names.values())
    rank = graph.next_rank
    nodes: dict[str, tuple[Node | None, Node | None]] = {}
    for i, node in enumerate(fragment.nodes.values()):
        pos = (node.pos[0] + offset[0], node.pos[1] + offset[1])
        nodes[names[node.id]] = (None, replace(node, id=names[node.id], pos=_pos(pos), rank=rank + i))
    moved = [replace(e, source=names[e.source], dest=names[e.dest]) for e in fragment.edges.values()]
    target = fragment.target and names[fragment.target]
    pasted = Change(nodes, {edge.key: (None, edge) for edge in moved}, text=text)
    if not target or graph.target is not None or graph.nodes:
        return pasted
    aimed = set_fact(graph, "target", target).then(set_fact(graph, "seed", fragment.seed))
    return replace(pasted, facts=aimed.facts)


def cut_out(graph: Graph, ids: Iterable[str]) -> Graph:
    """The part of a graph that a copy takes: the nodes, and the edges between them. Repeating ports close ranks."""
    wanted = set(ids)
    rest = [id for id in graph.nodes if id not in wanted]
    return graph.apply(delete(graph, rest)) if rest else graph


# --- helpers


def _closed_ranks(
    graph: Graph, cut: Mapping[EdgeKey, Edge], gone: Iterable[str]
) -> dict[EdgeKey, tuple[Edge | None, Edge | None]]:
    """Where ports repeat, the ports beyond the fewest move up into the gap that a cut edge leaves."""
    result: dict[EdgeKey, tuple[Edge | None, Edge | None]] = {}
    for dest in dict.fromkeys(edge.dest for edge in cut.values()):
        op = graph.nodes[dest].kind
        if dest in gone or not op.repeats or len(graph.into(dest)) <= op.fewest:
            continue
        kept = [edge for edge in graph.into(dest) if edge.key not in cut]
        after = {(dest, port): replace(edge, port=port) for port, edge in enumerate(kept)}
        for edge in graph.into(dest):
            result[edge.key] = (edge, after.get(edge.key))
    return {key: pair for key, pair in result.items() if pair[0] != pair[1]}


def _replaced(graph: Graph, nodes: Mapping[str, Node], text: str) -> Change:
    diff = {id: (graph.nodes[id], node) for id, node in nodes.items() if graph.nodes[id] != node}
    return Change(nodes=diff, text=text) if diff else Change()


def _node(graph: Graph, id: str) -> Node:
    if id not in graph.nodes:
        raise EditRefused(f"There is no node “{id}”.")
    return graph.nodes[id]


def _known_op(name: str) -> Op:
    if name not in OPS:
        raise EditRefused(f"There is no operation “{name}”.")
    return get_op(name)


def _checked_new_id(graph: Graph, id: str) -> str:
    if not ID.match(id):
        raise EditRefused(f"“{id}” cannot be a name: use letters, digits and _, beginning with a letter.")
    if id in graph.nodes:
        raise EditRefused(f"There is a node “{id}” already.", (id,))
    return id


def _checked_value(value: Any) -> Value:
    try:
        held = as_value(value)
    except (ValueError, TypeError, OverflowError):
        raise EditRefused("That is not a number, nor lists of numbers of equal length.") from None
    if not held.size:
        raise EditRefused("An empty list is not a value.")
    return held


def _pos(pos: Pos) -> Pos:
    return (round(float(pos[0]), 2) + 0.0, round(float(pos[1]), 2) + 0.0)


def _called(graph: Graph, ids: Iterable[str]) -> str:
    named = list(ids)
    return graph.nodes[named[0]].name if len(named) == 1 else f"{len(named)} nodes"


def _path_text(graph: Graph, path: list[str]) -> str:
    names = [graph.nodes[id].name for id in path]
    return " → ".join(names if len(names) <= 7 else [*names[:3], "…", *names[-3:]])


def _if(name: str, old: str, new: str) -> str:
    return new if name == old else name
