"""Nodes that are dragged out of their group, or into another: found while they are on their way.

A node leaves its group when none of it is over the group any longer, as the group was when the drag began: so it can
be moved about in it, and makes it a little larger. It enters one that its middle is over.
"""

from collections.abc import Collection, Mapping

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from gui.canvas.model.aside_boxes import Box, holds, middle, overlaps
from gui.canvas.model.asides import Asides
from gui.canvas.model.stage import Stage
from gui.document.selection import AsideKey


class Leaving:
    """Which nodes of a drag would come into another group if they were let go now, and which."""

    def __init__(self, graph: Graph, asides: Asides, stage: Stage, nodes: Collection[str]) -> None:
        self._graph, self._sizes = graph, {id: box for id in nodes if (box := _size(stage, id)) is not None}
        held, grouping = frozenset(nodes), graph.grouping
        self._whole = {id for id in graph.groups if grouping.within(id) <= held}
        self._loose = [id for id in self._sizes if not self._whole.intersection(grouping.chain(id))]
        rims = {key[1]: aside.box for key, aside in asides.shown.items() if key[0] == "group"}
        self._rims: dict[str, Box] = {id: rims[id] for id in rims if id not in self._whole} if self._loose else {}
        self.homes: dict[str, str | None] = {}  # of those that would change it, the group that they come into

    def follow(self, positions: Mapping[str, Pos]) -> None:
        """The nodes are here now."""
        self.homes = {}
        for id in self._loose if self._rims else ():
            (x, y), (wide, high) = positions[id], self._sizes[id]
            box, home = (x, y, x + wide, y + high), self._graph.grouping.home.get(id)
            goal = self._goal(box, id)
            if goal != home:
                self.homes[id] = goal

    def _goal(self, box: Box, id: str) -> str | None:
        """The group that a node would be in: the innermost of its own that it is over still, or one that it enters."""
        chain = self._graph.grouping.chain(id)
        own = next(
            (group for group in reversed(chain) if group in self._rims and overlaps(box, self._rims[group])), None
        )
        entered = [group for group, rim in self._rims.items() if group not in chain and holds(rim, middle(box))]
        deepest = max(entered, key=lambda group: len(self._graph.grouping.chain_of(group)), default=None)
        if deepest is None or (own is not None and own not in self._graph.grouping.chain_of(deepest)):
            return own
        return deepest

    @property
    def left_out(self) -> frozenset[str]:
        """Those that would not be in their own group any longer."""
        return frozenset(self.homes)

    @property
    def goal(self) -> AsideKey | None:
        """The group that is lit up, because something would come into it."""
        found = {group for group in self.homes.values() if group is not None}
        return ("group", next(iter(found))) if len(found) == 1 else None

    @property
    def sentence(self) -> str:
        """What letting go would do; empty if no group is concerned."""
        if not self.homes:
            return ""
        graph, goals = self._graph, set(self.homes.values())
        what = graph.nodes[next(iter(self.homes))].name if len(self.homes) == 1 else f"{len(self.homes)} nodes"
        goal = next(iter(goals))
        if goal is not None and len(goals) == 1:
            return f"Let go to put {what} into the group {graph.groups[goal].name}."
        homes = {graph.grouping.home.get(id) for id in self.homes}
        home = next(iter(homes))
        group = f"the group {graph.groups[home].name}" if home is not None and len(homes) == 1 else "their groups"
        return f"Let go to take {what} out of {group}."


def _size(stage: Stage, id: str) -> Pos | None:
    if id not in stage.graph.nodes:
        return None
    left, top, right, bottom = stage.box(id)
    return right - left, bottom - top


def regrouped(moved: Change, graph: Graph, homes: Mapping[str, str | None]) -> Change:
    """A move, and with it the nodes that come into other groups."""
    change = moved
    for id, goal in homes.items():
        if goal is not None:
            change = change.then(edits.add_to_group(graph.apply(change), goal, [id]))
            continue
        while id in graph.apply(change).grouping.home:
            change = change.then(edits.take_out_of_group(graph.apply(change), [id]))
    return change
