"""Two edits: take a node apart into what it is made of, and put the parts together again.

What an op is made of, it says itself: `spelled_out="1 / (1 + exp(-x))"`. The last of the parts keeps the id of the
node, so whatever it feeds, and the target, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

from engine.edits.checks import checked_pos, known_node
from engine.edits.groups import make_group, ungroup
from engine.edits.room import asides_along
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change, difference
from engine.graph.graph import Graph
from engine.graph.members import facts_grown, facts_without
from engine.graph.names import free_id
from engine.graph.records import Edge, EdgeKey, Node, Pos
from engine.graph.sliders import FactDiff
from engine.ops.op import OPS, Op, Settings
from engine.ops.setting import Setting
from engine.text.read import parse

Feed = tuple[str, int]  # a node and which of its outputs
MOST_EXPANDED = 200  # at once: each makes room for itself among all the others
DEEPEST = 8  # edges from an operation's last part to its inputs, and more
COMMUTATIVE = ("add", "mul", "max", "min")


def expand(graph: Graph, id: str, grouped: bool = False) -> Change:
    """Put the parts of a node in its place; what stands to the right of it makes room.

    They stay in the group that the node is in; `grouped`: in a group of their own, which is called after its op.
    """
    node = known_node(graph, id)
    if not can_expand(node.op):
        raise EditRefused(f"{node.name} cannot be taken apart: {node.op.title} is not made of other operations.", (id,))
    pattern = _pattern(node.op, node.settings)
    root = pattern.target
    assert root is not None
    ports = _port_inputs(pattern, node.op)
    names = {root: id}
    for part in pattern.nodes:
        if part not in ports and part != root:
            names[part] = free_id(graph, f"{id}_{part}", names.values())
    room, places = _room(node, pattern, names)
    nodes = _shifted(graph, node.pos[0], room, keep={id})
    rank = graph.next_rank
    for i, (part, name) in enumerate(names.items()):
        made = replace(pattern.nodes[part], id=name, pos=places[part])
        if part == root:
            nodes[id] = (node, replace(made, label=node.label, rank=node.rank))
        else:
            nodes[name] = (None, replace(made, rank=rank + i))
    edges = _rewired(graph, id, _wired(graph, pattern, ports, names, id))
    parts = [name for name in names.values() if name != id]
    apart = Change(nodes, edges, facts_grown(graph, id, parts), f"Take {node.name} apart")
    apart = replace(
        apart.then(asides_along(graph, nodes.keys() & graph.nodes.keys() - {id}, room, [id])), text=apart.text
    )
    if not grouped or not parts:
        return apart
    return replace(apart.then(make_group(graph.apply(apart), names.values(), title=node.op.title)), text=apart.text)


def expand_all(graph: Graph, ids: Sequence[str], grouped: bool = False) -> Change:
    """Put the parts of several nodes in their places, in one step; `grouped`: each in a group of its own."""
    if len(ids) > MOST_EXPANDED:
        raise EditRefused(
            f"{len(ids):,} operations are too many to take apart at once: choose at most {MOST_EXPANDED}."
        )
    change = NOTHING
    for id in ids:
        step = expand(graph, id, grouped)
        graph, change = graph.apply(step), change.then(step)
    return change if len(ids) == 1 else replace(change, text=f"Take {len(ids)} operations apart")


def can_expand(op: Op) -> bool:
    """Whether an op is made of others."""
    return bool(op.spelled_out)


def fuse(graph: Graph, ids: Iterable[str]) -> Change:
    """Put nodes together that spell out an operation; the last of them becomes that operation and keeps its id."""
    chosen = list(dict.fromkeys(ids))
    match = find_match(graph, chosen)
    if match is None:
        raise EditRefused("These nodes do not spell out any operation.", tuple(chosen))
    node = graph.nodes[match.root]
    gone = match.nodes - {match.root}
    left = min(graph.nodes[id].pos[0] for id in match.nodes)
    heights = [graph.nodes[id].pos[1] for id in match.nodes]
    width, middle = node.pos[0] - left, (min(heights) + max(heights)) / 2
    others = (n for id, n in graph.nodes.items() if id not in match.nodes)
    room = 0.0 if any(left <= other.pos[0] < node.pos[0] for other in others) else width
    place = checked_pos((node.pos[0] - room, middle))
    fused = replace(node, op_name=match.op.name, settings=match.settings, pos=place)
    nodes = _shifted(graph, node.pos[0], -room, keep=match.nodes)
    nodes |= {match.root: (node, fused)} | {id: (graph.nodes[id], None) for id in gone}
    feeds = (Edge(source, match.root, port, output) for port, (source, output) in enumerate(match.feeds))
    edges = _rewired(graph, match.root, {edge.key: edge for edge in feeds})
    edges |= {edge.key: (edge, None) for id in gone for edge in graph.into(id)}
    together = Change(nodes, edges, _facts_fused(graph, match), f"Put {match.op.title} together")
    moved = nodes.keys() - match.nodes
    closed = asides_along(graph, moved, -room, match.nodes)
    return replace(together.then(closed), text=together.text)


def _facts_fused(graph: Graph, match: Match) -> FactDiff:
    """What differs in the facts: a group that held these nodes and no others is the operation now."""
    inner = [id for id in graph.groups if graph.grouping.within(id) <= match.nodes]
    change = ungroup(graph, inner)
    gone = facts_without(graph.apply(change), match.nodes - {match.root})
    return dict(change.then(Change(facts=gone)).facts)


# --- taking apart


@lru_cache(maxsize=512)
def _pattern(op: Op, settings: Settings) -> Graph:
    """What an op is made of, as a graph whose inputs are named after its ports."""
    text = op.spelled_out if isinstance(op.spelled_out, str) else op.spelled_out(**op.chosen(settings))
    pattern = parse(text)
    plain = {id: replace(node, settings=_said(node)) for id, node in pattern.nodes.items()}
    return replace(pattern, nodes=plain)


def _said(node: Node) -> Settings:
    """The settings that say something: those that are not the default."""
    return tuple((name, value) for name, value in node.settings if value != node.op.defaults.get(name))


def _port_inputs(pattern: Graph, op: Op) -> set[str]:
    return {id for id, node in pattern.nodes.items() if node.op_name == "input" and id in op.ports}


def _room(node: Node, pattern: Graph, names: Mapping[str, str]) -> tuple[float, dict[str, Pos]]:
    """How much wider the parts are than the node, and where they go: in the middle of its row, from its place on."""
    xs = [pattern.nodes[part].pos[0] for part in names]
    ys = [pattern.nodes[part].pos[1] for part in names]
    left, middle = min(xs), (min(ys) + max(ys)) / 2
    x, y = node.pos[0] - left, node.pos[1] - middle
    return max(xs) - left, {part: checked_pos((x + px, y + py)) for part, px, py in zip(names, xs, ys, strict=True)}


def _shifted(graph: Graph, x: float, by: float, keep: Iterable[str]) -> dict[str, tuple[Node | None, Node | None]]:
    """Everything at or to the right of `x` moved along, but for `keep`."""
    kept = set(keep)
    moved = [node for id, node in graph.nodes.items() if by and id not in kept and node.pos[0] >= x]
    return {node.id: (node, replace(node, pos=(round(node.pos[0] + by, 2), node.pos[1]))) for node in moved}


def _wired(graph: Graph, pattern: Graph, ports: set[str], names: Mapping[str, str], id: str) -> dict[EdgeKey, Edge]:
    """The edges of the parts: those among them, and from what fed the node's ports."""
    feeds = {graph.nodes[id].op.ports[edge.port]: edge for edge in graph.into(id)}
    wired = {}
    for edge in pattern.edges.values():
        if edge.source not in ports:
            made = Edge(names[edge.source], names[edge.dest], edge.port)
        elif edge.source in feeds:
            feed = feeds[edge.source]
            made = Edge(feed.source, names[edge.dest], edge.port, feed.output)
        else:
            continue  # the port was open, and so it stays
        wired[made.key] = made
    return wired


