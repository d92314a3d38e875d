"""Edits of regions: made, moved with what lies in them, resized, named, coloured, taken away."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from engine.edits.checks import checked_pos, known_node
from engine.edits.document import set_fact
from engine.edits.groups import move_groups
from engine.edits.nodes import move_nodes
from engine.edits.notes import move_notes
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.grouping import COLOURS, Region
from engine.graph.members import free_record_id, offset_by
from engine.graph.records import Pos
from engine.layout.layout import NODE_HEIGHT, NODE_WIDTH, node_height

SMALLEST = 40.0  # pixels along a side
MARGIN, HEADER = 24.0, 28.0  # pixels round what a region is made round, and above it for the title


class Carried(NamedTuple):
    """What a region carries along: what lies in it by its middle. What a folded group hides goes with its card."""

    nodes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def known_region(graph: Graph, id: str) -> Region:
    """The region of that id."""
    if id not in graph.regions:
        raise EditRefused(f"There is no region “{id}”.")
    return graph.regions[id]


def carried_by(graph: Graph, id: str) -> Carried:
    """What a region carries along when it is moved from where it is now."""
    region, grouping = known_region(graph, id), graph.grouping
    nodes = (
        node.id
        for node in graph.nodes.values()
        if region.holds(node.pos, (NODE_WIDTH, node_height(graph.port_count(node.id))))
        and grouping.shown_as(node.id) is None
    )
    cards = (group for group in graph.groups.values() if group.folded and grouping.is_seen(group.id))
    groups = (group.id for group in cards if region.holds(group.pos, (NODE_WIDTH, NODE_HEIGHT)))
    smaller = (
        other.id
        for other in graph.regions.values()
        if other.id != id and region.holds(other.pos) and region.holds(offset_by(other.pos, other.size))
    )
    notes = (note.id for note in graph.notes.values() if region.holds(note.pos))
    return Carried(tuple(nodes), tuple(groups), tuple(smaller), tuple(notes))


def make_region(graph: Graph, pos: Pos, size: Pos, title: str = "", colour: str = "blue") -> Change:
    """Put a region at `pos`, so wide and so high."""
    id = free_record_id(graph.regions, "r")
    region = Region(id, " ".join(title.split()), _checked_colour(colour), checked_pos(pos), _checked_size(size))
    return _with_region(graph, region, "Add a region")


def surround(
    graph: Graph, nodes: Iterable[str], groups: Iterable[str] = (), title: str = "", colour: str = "blue"
) -> Change:
    """Put a region round nodes and folded groups."""
    boxes = [(known_node(graph, id).pos, node_height(graph.port_count(id))) for id in nodes]
    boxes += [(graph.groups[id].pos, NODE_HEIGHT) for id in groups if id in graph.groups]
    if not boxes:
        raise EditRefused("Select the nodes that the region is to go round.")
    left, top = min(pos[0] for pos, _ in boxes) - MARGIN, min(pos[1] for pos, _ in boxes) - MARGIN - HEADER
    right = max(pos[0] for pos, _ in boxes) + NODE_WIDTH + MARGIN
    bottom = max(pos[1] + height for pos, height in boxes) + MARGIN
    return make_region(graph, (left, top), (right - left, bottom - top), title, colour)


def move_region(graph: Graph, id: str, pos: Pos, carried: Carried | None = None) -> Change:
    """Put a region elsewhere, with what it carries: what lies in it now, unless that is said.

    A hand that drags says what lay in it when it began: on its way a region picks nothing up.
    """
    region = known_region(graph, id)
    to = checked_pos(pos)
    by = (to[0] - region.pos[0], to[1] - region.pos[1])
    carried = carried_by(graph, id) if carried is None else carried
    change = move_all(graph, by, carried._replace(regions=(id, *(r for r in carried.regions if r != id))))
    return replace(change, text=f"Move {_called(region)}") if change else NOTHING


def move_all(graph: Graph, by: Pos, things: Carried) -> Change:
    """Move nodes, groups with what is in them, regions by themselves, and notes, all by the same way."""
    by = checked_pos(by)
    hidden = {id for group in things.groups if group in graph.groups for id in graph.grouping.within(group)}
    places = {id: offset_by(known_node(graph, id).pos, by) for id in things.nodes if id not in hidden}
    change = move_nodes(graph, places)
    cards = {id: offset_by(graph.groups[id].pos, by) for id in things.groups if id in graph.groups}
    inner = {id for card in cards for id in graph.grouping.chain_of(card)[:-1]} & cards.keys()
    outer = {id: pos for id, pos in cards.items() if not inner.intersection(graph.grouping.chain_of(id)[:-1])}
    change = change.then(move_groups(graph.apply(change), outer))
    regions = {id: replace(known_region(graph, id), pos=offset_by(graph.regions[id].pos, by)) for id in things.regions}
    change = change.then(set_fact(graph, "regions", tuple((graph.regions | regions).values())))
    notes = {id: offset_by(graph.notes[id].pos, by) for id in things.notes if id in graph.notes}
    change = change.then(move_notes(graph, notes))
    return replace(change, text="Move") if change else NOTHING


def resize_region(graph: Graph, id: str, pos: Pos, size: Pos) -> Change:
    """Give a region another corner and size; what lies in it stays where it is."""
    region = known_region(graph, id)
    resized = replace(region, pos=checked_pos(pos), size=_checked_size(size))
    return _with_region(graph, resized, f"Resize {_called(region)}")


def rename_region(graph: Graph, id: str, title: str) -> Change:
    """Give a region another title; none at all, too."""
    region, name = known_region(graph, id), " ".join(title.split())
    return _with_region(graph, replace(region, title=name), f"Rename {_called(region)}")


def recolour_region(graph: Graph, id: str, colour: str) -> Change:
    """Give a region another colour: one of `COLOURS`."""
    region = known_region(graph, id)
    return _with_region(graph, replace(region, colour=_checked_colour(colour)), f"Colour {_called(region)} {colour}")


def delete_regions(graph: Graph, ids: Iterable[str]) -> Change:
    """Take regions away; what lies in them stays."""
    gone = {known_region(graph, id).id for id in ids}
    kept = tuple(region for region in graph.regions.values() if region.id not in gone)
    text = "Delete " + (_called(graph.regions[next(iter(gone))]) if len(gone) == 1 else f"{len(gone)} regions")
    return set_fact(graph, "regions", kept, text)


def _with_region(graph: Graph, region: Region, text: str) -> Change:
    return set_fact(graph, "regions", tuple((graph.regions | {region.id: region}).values()), text)


def _called(region: Region) -> str:
    return f"the region {region.title}".rstrip()


def _checked_colour(colour: str) -> str:
    if colour not in COLOURS:
        raise EditRefused(f"A region is {', '.join(COLOURS[:-1])} or {COLOURS[-1]}, not “{colour}”.")
    return colour


def _checked_size(size: Pos) -> Pos:
    width, height = checked_pos(size)
    return (max(width, SMALLEST), max(height, SMALLEST))
