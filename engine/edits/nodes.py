"""Edits of nodes: put there, moved, filled, named, made another op, taken away."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.edits.checks import called, checked_new_id, checked_pos, checked_value, known_node, known_op, replaced
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change, EdgeDiff, difference
from engine.graph.graph import Graph
from engine.graph.members import facts_renamed, facts_without
from engine.graph.names import ID, NEW_LEAF_VALUE, suggest_id
from engine.graph.records import Edge, EdgeKey, Node, Pos
from engine.ops.op import Op
from engine.values.values import counted, exact_text, value_text

_NUMBER = re.compile(r"_?\d*\Z")  # what makes one more node of an op another name: add2, add_2


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
    kind = known_op(op)
    name = suggest_id(graph, kind) if id is None else checked_new_id(graph, id)
    held = checked_value(value if value is not None else NEW_LEAF_VALUE) if kind.holds_value else None
    node = Node(name, op, held, pos=checked_pos(pos), rank=graph.next_rank)
    added = Change(nodes={name: (None, node)}, text=f"Add {kind.title}")
    for setting, choice in (settings or {}).items():
        added = added.then(set_setting(graph.apply(added), name, setting, choice))
    return replace(added, text=f"Add {kind.title}")


def move_nodes(graph: Graph, positions: Mapping[str, Pos]) -> Change:
    """Put nodes elsewhere: the new top left corner of each."""
    moved = {id: replace(known_node(graph, id), pos=checked_pos(pos)) for id, pos in positions.items()}
    return replaced(graph, moved, "Move " + called(graph, moved))


def set_value(graph: Graph, id: str, value: Any) -> Change:
    """Let a leaf hold another value: a number, nested lists or an array."""
    node = known_node(graph, id)
    if node.op.supply:
        raise EditRefused(f"{node.name} gets its rows from its settings: they cannot be typed in.", (id,))
    if not node.op.is_leaf:
        raise EditRefused(f"{node.name} is computed from its inputs: its value cannot be typed in.", (id,))
    held = checked_value(value)
    shown = exact_text(float(held)) if held.ndim == 0 else value_text(held)
    return replaced(graph, {id: replace(node, value=held)}, f"Set {node.name} to {shown}")


def set_parameters(graph: Graph, values: Mapping[str, Any], text: str = "Train") -> Change:
    """Let parameters hold what they have learnt: one change for all of them."""
    return replace(_together([set_value(graph, id, value) for id, value in values.items()], text), by_hand=False)


def set_setting(graph: Graph, id: str, name: str, value: Any) -> Change:
    """Choose a setting of a node's op, and what follows from it."""
    node = known_node(graph, id)
    if name not in node.op.defaults:
        raise EditRefused(f"{node.op.title} has no setting “{name}”.", (id,))
    chosen = next(setting for setting in node.op.settings if setting.name == name)
    try:
        settings = dict(node.settings) | {name: chosen.checked(value)} | dict(chosen.implies if value else ())
    except ValueError as error:
        raise EditRefused(f"{node.name}: {error}.", (id,)) from None
    kept = tuple(sorted((k, v) for k, v in settings.items() if v != node.op.defaults[k]))
    return replaced(graph, {id: replace(node, settings=kept)}, f"Set {name} of {node.name}")


def change_op(graph: Graph, id: str, op: str) -> Change:
    """Make a node another op with as many inputs: an input a parameter, a ReLU a tanh, an add a mul.

    Its name stays, unless that was only the name of the op.
    """
    node, kind = known_node(graph, id), known_op(op)
    edges = len(graph.into(id))
    other_leaf = (kind.holds_value, kind.outputs) != (node.op.holds_value, node.op.outputs)
    if edges > len(kind.ports) and not kind.repeats:
        has = f"it has {counted(edges, 'input')}, and {kind.title} takes {len(kind.ports) or 'none'}"
        raise EditRefused(f"{node.name} cannot become {kind.title}: {has}.", (id,))
    if other_leaf:
        raise EditRefused(f"{node.name} cannot become {kind.title}: {_of_other_kind(node.op, kind)}.", (id,))
    made = replaced(graph, {id: replace(node, op_name=op, settings=(), raw=None)}, f"Make {node.name} {kind.title}")
    if not made:
        return made
    made = replace(made, edges=_moved_up(graph, id, kind))
    return replace(made.then(rename(graph.apply(made), id, id_as(graph, id, op))), text=made.text)