def _rewired(graph: Graph, id: str, after: Mapping[EdgeKey, Edge]) -> dict[EdgeKey, tuple[Edge | None, Edge | None]]:
    """The edges into a node replaced by others."""
    return difference({edge.key: edge for edge in graph.into(id)}, after)


# --- putting together


@dataclass(frozen=True)
class Match:
    """A part of a graph that spells out an op: its last node, all its nodes, and what feeds the op's ports."""

    op: Op
    settings: Settings
    root: str
    nodes: frozenset[str]
    feeds: tuple[Feed, ...]


def find_match(graph: Graph, ids: Iterable[str]) -> Match | None:
    """The largest operation that the nodes `ids` spell out; constants may be left out. None if there is none."""
    chosen = {id for id in ids if id in graph.nodes}
    parts = {id for id in chosen if not graph.nodes[id].op.is_leaf}
    roots = [id for id in parts if not any(edge.dest in parts for edge in graph.out_of(id))]
    if len(roots) != 1:
        return None
    found = [m for op in OPS.values() if can_expand(op) for m in _matches(graph, op, roots[0]) if chosen <= m.nodes]
    return max(found, key=lambda match: (len(match.nodes), -len(match.settings)), default=None)


def _matches(graph: Graph, op: Op, root: str) -> Iterator[Match]:
    for settings in _possible_settings(graph, op, root):
        pattern = _pattern(op, settings)
        assert pattern.target is not None
        for bound in _bindings(graph, pattern, op, pattern.target, root, {}):
            nodes = frozenset(id for part, (id, _) in bound.items() if part not in op.ports)
            if set(op.ports) <= set(bound) and _closed(graph, nodes, root):
                yield Match(op, settings, root, nodes, tuple(bound[port] for port in op.ports))


