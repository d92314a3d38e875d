"""What becomes of the facts that name nodes (groups, sliders) when nodes go or are called otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.graph.graph import Graph
from engine.graph.grouping import Group
from engine.graph.sliders import FactDiff, renamed_sliders, without_sliders


def facts_without(graph: Graph, ids: Iterable[str]) -> FactDiff:
    """What differs in the facts when nodes go: a group goes with the last node in it."""
    gone = set(ids)
    sliders = without_sliders(graph, gone)
    if graph.grouping.home.keys().isdisjoint(gone):
        return sliders
    left = [_with_nodes(group, (id for id in group.nodes if id not in gone)) for group in graph.groups.values()]
    return sliders | groups_diff(graph, without_empty(left))


def facts_renamed(graph: Graph, names: Mapping[str, str]) -> FactDiff:
    """What differs in the facts when nodes are called otherwise."""
    sliders = renamed_sliders(graph, names)
    if graph.grouping.home.keys().isdisjoint(names):
        return sliders
    named = (_with_nodes(group, (names.get(id, id) for id in group.nodes)) for group in graph.groups.values())
    return sliders | groups_diff(graph, named)


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


def groups_diff(graph: Graph, groups: Iterable[Group]) -> FactDiff:
    """What differs in the facts when these are the groups."""
    before, after = graph.facts.get("groups"), tuple(groups) or None
    return {} if before == after else {"groups": (before, after)}


def _with_nodes(group: Group, nodes: Iterable[str]) -> Group:
    kept = tuple(nodes)
    return group if kept == group.nodes else replace(group, nodes=kept)
