"""The edit that finds groups in a flat graph, makes them, folds them, and gives all of it a tidy place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.edits.arrange import arrange_nodes
from engine.edits.checks import checked_pos
from engine.edits.groups import known_group
from engine.edits.nodes import move_nodes
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.circles import folding_circle
from engine.graph.finding.found import Finding
from engine.graph.finding.parts import find_parts
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Grouping
from engine.graph.members import groups_diff, titled_apart
from engine.layout.group_cards import card_height
from engine.layout.layout import card_place
from engine.layout.rows import Places, placed
from engine.values.values import counted


def find_groups(graph: Graph, within: str | None = None, folded: bool = True, aspect: float | None = None) -> Change:
    """Make groups of the neurons, layers, losses, softmax classifiers and residual steps that are found.

    Only among nodes that are in no group, or directly in the group `within`. `folded`: each becomes a card, what is
    seen is laid out again, and what is in a card stands in columns behind it; `aspect` as `arrange_nodes` has it.
    """
    if within is not None:
        known_group(graph, within)
    found = find_parts(graph, within)
    table = _table(graph, found, within)
    while table and (circle := folding_circle(graph, Grouping([*graph.groups.values(), *table.values()]))):
        found = [each for each in found if not {table[part].id for part in _all_in(each)} & {*circle.groups}]
        table = _table(graph, found, within)
    if not table:
        raise EditRefused("No neurons, layers, losses, softmax classifiers or residual steps were found.")
    groups = (replace(group, folded=folded) for group in table.values())
    after = graph.apply(Change(facts=groups_diff(graph, (*graph.groups.values(), *groups))))
    if folded:
        after = _tidied(after, found, table, within, aspect)
    pairs = ((graph.nodes[id], node) for id, node in after.nodes.items())
    moved = {was.id: (was, now) for was, now in pairs if was is not now and was.pos != now.pos}
    facts = groups_diff(graph, after.groups.values())
    return Change(moved, facts=facts, text=f"Find {counted(len(table), 'group')}")


def _all_in(found: Finding) -> Iterator[Finding]:
    yield found
    for part in found.parts:
        yield from _all_in(part)


def _table(graph: Graph, found: list[Finding], within: str | None) -> dict[Finding, Group]:
    """The groups that these are to be, folded, each after the one that it is in, under ids that are free."""
    free = (
        id for number in range(1, len(graph.groups) + len(graph.nodes) + 2) if (id := f"g{number}") not in graph.groups
    )
    table: dict[Finding, Group] = {}

    def make(each: Finding, parent: str | None) -> None:
        nodes = tuple(sorted(each.nodes, key=lambda id: graph.nodes[id].rank))
        place = card_place(graph.nodes[id].pos for id in each.within)
        table[each] = Group(next(free), each.title, nodes, parent, True, place)
        for part in each.parts:
            make(part, table[each].id)

    for each in found:
        make(each, within)
    return dict(zip(table, titled_apart(graph, table.values()), strict=True))


def _tidied(
    graph: Graph, found: list[Finding], table: Mapping[Finding, Group], within: str | None, aspect: float | None
) -> Graph:
    """The graph with what is in the groups in columns behind their cards, and all that is seen laid out."""
    heights = {each: card_height(graph, group.id) for each, group in table.items()}
    places = Places()
    for each in found:
        middle = table[each].pos
        places.add(placed(graph, each, heights).moved((middle[0], middle[1])))
    cards = {table[each].id: checked_pos(pos) for each, pos in places.cards.items()}
    groups = (replace(group, pos=cards.get(group.id, group.pos)) for group in graph.groups.values())
    stood = Change(move_nodes(graph, places.nodes).nodes, facts=groups_diff(graph, groups))
    after = graph.apply(stood)
    ids = after.nodes if within is None else after.grouping.within(within)
    return after.apply(arrange_nodes(after, ids, aspect))
