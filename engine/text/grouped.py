"""Groups in a program: a comment at its end says which nodes are in which, and reading it makes them again.

    # group "Layer 1" (g1, folded): h1, h2
    # group "Neuron h1" (g2 in g1): w1, m1, s1, h1

Python reads over it. What does not fit the program any more is left out: a comment is never a reason to refuse one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.graph.circles import folding_circle
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Grouping
from engine.graph.members import without_empty
from engine.graph.records import Node, Pos
from engine.graph.sound import flaw_of
from engine.layout.group_cards import MARK, card_id
from engine.layout.layout import card_place
from engine.layout.open_groups import arrange_open
from engine.layout.shown import shown_of

_LINE = re.compile(
    r'^# group (?P<title>"(?:[^"\\]|\\.)*") '
    r"\((?P<id>\w+)(?: in (?P<parent>\w+))?(?P<folded>, folded)?\):(?P<nodes>[\w, ]*)$",
    re.MULTILINE,
)


def group_lines(graph: Graph, names: Mapping[str, str]) -> list[str]:
    """The comments of all groups of which there is anything, each after the one that it is in.

    `names`: what the program calls nodes; those that it does not name are not in it.
    """
    grouping = graph.grouping
    ids = sorted(graph.groups, key=lambda id: len(grouping.chain_of(id)))
    return [_line(graph.groups[id], names) for id in ids if any(node in names for node in grouping.within(id))]


def _line(group: Group, names: Mapping[str, str]) -> str:
    title = json.dumps(" ".join(group.title.split()), ensure_ascii=True)
    where = f" in {group.parent}" if group.parent is not None else ""
    nodes = ", ".join(names[id] for id in group.nodes if id in names)
    return f"# group {title} ({group.id}{where}{', folded' if group.folded else ''}): {nodes}".rstrip()


def with_groups(graph: Graph, text: str) -> Graph:
    """A graph that was read, with the groups that the comments of its text tell of, and in its place what is shown."""
    if "# group " not in text:
        return graph
    groups = _sound(graph, list(_told(graph, text)))
    if not groups:
        return graph
    grouped = replace(graph, facts={**graph.facts, "groups": tuple(groups)})
    placed = _placed(grouped)
    return graph if flaw_of(placed) else placed


def _told(graph: Graph, text: str) -> Iterator[Group]:
    taken: set[str] = set()
    for found in _LINE.finditer(text):
        try:
            title = str(json.loads(found["title"]))
        except ValueError:
            continue
        names = [name.strip() for name in found["nodes"].split(",")]
        nodes = tuple(dict.fromkeys(name for name in names if name in graph.nodes and name not in taken))
        taken.update(nodes)
        yield Group(found["id"], title, nodes, found["parent"], bool(found["folded"]))


def _sound(graph: Graph, told: list[Group]) -> list[Group]:
    """Those with anything in them, in groups that there are; open, where folded they would close a circle."""
    groups: dict[str, Group] = {}
    for group in told:  # outer ones come first
        parent = group.parent if group.parent in groups else None
        groups.setdefault(group.id, replace(group, parent=parent))
    kept = list(without_empty(list(groups.values())))
    while kept and (circle := folding_circle(graph, Grouping(kept))):
        kept = [replace(group, folded=group.folded and group.id not in circle.groups) for group in kept]
    return kept


def _placed(graph: Graph) -> Graph:
    """Every group laid out as a block; then what is shown of the whole, where cards take along what is in them."""
    inside = arrange_open(graph, graph.grouping)
    graph = _moved(graph, inside)
    cards = {id: card_place(graph.nodes[node].pos for node in graph.grouping.within(id)) for id in graph.groups}
    groups = tuple(replace(group, pos=cards[group.id]) for group in graph.groups.values())
    graph = replace(graph, facts={**graph.facts, "groups": groups})
    shown = shown_of(graph).graph
    places = arrange_open(shown, graph.grouping)
    nodes = {id: pos for id, pos in places.items() if not id.startswith(MARK)}
    ways: dict[str, Pos] = {}  # how far each group goes whose card is shown, and all in it
    for id in graph.groups:
        if (card := card_id(id)) in places:
            way = (places[card][0] - cards[id][0], places[card][1] - cards[id][1])
            ways |= dict.fromkeys(graph.grouping.subgroups(id), way)
            nodes |= {node: _by(graph.nodes[node].pos, way) for node in graph.grouping.within(id)}
    groups = tuple(replace(group, pos=_by(group.pos, ways.get(group.id, (0.0, 0.0)))) for group in groups)
    return _moved(replace(graph, facts={**graph.facts, "groups": groups}), nodes)


def _moved(graph: Graph, places: Mapping[str, Pos]) -> Graph:
    nodes: dict[str, Node] = {id: replace(node, pos=places.get(id, node.pos)) for id, node in graph.nodes.items()}
    return replace(graph, nodes=nodes)


def _by(pos: Pos, way: Pos) -> Pos:
    return round(pos[0] + way[0], 2) + 0.0, round(pos[1] + way[1], 2) + 0.0
