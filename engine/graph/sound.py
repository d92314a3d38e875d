"""What a graph may be: asked wherever one comes in (edits, files, pasted text, models, recovery), and nowhere else.

A graph in which `flaw_of` finds nothing can be shown, computed as far as it is complete, saved, and opened again as it
is. After a change only the records that it touches are looked at.

    flaw     why a record cannot be: half a sentence for a file, a whole one for a person
    place    of a flaw inside its record, as a file spells it: `.pos[0]`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from math import isfinite
from typing import Any

from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.circles import folding_circle
from engine.graph.graph import FACTS, Graph
from engine.graph.names import ID
from engine.graph.records import Edge, Node
from engine.graph.sound_facts import FARTHEST, fact_flaw, is_number
from engine.ops.op import Op
from engine.values.literal import MOST_ELEMENTS
from engine.values.plain import LONGEST_ID, carried_flaw, shortened, shown, text_flaw
from engine.values.values import MOST_AXES

_TAKEN = {"id", "op", "label", "pos"}  # what a node of every version has, and keeps itself
MOST_PORTS = 1000  # where edges say how many there are: each is drawn, and each gets a term of its own in what is told
MOST_NODES, MOST_EDGES = 20_000, 50_000  # more than that a window could not show and change without a long wait
MOST_GATHERED = 256  # inputs of an op that looks at all of them together, once for each gradient: concat, stack, einsum


@dataclass(frozen=True)
class Flaw:
    """Why a graph cannot be: the sentence, the nodes to light up, and where: the table, whose record, what in it."""

    sentence: str
    ids: tuple[str, ...] = ()
    table: str = "nodes"  # or "edges", or "facts"
    key: Any = None
    place: str = ""

    def refusal(self) -> EditRefused:
        return EditRefused(f"{self.sentence[:1].upper()}{self.sentence[1:]}.", self.ids)


def flaw_of(graph: Graph) -> Flaw | None:
    """The first flaw of a graph. One that has none is not looked at again."""
    if graph.sound:
        return None
    if crowd := crowd_flaw(len(graph.nodes), len(graph.edges)):
        return crowd
    nodes = chain.from_iterable(_node_flaws(id, None, node) for id, node in graph.nodes.items())
    edges = chain.from_iterable(_edge_flaws(graph, edge) for edge in graph.edges.values())
    facts = chain.from_iterable(_fact_flaws(graph, name) for name in graph.facts)
    rest = chain(_gaps(graph, graph.edges.values()), _circle_flaws(graph) if _ends(graph) else _loops(graph))
    return _told(graph, chain(nodes, edges, facts, rest))


def flaw_after(before: Graph, change: Change, after: Graph) -> Flaw | None:
    """The first flaw that a change brings into a graph that had none."""
    if not before.sound:
        return flaw_of(after)
    if crowd := crowd_flaw(len(after.nodes), len(after.edges)):
        return crowd
    nodes = chain.from_iterable(_node_flaws(id, was, now) for id, (was, now) in change.nodes.items() if now)
    facts = chain.from_iterable(_fact_flaws(after, name) for name in change.facts if name in after.facts)
    if not change.edges and all(was and now and was.op_name == now.op_name for was, now in change.nodes.values()):
        circles = _circle_flaws(after) if "groups" in change.facts else ()
        return _told(after, chain(nodes, facts, circles))  # who feeds whom is as it was
    feeds = _feed_flaws(before, change, after)
    return _told(after, chain(nodes, feeds, facts, _circle_flaws(after)))


def crowd_flaw(nodes: int, edges: int = 0) -> Flaw | None:
    """Why so many nodes and edges cannot be: asked with their number, before they are made."""
    for table, count, most in (("nodes", nodes, MOST_NODES), ("edges", edges, MOST_EDGES)):
        if count > most:
            return Flaw(f"{count:,} {table} are too many: a graph can have at most {most:,}", (), table)
    return None


def _told(graph: Graph, flaws: Iterator[Flaw]) -> Flaw | None:
    """The first of some flaws; a graph without any is vouched for."""
    first = next(flaws, None)
    if first is None:
        graph.vouch()
    return first


# --- nodes


def _node_flaws(id: str, before: Node | None, node: Node) -> Iterator[Flaw]:
    """What is wrong with a node, as far as it is not as it was before."""
    for sentence, place in _where(before, node):
        yield Flaw(sentence, (id,) if place != ".id" else (), "nodes", id, place)


def _where(before: Node | None, node: Node) -> Iterator[tuple[str, str]]:
    if before is None or before.op is not node.op or before.id != node.id or before.raw is not node.raw:
        yield from _kind_flaws(node)
    for i, number in enumerate(node.pos):
        if isinstance(number, float) and abs(number) <= FARTHEST:
            continue  # nearly all: no more is asked of them
        if not is_number(number) or not abs(number) <= FARTHEST:
            finite = is_number(number) and isfinite(number)
            what = f"lie between −{FARTHEST:,.0f} and {FARTHEST:,.0f}" if finite else "be a finite number"
            yield f"a position must {what}", f".pos[{i}]"
    named = node.label and (before is None or before.label is not node.label)
    if named and (why := text_flaw(node.label)):
        yield f"the label of “{shortened(node.id)}” {why}", ".label"
    if before is None or before.value is not node.value or before.op is not node.op:
        yield from ((why, ".value") for why in _value_flaws(node))
    if before is None or before.settings is not node.settings or before.op is not node.op:
        yield from _setting_flaws(node)


def _kind_flaws(node: Node) -> Iterator[tuple[str, str]]:
    """What is wrong with what a node is called, with its op, and with what is kept of an unknown one."""
    if not ID.match(node.id):
        name = f"“{shortened(node.id)}” cannot be an id"
        yield f"{name}: use letters, digits and _, and do not begin with a digit", ".id"
    if len(node.id) > LONGEST_ID:
        yield f"an id can have at most {LONGEST_ID} characters, not {len(node.id):,}", ".id"
    if not node.op.known and (why := text_flaw(node.op_name, LONGEST_ID) if node.op_name else "is missing"):
        yield f"the name of the operation {why}", ".op"
    if node.raw is not None:
        taken = not isinstance(node.raw, dict) or node.op.known or not node.raw or node.raw.keys() & _TAKEN
        why, place = ("nothing else can be kept of this node", "") if taken else carried_flaw(node.raw)
        if why:
            yield why, place


def _value_flaws(node: Node) -> Iterator[str]:
    value, op = node.value, node.op
    if value is None:
        return
    if not op.holds_value:
        why = "its values come from its data" if op.is_leaf else "it is computed from its inputs"
        yield f"{op.name} holds no value: {why}"
    elif not value.size:
        yield "an empty list is not a value"
    elif value.ndim > MOST_AXES:
        yield f"a value can have at most {MOST_AXES} axes"
    elif value.size > MOST_ELEMENTS:
        yield f"a value can have at most {MOST_ELEMENTS:,} elements, not {value.size:,}"


def _setting_flaws(node: Node) -> Iterator[tuple[str, str]]:
    """A setting stands there once, in order, declared, and spelled as its op keeps it."""
    declared = {setting.name: setting for setting in node.op.settings}
    names = [name for name, _ in node.settings]
    if names != sorted(set(names)):
        yield "the settings must be in order, each once", ".settings"
    for name, value in node.settings:
        if name not in declared:
            yield f"{node.op.name} has no setting “{shortened(str(name))}”", f".settings.{shortened(str(name))}"
            continue
        try:
            kept = declared[name].checked(value)
        except ValueError as error:
            yield str(error), f".settings.{name}"
            continue
        if type(kept) is not type(value) or kept != value:
            yield f"the setting “{name}” must be {shown(kept)}, as it is kept", f".settings.{name}"


# --- edges


def _feed_flaws(before: Graph, change: Change, after: Graph) -> Iterator[Flaw]:
    """What a change of who feeds whom leaves wrong: at the edges it makes, and round the nodes it takes or turns."""
    gone = [id for id, (was, now) in change.nodes.items() if was is not None and now is None]
    turned = [id for id, (was, now) in change.nodes.items() if was and now and was.op is not now.op]
    made = {key: edge for key, (_, edge) in change.edges.items() if edge is not None}
    loose = {edge.key: edge for id in gone for edge in (*before.into(id), *before.out_of(id))}
    left = {key: edge for key, edge in loose.items() if after.edges.get(key) == edge}
    round_turned = {edge.key: edge for id in turned for edge in (*after.into(id), *after.out_of(id))}
    for edge in (made | left | round_turned).values():
        yield from _edge_flaws(after, edge)
    if gone and after.target is not None and after.target not in after.nodes:
        yield from _fact_flaws(after, "target")
    if gone and "groups" not in change.facts and not after.grouping.home.keys().isdisjoint(gone):
        yield from _fact_flaws(after, "groups")
    if gone and "exercise" not in change.facts and "exercise" in after.facts:
        yield from _fact_flaws(after, "exercise")
    dests = dict.fromkeys((*(dest for dest, _ in change.edges), *turned))
    yield from _gaps(after, (edge for id in dests if id in after.nodes for edge in after.into(id)))
    if made:
        yield from _loops(after)


def _edge_flaws(graph: Graph, edge: Edge) -> Iterator[Flaw]:
    """What is wrong with an edge by itself."""
    for name, id in (("from", edge.source), ("to", edge.dest)):
        if id not in graph.nodes:
            yield Flaw(f"there is no node “{shortened(id)}”", (), "edges", edge.key, f".{name}")
            return
    source, dest = graph.nodes[edge.source].op, graph.nodes[edge.dest].op
    if dest.is_leaf:
        sentence = f"“{edge.dest}” is a leaf ({dest.name}): no edge can end there"
        yield Flaw(sentence, (edge.dest,), "edges", edge.key, ".to")
    elif not _has_port(dest, edge.port):
        sentence = f"“{edge.dest}” ({shortened(dest.name)}) has no port {_number(edge.port)}: {_ports(dest, edge.port)}"
        yield Flaw(sentence, (edge.dest,), "edges", edge.key, ".port")
    if not 0 <= edge.output < (len(source.outputs) if source.known else MOST_PORTS):
        sentence = f"“{edge.source}” has no output {_number(edge.output)}"
        yield Flaw(sentence, (edge.source,), "edges", edge.key, ".output")


def _ports(op: Op, port: int) -> str:
    """Which ports there are, where this one is not among them."""
    if not op.repeats and op.known:
        return f"it has {len(op.ports)} ports, counted from 0" if len(op.ports) != 1 else "it has one port, number 0"
    return f"at most {_most_ports(op):,} are kept, counted from 0" if port >= 0 else "ports are counted from 0"


def _number(number: int) -> str:
    return shortened(str(number)).replace("-", "−")


def _has_port(op: Op, port: int) -> bool:
    return 0 <= port < _most_ports(op)


def _most_ports(op: Op) -> int:
    if op.known and not op.repeats:
        return len(op.ports)
    return MOST_GATHERED if op.known and not op.folds else MOST_PORTS


def _gaps(graph: Graph, edges: Iterable[Edge]) -> Iterator[Flaw]:
    """Where ports repeat, only the first few may stand open: the others have grown one by one."""
    edges = list(edges)
    used = Counter(edge.dest for edge in edges)
    for edge in edges:
        op = graph.nodes[edge.dest].op
        if op.repeats and edge.port >= max(op.fewest, used[edge.dest]):
            sentence = f"port {shortened(str(edge.port))} of “{edge.dest}” leaves a gap: a port before it has no edge"
            yield Flaw(sentence, (edge.dest,), "edges", edge.key, ".port")


def _ends(graph: Graph) -> bool:
    """Whether whoever follows the edges comes to an end, wherever they start: no networkx is needed to say so."""
    feeds: dict[str, set[str]] = {}
    for edge in graph.edges.values():
        feeds.setdefault(edge.dest, set()).add(edge.source)
    try:
        TopologicalSorter(feeds).prepare()
    except CycleError:
        return False
    return True


def _loops(graph: Graph) -> Iterator[Flaw]:
    """The loop of a graph, if there is one: its place is the last edge in it that is drawn."""
    loop = graph.topology.loop()
    if loop:
        names = [loop[0].source, *(edge.dest for edge in loop)]
        shown_names = names if len(names) <= 9 else [*names[:4], "…", *names[-4:]]
        there = set(loop)
        last = [edge for edge in graph.edges.values() if edge in there][-1]
        yield Flaw(f"this edge closes a loop: {' → '.join(shown_names)}", tuple(names[1:]), "edges", last.key)


# --- facts


def _fact_flaws(graph: Graph, name: str) -> Iterator[Flaw]:
    if name not in FACTS:
        yield Flaw(f"a document has no “{shortened(name)}”", (), "facts", name)
    elif found := fact_flaw(graph, name, graph.facts[name]):
        yield Flaw(found[0], (), "facts", name, found[1])


def _circle_flaws(graph: Graph) -> Iterator[Flaw]:
    """Where folded groups stand in a circle: nothing could say which of them comes first."""
    if circle := folding_circle(graph):
        ids = (*circle.nodes, *chain.from_iterable(graph.grouping.within(group) for group in circle.groups))
        yield Flaw(f"folded groups close a circle: {circle.text}", ids, "facts", "groups")
