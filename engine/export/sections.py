"""A program in sections: what is computed in each group stands together, in an order in which each line can be run.

live       a group in which something is computed; no other makes a section
item       a node or a live group, side by side with others in the same group or in none
path       the live groups that a node is in, from the outermost
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from engine.graph.circles import folding_circle
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Grouping
from engine.text.write import printable


class Item(NamedTuple):
    """A node, or a group."""

    id: str
    is_group: bool = False


class Sections:
    """The groups of a graph as sections of a program that computes these nodes, which come in the order of a pass.

    A group that cannot be computed in one go, since something outside comes between, makes no section.
    """

    def __init__(self, graph: Graph, computed: Sequence[str]) -> None:
        self.graph = graph
        self._place = {id: at for at, id in enumerate(computed)}
        self.grouping = _in_one_go(graph)
        live = {group for id in computed for group in self.grouping.chain(id)}
        self._paths = {id: tuple(g for g in self.grouping.chain(id) if g in live) for id in graph.nodes}
        self._first: dict[str, int] = {}
        for id, at in self._place.items():
            for group in self._paths[id]:
                self._first.setdefault(group, at)
        self._items = self._sorted()

    @property
    def groups(self) -> dict[str, Group]:
        """The groups that make sections, each after the one that it is in."""
        chosen = sorted(self._first, key=lambda id: (len(self.grouping.chain_of(id)), self._first[id]))
        return {id: self.grouping.groups[id] for id in chosen}

    def path(self, node: str) -> tuple[str, ...]:
        """The sections that a node stands in, the outermost first."""
        return self._paths[node]

    def items(self, group: str | None) -> list[Item]:
        """What stands directly in a section, or in none, in an order in which it can be computed."""
        return self._items.get(group, [])

    def walk(self, group: str | None = None) -> Iterator[str]:
        """The nodes in the order of the program."""
        for item in self.items(group):
            if item.is_group:
                yield from self.walk(item.id)
            else:
                yield item.id

    def heading(self, node: str) -> str:
        """What is said above the lines of the section that a node stands in; empty: it stands in none."""
        return " · ".join(printable(self.grouping.groups[group].name) for group in self._paths[node])

    def _sorted(self) -> dict[str | None, list[Item]]:
        """The items of each section: what feeds another stands before it, else what comes first in the pass."""
        feeds: dict[Item, set[Item]] = {}
        homes: dict[Item, str | None] = {}
        for id in self._place:
            steps = self._steps(id)
            for outer, item in zip((None, *self._paths[id]), steps, strict=True):
                feeds.setdefault(item, set())
                homes[item] = outer
            for edge in self.graph.into(id):
                for source, dest in zip(self._steps(edge.source), steps, strict=False):
                    if source != dest:
                        feeds[dest].add(source)
                        break
        return {home: self._in_order(home, feeds, homes) for home in dict.fromkeys(homes.values())}

    def _steps(self, id: str) -> tuple[Item, ...]:
        return (*(Item(group, True) for group in self._paths[id]), Item(id))

    def _in_order(self, home: str | None, feeds: dict[Item, set[Item]], homes: dict[Item, str | None]) -> list[Item]:
        mine = [item for item in feeds if homes[item] == home]
        waits = {item: sum(source in feeds for source in feeds[item]) for item in mine}
        follow: dict[Item, list[Item]] = {}
        for item in mine:
            for source in feeds[item]:
                follow.setdefault(source, []).append(item)
        ready = [(self._at(item), item) for item, count in waits.items() if not count]
        heapify(ready)
        order = []
        while ready:
            _, item = heappop(ready)
            order.append(item)
            for later in follow.get(item, ()):
                waits[later] -= 1
                if not waits[later]:
                    heappush(ready, (self._at(later), later))
        return order

    def _at(self, item: Item) -> int:
        return self._first[item.id] if item.is_group else self._place[item.id]


def _in_one_go(graph: Graph) -> Grouping:
    """The groups of a graph that can all be folded at once: those that would close a circle are left out."""
    groups = {group.id: replace(group, folded=True) for group in graph.groups.values()}
    while (circle := folding_circle(graph, Grouping(groups.values()))) is not None:
        for id in circle.groups:
            gone = groups.pop(id)
            groups = {each.id: replace(each, parent=gone.parent) if each.parent == id else each
                      for each in groups.values()}  # fmt: skip
            if gone.parent is not None:
                home = groups[gone.parent]
                groups[home.id] = replace(home, nodes=(*home.nodes, *gone.nodes))
    return Grouping(groups.values())