def _possible_settings(graph: Graph, op: Op, root: str) -> Iterator[Settings]:
    """Every choice of settings that the nodes could stand for; numbers are looked for among the constants nearby."""
    near = (graph.nodes[id] for id in graph.topology.feeding(root, DEEPEST))
    held = (node.value for node in near if node.op_name == "constant")
    numbers = {float(value) for value in held if value is not None and not value.ndim}
    options = [[(s.name, value) for value in _possible_values(s, numbers)] for s in op.settings]
    for chosen in product(*options):
        yield tuple(sorted((name, value) for name, value in chosen if value != op.defaults[name]))


def _possible_values(setting: Setting, numbers: set[float]) -> list[Any]:
    if setting.choices:
        return list(setting.choices)
    if isinstance(setting.default, bool):
        return [setting.default, not setting.default]
    return (
        [setting.default, *sorted(numbers - {setting.default})]
        if isinstance(setting.default, float)
        else [setting.default]
    )


def _bindings(
    graph: Graph, pattern: Graph, op: Op, part: str, id: str, bound: Mapping[str, Feed], output: int = 0
) -> Iterator[dict[str, Feed]]:
    """Every way in which `part` of the pattern can stand for node `id`, on top of what is `bound` already."""
    if part in bound:
        if bound[part] == (id, output):
            yield dict(bound)
        return
    wanted, node = pattern.nodes[part], graph.nodes[id]
    here = {**bound, part: (id, output)}
    if part in op.ports and wanted.op_name == "input":
        yield here
    elif wanted.op.is_leaf:
        if (node.op_name, node.value_key) == (wanted.op_name, wanted.value_key):
            yield here
    elif wanted.op_name == node.op_name and wanted.settings == _said(node):
        yield from _children(graph, pattern, op, part, id, here)


def _children(
    graph: Graph, pattern: Graph, op: Op, part: str, id: str, bound: dict[str, Feed]
) -> Iterator[dict[str, Feed]]:
    """Every way in which the inputs of `part` can stand for those of node `id`, in either order where that is one."""
    wanted, given = pattern.into(part), graph.into(id)
    if len(wanted) != len(given):
        return
    orders = [given]
    if len(given) == 2 and pattern.nodes[part].op_name in COMMUTATIVE:
        orders.append(given[::-1])
    for order in orders:
        ways = [bound]
        for want, edge in zip(wanted, order, strict=True):
            ways = [w for b in ways for w in _bindings(graph, pattern, op, want.source, edge.source, b, edge.output)]
        yield from ways


def _closed(graph: Graph, nodes: frozenset[str], root: str) -> bool:
    """Whether nothing outside needs an inner node; the target must not be one either."""
    inner = nodes - {root}
    return graph.target not in inner and all(edge.dest in nodes for id in inner for edge in graph.out_of(id))
