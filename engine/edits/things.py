"""Edits of a mixed selection, in one step: nodes, edges, groups, regions and notes."""

from collections.abc import Iterable
from dataclasses import replace

from engine.edits.nodes import delete
from engine.edits.notes import delete_notes
from engine.edits.regions import Carried, delete_regions
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.values.values import counted


def delete_all(graph: Graph, things: Carried, edges: Iterable[EdgeKey] = ()) -> Change:
    """Take nodes away, groups with what is in them, regions by themselves, notes, and edges."""
    gone = {*things.nodes}.union(*(graph.grouping.within(id) for id in things.groups if id in graph.groups))
    cut = list(edges)
    change = delete(graph, [id for id in graph.nodes if id in gone], cut) if gone or cut else NOTHING
    text = change.text
    if things.regions:
        change = change.then(delete_regions(graph, things.regions))
    if things.notes:
        change = change.then(delete_notes(graph, things.notes))
    kinds = [*([1] if gone or cut else []), *things.regions, *things.notes]
    if len(kinds) > 1:
        count = len(things.nodes) + len(things.groups) + len(cut) + len(things.regions) + len(things.notes)
        text = f"Delete {counted(count, 'thing')}"
    return replace(change, text=text or change.text)
