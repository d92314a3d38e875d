"""What of a graph is shown: each outermost folded group as one card, and of one that is looked into its contents alone.

What is shown is a graph again, whose cards are nodes; so hits, drags, routes, labels and pictures know nothing of it. A
cover says what stands for what; it asks for no place and no number, and lasts as long as edges and groups do. Without a
folded group the shown graph is the graph itself.

    covered   of a node: seen as a card. Of an edge: not seen as itself, but as the edge of a card, or not at all
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from engine.graph.graph import Graph
from engine.graph.grouping import Feed
from engine.graph.records import Edge, EdgeKey, Pos
from engine.layout.group_cards import MARK, CardFacts, GroupCard, Kind, card_id
from engine.layout.layout import COLUMN_GAP, NODE_WIDTH, ROW_GAP, node_height

SOURCE, GOAL = f"{MARK}from ", f"{MARK}to "  # begin the ids of stubs
HIDDEN = ""  # what a node is seen as that is not seen at all


class Cover:
    """Who stands for whom in a graph, looked at as a whole or `within` a group."""

    def __init__(self, graph: Graph, within: str | None = None) -> None:
        self.within = within
        self.seen_as: dict[str, str] = dict(_covered(graph, within))  # only what is covered
        self.kept: dict[Any, Any] = {}  # what others find for it
        self.edges: dict[EdgeKey, Edge] = {}  # as they are shown
        self.key_of: dict[EdgeKey, EdgeKey] = {}  # of covered edges that are shown
        self.output_of: dict[Feed, Feed] = {}  # node within and its output → card and its output
        self.cards: dict[str, CardFacts] = {}
        self.weights: dict[EdgeKey, str] = {}  # shown edges that are multiplied by a leaf of their card, and by which
        self._find(graph)

    @property
    def is_plain(self) -> bool:
        """Whether the graph is shown as it is."""
        return not self.seen_as

    def place_of(self, id: str) -> str:
        """What a node is seen as: itself, a card, or nothing."""
        return self.seen_as.get(id, id)

    def heads(self, key: EdgeKey) -> tuple[EdgeKey, ...]:
        """The ports of the graph that a shown port stands for."""
        facts = self.cards.get(key[0])
        return (key,) if facts is None else facts.heads[key[1]] if key[1] < len(facts.heads) else ()

    def tail(self, id: str, output: int) -> Feed:
        """The feed of the graph that leaves a shown node."""
        facts = self.cards.get(id)
        return (id, output) if facts is None else facts.tails[output]

    def shown_key(self, key: EdgeKey) -> EdgeKey | None:
        """The shown edge as which one of the graph is seen; None: it is not."""
        return self.key_of.get(key, key if self.place_of(key[0]) == key[0] else None)

    # --- finding out

    def _find(self, graph: Graph) -> None:
        if self.is_plain:
            return
        heads: dict[str, dict[Feed, list[EdgeKey]]] = {}
        tails: dict[str, dict[Feed, None]] = {}
        for edge in graph.edges.values():
            source, dest = self.place_of(edge.source), self.place_of(edge.dest)
            if not _is_seen(source, dest):
                continue
            if source != edge.source:
                tails.setdefault(source, {})[edge.source, edge.output] = None
            if dest != edge.dest:
                heads.setdefault(dest, {}).setdefault((edge.source, edge.output), []).append(edge.key)
        for id in dict.fromkeys(card for card in self.seen_as.values() if card):
            self._add_card(graph, id, heads.get(id, {}), tails.get(id, {}))
        for edge in graph.edges.values():
            self._add_edge(edge)
        self.weights = dict(self._weights(graph))

    def _add_card(self, graph: Graph, id: str, heads: dict[Feed, list[EdgeKey]], tails: dict[Feed, None]) -> None:
        ports, leaving = [tuple(keys) for keys in heads.values()], list(tails)
        kind = _kind_of(id)
        opened = 0
        if kind == "group":
            inside = sorted(graph.grouping.within(id.removeprefix(MARK)), key=lambda each: graph.nodes[each].rank)
            ends = (each for each in inside if each == graph.target or not graph.out_of(each))
            leaving += [feed for feed in ((each, 0) for each in ends) if feed not in tails]
            loose = [((each, port),) for each in inside for port in graph.open_ports(each)]
            opened, ports = len(loose), [*ports, *loose]
        count = len(graph.grouping.within(id.removeprefix(MARK))) if kind == "group" else 1
        facts = CardFacts(
            kind, id.removeprefix(MARK) if kind == "group" else HIDDEN, _title(graph, kind, id, ports, leaving), count,
            tuple(ports), tuple(leaving),
            tuple(_port_name(graph, keys[0]) for keys in ports), tuple(_output_name(graph, *feed) for feed in leaving),
            _family(graph, leaving, ports), frozenset(range(len(ports) - opened, len(ports))),
        )  # fmt: skip
        self.cards[id] = facts
        self.output_of |= {feed: (id, number) for number, feed in enumerate(leaving)}
        self.key_of |= {key: (id, port) for port, keys in enumerate(ports) for key in keys}

    def _add_edge(self, edge: Edge) -> None:
        source, dest = self.place_of(edge.source), self.place_of(edge.dest)
        if not _is_seen(source, dest):
            self.key_of.pop(edge.key, None)
            return
        key = self.key_of.get(edge.key, edge.key)
        id, output = self.output_of.get((edge.source, edge.output), (edge.source, edge.output))
        if source != edge.source or dest != edge.dest:
            self.edges.setdefault(key, Edge(id, *key, output))
            self.key_of[edge.key] = key
        else:
            self.edges[key] = edge

    def _weights(self, graph: Graph) -> Iterator[tuple[EdgeKey, str]]:
        for card, facts in self.cards.items():
            for port, keys in enumerate(facts.heads):
                if len(keys) == 1 and facts.kind == "group" and graph.nodes[keys[0][0]].op_name == "mul":
                    factors = [edge.source for edge in graph.into(keys[0][0]) if edge.key != keys[0]]
                    leaf = factors[0] if len(factors) == 1 else HIDDEN
                    if leaf and self.place_of(leaf) == card and graph.nodes[leaf].op.holds_value:
                        yield (card, port), leaf


@dataclass(frozen=True, eq=False)
class Shown:
    """A graph, and what of it is shown."""

    real: Graph
    graph: Graph
    cover: Cover

    def members(self, id: str) -> frozenset[str]:
        """The nodes that a shown one stands for."""
        facts = self.cover.cards.get(id)
        if facts is None:
            return frozenset([id])
        return self.real.grouping.within(facts.group) if facts.group else frozenset()

    def card_group(self, id: str) -> str:
        """The group as whose card a node is seen; empty where it is not."""
        facts = self.cover.cards.get(self.cover.seen_as.get(id, HIDDEN))
        return HIDDEN if facts is None else facts.group

    def ids_of(self, nodes: Iterable[str]) -> frozenset[str]:
        """What some nodes are seen as, as far as they are seen."""
        places = (self.cover.place_of(id) for id in nodes)
        return frozenset(id for id in places if id in self.graph.nodes)

    def where(self, id: str) -> str:
        """The name of the card in which a node is that is not seen itself; empty: it is."""
        card = self.cover.seen_as.get(id)
        return self.graph.nodes[card].name if card else HIDDEN


def shown_of(graph: Graph, within: str | None = None, last: Shown | None = None) -> Shown:
    """What of a graph is shown. `last`: what was shown of one that may differ from it little."""
    within = within if within in graph.groups else None
    if within is None and not any(group.folded for group in graph.groups.values()):
        return Shown(graph, graph, _PLAIN)
    cover = last.cover if last is not None and _lasts(last, graph, within) else Cover(graph, within)
    return Shown(graph, graph if cover.is_plain else _graph_of(graph, cover), cover)  # plain: all is in that group


def _lasts(last: Shown, graph: Graph, within: str | None) -> bool:
    """Whether who stands for whom is as it was: numbers and places may be others."""
    was = last.real
    if last.cover.within != within or last.cover.is_plain or was.topology is not graph.topology:
        return False
    if was.target != graph.target or was.groups.keys() != graph.groups.keys():
        return False
    same_groups = all(replace(group, pos=was.groups[id].pos) == was.groups[id] for id, group in graph.groups.items())
    names = ((was.nodes[id], node) for id, node in graph.nodes.items() if was.nodes[id] is not node)
    return same_groups and all((a.op_name, a.label) == (b.op_name, b.label) for a, b in names)


def _graph_of(graph: Graph, cover: Cover) -> Graph:
    """The shown graph: in the order of the graph, a card where the first of its nodes is."""
    nodes: dict[str, Any] = {}
    first: dict[str, int] = {}
    for id, node in graph.nodes.items():
        place = cover.seen_as.get(id)
        if place is None:
            nodes[id] = node
        elif place and place not in nodes:
            first[place] = node.rank
            nodes[place] = None
    places = _places(graph, cover)
    for id, facts in cover.cards.items():
        nodes[id] = GroupCard(
            id, "group", label=facts.title, pos=places[id], settings=(("card", facts),), rank=first[id]
        )
    target = None if graph.target is None else cover.place_of(graph.target)
    facts_of = {name: fact for name, fact in graph.facts.items() if name != "target"}
    shown = Graph(nodes, cover.edges, facts_of | ({"target": target} if target in nodes else {}))
    kept = cover.kept.get("topology")
    if kept is None:
        cover.kept["topology"] = shown.topology
    else:
        shown.__dict__["topology"] = kept
    shown.__dict__["grouping"] = graph.grouping  # it asks no node, so it holds here too
    return shown


def _places(graph: Graph, cover: Cover) -> dict[str, Pos]:
    """Where cards stand: groups where they are told to, stubs in a column before and behind what is looked into."""
    found = {id: graph.groups[facts.group].pos for id, facts in cover.cards.items() if facts.kind == "group"}
    inside = [node.pos for id, node in graph.nodes.items() if id not in cover.seen_as] + list(found.values())
    xs, ys = ([pos[axis] for pos in inside] or [0.0] for axis in (0, 1))
    middle = (min(ys) + max(ys)) / 2
    for kind, x in (("source", min(xs) - NODE_WIDTH - COLUMN_GAP), ("goal", max(xs) + NODE_WIDTH + COLUMN_GAP)):
        ids = [id for id, facts in cover.cards.items() if facts.kind == kind]
        step = node_height(1) + ROW_GAP
        found |= {id: (x, middle + (row - (len(ids) - 1) / 2) * step) for row, id in enumerate(ids)}
    return found


def _covered(graph: Graph, within: str | None) -> Iterator[tuple[str, str]]:
    """Each node that is not seen itself, and what it is seen as."""
    grouping = graph.grouping
    inside = grouping.within(within) if within else graph.nodes.keys()
    for id in graph.nodes:
        if id in inside:
            chain = grouping.chain(id)
            below = chain[chain.index(within) + 1 :] if within else chain
            card = next((group for group in below if grouping.groups[group].folded), None)
            if card is not None:
                yield id, card_id(card)
    if within:
        for id in graph.nodes:
            if id not in inside:
                feeds = any(edge.dest in inside for edge in graph.out_of(id))
                fed = any(edge.source in inside for edge in graph.into(id))
                yield id, SOURCE + id if feeds else GOAL + _fed_by(graph, id, inside) if fed else HIDDEN


def _fed_by(graph: Graph, id: str, inside: Iterable[str]) -> str:
    """What goes out of a group to a node: so one stub stands for all that is fed by the same."""
    return next(edge.source for edge in graph.into(id) if edge.source in inside)


def _is_seen(source: str, dest: str) -> bool:
    """Whether an edge is shown, by what its ends are seen as: of stubs only what leads in and what leads out."""
    if source == dest or HIDDEN in (source, dest) or source.startswith(GOAL) or dest.startswith(SOURCE):
        return False
    return not (source.startswith(SOURCE) and dest.startswith(GOAL))


def _kind_of(card: str) -> Kind:
    return "source" if card.startswith(SOURCE) else "goal" if card.startswith(GOAL) else "group"


def _title(graph: Graph, kind: Kind, id: str, ports: list[tuple[EdgeKey, ...]], leaving: list[Feed]) -> str:
    if kind == "group":
        return graph.groups[id.removeprefix(MARK)].name
    if kind == "source":
        return graph.nodes[id.removeprefix(SOURCE)].name
    names = dict.fromkeys(graph.nodes[key[0]].name for keys in ports for key in keys)
    return ", ".join(names) if len(names) < 3 else f"{next(iter(names))} +{len(names) - 1}"


def _port_name(graph: Graph, key: EdgeKey) -> str:
    node = graph.nodes[key[0]]
    return f"{node.op.port_name(key[1])} of {node.name}"


def _output_name(graph: Graph, id: str, output: int) -> str:
    node = graph.nodes[id]
    return f"{node.op.outputs[output]} of {node.name}" if len(node.op.outputs) > 1 else node.name


def _family(graph: Graph, leaving: list[Feed], ports: list[tuple[EdgeKey, ...]]) -> str:
    """The kind of what comes out of it, or else of what it feeds."""
    first = leaving[0][0] if leaving else ports[0][0][0] if ports else HIDDEN
    return graph.nodes[first].op.group if first else "arithmetic"


_PLAIN = Cover(Graph())
