"""What becomes of the facts that name nodes (groups, sliders, exercises) when nodes go, come or change their names.

home    the group that a node which comes in is put into, by its id in the graph that it comes from
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine.graph.exercise import exercise_renamed, exercise_without
from engine.graph.graph import Graph
from engine.graph.grouping import Group
from engine.graph.records import Pos
from engine.graph.sliders import FactDiff, brought_sliders, renamed_sliders, without_sliders

NO_NAMES: Mapping[str, str] = MappingProxyType({})


def facts_without(graph: Graph, ids: Iterable[str]) -> FactDiff:
    """What differs in the facts when nodes go: a group goes with the last node in it."""
    gone = set(ids)
    named = without_sliders(graph, gone) | exercise_without(graph, gone)
    if graph.grouping.home.keys().isdisjoint(gone):
        return named
    left = [_with_nodes(group, (id for id in group.nodes if id not in gone)) for group in graph.groups.values()]
    return named | groups_diff(graph, without_empty(left))


def facts_renamed(graph: Graph, names: Mapping[str, str]) -> FactDiff:
    """What differs in the facts when nodes are called otherwise."""
    said = renamed_sliders(graph, names) | exercise_renamed(graph, names)
    if graph.grouping.home.keys().isdisjoint(names):
        return said
    renamed = (_with_nodes(group, (names.get(id, id) for id in group.nodes)) for group in graph.groups.values())
    return said | groups_diff(graph, renamed)


def facts_brought(
    graph: Graph, other: Graph, names: Mapping[str, str], by: Pos = (0.0, 0.0), homes: Mapping[str, str] | None = None
) -> FactDiff:
    """What differs in the facts when another graph comes in, moved `by`, its nodes under these names.

    Its groups, regions and notes come along under ids of their own. `homes`: the group of this graph that a node goes
    into which is in no group of the other one; a group of the other one that lies in none goes where its nodes went.
    """
    homes = homes or {}
    ids = _fresh_ids(graph.groups, other.groups, "g")
    grown: dict[str, list[str]] = {}
    for node in other.nodes:
        if node in homes and node not in other.grouping.home:
            grown.setdefault(homes[node], []).append(names[node])
    before = [_with_nodes(group, (*group.nodes, *grown.get(group.id, ()))) for group in graph.groups.values()]
    come = (_brought(other, group, names, ids, homes) for group in other.groups.values())
    groups = [*before, *titled_apart(graph, (replace(group, pos=offset_by(group.pos, by)) for group in come), names)]
    boxes = {
        "regions": _arrived(graph.regions, other.regions, "r", by),
        "notes": _arrived(graph.notes, other.notes, "n", by),
    }
    facts = {name: (graph.facts.get(name), table) for name, table in boxes.items() if table is not None}
    return brought_sliders(graph, other, names) | groups_diff(graph, groups) | facts


def offset_by(pos: Pos, by: Pos) -> Pos:
    """A place moved by so much, in hundredths of a pixel."""
    return (round(pos[0] + by[0], 2) + 0.0, round(pos[1] + by[1], 2) + 0.0)


def facts_grown(graph: Graph, node: str, ids: Sequence[str]) -> FactDiff:
    """What differs in the facts when new nodes come into the group of a node."""
    home = graph.grouping.home.get(node)
    return {} if home is None else facts_joined(graph, home, ids)


def facts_joined(graph: Graph, home: str, ids: Sequence[str]) -> FactDiff:
    """What differs in the facts when nodes come into a group, and leave the one that they were in."""
    coming = set(ids)
    left = {id: _with_nodes(each, (node for node in each.nodes if node not in coming))
            for id, each in graph.groups.items()}  # fmt: skip
    left[home] = _with_nodes(left[home], (*left[home].nodes, *ids))
    return groups_diff(graph, without_empty(left.values()))


def without_empty(groups: Iterable[Group]) -> list[Group]:
    """Groups without those that hold no node, neither themselves nor in a group of theirs."""
    table = {group.id: group for group in groups}
    filled: set[str] = set()
    for group in table.values():
        at: str | None = group.id if group.nodes else None
        while at is not None and at not in filled:
            filled.add(at)
            at = table[at].parent
    return [group for group in table.values() if group.id in filled]


def titled_apart(graph: Graph, coming: Iterable[Group], names: Mapping[str, str] = NO_NAMES) -> list[Group]:
    """Groups that come in, none under the title of one that is there: “Layer 1” is “Layer 1 (2)” then.

    `names`: what their nodes are called now. “Neuron h” of a node that is h2 now is “Neuron h2”.
    """
    taken, found = {group.title for group in graph.groups.values()}, []
    for group in coming:
        begin, _, last = group.title.rpartition(" ")
        title = f"{begin} {names[last]}" if begin and last in names else group.title
        number, wanted = 2, title
        while title and title in taken:
            title, number = f"{wanted} ({number})", number + 1
        taken.add(title)
        found.append(group if title == group.title else replace(group, title=title))
    return found


def groups_diff(graph: Graph, groups: Iterable[Group]) -> FactDiff:
    """What differs in the facts when these are the groups."""
    before, after = graph.facts.get("groups"), tuple(groups) or None
    return {} if before == after else {"groups": (before, after)}


def free_record_id(taken: Iterable[str], stem: str) -> str:
    """An id for a group, region or note that none has yet: `g1`, `g2` …"""
    used, number = set(taken), 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"


def _brought(
    other: Graph, group: Group, names: Mapping[str, str], ids: Mapping[str, str], homes: Mapping[str, str]
) -> Group:
    """A group of another graph as it comes in; of its nodes those that do."""
    nodes = tuple(names[id] for id in group.nodes if id in names)
    if group.parent is not None:
        return replace(group, id=ids[group.id], nodes=nodes, parent=ids[group.parent])
    went = {homes.get(id) for id in other.grouping.within(group.id)}
    return replace(group, id=ids[group.id], nodes=nodes, parent=next(iter(went)) if len(went) == 1 else None)


def _fresh_ids(taken: Iterable[str], coming: Iterable[str], stem: str) -> dict[str, str]:
    used, number, found = set(taken), 1, {}
    for id in coming:
        while f"{stem}{number}" in used:
            number += 1
        found[id] = f"{stem}{number}"
        used.add(found[id])
    return found


def _arrived(there: Mapping[str, Any], coming: Mapping[str, Any], stem: str, by: Pos) -> tuple[Any, ...] | None:
    """A table with what comes in behind what is there; None where nothing comes."""
    ids = _fresh_ids(there, coming, stem)
    moved = (replace(box, id=ids[id], pos=offset_by(box.pos, by)) for id, box in coming.items())
    return (*there.values(), *moved) if coming else None


def _with_nodes(group: Group, nodes: Iterable[str]) -> Group:
    kept = tuple(nodes)
    return group if kept == group.nodes else replace(group, nodes=kept)