def id_as(graph: Graph, id: str, op: str) -> str:
    """What a node would be called as another op: as it is, unless its id is the old op's name (and a number)."""
    node, kind = known_node(graph, id), known_op(op)
    by_its_op = not node.op.is_leaf and _NUMBER.sub("", id) == _NUMBER.sub("", node.op_name)
    return suggest_id(graph, kind) if by_its_op and op != node.op_name else id


def _moved_up(graph: Graph, id: str, kind: Op) -> EdgeDiff:
    """The edges into a node close ranks where one ends at a port that another op has not."""
    edges = graph.into(id)
    if all(edge.port < max(kind.fewest, len(edges) if kind.repeats else 0) for edge in edges):
        return {}
    after = {(id, port): replace(edge, port=port) for port, edge in enumerate(edges)}
    return difference({edge.key: edge for edge in edges}, after)


def _of_other_kind(op: Op, kind: Op) -> str:
    """Why an op cannot become another: the one is a leaf and the other is not, or they hold other values."""
    if kind.is_leaf and op.is_leaf:
        return f"{op.title} and {kind.title} hold their values in different ways"
    return (
        f"it is a leaf, and {kind.title} is computed" if op.is_leaf else f"it is computed, and {kind.title} is a leaf"
    )


def make_inputs(graph: Graph, ids: Iterable[str]) -> Change:
    """Make constants inputs, in one step: then they get gradients."""
    names = {id: known_node(graph, id).name for id in ids}
    said = f"{next(iter(names.values()))} an input" if len(names) == 1 else f"{counted(len(names), 'constant')} inputs"
    return _together([change_op(graph, id, "input") for id in names], f"Make {said}")


def _together(changes: Sequence[Change], text: str) -> Change:
    """Changes of different nodes, none of which moves an edge, as one."""
    nodes = {id: records for change in changes for id, records in change.nodes.items()}
    return Change(nodes, text=text) if nodes else NOTHING


def set_label(graph: Graph, id: str, label: str) -> Change:
    """The free text that the eye reads in place of the id; empty to show the id."""
    node = known_node(graph, id)
    text = " ".join(label.split())
    return replaced(graph, {id: replace(node, label="" if text == id else text)}, f"Label {node.name}")


def rename(graph: Graph, id: str, new_id: str) -> Change:
    """Give a node another id; its edges and the target follow."""
    node = known_node(graph, id)
    if new_id == id:
        return NOTHING
    checked_new_id(graph, new_id)
    nodes = {id: (node, None), new_id: (None, replace(node, id=new_id))}
    edges: dict[EdgeKey, tuple[Edge | None, Edge | None]] = {}
    for edge in graph.edges.values():
        if id in (edge.source, edge.dest):
            moved = replace(edge, source=_if(edge.source, id, new_id), dest=_if(edge.dest, id, new_id))
            edges[edge.key] = (edge, None)
            edges[moved.key] = (graph.edges.get(moved.key), moved)
    facts = ({"target": (id, new_id)} if graph.target == id else {}) | facts_renamed(graph, {id: new_id})
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
        known_node(graph, id)
    cut = {key: graph.edges[key] for key in edges if key in graph.edges}
    cut |= {edge.key: edge for id in gone for edge in (*graph.into(id), *graph.out_of(id))}
    kept_ports = _closed_ranks(graph, cut, gone)
    nodes = {id: (graph.nodes[id], None) for id in gone}
    facts = ({"target": (graph.target, None)} if graph.target in gone else {}) | facts_without(graph, gone)
    text = "Delete " + (called(graph, gone) if gone else "edge" if len(cut) == 1 else counted(len(cut), "edge"))
    return Change(nodes, {key: (edge, None) for key, edge in cut.items()} | kept_ports, facts, text)


def _if(name: str, old: str, new: str) -> str:
    return new if name == old else name


def _closed_ranks(
    graph: Graph, cut: Mapping[EdgeKey, Edge], gone: Iterable[str]
) -> dict[EdgeKey, tuple[Edge | None, Edge | None]]:
    """Where ports repeat, the ports beyond the fewest move up into the gap that a cut edge leaves."""
    result: dict[EdgeKey, tuple[Edge | None, Edge | None]] = {}
    for dest in dict.fromkeys(edge.dest for edge in cut.values()):
        op = graph.nodes[dest].op
        if dest in gone or not op.repeats or len(graph.into(dest)) <= op.fewest:
            continue
        kept = [edge for edge in graph.into(dest) if edge.key not in cut]
        after = {(dest, port): replace(edge, port=port) for port, edge in enumerate(kept)}
        result |= difference({edge.key: edge for edge in graph.into(dest)}, after)
    return result
